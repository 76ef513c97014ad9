# What "Require cors" adds to responses, each line once: Vary to all, no-store and,
# with CORSDebug, a reason to refusals; scripts, backends, caches, event streams,
# 304 and upgrades; and nothing that a client sends comes unescaped into a page or
# the log.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use Http;
use Httpd qw(free_port);
use OwnServer;
use RequireTest;
use Test::More;

my $server  = OwnServer->new;
my @at      = (port => $server->port);
my @OWN     = ('Sec-Fetch-Site' => 'same-origin');
my @FOREIGN = ('Sec-Fetch-Site' => 'cross-site',
    Origin => 'https://evil.example');
my $VARY    = 'Vary: Sec-Fetch-Site, Origin';
my $FORBID  = 'Content-Type: text/html; charset=iso-8859-1';

# What it answers with is the query, a line each.
chmod oct '755', $server->write('lines.cgi', <<'CGI');
#!/bin/sh
printf '%b\n\nbody\n' "$(echo "$QUERY_STRING" | sed 's/%20/ /g; s/&/\\n/g')"
CGI
$server->write("$_/file.txt", "file\n") for qw(plain isolated debug cors slow);

# A backend that upgrades, and one that streams events.
my ($socket, $events) = (free_port(), free_port());
backend($socket, "HTTP/1.1 101 Switching Protocols\r\n"
        . "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
backend($events, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
        . "Cache-Control: no-cache\r\nVary: Accept\r\nConnection: close\r\n\r\n"
        . "data: one\n\ndata: two\n\n");

$server->serve(notes_format() . <<"CONF");
LogLevel warn cors:info
<Directory "\@dir\@/www">
    Options ExecCGI
</Directory>
ScriptAliasMatch "^/[^/]+/script\$" "\@dir\@/www/lines.cgi"
<LocationMatch "^/(plain|kept|socket|events)/">
    Require cors
</LocationMatch>
<Location "/isolated/">
    AuthMerging And
    <RequireAll>
        Require cors
        Require cors isolated
    </RequireAll>
</Location>
<Location "/debug/">
    CORSAllowOrigin https://app.example
    CORSDebug On
    LogLevel cors:debug
    Require cors
</Location>
<Location "/cors/">
    CORSAllowOrigin https://app.example
    CORSAllowCredentials On
    Require cors
    Header always set Cache-Control public
    Header always append Vary Accept
    Header set X-Set yes
</Location>
<Location "/cached/">
    Require cors
</Location>
ProxyPass "/proxied/" "http://127.0.0.1:\@port\@/backend/"
<Location "/proxied/">
    Require cors
</Location>
ProxyPass "/socket/" "http://127.0.0.1:$socket/" upgrade=websocket
ProxyPass "/events/" "http://127.0.0.1:$events/" flushpackets=on
CacheRoot "\@dir\@/cache"
CacheQuickHandler Off
CacheEnable disk /cached/
CacheIgnoreNoLastMod On
CacheHeader On
<Location "/host/">
    Require cors
</Location>
ProxyPass "/lost/" "http://127.0.0.1:\@port\@/host/"
ProxyPass "/preserved/" "http://127.0.0.1:\@port\@/host/"
<Location "/preserved/">
    ProxyPreserveHost On
</Location>
CONF
mkdir $server->dir . '/cache' or die "cache: $!\n";
chmod oct '777', $server->dir . '/cache';
$server->write('host/file.txt', "file\n");

for_each_protocol {
    files();
    scripts();
    proxied();
    cached();
};
upgrades();
event_stream();
hosts();
hostile();
unlike($server->log, qr/:(?:crit|alert|emerg)\]/, 'no error is logged');
done_testing();

# The complete set of lines, but for those of the connection and of time.
sub lines_are {
    my ($name, $res, $status, @lines) = @_;
    my @got = grep { !/\A(?:Date|Server|Connection|Keep-Alive|Last-Modified|ETag|Upgrade|Accept-Ranges|Content-Length|Transfer-Encoding):/i }
        map { "$_->[0]: $_->[1]" } @{ $res->lines };
    for my $line (@got) {
        $line =~ s/\A([^:]+)/join '-', map { ucfirst lc } split m{-}, $1/e;
        $line =~ s/, */, /g if $line =~ /\AVary:/;
    }
    is_deeply([ $res->status, sort @got ], [ $status, sort @lines ],
        "$CorsTest::PROTOCOL: $name");
    return;
}

sub ask {
    my ($path, @lines) = @_;
    return request('GET', $path, \@lines, @at);
}

sub files {
    my $text = 'Content-Type: text/plain';
    my $more = "$VARY, Sec-Fetch-Mode, Sec-Fetch-Dest";
    my $res  = ask('/plain/file.txt', @OWN);
    lines_are('a file', $res, 200, $text, $VARY);
    lines_are('304', ask('/plain/file.txt', @OWN,
            'If-None-Match' => $res->value('ETag')), 304, $VARY);
    lines_are('304, foreign', ask('/plain/file.txt', @FOREIGN,
            'If-None-Match' => $res->value('ETag')),
        403, $VARY, $FORBID, 'Cache-Control: no-store');
    lines_are('no browser', ask('/plain/file.txt'), 200, $text, $VARY);
    lines_are('not there', ask('/plain/nil', @OWN), 404, $FORBID, $VARY);
    lines_are('a range', ask('/plain/file.txt', @OWN, Range => 'bytes=1-2'),
        206, $text, $VARY, 'Content-Range: bytes 1-2/5');
    lines_are('foreign', ask('/plain/file.txt', @FOREIGN),
        403, $VARY, $FORBID, 'Cache-Control: no-store');
    lines_are('a host of nobody', request('GET', '/plain/file.txt', \@OWN, @at,
            host => 'evil.example'),
        403, $VARY, $FORBID, 'Cache-Control: no-store');
    lines_are('isolated', ask('/isolated/file.txt', @OWN), 200, $text, $more);
    lines_are('isolated, foreign', ask('/isolated/file.txt',
            'Sec-Fetch-Site' => 'cross-site'),
        403, $more, $FORBID, 'Cache-Control: no-store');

    # With a policy, and lines of mod_headers: the policy's own stay.
    my @set = ('Cache-Control: public', 'X-Set: yes');
    lines_are('a policy, trusted', ask('/cors/file.txt',
            'Sec-Fetch-Site' => 'cross-site', Origin => 'https://app.example'),
        200, $text, @set, 'Vary: Accept, Origin, Sec-Fetch-Site',
        'Access-Control-Allow-Origin: https://app.example',
        'Access-Control-Allow-Credentials: true');
    lines_are('a policy, own', ask('/cors/file.txt', @OWN),
        200, $text, @set, 'Vary: Accept, Origin, Sec-Fetch-Site');
    lines_are('a policy, foreign', ask('/cors/file.txt', @FOREIGN),
        403, $FORBID, 'Vary: Accept, Origin, Sec-Fetch-Site',
        'Cache-Control: no-store');

    # CORSDebug.
    for my $row (
        [ '/debug/file.txt', 'A page of a foreign origin made the browser ask.' ],
        [ '/plain/file.txt', undef ])
    {
        my ($path, $why) = @$row;
        my $body = ask($path, @FOREIGN)->body;
        like($body, qr/403 Forbidden/, "$path: the page");
        $why ? like($body, qr/[.] \Q$why\E/, "$path: says why")
            : unlike($body, qr/foreign/i, "$path: does not say why");
        unlike($body, qr/evil\.example/, "$path: says not who");
    }
    like(request('GET', '/debug/file.txt', \@OWN, @at, host => 'evil.example')
            ->body, qr/The host that was asked for is not a name of this server\./,
        'a host of nobody: says why');
    unlike(ask('/debug/nil', @OWN)->body, qr/foreign/, '404: no reason');
    return;
}

sub scripts {
    my $lines = 'Content-Type:%20text/plain&Vary:%20Accept,%20sec-fetch-site'
        . '&Cache-Control:%20max-age=60&Cache-Control:%20private';
    lines_are('a script', ask("/plain/script?$lines", @OWN), 200,
        'Content-Type: text/plain', 'Vary: Accept, sec-fetch-site, Origin',
        'Cache-Control: max-age=60, private');
    lines_are('a script, Vary: *', ask(
            '/plain/script?Content-Type:%20text/plain&Vary:%20*', @OWN),
        200, 'Content-Type: text/plain', 'Vary: *');
    lines_are("a script's own 403", ask('/plain/script?Status:%20403'
                . '&Cache-Control:%20max-age=60&Content-Type:%20text/plain', @OWN),
        403, 'Content-Type: text/plain', 'Cache-Control: max-age=60', $VARY);
    lines_are('a script, foreign', ask("/plain/script?$lines", @FOREIGN),
        403, $VARY, $FORBID, 'Cache-Control: no-store');
    return;
}

sub proxied {
    my $query = 'script?Content-Type:%20text/plain&Vary:%20Accept,%20Origin'
        . '&Cache-Control:%20max-age=60';
    lines_are('a backend', ask("/proxied/$query", @OWN), 200,
        'Content-Type: text/plain', 'Vary: Accept, Origin, Sec-Fetch-Site',
        'Cache-Control: max-age=60');
    lines_are('a backend, foreign', ask("/proxied/$query", @FOREIGN),
        403, $VARY, $FORBID, 'Cache-Control: no-store');
    return;
}

# Who may have a response is asked before mod_cache has it.
sub cached {
    my $target = "/cached/script?Content-Type:%20text/plain&ETag:%20x"
        . "&Cache-Control:%20max-age=600&X-P:%20$CorsTest::PROTOCOL";
    my @kept  = ('Content-Type: text/plain', 'Cache-Control: max-age=600',
        "X-P: $CorsTest::PROTOCOL", $VARY);
    for my $round (1, 2) {
        my $cache = $round == 1 ? 'MISS' : 'HIT';
        for my $lines (\@OWN, [], [ 'Sec-Fetch-Site' => 'none' ]) {
            my $res = ask($target, @$lines);
            my ($seen) = ($res->value('X-Cache') // '') =~ /\A(\w+)/;
            is($seen, $cache, "X-Cache, $round");
            $res->{lines} = [ grep { $_->[0] !~ /\A(?:x-cache|age)\z/i }
                    @{ $res->lines } ];
            lines_are("cached, round $round", $res, 200, @kept);
        }
        my $res = ask($target, @FOREIGN);
        lines_are("cached, foreign, round $round", $res, 403, $VARY, $FORBID,
            'Cache-Control: no-store');
        is($res->value('X-Cache'), undef, 'a refusal is none of the cache\'s');
    }
    return;
}

# 101 is the backend's, whole: the filter does not see it.
sub upgrades {
    my @key = ('Sec-WebSocket-Key' => 'dGhlIHNhbXBsZSBub25jZQ==',
        'Sec-WebSocket-Version' => 13);
    for my $row (
        [ 101, Origin => 'http://localhost' ],
        [ 101, Origin => 'http://localhost', 'Sec-Fetch-Site' => 'same-origin' ],
        [101],
        [ 403, Origin => 'https://evil.example' ],
        [ 403, Origin => 'https://evil.example', 'Sec-Fetch-Site' => 'cross-site' ],
        [ 403, 'Sec-Fetch-Site' => 'cross-site' ],
        [ 403, 'Sec-Fetch-Site' => 'same-site' ],
        [ 403, Origin => 'null' ])
    {
        my ($status, @lines) = @$row;
        my $bytes = "GET /socket/ HTTP/1.1\r\nHost: localhost\r\n"
            . "Connection: Upgrade\r\nUpgrade: websocket\r\n";
        my @all = (@lines, @key);
        while (my ($name, $value) = splice @all, 0, 2) {
            $bytes .= "$name: $value\r\n";
        }
        my $http = Http->connect($server->port);
        $http->send("$bytes\r\n");
        my $res = $http->response('GET');
        is($res->status, $status, "a WebSocket: @lines");
        is(lc($res->value('Upgrade') // ''), $status == 101 ? 'websocket' : '',
            'the handshake') if $status == 101;
        $http->close;
    }
    return;
}

sub event_stream {
    my $res = ask('/events/', @OWN, Accept => 'text/event-stream');
    lines_are('an event stream', $res, 200, 'Content-Type: text/event-stream',
        'Cache-Control: no-cache', 'Vary: Accept, Sec-Fetch-Site, Origin');
    is($res->body, "data: one\n\ndata: two\n\n", 'its events');
    lines_are('an event stream, foreign', ask('/events/', @FOREIGN),
        403, $VARY, $FORBID, 'Cache-Control: no-store');
    return;
}

# Behind a proxy that puts another name in Host's place only what the browser says
# of itself is left.
sub hosts {
    my @post = ('POST', '/lost/file.txt');
    for my $row (
        [ '/lost/file.txt', 403, Origin => 'http://localhost' ],
        [ '/lost/file.txt', 200, Origin => 'http://localhost', @OWN ],
        [ '/preserved/file.txt', 200, Origin => 'http://localhost' ],
        [ '/preserved/file.txt', 403, @FOREIGN ])
    {
        my ($path, $status, @lines) = @$row;
        is(request('POST', $path, \@lines, @at)->status, $status,
            "Host in front: $path: @lines");
    }
    return;
}

sub hostile {
    my $script = '<script>alert(1)</script>';
    my $end    = length $server->log;
    my $count  = 0;
    for my $row (
        [ Origin => "https://$script" ], [ 'Sec-Fetch-Site' => $script ],
        [ Origin => "\xff\x01\x1b[31m" ], [ 'Sec-Fetch-Site' => "%n%s\x1b[0m\\" ],
        [ Origin => "a' refused [cors:error]" ],
        [ 'Sec-Fetch-Site' => 'x' x 7_000 ], [ Origin => 'https://' . 'y' x 7_000 ])
    {
        my $res = request('POST', '/debug/file.txt', $row, @at);
        unlike($res->raw, qr/<script>|\x1b|\xff|xxxx|yyyy/, 'not shown');
        next if $res->status == 400;
        is($res->status, 403, 'hostile bytes: refused');
        $count++;
    }
    my ($res) = exchange("GET /debug/file.txt HTTP/1.1\r\nHost: <script>\r\n"
            . "Connection: close\r\n\r\n", ['GET'], @at);
    unlike($res->raw, qr/<script>/, 'nor is a Host');
    my $log = substr $server->log, $end;
    # A backend may still be logging what another test has asked it.
    my @lines = grep { /\[cors:.*<Location "\/debug\/">/ } split /\n/, $log;
    is(scalar(grep { /request refused/ } @lines), $count, 'they are logged');
    cmp_ok($count, '>=', 5, 'as many as httpd lets through');
    unlike($log, qr/[^\x20-\x7e\n]/, 'and escaped');
    ok(!(grep { length > 1_000 } @lines), 'and cut');
    return;
}
