# Modules that refuse a request as soon as it has been read: ModSecurity in its
# first phase, mod_ssl with 421. Where the URL settles the policy the response
# carries its headers; elsewhere, and where httpd itself refuses what it reads,
# nothing of the policy.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use Files qw(slurp);
use OwnServer;
use Http::Response;
use Test::More;

my $app  = 'https://app.example';
my $evil = 'https://evil.example';
my @deny = ('X-Deny' => 'yes');

my $sections = <<'CONF';
CORSAllowOrigin https://app.example
CORSAllowCredentials On
CORSExposeHeaders ETag
<Location "/any">
    CORSAllowOrigin *
    CORSAllowCredentials Off
</Location>
<LocationMatch "^/(?<part>other)/">
    CORSAllowOrigin https://other.example
</LocationMatch>
<Location "/none">
    CORSAllowOrigin none
</Location>
<Location "/off">
    CORSEngine Off
</Location>
<Location "/a b">
    CORSAllowOrigin https://blank.example
</Location>
CONF

my %policy = (
    pa    => { origins => [$app], credentials => 1, expose => ['ETag'] },
    any   => { any => 1, expose => ['ETag'] },
    other => {
        origins     => ['https://other.example'],
        credentials => 1,
        expose      => ['ETag']
    },
    blank => {
        origins     => ['https://blank.example'],
        credentials => 1,
        expose      => ['ETag']
    },
    none => { closed => 1 },
    off  => { inert  => 1 },
);

# How a URL is written, and whose policy that is.
my @urls = (
    [ '/x'                => 'pa' ],
    [ '/x?q=/any'         => 'pa' ],
    [ '/any/x'            => 'any' ],
    [ '/%61ny/x'          => 'any' ],
    [ '//any//x'          => 'any' ],
    [ '/./any/x'          => 'any' ],
    [ '/x/../any/x'       => 'any' ],
    [ '/x/%2e%2e/any/x'   => 'any' ],
    [ '/any/../x'         => 'pa' ],
    [ '/Any/x'            => 'pa' ],
    [ '/any;v=1/x'        => 'pa' ],
    [ '/other/x'          => 'other' ],
    [ '/other'            => 'pa' ],
    [ '/none/x'           => 'none' ],
    [ '/off/x'            => 'off' ],
    [ '/a%20b'            => 'blank' ],
    [ '/v2/x'             => 'pa' ],

    # httpd would refuse these anyway.
    [ '/any/%2Fx'         => 'off' ],
    [ '/any/%zz'          => 'off' ],
    [ '/../any/x'         => 'off' ],
);

my $server = OwnServer->new;
my @at     = (port => $server->port);
$server->write('error.txt', "error\n");
mkdir $server->dir . '/cache' or die "cache: $!\n";

modsecurity() if $server->has('security2');
misdirected()  if $server->has('ssl');
done_testing();

# ------------------------------------------------------------- ModSecurity

sub modsecurity {
    my $rules = <<'CONF';
SecRuleEngine On
SecDataDir "@dir@"
SecRule REQUEST_HEADERS:X-Deny "." "phase:1,id:1,deny,status:403,nolog"
LogLevel cors:info
<IfModule http2_module>
    Protocols h2c http/1.1
</IfModule>
RewriteEngine On
RewriteRule "^/v2/(.*)" "/any/$1" [PT]
CacheRoot "@dir@/cache"
CacheEnable disk /x
CONF
    my $late = "<Files \"no-such-file\">\nCORSEngine On\n</Files>\n";
    for my $row (
        [ 'ModSecurity',   $rules . $sections ],
        [ 'ErrorDocument', "$rules${sections}ErrorDocument 403 /error.txt\n" ],
        [ 'its ErrorDocument is of another policy',
            "$rules${sections}ErrorDocument 403 /other/error.txt\n"
            . "Alias /other/ \"\@dir\@/www/\"\n" ],
        [ 'not final',     $rules . $sections . $late, 1 ],
        )
    {
        my ($name, $conf, $is_late) = @$row;
        my @how = ($conf, modules => [qw(unique_id security2)]);
        $server->serve(@how);
        denied($name, $is_late);
    }

    $server->serve(
        $rules . $sections . "AllowEncodedSlashes On\nMergeSlashes Off\n",
        modules => [qw(unique_id security2)]
    );
    like_not_denied('AllowEncodedSlashes On, MergeSlashes Off');
    $server->serve(
        $rules . $sections . "AllowEncodedSlashes NoDecode\n",
        modules => [qw(unique_id security2)]
    );
    like_not_denied('AllowEncodedSlashes NoDecode');
    $server->stop;
    unlike($server->log, qr/:(?:crit|alert|emerg)\]|exit signal/,
        'nothing worse than refusals is logged');
    return;
}

# Whose policy it is tells the response that the URL has otherwise.
sub like_not_denied {
    my ($what) = @_;
    for my $url (qw(/any%2Fx /any/%2Fx /x%2F..%2Fany/x //any/x /%2Fany/x
        /x//../any/x /any%2f..%2fnone/x /none%2Fx /./any/x))
    {
        my ($is, $was) = map {
            my $res = get($url, $app, @at, protocol => 'h1', headers => $_);
            join "\n", map { join ': ', @$_ }
                grep { $_->[0] =~ /\A(?:Access|Vary)/ } @{ $res->lines };
        } \@deny, [];
        is($is, $was, "$what: $url");
    }
    return;
}

sub denied {
    my ($what, $is_late) = @_;
    for_each_protocol {
        for my $row (@urls) {
            my ($url, $policy) = @$row;
            for my $from ($app, $evil, undef) {
                my $name = "$what: $url: " . ($from || 'no Origin');
                my $res  = get($url, $from, @at, headers => \@deny);
                expect($res, $is_late ? 'off' : $policy, $from, $name);
            }
        }
        # A preflight is an error too, and fails in the browser.
        my $res = preflight('/x', $app, 'GET', undef, @at, headers => \@deny);
        is($res->status, 403, "$what: a preflight");
        is(join(',', $res->values('Access-Control-Allow-Origin')),
            $is_late ? '' : $app, "$what: a preflight's Allow-Origin");

        # What the rule lets pass is as ever.
        act_ok(get('/file.txt', $app, @at), policy => $policy{pa},
            origin => $app, name => "$what: not denied");
        act_ok(get('/v2/file.txt', $app, @at), policy => $policy{any},
            status => 404, name => "$what: not denied, rewritten");
    };

    # Whole URLs may be for a proxy; bad requests have no server yet.
    my ($res) = exchange("GET http://localhost/x HTTP/1.1\r\nHost: localhost"
            . "\r\nX-Deny: 1\r\nOrigin: $app\r\nConnection: close\r\n\r\n",
        ['GET'], @at);
    expect($res, 'off', $app, "$what: a whole URL");
    ($res) = exchange("GET /x HTTP/1.1\r\nHost: localhost\r\nnonsense\r\n"
            . "Origin: $app\r\nConnection: close\r\n\r\n", ['GET'], @at);
    no_cors($res, status => 400, name => "$what: a malformed line");
    my ($denied) = grep { /actual request denied/ } $server->log =~ /.+/g;
    ok($denied, "$what: refusals of origins are logged") if !$is_late;
    return;
}

sub expect {
    my ($res, $policy, $from, $name) = @_;
    my %is = (policy => $policy{$policy}, name => $name);
    $is{status} = 403;
    my $allowed = $policy{$policy}{any}
        || (defined $from
            && grep { $_ eq $from } @{ $policy{$policy}{origins} || [] });
    return no_cors($res, %is) if $policy eq 'off';
    return $allowed ? act_ok($res, %is, origin => $from) : act_no($res, %is);
}

# ------------------------------------------------------------------ mod_ssl

# The connection was made for one host, and the request is for another, with
# which it may not be shared.
sub misdirected {
    my $tls = OwnServer->new;
    my $dir = $tls->dir;
    system("openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=a.test"
            . " -keyout $dir/key.pem -out $dir/cert.pem 2>$dir/openssl.log")
        == 0
        or die "openssl: ", slurp("$dir/openssl.log");
    my $second = OwnServer->new->port;
    my $host = <<'CONF';
<VirtualHost *:%d>
    ServerName %s.test
    SSLEngine On
    SSLCertificateFile    "@dir@/cert.pem"
    SSLCertificateKeyFile "@dir@/key.pem"
    %s
</VirtualHost>
CONF
    my $hosts = "Listen 127.0.0.1:$second\n"
        . sprintf($host, $second, 'a', 'CORSAllowOrigin https://a.example')
        . sprintf($host, $second, 'b', "SSLCipherSuite AES128-SHA256:HIGH\n"
            . "SSLVerifyClient optional_no_ca\n$sections");
    $tls->serve($hosts, modules => ['socache_shmcb', 'ssl']);
    for my $row ([ '/x' => 'pa' ], [ '/any/x' => 'any' ], [ '/off/x' => 'off' ],
        [ '/x/../any' => 'any' ])
    {
        my ($url, $policy) = @$row;
        for my $from ($app, 'https://a.example', undef) {
            my $name = "421 $url: " . ($from || 'no Origin');
            my $res  = fetch($second, $url, $from);
            is($res->status, 421, "$name: status");
            my %is = (policy => $policy{$policy}, name => $name,
                status => 421);
            my $allowed = $policy eq 'any'
                || ($policy eq 'pa' && ($from || '') eq $app);
            $policy eq 'off' ? no_cors($res, %is)
                : $allowed   ? act_ok($res, %is, origin => $from)
                :              act_no($res, %is);
        }
    }
    return;
}

sub fetch {
    my ($port, $url, $from) = @_;
    my @from = defined $from ? ('--header', "Origin: $from") : ();
    open my $curl, '-|', qw(curl --silent --insecure --include --http1.1
        --noproxy * --path-as-is --resolve), "a.test:$port:127.0.0.1",
        '--header', 'Host: b.test', @from, "https://a.test:$port$url"
        or die "curl: $!\n";
    my $head = do { local $/ = undef; <$curl> };
    close $curl;
    my $res = Http::Response->from_head(\$head);
    $res->{body} = $head;
    return $res;
}
