# Every directive that is registered is documented, in the annotated
# configuration, and used by a test.
use strict;
use warnings;
use lib 'tests/lib';
use File::Find qw(find);
use Files qw(slurp);
use Guard qw(from_make);
use Test::More;

my %directives = map { $_ => 1 }
    map { slurp($_) =~ /\bAP_INIT_\w+\(\s*"(\w+)"/g } from_make('SOURCES');
cmp_ok(scalar keys %directives, '>', 10, 'there are directives');

# mod_cors.c finds the row of a directive by its place in the list.
my @rows     = slurp('cors_policy.c') =~ /^    \{ "(CORS\w+)", FIELD\(/mg;
my @commands = slurp('mod_cors.c') =~ /\bAP_INIT_\w+\(\s*"(\w+)"/g;
is("@commands", "@rows", 'commands and cors_directives have one order');

my %places = (
    'docs/mod_cors.md' => slurp('docs/mod_cors.md'),
    'conf/cors.conf'   => slurp('conf/cors.conf'),
    'tests/http/t'     => join('', map { slurp($_) } files('tests/http/t')),
);
for my $place (sort keys %places) {
    my @missing = grep { $places{$place} !~ /\b$_\b/ } sort keys %directives;
    is("@missing", '', "every directive is in $place");
}

my @undescribed = grep {
    $places{'docs/mod_cors.md'} !~ /^### $_$/m
        || $places{'docs/mod_cors.md'} !~ /^\| \[$_\]\(#\L$_\E\) \|/m
} sort keys %directives;
is("@undescribed", '', 'each has its section and its row in the manual');

# The reverse: nothing is documented that does not exist, and be it a line that
# mod_status shows.
my %shown = map { $_ => 1 } slurp('mod_cors_page.c') =~ /, "(CORS\w+)",/g;
my %documented = map { $_ => 1 }
    map { /\b(CORS[A-Z][a-z]\w+)\b/g } @places{qw(docs/mod_cors.md conf/cors.conf)};
my @unknown = grep { !$directives{$_} && !$shown{$_} } sort keys %documented;
is("@unknown", '', 'every documented directive exists');
done_testing();

sub files {
    my @files;
    find({ no_chdir => 1, wanted => sub { push @files, $_ if -f } }, @_);
    return @files;
}
