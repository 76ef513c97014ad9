# What the strictest CORS library refuses (jub0bs/cors for Go: its Config, by
# the examples that document it) is refused here too, and what it permits is
# accepted; where mod_cors differs, the row says why.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use Test::More;

my $app    = 'https://app.example';
my $listed = "CORSAllowOrigin $app";
my $on     = 'CORSAllowCredentials On';

# Lines of a section, and "+" or the beginning of the message.
my @rows = (
    # Origins: at least one, valid and not prohibited.
    ['CORSAllowOrigin', 'CORSAllowOrigin takes one or more values'],
    [ 'CORSAllowOrigin ""', 'CORSAllowOrigin takes one or more values' ],
    [ 'CORSAllowOrigin "" null', 'CORSAllowOrigin "": is empty' ],
    [ 'CORSAllowOrigin http://example.com',    '+' ],
    [ 'CORSAllowOrigin https://example.com',   '+' ],
    [ 'CORSAllowOrigin connector://localhost', '+' ],
    [
        'CORSAllowOrigin file:///somepath',
        'CORSAllowOrigin "file:///somepath": browsers send the origin null'
    ],
    [ 'CORSAllowOrigin https://www.xn--xample-9ua.com', '+' ],
    [
        "CORSAllowOrigin https://www.r\xc3\xa9sum\xc3\xa9.com",
        'CORSAllowOrigin "https://www.r\\xc3\\xa9sum\\xc3\\xa9.com": is not'
            . ' ASCII'
    ],
    # Of use for public resources: with credentials it is refused.
    [ 'CORSAllowOrigin null', '+' ],
    [ "CORSAllowOrigin null\n$on", 'CORSAllowOrigin null (conf:2) with' ],
    [ 'CORSAllowOrigin http://255.0.0.0', '+' ],
    [
        'CORSAllowOrigin http://0xFF000000',
        'CORSAllowOrigin "http://0xFF000000": '
    ],
    [
        'CORSAllowOrigin http://0xff000000',
        'CORSAllowOrigin "http://0xff000000": is not an IPv4 address'
    ],
    [ 'CORSAllowOrigin http://[::1]:9090', '+' ],
    [
        'CORSAllowOrigin http://[0:0:0:0:0:0:0:0001]:9090',
        'CORSAllowOrigin "http://[0:0:0:0:0:0:0:0001]:9090": is not an IPv6'
    ],
    [
        'CORSAllowOrigin '
            . 'http://[0000:0000:0000:0000:0000:0000:0000:0001]:9090',
        'CORSAllowOrigin "http://[0000:0000:0000:0000:0000:0000:0000:0001]'
            . ':9090": is not an IPv6'
    ],
    [ 'CORSAllowOrigin https://example.com:1',     '+' ],
    [ 'CORSAllowOrigin https://example.com:65535', '+' ],
    [
        'CORSAllowOrigin https://example.com:0',
        'CORSAllowOrigin "https://example.com:0": the port must be'
    ],
    [
        'CORSAllowOrigin https://example.com:65536',
        'CORSAllowOrigin "https://example.com:65536": the port must be'
    ],
    [
        'CORSAllowOrigin http://example.com:80',
        'CORSAllowOrigin "http://example.com:80": browsers leave'
    ],
    [
        'CORSAllowOrigin https://example.com:443',
        'CORSAllowOrigin "https://example.com:443": browsers leave'
    ],
    [ 'CORSAllowOrigin http://example.com:443 https://example.com:80', '+' ],
    [ 'CORSAllowOrigin *',                         '+' ],
    [ "CORSAllowOrigin *\n$on", 'CORSAllowOrigin * (conf:2) with' ],
    [ 'CORSAllowOrigin https://*.example.com',     '+' ],
    [ 'CORSAllowOrigin http://localhost:*',        '+' ],
    [ 'CORSAllowOrigin https://*.example.com:*',   '+' ],
    [
        'CORSAllowOrigin https://*',
        'CORSAllowOrigin "https://*": would match every site'
    ],
    [
        'CORSAllowOrigin https://foo.*.example.com',
        'CORSAllowOrigin "https://foo.*.example.com": a host wildcard is'
    ],
    [
        'CORSAllowOrigin https://*.*.example.com',
        'CORSAllowOrigin "https://*.*.example.com": a host wildcard is'
    ],
    [
        'CORSAllowOrigin https://*foo.example.com',
        'CORSAllowOrigin "https://*foo.example.com": would match look-alikes'
    ],
    [
        'CORSAllowOrigin https://*.1.1.1.1',
        'CORSAllowOrigin "https://*.1.1.1.1": an IP address has no subdomains'
    ],
    [
        'CORSAllowOrigin *://example.com',
        'CORSAllowOrigin "*://example.com": a scheme cannot be a wildcard'
    ],
    [
        'CORSAllowOrigin * https://example.com',
        'CORSAllowOrigin "https://example.com": * or none must be the only value'
    ],

    # Insecure origins and public suffixes, with credentials.
    [ "CORSAllowOrigin http://example.com\n$on",
        'CORSAllowOrigin http://example.com (conf:2) with' ],
    [
        "CORSAllowOrigin http://example.com\n$on\n"
            . 'CORSDangerouslyAllow insecure-origins',
        '+'
    ],
    [ "CORSAllowOrigin http://localhost:* http://127.0.0.1 http://[::1]\n$on",
        '+' ],
    # An application's or extension's own scheme crosses no network.
    [ "CORSAllowOrigin connector://localhost\n$on", '+' ],
    [ "CORSAllowOrigin https://*.com\n$on",
        'CORSAllowOrigin https://*.com (conf:2) with' ],
    [
        "CORSAllowOrigin https://*.com\n$on\n"
            . 'CORSDangerouslyAllow public-suffixes',
        '+'
    ],
    [ 'CORSAllowOrigin https://*.com',  '+' ],
    [ "CORSAllowOrigin https://*.example.com\n$on", '+' ],

    # Methods.
    [ "$listed\nCORSAllowMethods GET POST PUT PURGE", '+' ],
    [ "$listed\nCORSAllowMethods *",                  '+' ],
    [ "$listed\nCORSAllowMethods OPTIONS",            '+' ],
    (
        map {
            [
                "$listed\nCORSAllowMethods $_",
                qq{CORSAllowMethods "$_": browsers never send this method}
            ]
        } qw(CONNECT TRACE TRACK connect Trace)
    ),
    [
        "$listed\nCORSAllowMethods r\xc3\xa9sum\xc3\xa9",
        'CORSAllowMethods "r'
    ],
    [
        "$listed\nCORSAllowMethods * PUT",
        'CORSAllowMethods "PUT": * must be the only value'
    ],

    # Request headers.
    [ "$listed\nCORSAllowHeaders Content-Type",    '+' ],
    [ "$listed\nCORSAllowHeaders *\n$on",          '+' ],
    [ "$listed\nCORSAllowHeaders *",               '+' ],
    [ "$listed\nCORSAllowHeaders * Authorization", '+' ],
    (
        map {
            [
                "$listed\nCORSAllowHeaders $_",
                qq{CORSAllowHeaders "$_": scripts cannot set this header, so}
            ]
        } qw(
            Accept-Charset Accept-Encoding Access-Control-Request-Headers
            Access-Control-Request-Method Connection Content-Length Cookie2
            Date DNT Expect Host Keep-Alive Origin Referer Set-Cookie TE
            Trailer Transfer-Encoding Upgrade Via Proxy-Foo Sec-Foo
        )
    ),
    [
        "$listed\nCORSAllowHeaders Cookie",
        'CORSAllowHeaders "Cookie": scripts cannot set this header; browsers'
    ],
    (
        map {
            [
                "$listed\nCORSAllowHeaders Access-Control-$_",
                qq{CORSAllowHeaders "Access-Control-$_": is a response header}
            ]
        } qw(
            Allow-Credentials Allow-Headers Allow-Methods Allow-Origin
            Expose-Headers Max-Age
        )
    ),
    [
        "$listed\nCORSAllowHeaders X_Y:",
        'CORSAllowHeaders "X_Y:": is not a header name'
    ],

    # Max-age: 0 says what -1 says there.
    [ "$listed\nCORSMaxAge 0",     '+' ],
    [ "$listed\nCORSMaxAge 86400", '+' ],
    [
        "$listed\nCORSMaxAge -1",
        'CORSMaxAge "-1": no browser understands a negative age'
    ],
    [
        "$listed\nCORSMaxAge -2",
        'CORSMaxAge "-2": no browser understands a negative age'
    ],
    [
        "$listed\nCORSMaxAge 86401",
        'CORSMaxAge "86401": no browser keeps an answer longer'
    ],

    # Response headers.
    [ "$listed\nCORSExposeHeaders X-Response-Time", '+' ],
    [ "$listed\nCORSExposeHeaders *",               '+' ],
    [ "$listed\nCORSExposeHeaders *\n$on",
        'CORSExposeHeaders * (conf:3) with' ],
    [ "$listed\nCORSExposeHeaders Cache-Control Content-Type", '+' ],
    (
        map {
            [
                "$listed\nCORSExposeHeaders $_",
                qq{CORSExposeHeaders "$_": browsers never show cookies}
            ]
        } qw(Set-Cookie Set-Cookie2 set-cookie)
    ),
    (
        map {
            [
                "$listed\nCORSExposeHeaders $_",
                qq{CORSExposeHeaders "$_": is a request header}
            ]
        } qw(
            Access-Control-Request-Headers Access-Control-Request-Method
            Origin
        )
    ),
    [
        "$listed\nCORSExposeHeaders * ETag",
        'CORSExposeHeaders "ETag": * or none must be the only value'
    ],

    # Status of preflights: 204 or 200 here, any 2xx there.
    [ "$listed\nCORSPreflightStatus 200", '+' ],
    [
        "$listed\nCORSPreflightStatus 300",
        'CORSPreflightStatus "300": write 204 or 200'
    ],
);

my @accepted;
for my $row (@rows) {
    my ($lines, $wanted) = @$row;
    my $config = "<Location \"/a\">\n$lines\n</Location>\n";
    (my $name = $lines) =~ s/\n/, /g;
    $name =~ s/([^ -~])/sprintf '\\x%02x', ord $1/ge;
    if ($wanted eq '+') {
        push @accepted, [ $config, "$name is accepted" ];
        next;
    }
    my $got = configtest($config);
    is($got->{exit}, 1, "$name is refused");
    is(substr($got->{message}, 0, length $wanted), $wanted,
        "$name: the message");
}
configs_ok(@accepted);

done_testing();
