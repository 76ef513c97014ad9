# Directives that have no effect: httpd starts, and configtest tells. Each
# warning stands beside configurations that hardly differ and are fine.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use Test::More;

startup_rows(<<'ROWS');
== no origin is allowed: in a section
<Location "/a">
    CORSMaxAge 600
</Location>
? CORSMaxAge 600 (conf:2) has no effect: no origin is allowed there; add
?   CORSAllowOrigin

== no origin is allowed: in the server
CORSAllowMethods GET PUT
? CORSAllowMethods GET PUT (conf:1) has no effect: ...

== no origin is allowed: in a virtual host
CORSEngine On
<VirtualHost *:1>
    CORSEngine On
    CORSAllowCredentials On
</VirtualHost>
? CORSAllowCredentials On (conf:4) has no effect: ...

== no origin is allowed: in every section
<Directory "/a">
    CORSMaxAge 1
</Directory>
<DirectoryMatch "^/a">
    CORSMaxAge 2
</DirectoryMatch>
<Files "a">
    CORSMaxAge 3
</Files>
<If "true">
    CORSMaxAge 4
</If>
<LocationMatch "^/a">
    CORSMaxAge 5
</LocationMatch>
<Proxy "http://a.test/">
    CORSMaxAge 6
</Proxy>
? CORSMaxAge 1 (conf:2) has no effect: ...
? CORSMaxAge 2 (conf:5) has no effect: ...
? CORSMaxAge 3 (conf:8) has no effect: ...
? CORSMaxAge 4 (conf:11) has no effect: ...
? CORSMaxAge 5 (conf:14) has no effect: ...
? CORSMaxAge 6 (conf:17) has no effect: ...

== one warning for a section, its first directive
<Location "/a">
    CORSEngine On
    CORSMaxAge 600
    CORSAllowMethods PUT
</Location>
? CORSMaxAge 600 (conf:3) has no effect: ...

== one warning in spite of several hosts
<Location "/a">
    CORSMaxAge 600
</Location>
<VirtualHost *:1>
    ServerName a.test
</VirtualHost>
<VirtualHost *:1>
    ServerName b.test
</VirtualHost>
? CORSMaxAge 600 (conf:2) has no effect: ...

== no origin in the host, while another one has some
<VirtualHost *:1>
    ServerName a.test
    CORSAllowOrigin https://app.example
</VirtualHost>
<VirtualHost *:1>
    ServerName b.test
    CORSMaxAge 600
</VirtualHost>
? CORSMaxAge 600 (conf:7) has no effect: ...

== CORSStatus shows what other sections do
<Location "/cors-status">
    SetHandler cors-status
    CORSStatus On
</Location>

== CORSStatus, and what has no effect
<Location "/cors-status">
    CORSStatus On
    CORSMaxAge 600
</Location>
? CORSMaxAge 600 (conf:3) has no effect: ...

== the section allows an origin
<Location "/a">
    CORSMaxAge 600
    CORSAllowOrigin https://app.example
</Location>

== the section allows origins by regular expressions
<Location "/a">
    CORSMaxAge 600
    CORSAllowOriginMatch https://app\.example
</Location>

== the section says none
<Location "/a">
    CORSAllowOrigin none
    CORSMaxAge 600
</Location>

== the server allows an origin
CORSAllowOrigin https://app.example
<Location "/a">
    CORSMaxAge 600
</Location>

== the virtual host allows an origin
<VirtualHost *:1>
    CORSAllowOrigin https://app.example
    <Location "/a">
        CORSMaxAge 600
    </Location>
</VirtualHost>

== defaults of the server, origins in a section
CORSMaxAge 600
CORSAllowMethods PUT
<Location "/a">
    CORSAllowOrigin https://app.example
</Location>

== defaults of the server, origins in a virtual host
CORSMaxAge 600
CORSAllowMethods PUT
<VirtualHost *:1>
    CORSAllowOrigin https://app.example
</VirtualHost>

== defaults of the server, origins in a section of a virtual host
CORSMaxAge 600
<VirtualHost *:1>
    <Location "/a">
        CORSAllowOrigin https://app.example
    </Location>
</VirtualHost>

== defaults of the server, one host has origins and one has not
CORSMaxAge 600
<VirtualHost *:1>
    ServerName a.test
    CORSAllowOrigin https://app.example
</VirtualHost>
<VirtualHost *:1>
    ServerName b.test
</VirtualHost>

== defaults of the virtual host, origins in a section
<VirtualHost *:1>
    CORSMaxAge 600
    <Location "/a">
        CORSAllowOrigin https://app.example
    </Location>
</VirtualHost>

== defaults of a section, origins nested in it
<Location "/a">
    CORSMaxAge 600
    <If "true">
        CORSAllowOrigin https://app.example
    </If>
</Location>

== defaults of a section, origins in a longer path
<Location "/a">
    CORSMaxAge 600
</Location>
<Location "/a/b">
    CORSAllowOrigin https://app.example
</Location>

== origins for a regular expression, the rest for one path
<LocationMatch "^/(?:a|b)/">
    CORSAllowOrigin https://app.example
</LocationMatch>
<Location "/a/">
    CORSMaxAge 600
</Location>

== origins for a directory, the rest for a path
<Directory "/srv">
    CORSAllowOrigin https://app.example
</Directory>
<Location "/a/">
    CORSMaxAge 600
</Location>

== origins for a path, the rest for files
<Location "/a/">
    CORSAllowOrigin https://app.example
</Location>
<Files "x">
    CORSMaxAge 600
</Files>

== origins of the main server's section, the rest in a virtual host
<Location "/a/">
    CORSAllowOrigin https://app.example
</Location>
<VirtualHost *:1>
    CORSMaxAge 600
</VirtualHost>

== origins may come from .htaccess
<Directory "/srv">
    AllowOverride FileInfo
</Directory>
<Location "/a">
    CORSMaxAge 600
</Location>

== origins may come from .htaccess, by name
<Directory "/srv">
    AllowOverrideList CORSAllowOrigin
    CORSMaxAge 600
</Directory>

== origins cannot come from .htaccess
<Directory "/srv">
    AllowOverride AuthConfig
    CORSMaxAge 600
</Directory>
? CORSMaxAge 600 (conf:3) has no effect: ...

== only the engine
CORSEngine Off
<Location "/a">
    CORSEngine On
</Location>

== a covered origin
<Location "/a">
    CORSAllowOrigin https://a.example.com https://*.example.com
</Location>
? CORSAllowOrigin https://a.example.com (conf:2) has no effect:
?   https://*.example.com covers it

== covered origins, on lines of their own
<Location "/a">
    CORSAllowOrigin https://*.example.com
    CORSAllowOrigin https://b.a.example.com
    CORSAllowOrigin https://a.example.com https://other.example
</Location>
? CORSAllowOrigin https://b.a.example.com (conf:3) has no effect: ...
? CORSAllowOrigin https://a.example.com (conf:4) has no effect: ...

== an origin covered by any port
CORSAllowOrigin http://localhost:3000 http://localhost:*
? CORSAllowOrigin http://localhost:3000 (conf:1) has no effect:
?   http://localhost:* covers it

== an origin without a port covered by any port
CORSAllowOrigin http://localhost http://localhost:*
? CORSAllowOrigin http://localhost (conf:1) has no effect: ...

== an origin covered by any subdomain and port
CORSAllowOrigin https://*.example.com:* https://a.example.com:8443
? CORSAllowOrigin https://a.example.com:8443 (conf:1) has no effect:
?   https://*.example.com:* covers it

== one warning for the hosts that inherit the section
<Location "/a">
    CORSAllowOrigin https://a.example.com https://*.example.com
</Location>
<VirtualHost *:1>
    ServerName a.test
</VirtualHost>
<VirtualHost *:1>
    ServerName b.test
</VirtualHost>
? CORSAllowOrigin https://a.example.com (conf:2) has no effect:
?   https://*.example.com covers it

== one warning for the hosts that inherit the server's
CORSAllowOrigin https://a.example.com https://*.example.com
<VirtualHost *:1>
    ServerName a.test
</VirtualHost>
? CORSAllowOrigin https://a.example.com (conf:1) has no effect: ...

== the apex is not covered
CORSAllowOrigin https://example.com https://*.example.com

== another scheme is not covered
CORSAllowOrigin http://a.example.com https://*.example.com

== a port is not covered
CORSAllowOrigin https://a.example.com:8443 https://*.example.com

== no port is not covered by a port
CORSAllowOrigin https://a.example.com https://*.example.com:8443

== a look-alike is not covered
CORSAllowOrigin https://a.evilexample.com https://*.example.com

== a subdomain of any port's host is not covered
CORSAllowOrigin https://a.example.com:8443 https://example.com:*

== a final dot is not covered
CORSAllowOrigin https://a.example.com. https://*.example.com

== covered by what a regular expression matches
CORSAllowOrigin https://a.example.com
CORSAllowOriginMatch https://.*\.example\.com

== a wildcard in the section around does not count: it is replaced
CORSAllowOrigin https://*.example.com
<Location "/a">
    CORSAllowOrigin https://a.example.com
</Location>

== only safelisted headers
<Location "/a">
    CORSAllowOrigin https://app.example
    CORSAllowHeaders Accept accept-language Content-Language
</Location>
? CORSAllowHeaders Accept accept-language Content-Language (conf:3) has almost
?   no effect: browsers send ordinary values of these headers without asking;
?   leave it out

== a safelisted header and another
<Location "/a">
    CORSAllowOrigin https://app.example
    CORSAllowHeaders Accept X-Token
</Location>

== a safelisted header and another, on lines of their own
<Location "/a">
    CORSAllowOrigin https://app.example
    CORSAllowHeaders Accept
    CORSAllowHeaders X-Token
</Location>

== Content-Type, safelisted with few values
CORSAllowOrigin https://app.example
CORSAllowHeaders Content-Type

== Range, safelisted with few values
CORSAllowOrigin https://app.example
CORSAllowHeaders Range

== a near miss of a safelisted header
CORSAllowOrigin https://app.example
CORSAllowHeaders Accept-Languages

== safelisted headers and any
CORSAllowOrigin https://app.example
CORSAllowHeaders Accept *

== no headers
CORSAllowOrigin https://app.example
CORSAllowHeaders none

== switched off above
CORSEngine Off
<Location "/a">
    CORSMaxAge 600
    CORSAllowOrigin https://app.example
</Location>
? CORSAllowOrigin https://app.example (conf:4) has no effect: CORSEngine Off
?   (conf:1) switches it off; add CORSEngine On

== switched off above, in a virtual host
<VirtualHost *:1>
    CORSEngine Off
    <Location "/a">
        CORSAllowOriginMatch https://app\.example
    </Location>
</VirtualHost>
? CORSAllowOriginMatch https://app\\.example (conf:4) has no effect: CORSEngine
?   Off (conf:2) switches it off; add CORSEngine On

== switched off above, in a section
<Directory "/srv">
    CORSEngine Off
    <Files "x">
        CORSAllowOrigin https://app.example
    </Files>
</Directory>
? CORSAllowOrigin https://app.example (conf:4) has no effect: ...

== switched off above, a host's own policy
CORSEngine Off
<VirtualHost *:1>
    CORSAllowOrigin https://app.example
</VirtualHost>
? CORSAllowOrigin https://app.example (conf:3) has no effect: CORSEngine Off
?   (conf:1) switches it off; add CORSEngine On

== switched off above, the section's own origins and not those nested in it
CORSEngine Off
<Location "/a">
    <If "true">
        CORSEngine On
        CORSAllowOrigin https://b.example
    </If>
    CORSAllowOrigin https://app.example
</Location>
? CORSAllowOrigin https://app.example (conf:7) has no effect: ...

== switched off above, and on again
CORSEngine Off
<Location "/a">
    CORSEngine On
    CORSAllowOrigin https://app.example
</Location>

== switched off in the section itself
<Location "/a">
    CORSEngine Off
    CORSAllowOrigin https://app.example
</Location>

== switched off in the server itself
CORSEngine Off
CORSAllowOrigin https://app.example

== switched off in another section
<Location "/a">
    CORSEngine Off
</Location>
<Location "/b">
    CORSAllowOrigin https://app.example
</Location>

== switched off above, but on by the section around
CORSEngine Off
<Location "/a">
    CORSEngine On
    CORSAllowOrigin https://app.example
    <If "true">
        CORSAllowOrigin https://b.example
    </If>
</Location>

== a Header line left over
CORSAllowOrigin https://app.example
Header set Access-Control-Allow-Origin "*"
? Header set Access-Control-Allow-Origin "*" (conf:2) has no effect where a
?   CORS policy applies; remove it

== a Header line left over: always, env, before the policy, in a section
<VirtualHost *:1>
    <Directory "/srv">
        Header always set access-control-allow-origin %{ORIGIN}e env=ORIGIN
    </Directory>
    CORSAllowOrigin https://app.example
</VirtualHost>
? Header always set access-control-allow-origin %{ORIGIN}e env=ORIGIN (conf:3)
?   has no effect where a CORS policy applies; remove it

== a Header line left over: name with a colon
CORSAllowOrigin https://app.example
Header set Access-Control-Allow-Origin: "*"
? Header set Access-Control-Allow-Origin: "*" (conf:2) has no effect where a
?   CORS policy applies; remove it

== a Header line of the main server, which needs it, a policy in a host
Header set Access-Control-Allow-Origin "*"
<VirtualHost *:1>
    CORSAllowOrigin https://app.example
</VirtualHost>

== two Header lines left over
CORSAllowOrigin https://app.example
Header set Access-Control-Allow-Origin "*"
<Location "/a">
    Header always set Access-Control-Allow-Origin "*"
</Location>
? Header set Access-Control-Allow-Origin "*" (conf:2) has no effect where a
?   CORS policy applies; remove it
? Header always set Access-Control-Allow-Origin "*" (conf:4) has no effect
?   where a CORS policy applies; remove it

== a Header line for another header
CORSAllowOrigin https://app.example
Header set X-Access-Control-Allow-Origin "*"

== a Header line that mentions the name in its value
CORSAllowOrigin https://app.example
Header set X-Note "Access-Control-Allow-Origin"

== a Header line that takes the header out
CORSAllowOrigin https://app.example
Header unset Access-Control-Allow-Origin
Header always unset Access-Control-Allow-Origin

== a Header line for requests to a backend
CORSAllowOrigin https://app.example
RequestHeader set Access-Control-Allow-Origin "*"

== a Header line without a policy
Header set Access-Control-Allow-Origin "*"

== a Header line of another host
<VirtualHost *:1>
    ServerName a.test
    Header set Access-Control-Allow-Origin "*"
</VirtualHost>
<VirtualHost *:1>
    ServerName b.test
    CORSAllowOrigin https://app.example
</VirtualHost>

== a Header line where the policy is switched off
CORSEngine Off
CORSAllowOrigin https://app.example
Header set Access-Control-Allow-Origin "*"

== a Header line where the backend's headers are kept
CORSAllowOrigin https://app.example
CORSBackendHeaders keep
Header set Access-Control-Allow-Origin "*"

== warnings of several kinds at once
CORSAllowOrigin https://a.example.com https://*.example.com
CORSAllowHeaders Accept
Header set Access-Control-Allow-Origin "*"
? CORSAllowOrigin https://a.example.com (conf:1) has no effect:
?   https://*.example.com covers it
? CORSAllowHeaders Accept (conf:2) has almost no effect: browsers send
?   ordinary values of these headers without asking; leave it out
? Header set Access-Control-Allow-Origin "*" (conf:3) has no effect where a
?   CORS policy applies; remove it

== the switches at their defaults
CORSAllowOrigin https://app.example
CORSAllowCredentials Off
CORSAllowMethods GET HEAD POST
CORSAllowHeaders none
CORSExposeHeaders none
CORSPreflight answer
CORSDangerouslyAllow none
ROWS

done_testing();
