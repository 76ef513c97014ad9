# Which methods a preflight may ask for.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use PreflightCases;
use Test::More;

my $mark = log_mark();
method_preflights(host => $_) for qw(policies.test files.test);
log_clean($mark);
done_testing();
