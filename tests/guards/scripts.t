# Shell scripts pass shellcheck; Perl compiles without a warning, and its
# documentation is well-formed.
use strict;
use warnings;
use File::Find qw(find);
use Test::More;

my (@shell, @perl);
find({ no_chdir => 1, wanted => \&sort_out }, '.ci', 'conf', 'tests');

# Old ones, such as Debian 11's, take each backslash at the end of a line for a
# mistake if it is in single quotes, where scripts for other shells stand.
my $old     = qx{shellcheck --version} =~ /^version: 0\.[0-7]\./m;
my $exclude = $old ? '--exclude=SC1004' : '';
for my $file (sort @shell) {
    is(qx{shellcheck $exclude "$file" 2>&1}, '', "shellcheck $file");
}
for my $file (sort @perl) {
    my $output = qx{perl -Itests/lib -Itests/http/lib -wc "$file" 2>&1};
    like($output, qr/\A\S+ syntax OK\n\z/, "perl -wc $file");
}
done_testing();

sub sort_out {
    return if !-f || /\.(?:c|h|conf|in|html|json|txt|types)\z/;
    open my $in, '<', $_ or return;
    my $first = <$in>;
    return if !defined $first;
    push @shell, $_ if $first =~ m{\A#!.*\bsh\b};
    push @perl, $_ if $first =~ m{\A#!.*\bperl\b} || /\.(?:pm|t)\z/;
    return;
}
