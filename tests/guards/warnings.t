# Every source compiles without a warning, with the compiler of the build and
# with clang.
use strict;
use warnings;
use lib 'tests/lib';
use Guard qw(from_make);
use Test::More;

for my $compiler ($ENV{CC}, 'clang') {
    for my $source (from_make('SOURCES')) {
        my $output = qx{$compiler -std=c99 -O2 -Werror $ENV{WARNINGS} \\
            $ENV{INCLUDES} -c -o /dev/null $source 2>&1};
        is($output, '', "$compiler $source");
    }
}
done_testing();
