# Shell scripts pass shellcheck; Perl compiles without a warning.
use strict;
use warnings;
use lib 'tests/lib';
use Scripts qw(shell_scripts perl_scripts);
use Test::More;

# Old ones, such as Debian 11's, take each backslash at the end of a line for a
# mistake if it is in single quotes, where scripts for other shells stand.
my $old     = qx{shellcheck --version} =~ /^version: 0\.[0-7]\./m;
my $exclude = $old ? '--exclude=SC1004' : '';
for my $file (shell_scripts()) {
    is(qx{shellcheck $exclude "$file" 2>&1}, '', "shellcheck $file");
}
for my $file (perl_scripts()) {
    my $output = qx{perl -Itests/lib -Itests/http/lib -wc "$file" 2>&1};
    like($output, qr/\A\S+ syntax OK\n\z/, "perl -wc $file");
}
done_testing();
