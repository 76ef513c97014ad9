# The tables of tests/README.md list every file of tests, each with the numbers
# of the checklist that it names.
use strict;
use warnings;
use lib 'tests/lib';
use Files qw(slurp);
use Test::More;

my %listed = slurp('tests/README.md') =~ /^\| (\S+\.\w+) \|.*\| ([-, \d]*) \|$/mg;

my @files = glob 'tests/http/t/*.t tests/http/lib/*Cases.pm tests/unit/*.c';
ok(@files > 60, 'there are files');
for my $file (@files) {
    my ($name) = $file =~ m{\Atests/(?:http|unit)/(.*)};
    my %numbers = map { $_ => 1 } slurp($file) =~ /\bC-(\d+)/g;
    is(delete $listed{$name}, shortened(sort { $a <=> $b } keys %numbers),
        "$name is listed, with its numbers");
}
is(join(' ', sort keys %listed), '', 'and no file that is not there');
done_testing();

# 1 2 3 5: "1-3, 5".
sub shortened {
    my @parts;
    for my $number (@_) {
        if (@parts && $parts[-1][-1] == $number - 1) {
            push @{ $parts[-1] }, $number;
        }
        else {
            push @parts, [$number];
        }
    }
    return join ', ', map { @$_ > 2 ? "$_->[0]-$_->[-1]" : @$_ } @parts;
}
