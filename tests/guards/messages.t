# Every message about a bad configuration is met by a test: what the C files
# refuse with and warn about stands whole in a table of tests/http/t/0*.t, or in
# tests/packaging, which assert whole messages, or among the recipes that two of
# them read. Files about requests have none.
use strict;
use warnings;
use lib 'tests/lib';
use Files qw(slurp);
use Guard qw(from_make);
use Test::More;

# Functions whose arguments are messages or pieces of them; and those that
# print the dump, which is no message.
my $says = qr/\w*refused?|\w*correct(?:ed)?|\w*suggest(?:ed)?
    |apr_pstrcat|apr_psprintf|warn|cors_check_say/x;
my $prints = qr/apr_file_printf/;

# A file that warns has nothing but messages.
my $warns = qr/\bAPLOG_(?:CRIT|ERR|WARNING)\b/;

my $string = qr/"(?:[^"\\]|\\.)*"/;
my $char   = qr/'(?:[^'\\]|\\.)+'/;
my $call   = qr/(\((?:[^()"]|$string|(?1))*\))/;

my $tables = join "\n", map { slurp($_) }
    sort(glob 'tests/http/t/0*.t tests/packaging/*.t'),
    'tests/http/lib/RecipeCases.pm';
$tables =~ s/["']\s*\.\s*["']//g;
$tables =~ s/\n[!?]   +/ /g;
$tables =~ s/\s+/ /g;

my %limit = map { slurp($_) =~ /^#define (CORS_MAX_\w+) (\d+)/mg }
    from_make('HEADERS');

my $catalogue = join ' ', map { slurp($_) =~ s/\s+/ /gr }
    grep { -e } qw(docs/messages.md docs/mod_cors.md);

my %file_of;
my $is_later = qr/\Amod_cors_(?:explain|headers|page|page_reports|report|request|status)[.]c\z/;
for my $file (grep { !/$is_later/ } from_make('SOURCES')) {
    $file_of{$_} ||= $file for texts(slurp($file));
}

cmp_ok(scalar keys %file_of, '>', 50, 'there are messages');
is(missing_in($tables), '', 'each stands in a table of tests/http/t/0*.t');
is(missing_in($catalogue), '', 'and in the list of messages in docs');
done_testing();

sub missing_in {
    my ($place) = @_;
    return join "\n", map { "$file_of{$_}: $_" }
        grep { index($place, $_) < 0 } sort keys %file_of;
}

# What a source says, each text once.
sub texts {
    my ($source) = @_;
    $source =~ s{($string)|/\*.*?\*/|$char}{defined $1 ? $1 : ' '}gse;
    $source =~ s/^#\s*(?:include|error).*//mg;
    $source =~ s/APR_STRINGIFY\((\w+)\)/"$limit{$1}"/g;
    $source =~ s/"\s+"//g;
    $source =~ s/\b$prints(?=\()$call//g;

    my @said = $source;
    if ($source !~ $warns) {
        @said = ();
        push @said, $1 while $source =~ /\b(?:$says)(?=\()(?=$call)/g;
    }
    my %texts = map { $_ => 1 } map { pieces($_) } map { /($string)/g } @said;
    my @sorted = sort keys %texts;
    return @sorted;
}

# A literal without its quotes, cut where a value goes in; the words of it.
sub pieces {
    my ($literal) = @_;
    return map { s/\A[\s:;]+|[\s:;]+\z//gr }
        grep { /[a-z]{2}.* |[ ].*[a-z]{2}/ }
        split /%(?:\.\*)?\w/, substr $literal, 1, -1;
}
