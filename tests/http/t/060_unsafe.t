# What the sections of a configuration add up to: policies that would expose
# credentials are refused, whichever sections the parts stand in.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use Test::More;

startup_rows(<<'ROWS');
== any origin, in one section
<Location "/a">
    CORSAllowOrigin *
    CORSAllowCredentials On
</Location>
! CORSAllowOrigin * (conf:2) with CORSAllowCredentials On (conf:3): any site
!   could read responses with the visitor's credentials; list the origins, or
!   write CORSAllowCredentials Off

== any origin without credentials
<Location "/a">
    CORSAllowOrigin *
    CORSAllowCredentials Off
</Location>

== any origin, credentials in another section
<Location "/a">
    CORSAllowOrigin *
</Location>
<Location "/b">
    CORSAllowOrigin https://app.example
    CORSAllowCredentials On
</Location>

== any origin, in the main server
CORSAllowOrigin *
CORSAllowCredentials On
! CORSAllowOrigin * (conf:1) with CORSAllowCredentials On (conf:2): ...

== any origin, in a virtual host
<VirtualHost *:1>
    CORSAllowOrigin *
    CORSAllowCredentials On
</VirtualHost>
! CORSAllowOrigin * (conf:2) with CORSAllowCredentials On (conf:3): ...

== a regular expression that matches any origin
<Location "/a">
    CORSAllowOriginMatch https://app\.example https?://.*
    CORSAllowCredentials On
</Location>
! CORSAllowOriginMatch https?://.* (conf:2) with CORSAllowCredentials On
!   (conf:3): it matches any origin, so any site could read responses with the
!   visitor's credentials; narrow it, or write CORSAllowCredentials Off

== a regular expression with blanks that matches any origin
<Location "/a">
    CORSAllowOriginMatch "https://[^ ]+"
    CORSAllowCredentials On
</Location>
! CORSAllowOriginMatch https://[^ ]+ (conf:2) with CORSAllowCredentials On
!   (conf:3): ...

== the like without credentials
<Location "/a">
    CORSAllowOriginMatch https?://.*
</Location>

== a regular expression that matches one domain
<Location "/a">
    CORSAllowOriginMatch https://([^.]+\.)*app\.example
    CORSAllowCredentials On
</Location>

== every header exposed
<Location "/a">
    CORSAllowOrigin https://app.example
    CORSExposeHeaders *
    CORSAllowCredentials On
</Location>

== every header exposed without credentials
<Location "/a">
    CORSAllowOrigin https://app.example
    CORSExposeHeaders *
</Location>

== every request header and method allowed
<Location "/a">
    CORSAllowOrigin https://app.example
    CORSAllowMethods *
    CORSAllowHeaders *
    CORSAllowCredentials On
</Location>

== null
<Location "/a">
    CORSAllowOrigin https://app.example null
    CORSAllowCredentials On
</Location>
! CORSAllowOrigin null (conf:2) with CORSAllowCredentials On (conf:3): any page
!   can give itself the origin null; leave it out, or write
!   CORSAllowCredentials Off

== null, whatever danger is accepted
<Location "/a">
    CORSAllowOrigin null
    CORSAllowCredentials On
    CORSDangerouslyAllow insecure-origins public-suffixes
</Location>
! CORSAllowOrigin null (conf:2) with CORSAllowCredentials On (conf:3): ...

== null without credentials
<Location "/a">
    CORSAllowOrigin https://app.example null
</Location>

== clear text
<Location "/a">
    CORSAllowOrigin https://app.example
    CORSAllowOrigin http://app.example
    CORSAllowCredentials On
</Location>
! CORSAllowOrigin http://app.example (conf:3) with CORSAllowCredentials On
!   (conf:4): whoever controls a visitor's network can impersonate that
!   origin; write https, or accept the danger with CORSDangerouslyAllow
!   insecure-origins

== clear text on this machine
<Location "/a">
    CORSAllowOrigin http://localhost:8080 http://127.0.0.1:* http://[::1]
    CORSAllowOrigin http://app.localhost http://127.255.0.1
    CORSAllowCredentials On
</Location>

== clear text on another machine, a near miss
<Location "/a">
    CORSAllowOrigin http://128.0.0.1
    CORSAllowCredentials On
</Location>
! CORSAllowOrigin http://128.0.0.1 (conf:2) with CORSAllowCredentials On
!   (conf:3): ...

== clear text on notlocalhost
<Location "/a">
    CORSAllowOrigin http://notlocalhost:8080
    CORSAllowCredentials On
</Location>
! CORSAllowOrigin http://notlocalhost:8080 (conf:2) with CORSAllowCredentials
!   On (conf:3): ...

== clear text, accepted
<Location "/a">
    CORSAllowOrigin http://app.example
    CORSAllowCredentials On
    CORSDangerouslyAllow insecure-origins
</Location>

== clear text, the other danger accepted
<Location "/a">
    CORSAllowOrigin http://app.example
    CORSAllowCredentials On
    CORSDangerouslyAllow public-suffixes
</Location>
! CORSAllowOrigin http://app.example (conf:2) with CORSAllowCredentials On
!   (conf:3): ...

== a wildcard under a top-level domain
<Location "/a">
    CORSAllowOrigin https://app.example https://*.example
    CORSAllowCredentials On
</Location>
? CORSAllowOrigin https://app.example (conf:2) has no effect:
?   https://*.example covers it
! CORSAllowOrigin https://*.example (conf:2) with CORSAllowCredentials On
!   (conf:3): anybody can register a name under that public suffix; write your
!   own domain, or accept the danger with CORSDangerouslyAllow public-suffixes

== a wildcard under a top-level domain, accepted
<Location "/a">
    CORSAllowOrigin https://*.example
    CORSAllowCredentials On
    CORSDangerouslyAllow public-suffixes
</Location>

== a wildcard under localhost
<Location "/a">
    CORSAllowOrigin http://*.localhost:8080
    CORSAllowCredentials On
</Location>

== both dangers, one accepted
<Location "/a">
    CORSAllowOrigin http://*.example
    CORSAllowCredentials On
    CORSDangerouslyAllow insecure-origins
</Location>
! CORSAllowOrigin http://*.example (conf:2) with CORSAllowCredentials On
!   (conf:3): ...

== both dangers accepted
<Location "/a">
    CORSAllowOrigin http://*.example
    CORSAllowCredentials On
    CORSDangerouslyAllow insecure-origins public-suffixes
</Location>

== dangers accepted outside, and in the section no longer
CORSDangerouslyAllow insecure-origins
<Location "/a">
    CORSAllowOrigin http://app.example
    CORSAllowCredentials On
</Location>
<Location "/b">
    CORSAllowOrigin http://app.example
    CORSAllowCredentials On
    CORSDangerouslyAllow none
</Location>
! CORSAllowOrigin http://app.example (conf:7) with CORSAllowCredentials On
!   (conf:8): whoever controls a visitor's network can impersonate that
!   origin; write https, or accept the danger with CORSDangerouslyAllow
!   insecure-origins

== another scheme is not clear text
<Location "/a">
    CORSAllowOrigin chrome-extension://abcdefghijklmnop
    CORSAllowCredentials On
</Location>

== nobody is allowed
CORSAllowCredentials On
<Location "/a">
    CORSAllowOrigin none
</Location>

== switched off in the section
CORSAllowOrigin *
<Location "/a">
    CORSEngine Off
    CORSAllowCredentials On
</Location>

== switched off in the server, on in the section
CORSEngine Off
CORSAllowOrigin *
CORSAllowCredentials On
<Location "/a">
    CORSEngine On
</Location>
! CORSAllowOrigin * (conf:2) with CORSAllowCredentials On (conf:3): any site
!   could read responses with the visitor's credentials; list the origins, or
!   write CORSAllowCredentials Off

== switched off in the server
CORSEngine Off
CORSAllowOrigin *
CORSAllowCredentials On

== the section's origins replace any origin
CORSAllowOrigin *
<Location "/a">
    CORSAllowOrigin https://app.example
    CORSAllowCredentials On
</Location>

== the section's regular expressions replace any origin
CORSAllowOrigin *
<Location "/a">
    CORSAllowOriginMatch https://app\.example
    CORSAllowCredentials On
</Location>

== any origin replaces the section's origins
<Location "/a">
    CORSAllowOrigin https://app.example
    CORSAllowCredentials On
    <If "true">
        CORSAllowOrigin *
    </If>
</Location>
! CORSAllowOrigin * (conf:5) with CORSAllowCredentials On (conf:3): ...

== the last of two lines
<Location "/a">
    CORSAllowOrigin *
    CORSAllowCredentials On
    CORSAllowCredentials Off
</Location>

== the last of two lines, reversed, in whatever case
<Location "/a">
    corsalloworigin *
    CORSAllowCredentials Off
    CorsAllowCredentials On
</Location>
! CORSAllowOrigin * (conf:2) with CORSAllowCredentials On (conf:4): ...

== one message for all hosts that inherit it
CORSAllowOrigin *
<Location "/a">
    CORSAllowCredentials On
</Location>
<VirtualHost *:1>
    ServerName a.test
</VirtualHost>
<VirtualHost *:1>
    ServerName b.test
    <Location "/b">
        CORSMaxAge 1
    </Location>
</VirtualHost>
! CORSAllowOrigin * (conf:1) with CORSAllowCredentials On (conf:3): ...

== a message for each place that brings a part of its own
CORSAllowOrigin *
<Location "/a">
    CORSAllowCredentials On
</Location>
<VirtualHost *:1>
    ServerName b.test
    CORSAllowOrigin null
    <Location "/b">
        CORSAllowCredentials On
    </Location>
</VirtualHost>
! CORSAllowOrigin * (conf:1) with CORSAllowCredentials On (conf:3): ...
! CORSAllowOrigin null (conf:7) with CORSAllowCredentials On (conf:3): any page
!   can give itself the origin null; leave it out, or write
!   CORSAllowCredentials Off
! CORSAllowOrigin null (conf:7) with CORSAllowCredentials On (conf:9): ...

== a host of its own, safe, around sections that the main server has
CORSAllowOrigin *
<Location "/a">
    CORSMaxAge 1
</Location>
<VirtualHost *:1>
    ServerName b.test
    CORSAllowOrigin https://app.example
    CORSAllowCredentials On
</VirtualHost>

== a section of the main server, unsafe in one host only
<Location "/a">
    CORSAllowOrigin *
</Location>
<VirtualHost *:1>
    ServerName b.test
    CORSAllowOrigin https://app.example
    CORSAllowCredentials On
</VirtualHost>
<VirtualHost *:1>
    ServerName c.test
    CORSAllowOrigin https://app.example
</VirtualHost>
! CORSAllowOrigin * (conf:2) with CORSAllowCredentials On (conf:7): any site
!   could read responses with the visitor's credentials; list the origins, or
!   write CORSAllowCredentials Off

== parts made by a macro
<Macro Open $path>
    <Location "$path">
        CORSAllowOrigin *
    </Location>
</Macro>
<VirtualHost *:1>
    CORSAllowCredentials On
    Use Open /a
</VirtualHost>
! CORSAllowOrigin * (macro 'open' (defined on line 1 of "conf") used on line 8
!   of "conf":2) with CORSAllowCredentials On (conf:7): ...

== a long value is cut
<Location "/a">
    CORSAllowOriginMatch .*|aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
    CORSAllowCredentials On
</Location>
! CORSAllowOriginMatch .*|aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...
!   (conf:2) with CORSAllowCredentials On (conf:3): it matches any origin, so any
!   site could read responses with the visitor's credentials; narrow it, or
!   write CORSAllowCredentials Off
ROWS

done_testing();
