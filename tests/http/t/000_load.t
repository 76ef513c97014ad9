# The module loads, and without a policy it does nothing.
use strict;
use warnings;
use lib 'lib';
use Test::More;
use ConfigTest;
use CorsTest;

my $origin = 'https://app.example';
my $mark   = log_mark();

config_ok('', 'a server with the module and no policy');

is((grep { $_ eq ' cors_module (shared)' }
        @{ configtest('', '-M')->{lines} }), 1, 'httpd lists the module');

for_each_protocol {
    no_cors(get('/load/plain.txt', $origin),
        name => 'no policy: GET', status => 200, body => "plain\n");
    no_cors(get('/load/none.txt', $origin),
        name => 'no policy: GET of a missing file', status => 404);

    my $options = preflight('/load/plain.txt', $origin, 'PUT', 'x-api-key');
    no_cors($options,
        name => "C-9 no policy: httpd's own OPTIONS", status => 200);
    ok($options->values('Allow'), "$CorsTest::PROTOCOL: C-9 it has an Allow");
};

my ($first, $second) = exchange(
    join("\r\n",
        'GET /load/plain.txt HTTP/1.1', 'Host: localhost', '',
        'GET /load/plain.txt HTTP/1.1', 'Host: localhost',
        'Connection: close',            '', ''),
    [ 'GET', 'GET' ]
);
no_cors($first,  name => 'first of two on a connection',  status => 200);
no_cors($second, name => 'second of two on a connection', status => 200);

my @lines = access_log_lines($mark, 1);
like($lines[0],
    qr{\AGET /load/plain\.txt 200 verdict=- reason=- origin=-\z},
    'the access log has no verdict');
log_clean($mark);
done_testing();
