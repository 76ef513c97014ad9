# The same as messages.t for what is found out about the whole configuration:
# each text of cors_startup.c stands whole in a row of tests/http/t/0*.t.
use strict;
use warnings;
use Test::More;

my $tables = join "\n", map { slurp($_) } sort glob 'tests/http/t/0*.t';
$tables =~ s/["']\s*\.\s*["']//g;
$tables =~ s/\n[!?]   +/ /g;
$tables =~ s/\s+/ /g;

# Between what finds things out and what prints the dump.
my $source = slurp('cors_startup.c');
my ($judging) = $source =~ m{
    \n\ \*\ Errors\n (.*) \n\ \*\ The\ dump\n
}sx;
ok($judging, 'cors_startup.c has its parts');
$judging =~ s{("(?:[^"\\]|\\.)*")|/\*.*?\*/}{defined $1 ? $1 : ''}gse;
$judging =~ s/"\s+"//g;

my %texts = map { $_ => 1 }
    grep { /[a-z]{2}.*\ |\ .*[a-z]{2}/ }
    map { s/\A[\s:;]+|[\s:;]+\z//gr }
    map { split /%(?:\.\*)?\w/ } $judging =~ /"((?:[^"\\]|\\.)*)"/g;
cmp_ok(scalar keys %texts, '>', 10, 'it has messages');
for my $text (sort keys %texts) {
    ok(index($tables, $text) >= 0, "\"$text\"");
}
done_testing();

sub slurp {
    my ($path) = @_;
    open my $in, '<', $path or die "$path: $!\n";
    local $/ = undef;
    return scalar <$in>;
}
