# CORSForwardOrigin Off: the handler or backend does not see trusted origins,
# and everything else does: the policy, mod_cache, the access log.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use File::Path qw(make_path);
use Files qw(slurp);
use OwnServer;
use Test::More;

my $origin = 'https://app.example';
my $other  = 'https://a.example.net';
my $server = OwnServer->new;
my @at     = (port => $server->port, protocol => 'h1');
my $log    = $server->dir . '/origin_log';
my $policy = {
    origins => [ $origin, 'http://app.example', 'null' ],
};

my $script = <<'CGI';
#!/bin/sh
cat >/dev/null
case $QUERY_STRING in
again) echo "Location: /cgi/env.cgi?done"; echo; exit;;
esac
echo "Content-Type: text/plain"
echo "Cache-Control: max-age=600"
echo
echo "<${HTTP_ORIGIN-none}>"
CGI
chmod oct '755', $server->write("$_/env.cgi", $script) for qw(cgi ht backend);
$server->write('ht/.htaccess', "CORSForwardOrigin Off\n");
chmod oct '755', $server->write('front/index.cgi', $script);
$server->write('ssi/page.shtml', join 'x' x 20_000,
    map { qq(<!--#include virtual="$_/env.cgi" -->) } qw(/stays /proxied));
make_path($server->dir . "/$_") for qw(quick late);
my $common = <<'CONF';
LogFormat "%m %U %{Origin}i" origin
CustomLog "@dir@/origin_log" origin
<Directory "@dir@/www">
    Options ExecCGI FollowSymLinks Includes
    AddHandler cgi-script .cgi
    AddType text/html .shtml
    AddOutputFilter INCLUDES .shtml
</Directory>
<Directory "@dir@/www/front">
    RewriteEngine On
    RewriteCond %{REQUEST_FILENAME} !-f
    RewriteRule . index.cgi
    Require env from_app
</Directory>
SetEnvIf Origin "^https://app" from_app
<Directory "@dir@/www/ht">
    AllowOverride FileInfo
</Directory>
<LocationMatch "^/(cgi|ht|proxied|stays|front|ssi|down)/">
    CORSAllowOrigin https://app.example https://*.example.net null
    CORSAllowOrigin http://app.example
    CORSAllowMethods PUT
</LocationMatch>
<LocationMatch "^/(cgi|proxied|front|ssi|down)/">
    CORSForwardOrigin Off
    Header always set X-From "expr=%{HTTP:Origin}"
    ErrorDocument 503 /cgi/env.cgi
    ErrorDocument 404 /front/no-such
</LocationMatch>
<Location "/proxied/danger/">
    CORSDangerouslyAllow insecure-origins
</Location>
<Location "/proxied/live/">
    CORSEngine ReportOnly
</Location>
Alias "/stays/" "@dir@/www/cgi/"
Alias "/cgi/early/" "@dir@/www/cgi/"
ProxyPass "/down/" http://127.0.0.1:1/
ProxyPassMatch "^/proxied/(?:\w+/)?(env.cgi)" http://127.0.0.1:@port@/backend/$1
CONF

# A module that makes the environment of a script before its handler.
my @modules = grep { $server->has($_) } 'perl';
$common .= <<'CONF' if @modules;
<Perl>
package Early;
use Apache2::RequestRec ();
sub handler { $_[0]->subprocess_env; return 0 }
$INC{'Early.pm'} = 1;
</Perl>
<Location "/cgi/early/">
    PerlFixupHandler Early
</Location>
CONF
$server->serve($common, modules => \@modules);

# What is asked, by whom, and what the backend sees of it.
my @rows = (
    [ 'cgi',     $origin, 'none' ],
    [ 'cgi',     $other,  'none' ],
    [ 'ht',      $origin, 'none' ],
    [ 'proxied', $origin, 'none' ],
    [ 'stays',   $origin, $origin ],
    [ 'cgi/early', $origin, 'none' ],
    map({ [ 'proxied', $_, $_ ], [ 'cgi', $_, $_ ] } 'https://evil.example',
        'http://app.example', 'null', 'https://app.example/',
        "$origin, $origin"),
    [ 'proxied/danger', 'http://app.example', 'none' ],
    [ 'proxied/danger', 'null',               'null' ],
    [ 'proxied/live',   $origin,              $origin ],
);
for my $row (@rows) {
    my ($where, $from, $seen) = @$row;
    for my $method (qw(GET POST)) {
        my $name = "$method /$where from $from";
        my $res  = request($method, "/$where/env.cgi",
            [ Origin => $from, ($method eq 'POST' ? ('X-A' => 1) : ()) ],
            @at, $method eq 'POST' ? (body => 'x' x 100) : ());
        my $is = grep { $_ eq $from } $origin, $other, 'http://app.example',
            'null';
        $is = 0 if $where =~ /live/;
        is($res->body, "<$seen>\n", "$name: what the backend sees");
        cors_headers_are($res, {
            $is ? ('access-control-allow-origin' => $from) : (),
            $where =~ /live/ ? () : (vary => ['Origin']),
        }, name => $name);
    }
}
is(get('/cgi/env.cgi', undef, @at)->body, "<none>\n", 'no Origin');
pf_ok(preflight('/proxied/env.cgi', $origin, 'PUT', undef, @at),
    policy => { %$policy, methods => ['PUT'] }, origin => $origin,
    method => 'PUT', name => 'a preflight');
my $res = get('/cgi/env.cgi?again', $origin, @at);
is($res->body, "<none>\n", 'a script that another one redirects to');
act_ok($res, policy => $policy, origin => $origin, name => 'its headers');

# What does not run for the content sees it: mod_headers, and what comes behind a
# redirect. What runs within it does not, however much is sent before.
for my $row (
    [ '/front/no-such',  200, "<none>\n" ],
    [ '/cgi/no-such',    404, "<none>\n" ],
    [ '/down/no-such',   503, "<none>\n" ],
    [ '/ssi/page.shtml', 200, "<none>\n<none>\n" ],
    )
{
    my ($path, $status, $body) = @$row;
    my $seen = get($path, $origin, @at);
    is(join(' ', $seen->status, $seen->body =~ tr/x//dr), "$status $body",
        "$path: what the script sees");
    is(join('; ', $seen->values('X-From')), $origin, "$path: mod_headers");
    act_ok($seen, policy => $policy, origin => $origin, status => $status,
        name => $path);
}

# The log has them all, and the backend's, which it did not see.
my %logged;
$logged{$_}++ for split /\n/, slurp($log);
is($logged{"GET /proxied/env.cgi $origin"}, 1, 'the log has the origin');
is($logged{"GET /backend/env.cgi -"}, 3, 'and of the backend none');

# A cache that is asked first, and one that is asked as a handler.
for my $quick ('On', 'Off') {
    my $root = $quick eq 'On' ? 'quick' : 'late';
    $server->serve(<<"CONF", modules => \@modules);
$common
CacheRoot "\@dir\@/$root"
CacheEnable disk "/proxied/"
CacheEnable disk "/cgi/"
CacheQuickHandler $quick
CacheHeader On
CacheMinFileSize 1
CONF
    for my $where (qw(cgi proxied)) {
        for my $time (qw(MISS HIT HIT)) {
            for my $from ($origin, $other) {
                my $name = "quick $quick, /$where from $from, $time";
                my $seen = get("/$where/env.cgi", $from, @at);
                act_ok($seen, policy => $policy, origin => $from,
                    body => "<none>\n", name => $name);
                like($seen->value('X-Cache'), qr/\A$time /, "$name: it is");
            }
        }
        my $evil = get("/$where/env.cgi", 'https://evil.example', @at);
        is($evil->body, "<https://evil.example>\n",
            "quick $quick, /$where: another origin gets an answer of its own");
    }
}
done_testing();
