# What is not the module's: NPH scripts, 101, TRACE, OPTIONS *, and what a
# forward proxy passes on.
use strict;
use warnings;
use lib 'lib';

use CorsTest;
use Test::More;

my $origin  = 'https://app.example';
my $evil    = 'https://evil.example';
my $witness = vars()->{t_state} . '/witness';
my @host    = (host => 'untouched.test');
my @origins = ($origin, $evil, undef);

# A WebSocket server as far as httpd can tell.
backend('untouched_socket', "HTTP/1.1 101 Switching Protocols\r\n"
        . "Connection: Upgrade\r\nUpgrade: websocket\r\n"
        . "Access-Control-Allow-Origin: https://socket.example\r\n\r\n");

my $mark = log_mark();
for_each_protocol {
    control();
    trace($_) for @origins;
    no_cors_star(request('OPTIONS', '*',
            [ Origin => $origin, 'Access-Control-Request-Method' => 'PUT' ],
            @host),
        name => 'C-8 OPTIONS *');
};
nph($_)     for @origins;
upgrade($_) for @origins;
forward($_) for @origins;
forward_failing();
log_clean(
    $mark,
    qr/AH00957: http: attempt to connect to/,
    qr/AH01114: HTTP: failed to make connection to backend/,
);
done_testing();

sub who { return defined $_[0] ? $_[0] : 'no Origin' }

# The policy is in force for everything else.
sub control {
    my $target = '/untouched/file.txt';
    my %pa     = (policy => 'PA', origin => $origin, body => "file\n");
    act_ok(get($target, $origin, @host), name => 'the policy', %pa);
    act_ok(get($target, $origin, port => port('untouched')),
        name => 'the policy, without the forward proxy', %pa);
    act_ok(request('GET', "http://untouched.test$target",
            [ Origin => $origin ], @host, protocol => 'h1'),
        name => 'the policy, a whole URL', %pa);
    pf_ok(preflight('/untouched/nph-answer.cgi', $origin, 'PUT', undef, @host),
        name => 'a preflight does not reach the NPH script', policy => 'PA',
        origin => $origin, method => 'PUT');
    pf_ok(preflight('/untouched/socket', $origin, 'PUT', undef, @host),
        name => 'nor the backend', policy => 'PA', origin => $origin,
        method => 'PUT');
    return;
}

sub trace {
    my ($from) = @_;
    my @lines = map { (Origin => $_) } grep { defined } $from;
    no_cors(request('TRACE', '/untouched/file.txt', \@lines, @host),
        name => 'TRACE: ' . who($from), status => 200, body => qr/\ATRACE /);
    return;
}

sub nph {
    my ($from) = @_;
    cors_headers_are(
        get('/untouched/nph-answer.cgi', $from, @host),
        {
            'access-control-allow-origin' => 'https://script.example',
            vary                          => ['x-script'],
        },
        name   => 'a NPH script: ' . who($from),
        status => 200,
        body   => "from a NPH script\n",
    );
    return;
}

sub upgrade {
    my ($from) = @_;
    my $line  = defined $from ? "Origin: $from\r\n" : '';
    my ($res) = exchange(
        "GET /untouched/socket HTTP/1.1\r\nHost: untouched.test\r\n${line}"
            . "Connection: Upgrade\r\nUpgrade: websocket\r\n"
            . "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            . "Sec-WebSocket-Version: 13\r\n\r\n",
        ['GET']
    );
    my $name = 'C-47 101: ' . who($from);
    is($res->value('Upgrade'), 'websocket', "$name: the handshake");
    cors_headers_are(
        $res,
        { 'access-control-allow-origin' => 'https://socket.example' },
        name   => $name,
        status => 101,
    );
    return;
}

sub forward {
    my ($from) = @_;
    my %cors = (
        'access-control-allow-origin'  => 'https://backend.example',
        'access-control-allow-methods' => 'PATCH',
        'timing-allow-origin'          => '*',
    );
    my $url = 'http://127.0.0.1:' . port('backend') . '/forward?body=words&'
        . join '&', map { "header=$_:$cors{$_}" } sort keys %cors;
    my @port = (port => port('untouched'));
    my $name = 'forward proxy: ' . who($from);

    cors_headers_are(get($url, $from, @port), \%cors,
        name => "$name: GET", status => 200, body => "words\n");
    unlink $witness;
    cors_headers_are(preflight($url, $from, 'PATCH', 'x-evil', @port), \%cors,
        name => "$name: preflight", status => 200, body => "words\n");
    ok(-e $witness, "$name: the backend answers it");
    return;
}

# Nor is the error document, a page of this server, touched.
sub forward_failing {
    my $url = 'http://127.0.0.1:' . port('untouched_away') . '/';
    no_cors(get($url, $_, port => port('untouched')), status => 503,
        name => 'forward proxy, no backend: ' . who($_), body => "file\n")
        for @origins;
    return;
}
