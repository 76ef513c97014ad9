# C-40 CORSBackendHeaders keep: one Access-Control-Allow-Origin, that of the
# handler or backend rather than that of mod_headers; and a cache that knows
# that it may be different for another origin.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use OwnServer;
use Test::More;

my $one    = 'https://one.example';
my $two    = 'https://two.example';
my $server = OwnServer->new;
my @at     = (port => $server->port);

# Scripts repeat the Origin, without Vary, unless told otherwise.
my $script = <<'CGI';
#!/bin/sh
echo "Content-Type: text/plain"
echo "Cache-Control: max-age=600"
origin=$HTTP_ORIGIN
case $PATH_INFO in
    */star) origin='*' ;;
    */none) origin= ;;
esac
[ -z "$origin" ] || echo "Access-Control-Allow-Origin: $origin"
[ -z "$origin" ] || echo "Access-Control-Expose-Headers: X-Script"
echo
echo script
CGI
chmod oct '755', $server->write('script.cgi', $script);
mkdir $server->dir . '/cache' or die "cache: $!\n";
$server->serve(<<'CONF');
<Directory "@dir@/www">
    Options ExecCGI
    AddHandler cgi-script .cgi
</Directory>
ProxyPass "/proxied/" "http://127.0.0.1:@port@/backend/"
Alias "/cached/"  "@dir@/www/script.cgi/"
Alias "/listed/"  "@dir@/www/script.cgi/"
Alias "/backend/" "@dir@/www/script.cgi/"
Alias "/both/"    "@dir@/www/script.cgi/"
Alias "/always/"  "@dir@/www/script.cgi/"
Alias "/static"   "@dir@/www/file.txt"
<LocationMatch "^/(?:cached|proxied|both|always|static)">
    CORSAllowOrigin *
    CORSBackendHeaders keep
</LocationMatch>
<LocationMatch "^/listed">
    CORSAllowOrigin https://third.example
    CORSBackendHeaders keep
</LocationMatch>
<LocationMatch "^/(?:both|proxied/both|static)">
    Header set Access-Control-Allow-Origin "https://old.example"
    Header set Access-Control-Expose-Headers "X-Old"
</LocationMatch>
<LocationMatch "^/(?:always|proxied/always|static)">
    Header always set Access-Control-Allow-Origin "https://old.example"
</LocationMatch>
<LocationMatch "^/proxied/add">
    Header add Access-Control-Allow-Origin "https://old.example"
</LocationMatch>
<IfModule cache_disk_module>
    CacheRoot "@dir@/cache"
    CacheDirLevels 1
    CacheDirLength 1
    CacheEnable disk /cached
    CacheDefaultExpire 600
    CacheHeader on
</IfModule>
CONF

my @expose = ('access-control-expose-headers' => ['x-script']);
for my $path (qw(/both/a /proxied/a /proxied/always /proxied/add /listed/a))
{
    for my $from ($one, $two) {
        cors_headers_are(get($path, $from, @at),
            { 'access-control-allow-origin' => $from, @expose,
                vary => ['origin'] },
            name => "C-40 $path: the backend's, for $from");
    }
}
for my $path (qw(/both/star /proxied/star /proxied/always/star))
{
    cors_headers_are(get($path, $one, @at),
        { 'access-control-allow-origin' => '*', @expose },
        name => "C-40 $path: the backend's, for everybody");
}
cors_headers_are(get('/listed/star', $one, @at),
    { 'access-control-allow-origin' => '*', @expose, vary => ['origin'] },
    name => 'C-40 a policy that depends on the origin still says so');

# Scripts and "Header always" write one table, mod_proxy and "Header" the other;
# "set" in the same has replaced what was there.
for my $path (qw(/always/a /always/star /proxied/both /proxied/both/star)) {
    my $expose = $path =~ /both/ ? 'x-old' : 'x-script';
    cors_headers_are(get($path, $one, @at),
        {
            'access-control-allow-origin'   => 'https://old.example',
            'access-control-expose-headers' => [$expose],
            vary                            => ['origin'],
        },
        name => "C-40 $path: replaced by mod_headers");
}

# Nobody else has one.
for my $path (qw(/both/none /always/none /proxied/both/none
    /proxied/always/none))
{
    my %want = ('access-control-allow-origin' => 'https://old.example',
        vary => ['origin'],
        $path =~ /both/
        ? ('access-control-expose-headers' => ['x-old']) : ());
    cors_headers_are(get($path, $one, @at), \%want,
        name => "C-40 $path: that of mod_headers");
}
cors_headers_are(get('/static', $one, @at),
    {
        'access-control-allow-origin'   => 'https://old.example',
        'access-control-expose-headers' => ['x-old'],
        vary                            => ['origin'],
    },
    name => 'C-40 two of mod_headers');
cors_headers_are(get('/cached/none', $one, @at),
    { 'access-control-allow-origin' => '*' }, name => 'C-40 ours');

# The second origin is not given the first one's.
for my $round (1, 2) {
    for my $from ($one, $two) {
        my $res = get('/cached/a', $from, @at);
        is($res->value('Access-Control-Allow-Origin'), $from,
            "C-40 mod_cache, round $round: $from");
        is(join(' ', $res->values('X-Cache')) =~ /\AHIT/ ? 1 : 0, $round - 1,
            "round $round: cached");
    }
}
done_testing();
