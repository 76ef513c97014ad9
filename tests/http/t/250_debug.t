# CORSDebug On: a refused preflight says why.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use Test::More;

my $app  = 'https://app.example';
my $evil = 'https://evil.com';
my $sub  = 'https://a.example.com';
my @host = (host => 'policies.test');
my $mark = log_mark();

my @vary   = qw(access-control-request-method access-control-request-headers);
my %vary   = (debug => [ 'origin', @vary ], psdebug => [ 'origin', @vary ],
    pwdebug => \@vary);
my @methods = qw(GET HEAD POST PUT DELETE);
my @headers = qw(content-type x-api-key authorization);

# Path, origin, method and headers of a preflight; the sentence.
my @told = (
    [ 'debug',   $evil, 'PUT', undef, 'The origin is not allowed.' ],
    [ 'debug',   'null', 'PATCH', 'x-evil', 'The origin is not allowed.' ],
    [ 'psdebug', $app, 'PUT', undef, 'The origin is not allowed.' ],
    [ 'debug', $app, '',      undef, 'The preflight request is malformed.' ],
    [ 'debug', $app, 'P UT',  undef, 'The preflight request is malformed.' ],
    [ 'debug', $app, 'PUT', 'x api', 'The preflight request is malformed.' ],
    [
        'debug', $app, 'PUT', 'content-type,x@y',
        'The preflight request is malformed.'
    ],
    [ 'psdebug', $sub, 'PUT', 'x@y', 'The preflight request is malformed.' ],
    [ 'pwdebug', $app, 'P@',  undef, 'The preflight request is malformed.' ],
);

# Path, origin, method and headers of a preflight; what Allow-Methods and
# Allow-Headers say to the console.
my @shown = (
    [ 'debug', $app, 'PATCH',  undef,                  \@methods, undef ],
    [ 'debug', $app, 'put',    undef,                  \@methods, undef ],
    [ 'debug', $app, 'TRACE',  undef,                  \@methods, undef ],
    [ 'debug', $app, '*',      undef,                  \@methods, undef ],
    [ 'debug', $app, 'PATCH',  'x-api-key',            \@methods, \@headers ],
    [ 'debug', $app, 'PUT',    'x-evil',               \@methods, \@headers ],
    [ 'debug', $app, 'PUT',    'content-type,x-evil',  \@methods, \@headers ],
    [ 'debug', $app, 'PUT',    '*',                    \@methods, \@headers ],
    [ 'debug', $app, 'PATCH',  'x-evil',               \@methods, \@headers ],
    [ 'pwdebug', $evil, 'DELETE', undef, ['PUT'], undef ],
    [ 'pwdebug', $evil, 'PUT', 'x-api-key', ['PUT'], ['content-type'] ],
    [ 'psdebug', $sub, 'TRACE',   undef,                   undef, undef ],
    [ 'psdebug', $sub, 'connect', 'x-foo',                 undef, ['x-foo'] ],
    [ 'psdebug', $sub, '*',       undef,                   undef, undef ],
    [ 'psdebug', $sub, 'PURGE', 'authorization',        ['PURGE'], undef ],
    [ 'psdebug', $sub, 'PURGE', 'authorization,x-foo',  ['PURGE'], ['x-foo'] ],
    [ 'psdebug', $sub, 'PURGE', 'x-foo,*,Authorization', ['PURGE'],
        ['x-foo'] ],
);

for_each_protocol {
    for my $row (@told) {
        my ($at, $origin, $method, $headers, $text) = @$row;
        my $res = preflight("/$at/files/plain.txt", $origin, $method, $headers,
            @host);
        my $name = "$at: " . join ' ', map { defined() ? $_ : () } @$row;
        cors_headers_are($res, { vary => $vary{$at} }, name => $name,
            status => 403, body => "$text\n");
        like($res->value('Content-Type'), qr{\Atext/plain\b},
            "$CorsTest::PROTOCOL: $name: text/plain");
        is($res->value('Content-Length'), length("$text\n"),
            "$CorsTest::PROTOCOL: $name: Content-Length");
    }

    for my $row (@shown) {
        my ($at, $origin, $method, $headers, $methods, $names) = @$row;
        my %want = (
            'access-control-allow-origin' => $at eq 'pwdebug' ? '*' : $origin,
            vary                          => $vary{$at},
        );
        $want{'access-control-allow-credentials'} = 'true' if $at eq 'debug';
        $want{'access-control-allow-methods'} = $methods if $methods;
        $want{'access-control-allow-headers'} = $names   if $names;
        my $name = join ' ', "$at:", $method, defined $headers ? $headers : ();
        $name = "C-63 $name" if $name =~ /content-type,x-evil/;
        my $res = preflight("/$at/files/plain.txt", $origin, $method, $headers,
            @host);
        cors_headers_are($res, \%want, name => $name, status => 204,
            body => '');
    }

    # What is allowed, and actual requests, are answered as ever.
    my %pa = (policy => 'PA', origin => $app);
    pf_ok(preflight('/debug/files/plain.txt', $app, 'PUT', 'x-api-key', @host),
        %pa, name => 'debug: allowed', headers => ['x-api-key']);
    act_ok(get('/debug/files/plain.txt', $app, @host), %pa,
        name => 'debug: GET', body => "plain\n");
    act_no(get('/debug/files/plain.txt', $evil, @host), %pa,
        name => 'debug: GET, denied', body => "plain\n");
    pf_no(preflight('/pa/files/plain.txt', $evil, 'PUT', undef, @host),
        policy => 'PA', name => 'no debug: not a word');
};

# The answer does not end the connection.
my $bytes = join "\r\n", 'OPTIONS /debug/files/plain.txt HTTP/1.1',
    'Host: policies.test', "Origin: $evil",
    'Access-Control-Request-Method: PUT', '', '';
my $get = join "\r\n", 'GET /debug/files/plain.txt HTTP/1.1',
    'Host: policies.test', "Origin: $app", 'Connection: close', '', '';
my ($told, $second) = exchange($bytes . $get, [ 'OPTIONS', 'GET' ]);
is($told->body, "The origin is not allowed.\n", 'first on a connection');
act_ok($second, policy => 'PA', origin => $app, body => "plain\n",
    name => 'second on the connection');

log_clean($mark);
done_testing();
