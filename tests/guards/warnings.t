# Every source compiles without a warning, with the compiler of the build and
# with clang (where there is one: `make` installs it on Debian).
use strict;
use warnings;
use Test::More;

my @sources   = ('mod_cors.c', glob 'cors_*.c');
my @compilers = ($ENV{CC} || 'cc');
push @compilers, 'clang' if qx{clang --version 2>&1};

for my $compiler (@compilers) {
    for my $source (@sources) {
        my $command = "$compiler -std=c99 -O2 -Werror $ENV{WARNINGS} "
            . "$ENV{INCLUDES} -c -o /dev/null $source 2>&1";
        my $output = qx{$command};
        is($output, '', "$compiler $source");
    }
}
done_testing();
