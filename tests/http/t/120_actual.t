# What an actual response carries, whatever made it: part C of the checklist.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use Test::More;

my $app  = 'https://app.example';
my $evil = 'https://evil.com';
my @host = (host => 'actual.test');
my $mark = log_mark();

# Status, path, request headers; where httpd itself comes to that status.
my @statuses = (
    [ 206, 'files/plain.txt', [ Range      => 'bytes=1-2' ] ],
    [ 412, 'files/plain.txt', [ 'If-Match' => '"x"' ] ],
    [ 416, 'files/plain.txt', [ Range      => 'bytes=100-' ] ],
    [ 301, 'files/dir' ],
    [ 302, 'moved' ],
    [ 307, 'sent' ],
    [ 308, 'gone' ],
    [ 401, 'auth/plain.txt' ],
    [ 403, 'closed/plain.txt' ],
    [ 404, 'files/none.txt' ],
    [ 503, 'dead/plain.txt' ],
    map({ [ $_, "cgi/answer?Status:+$_" ] } 200, 206, 301, 302, 307, 308,
        400, 401, 403, 404, 405, 412, 413, 416, 429, 500, 502, 503),
);

# Members of Vary that the response has already, and what comes out of them.
my @varies = (
    [ 'Accept-Encoding',            [qw(accept-encoding origin)] ],
    [ 'Accept-Encoding,+Accept',    [qw(accept-encoding accept origin)] ],
    [ 'origin',                     [qw(origin)] ],
    [ 'Accept,+ORIGIN',             [qw(accept origin)] ],
    [ 'X-Origin',                   [qw(x-origin origin)] ],
    [ 'Origin-X',                   [qw(origin-x origin)] ],
    [ '*',                          ['*'] ],
);

# A response that makes its own CORS headers.
my @own = (
    'Access-Control-Allow-Origin:+*&Access-Control-Allow-Credentials:+true',
    "Access-Control-Allow-Origin:+$app&Access-Control-Allow-Credentials:+true"
        . '&Access-Control-Allow-Methods:+GET&Access-Control-Max-Age:+7',
    "Access-Control-Allow-Origin:+$evil&Access-Control-Expose-Headers:+X-Evil"
        . '&Access-Control-Allow-Headers:+X-Evil'
        . '&Access-Control-Allow-Private-Network:+true',
    'access-control-allow-origin:+*&access-control-allow-origin:+*'
        . '&Access-Control-Allow-Credentials:+True',
    'Access-Control-Expose-Headers:+Set-Cookie&Access-Control-Max-Age:+-1',
);

for_each_protocol {
    any_origin();
    statuses();
    not_modified();
    headers_of_others();
    internal();
    varies();
    expose();
    single_origin();
};
web_socket();
log_clean(
    $mark,
    qr{\[proxy(?:_http)?:error\] .*(?:AH00957|AH01114): },
    qr{\[authz_core:error\] .* AH01630: client denied},
    qr{\[allowmethods:error\] .* AH01623: client method denied},
);
done_testing();

sub any_origin {
    my %pw = (policy => 'PW', body => "plain\n");
    for my $origin (undef, $app, $evil, 'null', 'garbage', '', '*',
        [ $app, $evil ], "b\xc3\xbc")
    {
        my $shown = join ' | ',
            ref $origin ? @$origin : defined $origin ? $origin : '(none)';
        act_ok(get('/pw/files/plain.txt', $origin, @host), %pw,
            name => "C-36 Origin: $shown");
    }
    my $post = request('POST', '/pw/cgi/answer', [ Origin => $evil ], @host);
    act_ok($post, %pw, name => 'C-36 POST', body => "made by a script\n");
    act_ok(get("/pw/cgi/answer?$_", $evil, @host), %pw,
        name => "C-36 $_", body => "made by a script\n")
        for @own;
    for my $status (404, 500) {
        act_ok(get("/pw/cgi/answer?Status:+$status", undef, @host),
            policy => 'PW', name => "C-36 $status", status => $status);
    }
    act_ok(get('/pw/cgi/answer?Vary:+Accept-Encoding', $app, @host),
        policy => 'PW', name => 'C-36 with a Vary',
        vary => ['accept-encoding']);
    return;
}

# The same headers whatever the status.
sub statuses {
    for my $row (@statuses) {
        my ($status, $path, $headers) = @$row;
        my @to  = (@host, headers => $headers || []);
        my %opt = (policy => 'PA', status => $status);
        act_ok(get("/pa/$path", $app, @to), %opt, name => "C-37 /pa/$path",
            origin => $app);
        act_no(get("/pa/$path", $evil, @to), %opt,
            name => "C-37 C-44 /pa/$path, other origin");
        act_no(get("/pa/$path", undef, @to), %opt,
            name => "C-37 C-44 /pa/$path, no Origin");
        no_cors(get("/p0/$path", $app, @to),
            name => "C-37 /p0/$path, no policy")
            if $path !~ m{\A(?:moved|sent|gone|files/none\.txt)\z};
    }
    for my $origin ($app, $evil, undef) {
        my @header = defined $origin ? (Origin => $origin) : ();
        my $res    = request('POST', '/pa/methods/plain.txt', \@header, @host);
        my %opt    = (policy => 'PA', status => 405, name => 'C-37 C-44 405');
        defined $origin && $origin eq $app
            ? act_ok($res, %opt, origin => $origin)
            : act_no($res, %opt);

        $res = request('HEAD', '/pa/files/plain.txt', \@header, @host);
        %opt = (policy => 'PA', body => '', name => 'C-44 HEAD');
        defined $origin && $origin eq $app
            ? act_ok($res, %opt, origin => $origin)
            : act_no($res, %opt);
    }
    return;
}

sub not_modified {
    my $full = get('/pa/files/plain.txt', $app, @host);
    my %when = (
        'If-None-Match'     => $full->value('ETag'),
        'If-Modified-Since' => $full->value('Last-Modified'),
    );
    for my $name (sort keys %when) {
        my @to  = (@host, headers => [ $name => $when{$name} ]);
        my %opt = (
            policy => 'PA',
            status => 304,
            body   => '',
            name   => "C-38 C-44 304 by $name"
        );
        act_ok(get('/pa/files/plain.txt', $app, @to), %opt, origin => $app);
        act_no(get('/pa/files/plain.txt', undef, @to), %opt);
        act_no(get('/pa/files/plain.txt', $evil, @to), %opt);
        act_ok(get('/pw/files/plain.txt', undef, @to), %opt, policy => 'PW');
    }
    return;
}

sub headers_of_others {
    for my $query (@own) {
        my %opt = (policy => 'PA', body => "made by a script\n");
        act_ok(get("/pa/cgi/answer?$query", $app, @host), %opt,
            origin => $app, name => "C-39 C-42 script: $query");
        act_no(get("/pa/cgi/answer?$query", $_, @host), %opt,
            name => "C-40 script: $query")
            for $evil, undef;
        act_ok(get("/pa/cgi/answer?$query&Status:+404", $app, @host),
            policy => 'PA', status => 404, origin => $app,
            name => "C-39 script, 404: $query");
    }

    for my $how (qw(set always both)) {
        for my $path ("$how/plain.txt", "$how/none.txt", "$how/dir") {
            my $status = $path =~ /none/ ? 404 : $path =~ /dir/ ? 301 : 200;
            my $is_set = $status == 200 || $status == 301 && $how ne 'set';
            my %opt    = (
                policy => 'PA',
                status => $status,
                vary   => $is_set ? ['accept'] : []
            );
            act_ok(get("/pa/$path", $app, @host), %opt, origin => $app,
                name => "C-39 Header: /pa/$path");
            act_no(get("/pa/$path", $_, @host), %opt,
                name => "C-40 Header: /pa/$path")
                for $evil, undef;
        }
    }

    my %opt = (
        policy => 'PA',
        vary   => ['x-backend'],
        body   => "from the backend\n"
    );
    act_ok(get('/pa/proxy/plain.txt', $app, @host), %opt, origin => $app,
        name => 'C-39 C-42 backend');
    act_no(get('/pa/proxy/plain.txt', $_, @host), %opt,
        name => 'C-40 C-78 backend')
        for $evil, undef;
    act_ok(get('/pa/proxy/none.txt', $app, @host), policy => 'PA',
        origin => $app, status => 404, vary => ['x-backend'],
        name => 'C-39 backend, 404');
    return;
}

sub internal {
    my %ok   = (policy => 'PA', origin => $app);
    my @rows = (
        [ 'ErrorDocument',     'files/none.txt',  404, qr/color: black/ ],
        [ 'DirectoryIndex',    'files/dir/',      200, qr/index/ ],
        [ 'internal redirect', 'files/rewritten', 200, qr/\Aplain\n\z/ ],
        [ 'SSI include',       'files/page.shtml', 200, qr/\Aplain\n\n?\z/ ],
    );
    for my $row (@rows) {
        my ($what, $path, $status, $body) = @$row;
        my %opt = (
            name   => "C-41 $what",
            policy => 'PA',
            status => $status,
            body   => $body
        );
        act_ok(get("/pa/$path", $app, @host), %opt, origin => $app);
        act_no(get("/pa/$path", $_, @host), %opt) for $evil, undef;
    }
    act_ok(get('/p0/files/none.txt', $app, @host), policy => 'PW',
        status => 404, name => 'C-41 ErrorDocument of a path without policy');
    return;
}

sub varies {
    for my $row (@varies) {
        my ($value, $wanted) = @$row;
        my %opt = (
            name      => "C-43 Vary: $value",
            policy    => 'PA',
            vary_only => $wanted
        );
        act_ok(get("/pa/cgi/answer?Vary:+$value", $app, @host), %opt,
            origin => $app);
        act_no(get("/pa/cgi/answer?Vary:+$value", $_, @host), %opt)
            for $evil, undef;
    }
    act_ok(get('/pa/cgi/answer?Vary:+Accept&Vary:+Cookie', $app, @host),
        name => 'C-43 two Vary lines', policy => 'PA', origin => $app,
        vary => [qw(accept cookie)]);
    return;
}

sub expose {
    for my $at (qw(pa px)) {
        my $res   = get("/$at/files/plain.txt", $app, @host);
        my @names = $res->list('Access-Control-Expose-Headers');
        is_deeply([ sort map { lc } @names ], [qw(etag x-request-id)],
            "$CorsTest::PROTOCOL: C-45 $at: the names, each once");
        is($res->value('Access-Control-Allow-Credentials'),
            'true', "$CorsTest::PROTOCOL: C-42 $at: true");
    }
    act_ok(get('/ps/files/plain.txt', 'https://a.example.com', @host),
        name => 'C-42 C-45 neither', policy => 'PS',
        origin => 'https://a.example.com');
    act_no(get('/pa/files/plain.txt', $evil, @host),
        name => 'C-45 denied', policy => 'PA');
    pf_ok(preflight('/pa/files/plain.txt', $app, 'PUT', undef, @host),
        name => 'C-45 preflight', policy => 'PA', origin => $app);

    my %any = (policy => { expose => '*' }, body => "plain\n");
    act_ok(get('/expose/files/plain.txt', $app, @host), %any,
        name => 'C-46 * without credentials', origin => $app);
    act_no(get('/expose/files/plain.txt', $evil, @host), %any,
        name => 'C-46 *, denied');
    return;
}

sub single_origin {
    my %opt = (
        policy => { %{ policy('PA') }, origins => [$app] },
        body   => "plain\n"
    );
    act_ok(get('/single/files/plain.txt', $app, @host), %opt,
        name => 'C-48 the only origin', origin => $app);
    act_no(get('/single/files/plain.txt', $_, @host), %opt,
        name => 'C-48 not the only origin')
        for $evil, undef, 'http://localhost:8080';
    return;
}

# A handshake is what the backend makes of it.
sub web_socket {
    backend('policies_socket', "HTTP/1.1 101 Switching Protocols\r\n"
            . "Upgrade: websocket\r\nConnection: Upgrade\r\n"
            . "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
    my %seen;
    for my $at (qw(p0 pa pw)) {
        for my $origin (undef, $app, $evil) {
            my $who = defined $origin ? $origin : 'no Origin';
            my $res = get(
                "/$at/socket", $origin, @host,
                headers => [
                    Connection              => 'Upgrade',
                    Upgrade                 => 'websocket',
                    'Sec-WebSocket-Version' => '13',
                    'Sec-WebSocket-Key'     => 'dGhlIHNhbXBsZSBub25jZQ==',
                ]
            );
            is($res->status, '101', "C-47 $at: $who: switching protocols");
            $seen{ join "\n", sort map { "$_->[0]: $_->[1]" }
                    grep { $_->[0] ne 'Date' } @{ $res->lines } } = "$at $who";
        }
    }
    is(scalar keys %seen, 1, 'C-47 the same handshake everywhere')
        or diag(map { "$seen{$_}:\n$_\n" } sort keys %seen);
    return;
}
