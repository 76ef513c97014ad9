# Every recipe of conf/recipes loads, in a server with no other modules than the
# recipe asks for, and does what it says. Of a recipe only paths and ports are
# changed.
use strict;
use warnings;
use lib 'lib';

use CorsTest;
use ConfigTest;
use File::Basename qw(basename);
use File::Path qw(make_path remove_tree);
use File::Temp qw(tempdir);
use Files qw(slurp spew);
use Httpd qw(confined free_port);
use JSON::PP qw(decode_json);
use Test::More;

my $recipes = '../../conf/recipes';
my $vars    = vars();
my $dir     = tempdir("$vars->{t_state}/recipes.XXXXXX", CLEANUP => 1);
my $port    = free_port();
my $backend = port('recipes_backend');
my $app     = 'https://app.example.com';
my $evil    = 'https://evilexample.com';

# What browsers say of who asks.
my $own      = 'http://localhost';
my @own_page = ('Sec-Fetch-Site' => 'same-origin');
my @foreign  = (Origin => $evil, 'Sec-Fetch-Site' => 'cross-site');
my @link     = (
    'Sec-Fetch-Site' => 'cross-site',
    'Sec-Fetch-Mode' => 'navigate',
    'Sec-Fetch-Dest' => 'document',
);
my @image = (
    'Sec-Fetch-Site' => 'cross-site',
    'Sec-Fetch-Mode' => 'no-cors',
    'Sec-Fetch-Dest' => 'image',
);

# What Debian enables unasked.
my @common = qw(
    unixd log_config authn_core authz_core authz_host alias dir env mime
    setenvif
);

my %test = (
    'ad-server.conf'              => \&ad_server,
    'all-subdomains.conf'         => \&all_subdomains,
    'backend-that-refuses-origins.conf' => \&backend_that_refuses_origins,
    'dry-run.conf'                => \&dry_run,
    'fonts-and-static-files.conf' => \&fonts_and_static_files,
    'form-application.conf'       => \&form_application,
    'front-controller.conf'       => \&front_controller,
    'identity-provider.conf'      => \&identity_provider,
    'internal-tool.conf'          => \&internal_tool,
    'json-log.conf'               => \&json_log,
    'mcp-server.conf'             => \&mcp_server,
    'prometheus.conf'             => \&prometheus,
    'public-read-only-api.conf'   => \&public_read_only_api,
    'reverse-proxy-own-cors.conf' => \&reverse_proxy_own_cors,
    'some-more-than-others.conf'  => \&some_more_than_others,
    'spa-with-credentials.conf'   => \&spa_with_credentials,
    'webdav-share.conf'           => \&webdav_share,
    'websocket.conf'              => \&websocket,
);

my $httpd;
our $beside = '';            # what the virtual host has besides the recipe
my %is_read;
for my $recipe (map { basename $_ } glob "$recipes/*.conf") {
    next if !ok($test{$recipe}, "$recipe has a test");
    subtest $recipe => $test{$recipe}, $recipe;
}
$httpd->stop;
is_deeply([ sort keys %is_read ],
    [ sort map { basename $_ } glob "$recipes/*" ],
    'no file of conf/recipes is left out');

my @uncommented = map { /\A    #([A-Z].*)/s } lines('../../conf/cors.conf');
config_ok(join('', grep { !/\ACustomLog/ } @uncommented),
    'the directives of conf/cors.conf, uncommented');
done_testing();

# ----------------------------------------------------------------- recipes

sub ad_server {
    my ($recipe) = @_;
    serve($recipe);
    put('vast/tag.xml', "<VAST/>\n");
    my $policy = {
        credentials => 1,
        methods     => [qw(GET HEAD POST)],
        headers     => ['Content-Type'],
        max_age     => 7200,
    };
    for my $origin ($app, $evil, 'http://player.example', 'null') {
        allows('/vast/tag.xml', $policy, $origin);
        pf_ok(ask('/vast/tag.xml', $origin, 'POST', 'content-type'),
            name => "a beacon of $origin", policy => $policy,
            origin => $origin, headers => ['content-type']);
    }
    refuses('/vast/tag.xml', $policy, 'garbage', 'POST');
    act_no(fetch('/vast/tag.xml'), name => 'no Origin', policy => $policy,
        body => "<VAST/>\n");
    act_ok(fetch('/vast/none.xml', $app), name => '404', policy => $policy,
        origin => $app, status => 404);
    no_cors(fetch('/', $app), name => 'elsewhere');
    return;
}

sub public_read_only_api {
    my ($recipe) = @_;
    serve($recipe);
    put('api/items.json', "[]\n");
    my $policy = {
        any     => 1,
        methods => [qw(GET HEAD)],
        headers => [qw(If-Match If-Modified-Since If-None-Match Range)],
        expose  => [qw(Content-Range ETag Link X-Total-Count)],
        max_age => 7200,
    };
    allows('/api/items.json', $policy, $app, 'GET', ['if-none-match']);
    allows('/api/items.json', $policy, undef);
    pf_no(ask('/api/items.json', $app, 'DELETE'),
        name => 'DELETE', policy => $policy);
    pf_no(ask('/api/items.json', $app, 'GET', 'authorization'),
        name => 'with Authorization', policy => $policy);
    act_ok(send_to('POST', '/api/items.json', $app),
        name => 'POST is blocked', policy => $policy, status => 405);
    no_cors(fetch('/', $app), name => 'elsewhere');
    return;
}

sub spa_with_credentials {
    my ($recipe) = @_;
    serve($recipe);
    put('api/me', "me\n");
    my $policy = {
        origins     => [$app],
        credentials => 1,
        methods     => [qw(GET HEAD POST PUT PATCH DELETE)],
        headers     =>
            [qw(Authorization Content-Type X-CSRF-Token X-Requested-With)],
        expose  => [qw(ETag Location X-Request-Id)],
        max_age => 600,
    };
    allows('/api/me', $policy, $app, 'PATCH', [ 'content-type' ]);
    refuses('/api/me', $policy, $evil, 'PATCH');
    refuses('/api/me', $policy, 'http://app.example.com', 'PATCH');
    pf_no(ask('/api/me', $app, 'PURGE'), name => 'PURGE', policy => $policy);
    act_ok(fetch('/api/missing', $app), name => '404', policy => $policy,
        origin => $app, status => 404);
    return;
}

sub some_more_than_others {
    my ($recipe) = @_;
    serve($recipe);
    put($_, "x\n") for qw(api/x notes/x feed/x);
    my $admin = 'https://admin.example.com';

    # Everybody, and more for one's own.
    my @varies = (vary => ['origin']);
    my $own    = {
        origins     => [$app],
        credentials => 1,
        methods     => [qw(GET HEAD POST PUT DELETE)],
        headers     => ['Content-Type'],
    };
    allows('/api/x', $own, $app, 'PUT', ['content-type']);
    for my $from ($evil, undef, 'null') {
        act_ok(fetch('/api/x', $from), policy => { any => 1 }, @varies,
            name => '/api/x: ' . ($from || 'no Origin'));
    }
    pf_ok(ask('/api/x', $evil, 'POST'), policy => { any => 1 }, @varies,
        method => 'POST', name => '/api/x: preflight of another');
    pf_no(ask('/api/x', $evil, 'PUT'), policy => { any => 1 }, @varies,
        name => '/api/x: another method');

    # Other methods for one.
    my $some = { origins => [ $app, $admin ], methods => [qw(GET HEAD POST)] };
    my $more = { %$some, methods => [qw(GET HEAD POST PUT DELETE)] };
    allows('/notes/x', $more, $admin, 'DELETE', []);
    act_ok(fetch('/notes/x', $app), policy => $some, origin => $app,
        name => '/notes/x: an application');
    pf_no(ask('/notes/x', $app, 'DELETE'), policy => $some,
        name => '/notes/x: not everybody may delete');
    refuses('/notes/x', $some, $evil, 'POST');

    # www.X and X.
    for my $host (qw(one.example two.example.org)) {
        my @at = (port => $port, host => $host);
        my %is = (policy => { origins => ['x'] });
        act_ok(get('/feed/x', "https://www.$host", @at), %is,
            origin => "https://www.$host", name => "$host: its www");
        pf_ok(preflight('/feed/x', "https://www.$host", 'POST', undef, @at),
            %is, origin => "https://www.$host", method => 'POST',
            name => "$host: a preflight of its www");
        for my $from ("https://$host", 'https://www.other.example',
            "https://evil.www.$host", "http://www.$host", undef)
        {
            act_no(get('/feed/x', $from, @at), %is,
                name => "$host: not " . ($from || 'without Origin'));
        }
    }
    return;
}

sub all_subdomains {
    my ($recipe) = @_;
    serve($recipe);
    put('x.txt', "x\n");
    my $policy = {
        origins => [ 'https://example.com', 'https://*.example.com' ],
        methods => [qw(GET HEAD POST PUT DELETE)],
        headers => [qw(Content-Type)],
        max_age => 600,
    };
    allows('/x.txt', $policy, $_, 'PUT', ['content-type'])
        for $app, 'https://example.com', 'https://a.b.example.com';
    refuses('/x.txt', $policy, $_, 'PUT')
        for $evil, 'https://example.com.evil.example',
        'https://app.example.com:8443';
    return;
}

sub fonts_and_static_files {
    my ($recipe) = @_;
    serve($recipe);
    put($_, "x\n") for qw(f/a.woff2 app.mjs page.html);
    my $policy = {
        any     => 1,
        headers => ['Range'],
        expose  => ['Content-Range'],
        max_age => 86400,
        timing  => 1,
    };
    allows($_, $policy, $app, 'GET', ['range']) for qw(/f/a.woff2 /app.mjs);
    act_ok(fetch('/f/missing.woff2', $app),
        name => '404', policy => $policy, status => 404);
    pf_no(ask('/f/a.woff2', $app, 'PUT'), name => 'PUT', policy => $policy);
    no_cors(fetch('/page.html', $app), name => 'a page', status => 200);
    return;
}

sub reverse_proxy_own_cors {
    my ($recipe) = @_;
    serve($recipe, 'http://127.0.0.1:8081/' => "http://127.0.0.1:$backend/");
    my $policy = { origins => [$app] };
    my %own    = ('access-control-allow-origin' => 'https://backend.example');

    cors_headers_are(ask('/app/own.txt', $app, 'PATCH'),
        {
            %own,
            vary => [
                qw(origin access-control-request-method
                    access-control-request-headers)
            ],
        },
        name => "the backend's preflight", status => 204);
    cors_headers_are(fetch('/app/own.txt', $app), { %own, vary => ['origin'] },
        name => "the backend's headers", status => 200, body => "own\n");
    act_ok(fetch('/app/plain.txt', $app), name => 'a gap', policy => $policy,
        origin => $app, body => "plain\n");
    act_no(fetch('/app/plain.txt', $evil), name => 'a gap, other origin',
        policy => $policy, body => "plain\n");
    cors_headers_are(ask('/app/plain.txt', $evil, 'PATCH'),
        {
            vary => [
                qw(origin access-control-request-method
                    access-control-request-headers)
            ],
        },
        name => 'a gap, preflight of another origin', status => 200);

    my $away = free_port();
    serve($recipe, 'http://127.0.0.1:8081/' => "http://127.0.0.1:$away/");
    act_ok(fetch('/app/own.txt', $app), name => 'the backend is away',
        policy => $policy, origin => $app, status => 503);
    act_no(fetch('/app/own.txt', $evil), status => 503,
        name => 'the backend is away, other origin', policy => $policy);
    return;
}

sub webdav_share {
    my ($recipe) = @_;
    my $origin = 'https://files.example.com';
    my @basic  = (Authorization => 'Basic dXNlcjpwYXNz');    # user:pass
    serve(
        $recipe,
        '/srv/dav'               => "$dir/dav",
        '/etc/apache2/dav.users' => "$dir/dav.users",
    );
    spew("$dir/dav.users", "user:{SHA}nU4eI71bcnBGqeO0t9tXvY1u5oQ=\n");
    my $policy = {
        origins => [$origin],
        methods => [
            qw(GET HEAD POST PUT DELETE OPTIONS
                PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK)
        ],
        headers => [
            qw(Authorization Content-Type Depth Destination If If-Match
                If-Modified-Since If-None-Match If-Range If-Unmodified-Since
                Lock-Token Overwrite Range Timeout X-Requested-With)
        ],
        expose => [
            qw(Accept-Ranges Allow Content-Range DAV ETag Location Lock-Token
                MS-Author-Via WWW-Authenticate)
        ],
        max_age => 7200,
    };
    pf_ok(
        ask('/dav/new.txt', $origin, $_, 'authorization,depth,if,timeout'),
        name    => "preflight for $_",
        policy  => $policy,
        origin  => $origin,
        method  => $_,
        headers => [qw(authorization depth if timeout)]
    ) for @{ $policy->{methods} };
    pf_no(ask('/dav/new.txt', $evil, 'PROPFIND'),
        name => 'other origin', policy => $policy);
    pf_no(ask('/dav/new.txt', $origin, 'SEARCH'),
        name => 'SEARCH', policy => $policy);

    my %here = (policy => $policy, origin => $origin);
    act_ok(send_to('PUT', '/dav/new.txt', $origin, body => 'x'),
        name => 'PUT, no password', %here, status => 401);
    act_ok(
        send_to('PUT', '/dav/new.txt', $origin,
            body => 'x', headers => \@basic),
        name => 'PUT', %here, status => 201
    );
    my $lock = send_to('LOCK', '/dav/new.txt', $origin,
        headers => [ @basic, 'Content-Type' => 'text/xml' ],
        body    => '<lockinfo xmlns="DAV:"><lockscope><exclusive/></lockscope>'
            . '<locktype><write/></locktype></lockinfo>');
    act_ok($lock, name => 'LOCK', %here, status => 200);
    ok($lock->value('Lock-Token'), 'it has a Lock-Token');
    my $options = send_to('OPTIONS', '/dav/', $origin, headers => \@basic);
    act_ok($options, name => 'OPTIONS', %here, status => 200);
    ok($options->values('DAV'), 'it has DAV');
    act_ok(
        send_to('PROPFIND', '/dav/', $origin,
            headers => [ @basic, Depth => 1 ]),
        name => 'PROPFIND', %here, status => 207
    );
    act_no(
        send_to('PROPFIND', '/dav/', $evil, headers => [ @basic, Depth => 1 ]),
        name => 'PROPFIND, other origin', policy => $policy, status => 207
    );
    return;
}

sub front_controller {
    my ($recipe) = @_;
    my $policy = {
        origins => [$app],
        methods => [qw(GET HEAD POST PUT PATCH DELETE)],
        headers => [qw(Authorization Content-Type X-WP-Nonce)],
        expose  => [qw(Link X-WP-Total X-WP-TotalPages)],
        max_age => 600,
    };
    # The recipe's comment shows the same with AllowOverrideList.
    my ($comment) = read_recipe($recipe) =~ /^((?:    #  .*\n)+)/m;
    (my $list = $comment) =~ s/#//g;
    my @closed = ($comment => $list, '    AllowOverride  FileInfo' => '');
    for my $override ([], \@closed) {
        serve($recipe, '/srv/www/site' => "$dir/www", @$override);
        put('index.php', <<'CGI', oct '755');
#!/bin/sh
echo "Status: 404 Not Found"
echo "Content-Type: text/plain"
echo "Access-Control-Allow-Origin: *"
echo
echo "made by the script"
CGI
        put('style.css', "css\n");
        put('.htaccess', read_recipe('front-controller.htaccess'));

        allows('/style.css', $policy, $app, 'PUT', ['x-wp-nonce']);
        refuses('/style.css', $policy, $evil, 'PUT');
        for my $method (qw(GET DELETE)) {
            act_ok(send_to($method, '/some/page', $app),
                name => "$method of a page", policy => $policy,
                origin => $app, status => 404, body => "made by the script\n");
        }
        act_no(fetch('/some/page', $evil),
            name => 'a page, other origin', policy => $policy, status => 404);
        pf_ok(ask('/some/page', $app, 'PUT'), name => "a page's preflight",
            policy => $policy, origin => $app, method => 'PUT');
    }
    return;
}

sub json_log {
    my ($recipe) = @_;
    local $beside = "<Location \"/api/\">\nCORSAllowOrigin $app\n</Location>";
    serve($recipe, '/var/log/apache2/cors.json' => "$dir/cors.json");
    put('api/x', "x\n");
    my $policy = qr{\A[-\w.:]+ <Location "/api/">\z};
    my @rows   = (
        [ 'allowed', '-', $app, 'GET', 200, fetch('/api/x', $app) ],
        [ 'allowed', '-', $app, 'OPTIONS', 204, ask('/api/x', $app, 'POST') ],
        [ 'denied', 'origin', $evil, 'GET', 200, fetch('/api/x', $evil) ],
        [ 'denied', 'method', $app, 'OPTIONS', 403,
            ask('/api/x', $app, 'PUT') ],
        map { [ 'denied', 'origin', 'malformed', 'GET', 200,
            fetch('/api/x', "https://a$_") ] } '"', '\\', "\xff", '"}',
    );
    fetch('/api/x');
    fetch('/', $app);
    $httpd->stop;
    my @log = lines("$dir/cors.json");
    is(scalar @log, @rows, 'a line for each decision');
    for my $row (@rows) {
        my ($verdict, $reason, $origin, $method, $status) = @$row;
        my $line = shift @log;
        my $got  = eval { decode_json($line) } || {};
        my $name = "$method of $origin";
        like(delete $got->{policy}, $policy, "$name: the policy") or diag($line);
        like(delete $got->{time},
            qr/\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d{4}\z/, "$name: the time");
        is_deeply($got,
            {
                client => '127.0.0.1', method => $method, status => $status,
                verdict => $verdict, reason => $reason, origin => $origin,
            },
            "$name: the rest");
    }
    return;
}

sub prometheus {
    my ($recipe) = @_;
    local $beside = "<Location \"/api/\">\nCORSAllowOrigin $app\n</Location>";
    serve($recipe, '192.0.2.10' => '127.0.0.1');
    put('api/x', "x\n");
    fetch('/api/x', $_) for $app, $app, $evil;
    for my $query ('metrics', 'metrics=') {
        my $res = fetch("/cors-metrics?$query");
        is($res->status, 200, "$query: the status");
        for my $series ('verdict="allowed",reason="-"} 2',
            'verdict="denied",reason="origin"} 1')
        {
            like($res->body, qr{^httpd_cors_decisions_total\{policy="[-\w.:]+
                \ <Location\ \\"/api/\\">",kind="actual",\Q$series\E$}mx,
                "$query: $series");
        }
    }
    is(fetch("/cors-metrics$_")->status, 403, "not '$_'")
        for '', '?json', '?metrics&json', '?url=/&origin=null';
    serve($recipe);
    is(fetch('/cors-metrics?metrics')->status, 403, 'not everybody');
    return;
}

# What Require cors refuses: rows of the status, the method, the URL, what the
# browser says of who asks, and the host if it is another.
sub answers {
    my (@rows) = @_;
    for my $row (@rows) {
        my ($status, $method, $url, @headers) = @$row;
        my %opt;
        $opt{host} = pop @headers if @headers % 2;
        my $res = request($method, $url, \@headers, port => $port, %opt);
        is($res->status, $status, "$method $url, @headers: $status");
    }
    return;
}

sub mcp_server {
    my ($recipe) = @_;
    my $inspector = 'https://inspector.example.com';
    serve($recipe, 'http://127.0.0.1:3001/mcp' =>
            "http://127.0.0.1:$backend/plain.txt");
    answers(
        [ 200, GET => '/mcp' ],
        [ 200, GET => '/mcp', Origin => $inspector ],
        [ 200, GET => '/mcp', Origin => 'http://localhost' ],
        [ 403, GET => '/mcp', Origin => $evil ],
        [ 403, GET => '/mcp', Origin => 'null' ],
        [ 403, GET => '/mcp', 'rebound.example' ],
        [ 403, GET => '/mcp', Origin => 'http://rebound.example',
            'rebound.example' ],
        [ 403, POST => '/mcp', Origin => 'http://localhost:3000' ],
        [ 200, GET => '/mcp', '127.0.0.1' ],
    );
    my $policy = {
        origins => [$inspector],
        methods => [qw(GET POST DELETE)],
        headers => [
            qw(Authorization Content-Type Last-Event-ID MCP-Protocol-Version
                Mcp-Session-Id)
        ],
        expose  => [qw(Mcp-Session-Id WWW-Authenticate)],
        max_age => 600,
    };
    pf_ok(ask('/mcp', $inspector, 'POST', 'content-type,mcp-session-id'),
        name => 'a preflight', policy => $policy, origin => $inspector,
        method => 'POST', headers => [qw(content-type mcp-session-id)]);
    act_ok(fetch('/mcp', $inspector), name => 'the inspector',
        policy => $policy, origin => $inspector, body => "plain\n",
        vary => ['sec-fetch-site']);
    return;
}

sub websocket {
    my ($recipe) = @_;
    my $socket = backend('recipes_socket', "HTTP/1.1 101 Switching Protocols\r\n"
            . "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    serve($recipe, '127.0.0.1:8082' => '127.0.0.1:' . port('recipes_socket'));
    my %want = (
        $app => 101, 'http://localhost' => 101, $evil => 403, null => 403,
        'https://localhost' => 101,
    );
    for my $origin (sort keys %want) {
        my ($res) = exchange("GET /socket HTTP/1.1\r\nHost: localhost\r\n"
                . "Origin: $origin\r\nConnection: Upgrade\r\n"
                . "Upgrade: websocket\r\n"
                . "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                . "Sec-WebSocket-Version: 13\r\n\r\n",
            ['GET'], port => $port);
        is($res->status, $want{$origin}, "a handshake of $origin");
    }
    return;
}

sub form_application {
    my ($recipe) = @_;
    serve($recipe);
    put('.htpasswd', "secret\n");
    answers(
        [ 200, POST => '/index.html', Origin => $own, @own_page ],
        [ 200, POST => '/index.html', Origin => $own ],
        [ 403, POST => '/index.html', @foreign ],
        [ 403, POST => '/index.html', Origin => 'null',
            'Sec-Fetch-Site' => 'cross-site' ],
        [ 403, POST => '/index.html', Origin => $evil ],
        [ 200, GET => '/index.html', @link ],
        [ 200, GET => '/index.html', @image ],
        [ 200, GET => '/index.html', 'Sec-Fetch-Site' => 'none' ],
        [ 200, POST => '/index.html' ],
    );
    # What other sections close stays closed.
    local $beside = "<Files \".htpasswd\">\nRequire all denied\n</Files>";
    serve($recipe);
    put('.htpasswd', "secret\n");
    answers([ 403, GET => '/.htpasswd' ], [ 200, GET => '/index.html' ]);
    return;
}

sub internal_tool {
    my ($recipe) = @_;
    serve($recipe);
    answers(
        [ 200, GET  => '/index.html', @link ],
        [ 200, GET  => '/index.html', 'Sec-Fetch-Site' => 'none' ],
        [ 200, POST => '/index.html', Origin => $own, @own_page ],
        [ 403, GET  => '/index.html', @image ],
        [ 403, GET  => '/index.html', @link[ 0 .. 3 ],
            'Sec-Fetch-Dest' => 'iframe' ],
        [ 403, POST => '/index.html', @foreign ],
        [ 403, GET  => '/index.html', @foreign ],
    );
    return;
}

sub identity_provider {
    my ($recipe) = @_;
    my @idp = (Origin => 'https://idp.example.com', @link);
    serve($recipe);
    put($_, "x\n") for qw(login/callback other);
    answers(
        [ 200, POST => '/login/callback', @idp ],
        [ 403, POST => '/other',          @idp ],
        [ 403, PUT  => '/login/callback', @idp ],
        [ 403, POST => '/login/callback', @foreign ],
        [ 200, POST => '/other', Origin => $own, @own_page ],
        [ 200, GET  => '/login/callback', @link ],
    );
    return;
}

sub dry_run {
    my ($recipe) = @_;
    serve($recipe, '/var/log/apache2/foreign.log' => "$dir/foreign.log");
    answers(
        [ 200, POST => '/index.html', @foreign ],
        [ 200, POST => '/index.html', @own_page ],
        [ 200, GET  => '/index.html', 'rebound.example' ],
        [ 200, GET  => '/index.html', @link ],
    );
    $httpd->stop;
    my @log = map { s/\A\[.*?\] //r } lines("$dir/foreign.log");
    is_deeply(\@log, [
        qq{127.0.0.1 "POST /index.html HTTP/1.1" 200 foreign "$evil" }
            . qq{"cross-site"\n},
        qq{127.0.0.1 "GET /index.html HTTP/1.1" 200 host "-" "-"\n},
    ], 'the log has what would be refused');
    return;
}

# The backend answers as Spring does where it knows no origin.
sub backend_that_refuses_origins {
    my ($recipe) = @_;
    serve($recipe, '127.0.0.1:8080/app/' => "127.0.0.1:$backend/origins/");
    my $policy = {
        origins => [$app],
        methods => [qw(GET HEAD POST PUT DELETE)],
        headers => [qw(Authorization Content-Type)],
    };
    allows('/app/x.txt', $policy, $app, 'PUT', ['content-type']);
    act_no(fetch('/app/x.txt', $evil), name => 'another origin',
        policy => $policy, status => 403, body => qr/Invalid CORS request/);
    act_no(fetch('/app/x.txt'), name => 'no Origin', policy => $policy,
        body => "x\n");
    return;
}

# ---------------------------------------------------------------- outcomes

sub allows {
    my ($url, $policy, $origin, $method, $headers) = @_;
    my $who = defined $origin ? $origin : 'no origin';
    act_ok(fetch($url, $origin), name => "GET $url: $who", policy => $policy,
        origin => $origin, status => 200);
    return if !$method;
    pf_ok(
        ask($url, $origin, $method, join ',', @$headers),
        name    => "$method $url: $who",
        policy  => $policy,
        origin  => $origin,
        method  => $method,
        headers => $headers
    );
    return;
}

sub refuses {
    my ($url, $policy, $origin, $method) = @_;
    act_no(fetch($url, $origin), name => "GET $url: not $origin",
        policy => $policy, status => 200);
    pf_no(ask($url, $origin, $method), name => "$method $url: not $origin",
        policy => $policy);
    return;
}

sub fetch {
    my ($url, $origin) = @_;
    return get($url, $origin, port => $port);
}

sub ask {
    my ($url, $origin, $method, $headers) = @_;
    return preflight($url, $origin, $method, $headers, port => $port);
}

sub send_to {
    my ($method, $url, $origin, %opt) = @_;
    my $headers = delete $opt{headers} || [];
    return request($method, $url, [ Origin => $origin, @$headers ],
        port => $port, %opt);
}

# ------------------------------------------------------------------ servers

# Serve a recipe, with some strings of it replaced, in a virtual host of a
# server of its own.
sub serve {
    my ($recipe, @replace) = @_;
    $httpd->stop if $httpd;
    remove_tree($dir, { keep_root => 1 });
    make_path("$dir/www", "$dir/dav");
    put('index.html', "index\n");

    my $text = read_recipe($recipe);
    while (my ($from, $to) = splice @replace, 0, 2) {
        $text =~ s/\Q$from\E/$to/g or die "$recipe: no $from\n";
    }
    spew("$dir/recipe.conf", $text);
    spew("$dir/httpd.conf",  server_conf($text));
    $httpd = Httpd->start(program => $vars->{httpd}, dir => $dir,
        port => $port);
    return;
}

sub server_conf {
    my ($text) = @_;
    my ($list) = $text =~ /^# Modules: (.*?)\./ms
        or die "a recipe does not name its modules\n";
    my $wanted = join '|', "mpm_$vars->{mpm}", @common, $list =~ /(\w+)/g;
    my $load   = join '', grep { /\ALoadModule (?:$wanted)_module / }
        lines($vars->{modules_conf});

    return <<"CONF";
$load
@{[ confined($dir, $port) ]}
TypesConfig "$vars->{serverroot}/conf/mime.types"
DocumentRoot "$dir/www"
<IfModule dav_fs_module>
    DavLockDB     "$dir/davlock"
</IfModule>
<Directory />
    AllowOverride None
    Require       all denied
</Directory>
<Directory "$dir/www">
    Options       ExecCGI
    AddHandler    cgi-script .php
    Require       all granted
</Directory>
<VirtualHost *:$port>
    $beside
    Include       "$dir/recipe.conf"
</VirtualHost>
CONF
}

# -------------------------------------------------------------------- files

sub read_recipe {
    my ($name) = @_;
    $is_read{$name} = 1;
    return slurp("$recipes/$name");
}

sub lines {
    my ($file) = @_;
    return split /^/, slurp($file);
}

sub put {
    my ($path, $text, $mode) = @_;
    my $file = "$dir/www/$path";
    (my $parent = $file) =~ s{/[^/]*\z}{};
    make_path($parent);
    spew($file, $text);
    chmod $mode, $file if $mode;
    return;
}
