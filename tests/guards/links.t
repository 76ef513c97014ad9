# Each link of a document to a file or a heading leads there.
use strict;
use warnings;
use lib 'tests/lib';
use File::Basename qw(dirname);
use Files qw(slurp);
use Test::More;

my %text = map { $_ => slurp($_) =~ s/^(?:```.*?^```|    [^\n]*)$//gmsr }
    glob '*.md docs/*.md packaging/*.md tests/*.md';
my %has_heading = map { $_ => headings($text{$_}) } keys %text;

for my $document (sort keys %text) {
    my @lost;
    for my $link ($text{$document} =~ /\]\(([^)\s]+)\)/g) {
        next if $link =~ /\Ahttps?:/;
        my ($path, $anchor) = $link =~ /\A([^#]*)#?(.*)\z/;
        my $file = $path eq '' ? $document
            : dirname($document) . "/$path" =~ s{/\z}{}r;
        $file =~ s{\A\./|[^/]+/\.\./}{}g;
        push @lost, $link
            if !-e $file || $anchor ne '' && !$has_heading{$file}{$anchor};
    }
    is("@lost", '', $document);
}
done_testing();

# As GitHub names them.
sub headings {
    my ($markdown) = @_;
    my (%seen, %anchors);
    for my $heading ($markdown =~ /^#+ (.*)$/mg) {
        my $anchor = lc $heading =~ s/[^\w\- ]//gr =~ tr/ /-/r;
        $anchors{ $seen{$anchor}++ ? "$anchor-" . ($seen{$anchor} - 1) : $anchor } = 1;
    }
    return \%anchors;
}
