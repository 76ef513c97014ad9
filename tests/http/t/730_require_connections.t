# "Require cors" where httpd speaks TLS or says that something in front does; over
# HTTP/2's WebSockets, which are a CONNECT; and where a module gives the request
# another method.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use Files qw(slurp);
use Http;
use OwnServer;
use RequireTest;
use Test::More;

my @FOREIGN = ('Sec-Fetch-Site' => 'cross-site',
    Origin => 'https://evil.example');
my $covered = <<'CONF';
<Location "/covered">
    Require cors
</Location>
CONF

schemes();
tls();
overridden();
websockets_over_h2();
done_testing();

# A scheme in ServerName is the client's. The server's own port may be another.
sub schemes {
    my $server = OwnServer->new;
    $server->write('covered/file.txt', "file\n");
    my $hosts = join '', map {
        my ($name, $server_name) = @$_;
        "<VirtualHost *:\@port\@>\nServerName $server_name\nServerAlias $name\n"
            . "</VirtualHost>\n"
    } [ 'front.test', 'https://front.test' ],
        [ 'port.test', 'https://port.test:8443' ],
        [ 'plain.test', 'http://plain.test' ], [ 'none.test', 'none.test' ];
    $server->serve(notes_format() . $covered . $hosts);
    for my $row (
        [ 'front.test',      'https://front.test',      'own-host' ],
        [ 'front.test',      'http://front.test',       'foreign' ],
        [ 'front.test:443',  'https://front.test',      'own-host' ],
        [ 'front.test:80',   'http://front.test',       'foreign' ],
        [ 'port.test:8443',  'https://port.test:8443',  'own-host' ],
        [ 'port.test:8443',  'http://port.test:8443',   'foreign' ],
        [ 'plain.test',      'http://plain.test',       'own-host' ],
        [ 'plain.test',      'https://plain.test',      'own-host' ],
        [ 'none.test',       'https://none.test',       'own-host' ],
        [ 'front.test',      'https://none.test',       'foreign' ],
        [ 'localhost',       'http://localhost',        'foreign' ])
    {
        my ($host, $origin, $found) = @$row;
        # The first host is for all others, https too.
        my ($res, $notes) = require_ask($server, 'POST', '/covered/file.txt',
            [ Origin => $origin ], host => $host);
        like($notes, qr/foreign=\Q$found\E\b/, "$origin at $host: $notes");
        is($res->status, $found eq 'foreign' ? 403 : 200, 'its status');
    }
    $server->stop;
    return;
}

# Where httpd speaks TLS, a page over http is foreign.
sub tls {
    my $server = OwnServer->new;
    my $dir    = $server->dir;
    system("openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=a.test"
            . " -keyout $dir/key.pem -out $dir/cert.pem 2>$dir/openssl.log")
        == 0
        or die "openssl: ", slurp("$dir/openssl.log");
    my $port = OwnServer->new->port;
    $server->write('covered/file.txt', "file\n");
    $server->serve(notes_format() . $covered . <<"CONF", modules => [ 'socache_shmcb', 'ssl' ]);
Listen 127.0.0.1:$port
<VirtualHost *:$port>
    ServerName a.test
    SSLEngine On
    SSLCertificateFile    "\@dir\@/cert.pem"
    SSLCertificateKeyFile "\@dir\@/key.pem"
</VirtualHost>
CONF
    my $count = 0;
    for my $row (
        [ "https://a.test:$port", undef,         200, 'own-host' ],
        [ "http://a.test:$port",  undef,         403, 'foreign' ],
        [ 'http://a.test',        undef,         403, 'foreign' ],
        [ 'https://a.test',       undef,         403, 'foreign' ],
        [ "http://a.test:$port",  'cross-site',  403, 'foreign' ],
        [ "http://a.test:$port",  'same-site',   403, 'foreign' ],
        [ "https://a.test:$port", 'same-origin', 200, 'same-origin' ],
        [ undef,                  undef,         200, 'no-browser' ])
    {
        my ($origin, $site, $status, $found) = @$row;
        my @lines = (
            defined $origin ? "Origin: $origin"       : (),
            defined $site   ? "Sec-Fetch-Site: $site" : ());
        my $id = 'tls' . ++$count;
        open my $curl, '-|', qw(curl --silent --insecure --output /dev/null
            --noproxy * --max-time 20 --request POST --write-out %{http_code}
            --resolve), "a.test:$port:127.0.0.1",
            (map { ('--header', $_) } "X-Row: $id", @lines),
            "https://a.test:$port/covered/file.txt"
            or die "curl: $!\n";
        my $got = do { local $/ = undef; <$curl> };
        close $curl;
        is($got, $status, "TLS: @lines");
        like(notes_of($server, $id), qr/foreign=\Q$found\E\b/, "and $found");
    }
    $server->stop;
    return;
}

# The method that the client sent counts, whatever a module makes of it.
sub overridden {
    my $server = OwnServer->new;
    if (!$server->has('perl')) {
        pass('this httpd has no mod_perl');
        return;
    }
    $server->write('covered/file.txt', "file\n");
    $server->serve(notes_format() . $covered . <<'CONF', modules => ['perl']);
<Perl>
package Override;
use Apache2::RequestRec ();
use Apache2::Const -compile => qw(DECLINED M_POST M_GET);
use APR::Table ();
sub handler {
    my ($r) = @_;
    my $method = $r->headers_in->get('X-HTTP-Method-Override');
    if (defined $method) {
        $r->method($method);
        $r->method_number($method eq 'POST' ? Apache2::Const::M_POST
                                            : Apache2::Const::M_GET);
    }
    return Apache2::Const::DECLINED;
}
$INC{'Override.pm'} = 1;
1;
</Perl>
PerlPostReadRequestHandler Override
CONF
    for my $row ([ POST => 'GET', '403 foreign=foreign verdict=denied reason=foreign' ],
        [ PUT => 'GET', '403 foreign=foreign verdict=denied reason=foreign' ],
        [ GET => 'POST', '200 foreign=safe' ])
    {
        my ($method, $other, $want) = @$row;
        my (undef, $notes) = require_ask($server, $method, '/covered/file.txt',
            [ 'Sec-Fetch-Site' => 'cross-site',
                'X-HTTP-Method-Override' => $other ]);
        is($notes, $want, "$method as $other");
    }
    $server->stop;
    return;
}

# RFC 8441: a CONNECT with a protocol, which mod_http2 makes a GET with Upgrade of.
sub websockets_over_h2 {
    my $server = OwnServer->new;
    $server->write('covered/file.txt', "file\n");
    my $can = vars()->{mpm} ne 'prefork'
        && slurp(vars()->{modules} . '/mod_http2.so') =~ /H2WebSockets/;
    if (!$can) {
        pass('this httpd has no WebSockets over HTTP/2');
        return;
    }
    $server->serve(notes_format() . "H2WebSockets On\n$covered");
    my $count = 0;
    for my $row (
        [ 'own-host',    origin => 'http://localhost' ],
        [ 'no-browser' ],
        [ 'same-origin', origin => 'http://localhost',
            'sec-fetch-site' => 'same-origin' ],
        [ 'foreign', origin => 'https://evil.example' ],
        [ 'foreign', origin => 'https://evil.example',
            'sec-fetch-site' => 'cross-site' ],
        [ 'foreign', 'sec-fetch-site' => 'cross-site' ],
        [ 'foreign', 'sec-fetch-site' => 'same-site' ],
        [ 'foreign', origin => 'null' ])
    {
        my ($found, @lines) = @$row;
        my $id   = 'h2ws' . ++$count;
        my $http = Http->connect($server->port);
        $http->send(websocket_over_h2('x-row' => $id, @lines));
        my $notes = notes_of($server, $id);
        $found eq 'foreign'
            ? is($notes, '403 foreign=foreign verdict=denied reason=foreign',
            "a WebSocket over HTTP/2: @lines")
            : like($notes, qr/\A(?!403)\d+ foreign=\Q$found\E\z/,
            "a WebSocket over HTTP/2: @lines");
        $http->close;
    }
    $server->stop;
    return;
}

# The connection's preface, settings, and one request: names and values as they
# are, in no table.
sub websocket_over_h2 {
    my @lines = (':method' => 'CONNECT', ':protocol' => 'websocket',
        ':scheme' => 'http', ':path' => '/covered/file.txt',
        ':authority' => 'localhost', @_);
    my $block = '';
    while (my ($name, $value) = splice @lines, 0, 2) {
        $block .= pack 'C C/a C/a', 0, $name, $value;
    }
    my $frame = sub {
        my ($type, $flags, $stream, $bytes) = @_;
        return substr(pack('N', length $bytes), 1)
            . pack('C C N', $type, $flags, $stream) . $bytes;
    };
    return "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" . $frame->(4, 0, 0, '')
        . $frame->(1, 4, 1, $block);
}
