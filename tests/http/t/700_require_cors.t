# What "Require cors" finds out about a request, and whether it comes through:
# method, Origin, Sec-Fetch-Site, Mode and Dest, Upgrade, host and policy. How a
# row is read stands in lib/RequireTest.pm.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use OwnServer;
use RequireTest;
use Test::More;

my $server = OwnServer->new;
my $port   = $server->port;
my $long   = 'https://' . 'a.' x 3_000 . 'example';

my %policies = (
    none     => '',
    exact    => 'CORSAllowOrigin https://app.example https://app.example:8443',
    wildcard => 'CORSAllowOrigin https://*.app.example https://port.example:*',
    regex    => 'CORSAllowOriginMatch https://app[0-9]\.example',
    'any'    => 'CORSAllowOrigin *',
    named    => "CORSAllowOrigin *\nCORSAllowCredentials On\n"
        . 'CORSDangerouslyAllow any-origin',
    matchall => 'CORSAllowOriginMatch https?://.*',
    null     => 'CORSAllowOrigin null https://app.example',
    insecure => 'CORSAllowOrigin http://app.example http://127.0.0.1:3000',
    lifted   => "CORSAllowOrigin http://app.example https://*.co.uk\n"
        . 'CORSDangerouslyAllow insecure-origins public-suffixes',
    suffix  => 'CORSAllowOrigin https://*.co.uk https://shop.example',
    spans   => 'CORSAllowOriginMatch https://.*\.co\.uk',
    app     => 'CORSAllowOrigin chrome-extension://abcdefghijklmnop',
    creds   => "CORSAllowOrigin https://app.example\nCORSAllowCredentials On",
    off     => "CORSAllowOrigin https://app.example\nCORSEngine Off",
    report  => "CORSAllowOrigin https://app.example\nCORSEngine ReportOnly",
    closed  => 'CORSAllowOrigin none',
    passing => "CORSAllowOrigin https://app.example\nCORSPreflight pass",
);
require_server($server, \%policies, <<'CONF');
<Directory "@dir@/www/htaccess">
    AllowOverride FileInfo
</Directory>
<Location "/htaccess">
    Require cors
</Location>
CONF
$server->write('htaccess/script', "through\n");
$server->write('htaccess/.htaccess', 'CORSAllowOrigin https://app.example');

my $rows = require_rows($server, <<"ROWS");
# METHOD ORIGIN SITE MORE POLICY FINDING: why

# Sec-Fetch-Site, whatever else is said
GET     -  same-origin -  none  same-origin: its own page
POST    -  same-origin -  none  same-origin: its own page posts
POST    http://site.example same-origin -  none  same-origin: both say so
POST    https://evil.example same-origin -  none  same-origin: pages cannot set it
POST    null same-origin -  none  same-origin: Referrer-Policy no-referrer
GET     -  none navigate/document  none  same-origin: address bar, bookmark
POST    -  none navigate/document  none  same-origin: a form that is reloaded
POST    null none -  none  same-origin: the visitor
DELETE  -  same-origin cors/empty  none  same-origin: fetch
PUT     -  same-origin cors/empty  none  same-origin: fetch
GET     -  same-origin upgrade,websocket/empty  none  same-origin: its own WebSocket
GET     -  none upgrade  none  same-origin: the visitor
GET     -  cross-site -  none  safe: an image
GET     -  same-site -  none  safe: an image of a sibling
GET     -  cross-site no-cors/image  none  safe: an image
GET     -  cross-site no-cors/script  none  safe: a script
GET     -  cross-site navigate/iframe  none  safe: a frame
GET     -  cross-site navigate/document  none  safe: a link
GET     -  same-site navigate/document  none  safe: a link of a sibling
HEAD    -  cross-site -  none  safe: no effects
OPTIONS -  cross-site -  none  safe: no effects
HEAD    -  same-site -  none  safe: no effects
OPTIONS -  same-site -  none  safe: no effects
POST    -  cross-site -  none  foreign: a form, of an old browser
POST    -  same-site -  none  foreign: a sibling is not trusted by its name
POST    -  cross-site navigate/document  none  foreign: a form
POST    -  cross-site no-cors/empty  none  foreign: a beacon
PUT     -  cross-site -  none  foreign: no safe method
DELETE  -  cross-site -  none  foreign: no safe method
PATCH   -  cross-site -  none  foreign: no safe method
DELETE  -  same-site -  none  foreign: no safe method
PURGE   -  cross-site -  none  foreign: a method that httpd does not know
get     -  cross-site -  none  foreign: methods have case
PROPFIND - cross-site -  none  foreign: a method of WebDAV
GETX    -  cross-site -  none  foreign: another method
GE      -  cross-site -  none  foreign: another method
TRACE   -  cross-site -  none  off: httpd answers before access control
TRACE   https://evil.example - -  none  off: httpd answers before access control
POST    https://evil.example cross-site -  none  foreign: a form
POST    https://evil.example same-site -  none  foreign: a form of a sibling
POST    http://site.example cross-site -  none  foreign: the browser knows better
POST    http://site.example same-site -  none  foreign: another port or scheme
GET     https://evil.example cross-site cors/empty  none  foreign: fetch
HEAD    https://evil.example cross-site cors/empty  none  foreign: fetch
OPTIONS https://evil.example cross-site -  none  foreign: an OPTIONS that is no preflight
GET     null cross-site -  none  foreign: a sandboxed frame
POST    null cross-site -  none  foreign: a sandboxed form
POST    null same-site -  none  foreign: a sandboxed form
GET     null cross-site navigate/document  none  foreign: Origin, and no one's

# Values that no browser sends count as cross-site
GET     -  '' -  none  safe: an empty value is not none
POST    -  '' -  none  foreign: an empty value is not none
POST    http://site.example '' -  none  foreign: an empty value is not none
POST    -  Same-Origin -  none  foreign: values have case
POST    -  SAME-ORIGIN -  none  foreign: values have case
POST    -  NONE -  none  foreign: values have case
POST    -  same-origin,none -  none  foreign: no list
POST    -  same-origin&same-origin -  none  foreign: two lines
POST    -  same-origin&cross-site -  none  foreign: two lines
POST    -  cross-site&same-origin -  none  foreign: two lines
POST    -  none&none -  none  foreign: two lines
GET     -  cross-site&same-origin -  none  safe: two lines
POST    -  same-origin;a=b -  none  foreign: no parameters
POST    -  "same-origin" -  none  foreign: no string
POST    -  same-origi -  none  foreign: cut
POST    -  same-originx -  none  foreign: longer
POST    -  nonesuch -  none  foreign: longer
POST    -  future-value -  none  foreign: unknown
GET     -  future-value -  none  safe: unknown
POST    http://site.example future-value -  none  foreign: unknown

# No Sec-Fetch-Site: Origin alone
GET     -  -  -  none  no-browser: curl
POST    -  -  -  none  no-browser: curl
DELETE  -  -  -  none  no-browser: curl
PURGE   -  -  -  none  no-browser: curl
OPTIONS -  -  -  none  no-browser: curl
GET     -  -  upgrade  none  no-browser: a WebSocket client
GET     -  -  navigate/document  none  no-browser: the others alone say nothing
POST    http://site.example - -  none  own-host: an old browser
POST    https://site.example - -  none  own-host: TLS may end in front of httpd
GET     http://site.example - -  none  own-host: an old browser
GET     http://site.example - upgrade  none  own-host: Chromium's WebSocket
GET     https://site.example - upgrade  none  own-host: and through a TLS proxy
GET     https://evil.example - upgrade  none  foreign: WebSocket hijacking
GET     null - upgrade  none  foreign: of a sandbox
GET     -  cross-site upgrade,websocket/empty  none  foreign: an upgrade has effects
GET     -  same-site upgrade  none  foreign: an upgrade has effects
GET     https://evil.example cross-site upgrade  none  foreign: Firefox says both
GET     -  '' upgrade  none  foreign: an upgrade has effects
HEAD    -  cross-site upgrade  none  foreign: an upgrade has effects
OPTIONS -  cross-site upgrade  none  foreign: an upgrade has effects
POST    https://evil.example - -  none  foreign: an old browser
GET     https://evil.example - -  none  foreign: an old browser's fetch
HEAD    https://evil.example - -  none  foreign: an old browser's fetch
OPTIONS https://evil.example - -  none  foreign: no preflight
DELETE  https://evil.example - -  none  foreign: an old browser's fetch
POST    null - -  none  foreign: without Sec-Fetch-Site null is anybody's
GET     null - -  none  foreign: without Sec-Fetch-Site null is anybody's
POST    '' - -  none  foreign: malformed
GET     '' - -  none  foreign: malformed
POST    http://site.example&http://site.example - -  none  foreign: two lines
POST    http://site.example,http://site.example - -  none  foreign: no list
POST    http://site.example&https://evil.example - -  none  foreign: two lines
POST    http://site.example_http://site.example - -  none  foreign: no list
POST    site.example - -  none  foreign: no scheme
POST    //site.example - -  none  foreign: no scheme
POST    http:site.example - -  none  foreign: malformed
POST    http://site.example/ - -  none  foreign: a path
POST    http://site.example?x - -  none  foreign: a query
POST    http://site.example#x - -  none  foreign: a fragment
POST    http://user\@site.example - -  none  foreign: a user
POST    HTTP://site.example - -  none  foreign: browsers write schemes small
POST    http://SITE.example - -  none  foreign: and hosts
POST    ftp://site.example - -  none  foreign: another scheme
POST    file:// - -  none  foreign: another scheme
POST    chrome-extension://site.example - -  none  foreign: another scheme
POST    http://site.example.evil.example - -  none  foreign: looks alike
POST    http://evilsite.example - -  none  foreign: looks alike
POST    http://xsite.example - -  none  foreign: looks alike
POST    http://ite.example - -  none  foreign: looks alike
POST    http://sub.site.example - -  none  foreign: a sibling
POST    http://www.site.example - -  none  foreign: another name of the server's
POST    http://site.example\\xff - -  none  foreign: a byte
POST    http://site.\\xc3\\xa9xample - -  none  foreign: not in Punycode
POST    $long - -  none  foreign: very long
POST    $long cross-site - none  foreign: very long
GET     $long same-origin - none  same-origin: very long

# Ports and hosts
POST    http://site.example - host=site.example:80  none  own-host: the default port
POST    https://site.example - host=site.example:443  none  own-host: the default port
POST    https://site.example - host=site.example:80  none  foreign: the other default port
POST    http://site.example - host=site.example:443  none  foreign: the other default port
POST    http://site.example - host=site.example:$port  none  foreign: another port
POST    http://site.example:$port - host=site.example:$port  none  own-host: the same port
POST    https://site.example:$port - host=site.example:$port  none  own-host: the same port
POST    http://site.example:$port - -  none  foreign: a port that was not asked
POST    http://site.example:1 - host=site.example:$port  none  foreign: another port
POST    http://site.example:80 - -  none  foreign: browsers leave the default out
POST    https://site.example:80 - host=site.example:80  none  own-host: the same digits
POST    http://site.example - host=SITE.Example  none  own-host: hosts have no case
POST    http://site.example:$port - host=Site.EXAMPLE:$port  none  own-host: hosts have no case
GET     -  -  host=site.example.  none  no-browser: a final dot is the same host for httpd
POST    http://site.example. - host=site.example.  none  own-host: with its dot
POST    http://site.example - host=site.example.  none  foreign: another origin for a browser
POST    http://site.example. - -  none  foreign: another origin for a browser
POST    http://www.site.example - host=www.site.example  none  own-host: an alias
POST    http://a.alias.example - host=a.alias.example  none  own-host: an alias by wildcard
POST    http://b.alias.example - host=a.alias.example  none  foreign: another alias
GET     -  -  host=x.y.alias.example  none  no-browser: an alias by wildcard
GET     -  -  host=alias.example  none  host: not of the wildcard
GET     -  -  host=evil.example  none  host: rebound, a link
GET     -  same-origin host=evil.example  none  host: rebound, its own page
GET     -  none host=evil.example  none  host: rebound, and the visitor
POST    http://evil.example same-origin host=evil.example  none  host: rebound, a form
POST    http://evil.example - host=evil.example  none  host: rebound, an old browser
POST    http://evil.example:$port - host=evil.example:$port  none  host: rebound, with the port
GET     http://evil.example - upgrade,host=evil.example  none  host: rebound, a WebSocket
GET     -  cross-site host=evil.example  none  host: rebound
OPTIONS http://evil.example - asks,host=evil.example  none  host: rebound, a preflight
GET     https://app.example cross-site host=evil.example  exact  host: whoever asks
GET     -  -  host=site.example.evil.example  none  host: looks alike
GET     -  -  host=evilsite.example  none  host: looks alike
GET     -  -  host=localhost.evil.example  none  host: looks alike
GET     -  -  host=evillocalhost  none  host: looks alike
GET     -  -  host=127.0.0.1.evil.example  none  host: looks alike
GET     -  -  host=127.0.0.1  none  no-browser: an address
GET     -  same-origin host=127.0.0.1:$port  none  same-origin: an address
POST    http://127.0.0.1 - host=127.0.0.1  none  own-host: an address
POST    http://127.0.0.1:$port - host=127.0.0.1:$port  none  own-host: an address
POST    http://127.0.0.1 - host=127.0.0.2  none  foreign: another address
POST    http://localhost - host=127.0.0.1  none  foreign: another name
GET     -  -  host=[::1]  none  no-browser: an address
POST    http://[::1] - host=[::1]  none  own-host: an address
POST    http://[::1]:$port - host=[::1]:$port  none  own-host: an address
POST    http://[::1] - host=[::1]:80  none  own-host: an address
POST    http://[::1] - host=[::2]  none  foreign: another address
POST    http://[::1] - host=[0:0:0:0:0:0:0:1]  none  foreign: browsers write it short
GET     -  -  host=[2001:db8::1]:8080  none  no-browser: an address
GET     -  -  host=192.0.2.7  none  no-browser: an address
POST    http://localhost - host=localhost  none  own-host: localhost
GET     -  -  host=LOCALHOST:$port  none  no-browser: localhost
GET     -  -  host=localhost.  none  no-browser: localhost
POST    http://a.localhost - host=a.localhost  none  own-host: below localhost
GET     -  -  host=a.b.localhost:81  none  no-browser: below localhost
POST    http://b.localhost - host=a.localhost  none  foreign: another name
GET     -  -  host=  none  no-browser: HTTP/1.0
POST    -  -  host=  none  no-browser: HTTP/1.0
POST    http://site.example - host=  none  foreign: no host to compare
POST    -  cross-site host=  none  foreign: by what it says
POST    -  same-origin host=  none  same-origin: by what it says
POST    https://app.example - host=  exact  trusted: by what it says
GET     -  -  url=http://site.example  none  no-browser: the whole URL
POST    http://site.example - url=http://site.example  none  own-host: the whole URL
GET     -  -  url=http://evil.example  none  host: the whole URL
POST    http://site.example - url=http://evil.example  none  host: the URL counts, not Host
POST    http://evil.example - url=http://site.example,host=evil.example  none  foreign: the URL counts, not Host
POST    http://site.example - url=http://site.example,host=evil.example  none  own-host: the URL counts, not Host
POST    http://site.example:81 - url=http://site.example:81  none  own-host: the URL's port
POST    http://site.example - url=http://site.example:81  none  foreign: the URL's port

# Preflights
OPTIONS https://evil.example cross-site asks  none  preflight: neither effects nor credentials
OPTIONS https://evil.example - asks  none  preflight: neither effects nor credentials
OPTIONS null cross-site asks  none  preflight: neither effects nor credentials
OPTIONS -  cross-site asks  none  safe: no Origin
OPTIONS -  cross-site asks,upgrade  none  foreign: no Origin
POST    https://evil.example cross-site asks  none  foreign: another method
options https://evil.example cross-site asks  none  foreign: methods have case
OPTIONS https://app.example cross-site asks  passing  preflight: for the handler
OPTIONS https://evil.example cross-site asks  passing  preflight: for the handler
OPTIONS https://evil.example cross-site asks  off  preflight: no policy answers
OPTIONS https://app.example cross-site asks  report  preflight: no policy answers
OPTIONS https://app.example cross-site asks  exact  off=204: the policy answers first
OPTIONS https://evil.example cross-site asks  exact  off=403: the policy answers first
OPTIONS https://app.example cross-site asks  exact!  off=204: the policy answers first
OPTIONS https://evil.example cross-site asks  none!  preflight: isolated too
OPTIONS https://evil.example cross-site asks  any  off=204: the policy answers first

# Policies
POST    https://app.example cross-site -  exact  trusted: exact
POST    https://app.example same-site -  exact  trusted: exact
POST    https://app.example - -  exact  trusted: exact
GET     https://app.example cross-site -  exact  trusted: exact
GET     https://app.example - upgrade  exact  trusted: a WebSocket
GET     https://app.example cross-site upgrade  exact  trusted: a WebSocket
PURGE   https://app.example cross-site -  exact  trusted: any method
POST    https://app.example:8443 cross-site -  exact  trusted: with its port
POST    https://app.example:443 cross-site -  exact  foreign: browsers leave it out
POST    https://app.example:8444 cross-site -  exact  foreign: another port
POST    http://app.example cross-site -  exact  foreign: another scheme
POST    https://APP.example cross-site -  exact  foreign: no browser writes it so
POST    https://app.example/ cross-site -  exact  foreign: malformed
POST    https://app.example&https://app.example cross-site -  exact  foreign: two lines
POST    https://app.example,https://evil.example cross-site -  exact  foreign: two lines
POST    https://sub.app.example cross-site -  exact  foreign: not listed
POST    https://app.example.evil.example cross-site -  exact  foreign: looks alike
POST    '' cross-site -  exact  foreign: malformed
POST    -  cross-site -  exact  foreign: says not who
POST    https://evil.example cross-site -  exact  foreign: not listed
GET     https://evil.example cross-site -  exact  foreign: not listed
POST    http://site.example - -  exact  own-host: needs no line
POST    https://app.example cross-site -  creds  trusted: exact
POST    https://a.app.example cross-site -  wildcard  trusted: wildcard
POST    https://a.b.app.example - -  wildcard  trusted: wildcard
POST    https://app.example cross-site -  wildcard  foreign: not below
POST    https://evilapp.example cross-site -  wildcard  foreign: looks alike
POST    https://port.example:9 cross-site -  wildcard  trusted: any port
POST    https://port.example cross-site -  wildcard  trusted: any port
POST    https://app1.example cross-site -  regex  trusted: regex
POST    https://app1.example.evil.example cross-site -  regex  foreign: regexes are anchored
POST    https://appx.example cross-site -  regex  foreign: not matched
POST    https://evil.example cross-site -  any  foreign: * trusts nobody
GET     https://evil.example cross-site cors/empty  any  foreign: * trusts nobody
POST    https://evil.example - -  any  foreign: * trusts nobody
POST    http://site.example - -  any  own-host: needs no line
POST    https://evil.example cross-site -  named  foreign: any-origin trusts nobody
POST    null cross-site -  named  foreign: any-origin trusts nobody
POST    https://evil.example cross-site -  matchall  foreign: matches all
POST    https://app.example cross-site -  matchall  foreign: matches all
POST    null cross-site -  null  foreign: null is anybody's
POST    null - -  null  foreign: null is anybody's
GET     null - upgrade  null  foreign: null is anybody's
POST    null same-origin -  null  same-origin: the browser says whose
POST    https://app.example cross-site -  null  trusted: beside null
POST    http://app.example cross-site -  insecure  foreign: the network can be it
POST    http://app.example - -  insecure  foreign: the network can be it
POST    http://127.0.0.1:3000 cross-site -  insecure  trusted: the visitor's machine
POST    http://app.example cross-site -  lifted  trusted: insecure-origins
POST    https://evil.co.uk cross-site -  lifted  trusted: public-suffixes
POST    https://evil.co.uk cross-site -  suffix  foreign: anybody may register there
POST    https://a.evil.co.uk cross-site -  suffix  foreign: anybody may register there
POST    https://shop.example cross-site -  suffix  trusted: beside it
POST    https://evil.co.uk cross-site -  spans  foreign: anybody may register there
POST    chrome-extension://abcdefghijklmnop cross-site -  app  trusted: exact
POST    chrome-extension://abcdefghijklmnop - -  app  trusted: exact
POST    chrome-extension://abcdefghijklmnoq cross-site -  app  foreign: another one
POST    https://app.example cross-site -  off  foreign: off names nobody
POST    http://site.example - -  off  own-host: needs no policy
POST    https://app.example cross-site -  report  trusted: ReportOnly is about reading
POST    https://evil.example cross-site -  report  foreign: ReportOnly is about reading
POST    https://app.example cross-site -  closed  foreign: none names nobody
POST    http://site.example - -  closed  own-host: needs no policy
POST    https://app.example cross-site -  htaccess  trusted: a .htaccess file's
POST    https://evil.example cross-site -  htaccess  foreign: a .htaccess file's

# Isolated
GET     -  cross-site navigate/document  none!  navigation: a link
GET     -  same-site navigate/document  none!  navigation: a link of a sibling
GET     -  '' navigate/document  none!  navigation: a link
GET     -  cross-site navigate/document,upgrade  none!  foreign: an upgrade
GET     -  cross-site navigate/iframe  none!  foreign: a frame
GET     -  cross-site navigate/object  none!  foreign: an object
GET     -  cross-site navigate/embed  none!  foreign: embedded
GET     -  cross-site navigate/  none!  foreign: does not say what for
GET     -  cross-site /document  none!  foreign: does not say how
GET     -  cross-site navigate/Document  none!  foreign: values have case
GET     -  cross-site Navigate/document  none!  foreign: values have case
GET     -  cross-site navigate&navigate/document  none!  foreign: two lines
GET     -  cross-site navigate/document&iframe  none!  foreign: two lines
GET     -  cross-site nested-navigate/document  none!  foreign: of old browsers
GET     -  cross-site no-cors/image  none!  foreign: an image
GET     -  cross-site no-cors/script  none!  foreign: a script
GET     -  cross-site no-cors/style  none!  foreign: a style sheet
GET     -  cross-site cors/font  none!  foreign: a font
GET     -  cross-site -  none!  foreign: does not say what for
GET     -  same-site no-cors/image  none!  foreign: an image of a sibling
HEAD    -  cross-site navigate/document  none!  foreign: not how links are followed
OPTIONS -  cross-site -  none!  foreign: no preflight
POST    -  cross-site navigate/document  none!  foreign: a form
GET     null cross-site navigate/document  none!  foreign: Origin, and no one's
GET     https://evil.example cross-site navigate/document  none!  foreign: Origin
GET     -  same-origin no-cors/image  none!  same-origin: its own
GET     -  none navigate/document  none!  same-origin: address bar
GET     -  -  -  none!  no-browser: curl
GET     -  -  no-cors/image  none!  no-browser: the others alone say nothing
POST    -  -  -  none!  no-browser: curl
POST    http://site.example - -  none!  own-host: an old browser
GET     https://evil.example - -  none!  foreign: an old browser's fetch
GET     -  same-origin host=evil.example  none!  host: rebound
GET     https://app.example cross-site cors/empty  exact!  trusted: its fetch
POST    https://app.example cross-site navigate/document  exact!  trusted: its form
GET     -  cross-site no-cors/image  exact!  foreign: says not who
GET     https://evil.example cross-site cors/empty  any!  foreign: * trusts nobody
ROWS
cmp_ok($rows, '>=', 150, 'rows');

# What has no host, or two, is refused by httpd before anything is asked.
for my $hosts ('', "Host: site.example\r\nHost: localhost\r\n",
    "Host: localhost, evil.localhost\r\n", "Host: [::1\r\n",
    "Host: site.example/localhost\r\n")
{
    my ($res) = exchange("GET /none/script HTTP/1.1\r\n${hosts}"
            . "Connection: close\r\n\r\n", ['GET'], port => $port);
    is($res->status, 400, 'httpd refuses: ' . ($hosts =~ s/\r\n/ /gr));
}
done_testing();
