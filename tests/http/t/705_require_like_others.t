# The cases of Go's CrossOriginProtection and of tower-http's csrf layer, which is
# made after it: asked here, the answer is theirs, or a row says which decision
# makes it another. ("theirs": what they say of it.) How a row is read stands in
# lib/RequireTest.pm; site.example is their example.com.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use OwnServer;
use RequireTest;
use Test::More;

my $server = OwnServer->new;
my $port   = $server->port;
require_server($server, {
    none    => '',
    trusted => 'CORSAllowOrigin https://trusted.example '
        . 'https://port.trusted.example:8443',
}, <<'CONF');
# What they call a bypass is a section that does not ask.
<Location "/bypass/">
    Require all granted
</Location>
ErrorDocument 403 "custom error"
CONF

require_rows($server, <<"ROWS");
# Sec-Fetch-Site
POST    -  same-origin -  none  same-origin: theirs: allowed
GET     -  same-origin -  none  same-origin: theirs: allowed
POST    -  none -  none  same-origin: theirs: allowed
POST    -  cross-site -  none  foreign: theirs: refused
POST    -  same-site -  none  foreign: theirs: refused
PUT     -  cross-site -  none  foreign: theirs: refused
GET     -  cross-site -  none  safe: theirs: allowed
HEAD    -  cross-site -  none  safe: theirs: allowed
OPTIONS -  cross-site -  none  safe: theirs: allowed

# None of it
POST    -  -  -  none  no-browser: theirs: allowed
GET     -  -  -  trusted  no-browser: theirs: allowed
POST    https://site.example - -  none  own-host: theirs: allowed
POST    http://site.example - -  none  own-host: theirs: allowed
POST    https://attacker.example - -  none  foreign: theirs: refused
POST    null - -  none  foreign: theirs: refused
POST    \\xff\\xfe - -  none  foreign: theirs: refused, no text
POST    -  \\xff\\xfe -  none  foreign: theirs: refused, no text

# Trusted origins
POST    https://trusted.example - -  trusted  trusted: theirs: allowed
POST    https://trusted.example cross-site -  trusted  trusted: theirs: allowed
POST    https://attacker.example - -  trusted  foreign: theirs: refused
POST    https://attacker.example cross-site -  trusted  foreign: theirs: refused
POST    https://port.trusted.example:8443 cross-site -  trusted  trusted: theirs: allowed
POST    https://Trusted.Example cross-site -  trusted  foreign: theirs: refused, other letters
POST    https://trusted.example:443 cross-site -  trusted  foreign: theirs: refused, the default port
POST    https://port.trusted.example cross-site -  trusted  foreign: theirs: refused, another port

# Origin and host
POST    https://site.example:8443 - host=site.example:8443  none  own-host: theirs: allowed
POST    http://site.example:$port - host=site.example:$port  none  own-host: theirs: allowed
POST    https://site.example:8444 - host=site.example:8443  none  foreign: theirs: refused
POST    https://site.example:443 - -  none  foreign: theirs: refused
POST    https://site.example:8443 - -  none  foreign: theirs: refused
POST    site.example:8443 - host=site.example:8443  none  foreign: theirs: refused, no scheme
POST    ftp://site.example:8443 - host=site.example:8443  none  foreign: theirs: refused, another scheme
POST    https://site.example - url=http://site.example,host=www.site.example  none  own-host: theirs: allowed, the URL counts
POST    https://www.site.example - url=http://site.example,host=www.site.example  none  foreign: theirs: refused, the URL counts
POST    https://site.example - host=  none  foreign: theirs: refused, no host
POST    https://site.example - url=http://www.site.example,host=  none  foreign: theirs: refused, another host
POST    https://site.example:8443 - url=http://site.example,host=  none  foreign: theirs: refused, another port

# Decided otherwise
POST    https://site.example:443 - host=site.example:443  none  foreign: theirs allowed; no browser writes a default port into Origin
POST    https://site.example - host=site.example:443  none  own-host: theirs refused; a default port may be written out
POST    -  '' -  none  foreign: theirs allowed; an unknown value is cross-site, an empty one too
POST    '' - -  none  foreign: theirs allowed; an empty Origin is malformed
GET     https://attacker.example - -  none  foreign: theirs allowed; a fetch says its Origin, links and images do not
GET     https://attacker.example cross-site -  none  foreign: theirs allowed; the same
HEAD    https://attacker.example cross-site -  none  foreign: theirs allowed; the same
OPTIONS https://attacker.example cross-site -  none  foreign: theirs allowed; only a preflight has no effects
POST    https://site.example - url=http://site.example,host=  none  foreign: theirs allowed; browsers send Host
POST    https://site.example - host=example.com  none  host: theirs refused as foreign; a name that is not the server's may be rebound
GET     -  same-origin host=example.com  none  host: theirs allowed; the same
POST    https://example.com - host=example.com  none  host: theirs allowed; the same

# What they leave open
GET     https://attacker.example - upgrade  none  foreign: theirs allowed; WebSockets are hijacked with GET
GET     -  cross-site upgrade  none  foreign: theirs allowed; the same
GET     https://attacker.example same-site upgrade  none  foreign: theirs allowed; the same
GET     null - upgrade  none  foreign: theirs allowed; the same, of a sandbox
POST    null same-origin -  none  same-origin: theirs allowed; Referrer-Policy no-referrer
POST    null cross-site -  none  foreign: theirs refused
GET     null cross-site -  none  foreign: theirs allowed; as any Origin
PUT     -  same-site -  none  foreign: theirs refused
GET     -  same-site -  none  safe: theirs allowed
TRACE   -  cross-site -  none  off: theirs refused; httpd answers before, and browsers cannot send it
ROWS

# A section that does not ask.
for my $site (undef, 'cross-site') {
    my $res = request('POST', '/bypass/script',
        [ Origin => 'https://attacker.example',
            defined $site ? ('Sec-Fetch-Site' => $site) : () ],
        port => $server->port, host => 'site.example');
    is($res->status, 200, 'theirs allowed: a bypass');
}

# Another answer than theirs.
my $res = request('POST', '/none/script', [ 'Sec-Fetch-Site' => 'cross-site' ],
    port => $server->port, host => 'site.example');
is($res->status, 403,            'theirs: an answer of its own');
is($res->body,   'custom error', 'theirs: and its text');
done_testing();
