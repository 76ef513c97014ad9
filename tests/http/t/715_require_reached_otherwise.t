# Require cors where it is not a request for its own URL that asks it: for
# subrequests, for error documents, and behind redirects.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use File::Path qw(make_path);
use OwnServer;
use Test::More;

my $origin = 'https://app.example';
my $evil   = 'https://evil.example';
my $server = OwnServer->new;
my @at     = (port => $server->port, protocol => 'h1', host => 'own.example');
my @site   = ('Sec-Fetch-Site' => 'cross-site');

$server->write("$_/x.txt", "$_\n") for qw(looked closed negotiated index cached
    named);
$server->write('error/refused.html', "refused, says the site\n");
$server->write('error/index.html', "refused, says the index\n");
$server->write('error/kept.html', "kept\n");
$server->write('moved/x.cgi', <<'CGI');
#!/bin/sh
echo "Location: /last/x.txt"
echo
CGI
chmod oct '755', $server->dir . '/www/moved/x.cgi';
$server->write('last/x.txt', "last\n");
$server->write('start/x.cgi', '');
make_path($server->dir . '/cache', $server->dir . '/locks');
chmod oct '777', $server->dir . '/locks';
for my $name (qw(dav kept)) {
    $server->write("$name/x.txt", "$name\n");
    chmod oct '777', $server->dir . "/www/$name";
}
$server->serve(<<'CONF');
<VirtualHost *:@port@>
    ServerName own.example
    # The name that a backend goes by.
    <Directory "@dir@/www/named">
        RequestHeader set Host localhost
        RewriteEngine On
        RewriteRule ^ /last/x.txt
    </Directory>
</VirtualHost>
LogLevel cors:info
<Directory "@dir@/www">
    Options +MultiViews +ExecCGI
    AddHandler cgi-script .cgi
    DirectoryIndex index.html
</Directory>
<LocationMatch "^/(negotiated|index|error|last|cached)/">
    AuthMerging And
    Require cors
</LocationMatch>
<Location "/negotiated/">
    ErrorDocument 403 /error/refused
</Location>
<Location "/index/">
    ErrorDocument 403 /error/
</Location>

# The one resource that a page may write, and the other that it may not.
DavLockDB "@dir@/locks/db"
<LocationMatch "^/(dav|kept)/">
    Dav On
    Require cors
</LocationMatch>
<Location "/dav/">
    CORSAllowOrigin https://app.example
    CORSAllowMethods *
</Location>
<Location "/kept/">
    CORSAllowOrigin https://other.example
</Location>

# mod_rewrite looks the same URL up before its directory is known.
<VirtualHost *:@port@>
    ServerName looked.example
    CORSAllowOrigin https://app.example
    <DirectoryMatch "^@dir@/www/(looked|closed)">
        AuthMerging And
        Require cors
    </DirectoryMatch>
    <Directory "@dir@/www/looked">
        CORSAllowOrigin https://other.example
    </Directory>
    <Directory "@dir@/www/closed">
        CORSAllowOrigin none
    </Directory>
    RewriteEngine On
    RewriteCond %{LA-U:REMOTE_USER} ^x
    RewriteRule ^ - [F]
</VirtualHost>

# mod_headers changes a request before the one that it is redirected to.
<VirtualHost *:@port@>
    ServerName changed.example
    <Directory "@dir@/www/start">
        RequestHeader unset Origin
        RequestHeader set Sec-Fetch-Site same-origin
        RewriteEngine On
        RewriteRule ^(?:x\.cgi)?$ /last/x.txt
    </Directory>
</VirtualHost>

# mod_cache has the error document.
CacheQuickHandler Off
CacheRoot "@dir@/cache"
<Location "/error/kept.html">
    CacheEnable disk
    Header always set Cache-Control max-age=600
</Location>
<Location "/cached/">
    ErrorDocument 403 /error/kept.html
</Location>

# The second request of a chain is the first that has a policy.
<VirtualHost *:@port@>
    ServerName chain.example
    <Directory "@dir@/www/start">
        RewriteEngine On
        RewriteRule (.*) /moved/$1
    </Directory>
    <Location "/moved/">
        CORSAllowOrigin https://app.example
        CORSForwardOrigin Off
    </Location>
</VirtualHost>
CONF

for my $row (
    [ looked => $origin                 => 403, 'the server trusts' ],
    [ closed => $origin                 => 403, 'the server trusts' ],
    [ looked => 'https://other.example' => 200, 'the directory trusts' ],
    )
{
    my ($where, $from, $status, $title) = @$row;
    is(request('POST', "/$where/x.txt", [ Origin => $from, @site ], @at,
            host => 'looked.example')->status,
        $status, "$where, by whom $title");
}
is(request('POST', '/start/x.cgi', [ Origin => $origin, @site ], @at,
        host => 'chain.example')->body,
    "last\n", 'behind a handler that does not see Origin');
for my $row ([ $evil => 403 ], [ 'http://changed.example' => 200 ]) {
    my ($from, $status) = @$row;
    my $res = request('POST', '/start/x.cgi', [ Origin => $from ], @at,
        host => 'changed.example');
    is($res->status, $status, "behind lines of RequestHeader: $from");
}
for my $row ([ 'rebound.example' => 403 ], [ 'own.example' => 200 ]) {
    my ($host, $status) = @$row;
    is(request('GET', '/named/x.txt', [], @at, host => $host)->status,
        $status, "behind one of Host: $host");
}
is(request('POST', '/start/asks-for-nothing', [ Origin => $evil ], @at,
        host => 'changed.example')->value('Vary'),
    undef, 'where no line asks');

for my $row (
    [ COPY => '/kept/y.txt', 403 ], [ MOVE => '/kept/y.txt', 403 ],
    [ COPY => '/dav/y.txt', 201 ],  [ PUT  => undef, 204 ],
    )
{
    my ($method, $to, $status) = @$row;
    my $res = request($method, '/dav/x.txt', [ Origin => $origin, @site,
            $to ? (Destination => "http://own.example$to") : () ],
        @at, $to ? () : (body => "new\n"));
    is($res->status, $status, "$method by whom the source trusts: " . ($to // ''));
}

for my $row ([ negotiated => 'site' ], [ index => 'index' ]) {
    my ($where, $says) = @$row;
    my $res = request('POST', "/$where/x.txt", [ Origin => $evil ], @at);
    is($res->status, 403, "$where: refused");
    is($res->body, "refused, says the $says\n", "$where: its page");
}

is(request('GET', '/error/kept.html', [], @at)->status, 200,
    'an error document, for mod_cache');
my $kept = request('GET', '/cached/x.txt', [ Origin => $evil ], @at);
is($kept->body, "kept\n", 'it is the answer');
is(join('; ', map { $_ . ': ' . $kept->value($_) } 'Cache-Control', 'Vary'),
    'Cache-Control: no-store; Vary: Sec-Fetch-Site,Origin',
    'which is not kept');

# A list lets no more into a .htaccess file than the lines that change a request.
$server->write('start/.htaccess', <<'CONF');
RequestHeader set Sec-Fetch-Site same-origin
RewriteEngine On
RewriteRule ^ /last/x.txt
CONF
$server->serve(<<'CONF');
<Directory "@dir@/www/start">
    AllowOverrideList RequestHeader RewriteEngine RewriteRule
</Directory>
<Location "/last/">
    Require cors
</Location>
CONF
for my $row ([ 'cross-site' => 403 ], [ 'same-origin' => 200 ]) {
    my ($site, $status) = @$row;
    is(request('POST', '/start/x.cgi', [ 'Sec-Fetch-Site' => $site ], @at,
            host => 'localhost')->status,
        $status, "behind lines of a .htaccess file: $site");
}

$server->stop;
done_testing();
