# Every message about a bad configuration is met by a test: the texts that the
# C files refuse with stand in the tables of tests/http/t/0*.t, which assert
# whole messages.
use strict;
use warnings;
use Test::More;

my $tables = join "\n", map { slurp($_) } sort glob 'tests/http/t/0*.t';
$tables =~ s/["']\s*\.\s*["']//g;
$tables =~ s/\s+/ /g;

my $header = slurp('cors_policy.h');
my %limit  = $header =~ /^#define (CORS_MAX_\w+) (\d+)/mg;

for my $file (qw(cors_policy.c mod_cors.c)) {
    my @texts = texts(slurp($file));
    ok(@texts, "$file has messages");
    for my $text (@texts) {
        ok(index($tables, $text) >= 0, "$file: \"$text\"");
    }
}
done_testing();

# What the calls that make a message say.
sub texts {
    my ($source) = @_;
    my $string = qr/"(?:[^"\\]|\\.)*"/;
    my $call   = qr/(\((?:[^()"']|'(?:[^'\\]|\\.)+'|$string|(?1))*\))/;
    my $begins = qr/\b(?:refused|corrected|apr_pstrcat|apr_psprintf)(?=\()/;

    $source =~ s{($string)|/\*.*?\*/}{defined $1 ? $1 : ''}gse;
    $source =~ s/APR_STRINGIFY\((\w+)\)/"$limit{$1}"/g;
    $source =~ s/"\s+"//g;

    my %texts;
    while ($source =~ /$begins(?=$call)/g) {
        my @literals = $1 =~ /($string)/g;
        $texts{$_} = 1 for map { pieces($_) } @literals;
    }
    my @sorted = sort keys %texts;
    return @sorted;
}

# A literal without its quotes, cut where a value goes in; the words of it.
sub pieces {
    my ($literal) = @_;
    return map { s/\A\s+|\s+\z//gr }
        grep { /[a-z]{2}.* |[ ].*[a-z]{2}/ }
        split /%\w/, substr $literal, 1, -1;
}

sub slurp {
    my ($path) = @_;
    open my $in, '<', $path or die "$path: $!\n";
    local $/ = undef;
    return scalar <$in>;
}
