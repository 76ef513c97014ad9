# How preflights are answered, wherever they go.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use PreflightCases;
use Test::More;

my $mark = log_mark();
answer_preflights(host => $_) for qw(policies.test files.test);
log_clean($mark);
done_testing();
