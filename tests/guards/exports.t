# httpd loads modules with RTLD_GLOBAL, so names of two modules can collide:
# this one exports its module record and nothing else.
use strict;
use warnings;
use Test::More tests => 1;

my $symbols = qx{nm -D --defined-only "$ENV{MODULE}"};
my @names = map { (split ' ')[-1] } split /\n/, $symbols;
is("@names", 'cors_module', 'cors_module is the only exported name');
