# CORSBackendHeaders keep; what "replace" does is in 120_actual.t.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use Test::More;

my $app  = 'https://app.example';
my $evil = 'https://evil.com';
my @host = (host => 'actual.test');
my $mark = log_mark();

my %keep = (
    policy => {
        origins     => [$app],
        credentials => 1,
        expose      => ['X-Request-Id'],
    },
);
my $body = "made by a script\n";

# What the script sends with an Allow-Origin among it; all of it stays.
my @kept = (
    { 'access-control-allow-origin' => '*' },
    {
        'access-control-allow-origin'   => 'https://other.example',
        'access-control-expose-headers' => ['X-Own'],
    },
    {
        'access-control-allow-origin'      => $app,
        'access-control-allow-credentials' => 'true',
        'access-control-allow-methods'     => ['GET'],
        'access-control-allow-headers'     => ['X-Own'],
        'access-control-max-age'           => '7',
        'access-control-expose-headers'    => ['X-Own'],
    },
    { 'access-control-allow-origin' => '' },
);

# Without an Allow-Origin, ours are written.
my @replaced = (
    '', 'Access-Control-Allow-Credentials:+false',
    'Access-Control-Expose-Headers:+X-Own&Access-Control-Max-Age:+7',
    'Access-Control-Allow-Methods:+GET',
    'Access-Control-Allow-Private-Network:+true',
    'X-Access-Control-Allow-Origin:+*',
);

for_each_protocol {
    for my $headers (@kept) {
        my $query = join '&', map {
            my $value = $headers->{$_};
            "$_:+" . (ref $value ? $value->[0] : $value)
        } sort keys %$headers;
        for my $origin ($app, $evil, undef) {
            for my $status (200, 404) {
                cors_headers_are(
                    get("/keep/cgi/answer?Status:+$status&$query", $origin,
                        @host),
                    { %$headers, vary => ['origin'] },
                    name   => "kept: $status $query",
                    status => $status,
                    body   => $body
                );
            }
        }
    }
    for my $query (@replaced) {
        act_ok(get("/keep/cgi/answer?$query", $app, @host), %keep,
            origin => $app, body => $body, name => "replaced: $query");
        act_no(get("/keep/cgi/answer?$query", $_, @host), %keep,
            body => $body, name => "replaced, denied: $query")
            for $evil, undef;
    }

    # By Header, on a response and on an error.
    my %always = (
        'access-control-allow-origin'      => 'https://other.example',
        'access-control-allow-credentials' => 'true',
        'access-control-expose-headers'    => ['X-Other'],
    );
    for my $path (qw(plain.txt dir)) {
        cors_headers_are(get("/keep/always/$path", $app, @host),
            { %always, vary => [qw(accept origin)] },
            name => "kept: Header always: $path");
    }

    # By a backend.
    cors_headers_are(
        get('/keep/proxy/plain.txt', $app, @host),
        {
            'access-control-allow-origin'      => '*',
            'access-control-allow-credentials' => 'true',
            'access-control-expose-headers'    => ['X-Backend'],
            'access-control-allow-methods'     => [qw(GET BACKEND)],
            'access-control-allow-headers'     => ['X-Backend'],
            'access-control-max-age'           => '7',
            'access-control-allow-private-network' => 'true',
            vary                                   => [qw(x-backend origin)],
        },
        name => 'kept: backend',
        body => "from the backend\n"
    );

    # Preflights that the module answers are its own.
    my @to = ('/keep/proxy/plain.txt', $app);
    pf_ok(preflight(@to, 'GET', undef, @host), %keep, origin => $app,
        name => 'preflight');
    pf_no(preflight(@to, 'PUT', undef, @host), %keep,
        name => 'preflight, denied');

    # Those that the backend answers are the backend's, even if denied.
    for my $method (qw(GET PUT)) {
        cors_headers_are(
            preflight('/keeppass/cgi/answer?Access-Control-Allow-Origin:+*',
                $app, $method, undef, @host),
            {
                'access-control-allow-origin' => '*',
                vary                          => [
                    qw(origin access-control-request-method
                        access-control-request-headers)
                ],
            },
            name   => "pass and keep: $method",
            status => 200
        );
    }
};
log_clean($mark, qr/a preflight reached the script/);
done_testing();
