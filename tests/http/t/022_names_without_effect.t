# Methods and header names that no page can use, as lists that were written for
# other servers have them: httpd starts, and tells all of them at once. Each
# warning stands beside names that hardly differ and are fine.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use Test::More;

startup_rows(<<'ROWS');
== C-71 Safari up to 10 asks for Origin
CORSAllowOrigin https://app.example
CORSAllowHeaders Content-Type Accept Origin
? CORSAllowHeaders Origin (conf:2) has no effect: pages cannot set these
?   headers, or have no use for them

== C-71 several of a directive, in one warning
<Location "/a">
    CORSAllowOrigin https://app.example
    CORSAllowHeaders DNT Keep-Alive User-Agent X-Requested-With Host Cookie
    CORSAllowHeaders Content-Type Sec-Fetch-Site
</Location>
? CORSAllowHeaders DNT Keep-Alive Host Cookie Sec-Fetch-Site (conf:3) has no
?   effect: pages cannot set these headers, or have no use for them

== the line of the first one
CORSAllowOrigin https://app.example
CORSAllowHeaders Content-Type
CORSAllowHeaders X-A proxy-a
CORSAllowHeaders Referer
? CORSAllowHeaders proxy-a Referer (conf:3) has no effect: pages cannot set
?   these headers, or have no use for them

== headers of CORS in either list
CORSAllowOrigin https://app.example
CORSAllowHeaders Access-Control-Allow-Origin X-A access-control-request-method
CORSExposeHeaders Access-Control-Allow-Origin ETag Timing-Allow-Origin
? CORSAllowHeaders Access-Control-Allow-Origin access-control-request-method
?   (conf:2) has no effect: pages cannot set these headers, or have no use for
?   them
? CORSExposeHeaders Access-Control-Allow-Origin Timing-Allow-Origin (conf:3)
?   has no effect: pages cannot read these headers, or have no use for them

== C-45 cookies, exposed
CORSAllowOrigin https://app.example
CORSExposeHeaders Location Set-Cookie ETag set-cookie2
? CORSExposeHeaders Set-Cookie set-cookie2 (conf:2) has no effect: pages cannot
?   read these headers, or have no use for them

== prefixes that stand for nothing else
CORSAllowOrigin https://app.example
CORSAllowHeaders Sec-* X-Amz-* Proxy-*
CORSExposeHeaders Access-Control-* X-Amz-*
? CORSAllowHeaders Sec-* Proxy-* (conf:2) has no effect: pages cannot set these
?   headers, or have no use for them
? CORSExposeHeaders Access-Control-* (conf:3) has no effect: pages cannot read
?   these headers, or have no use for them

== beside *
CORSAllowOrigin https://app.example
CORSAllowHeaders * Authorization Cookie
? CORSAllowHeaders Cookie (conf:2) has no effect: pages cannot set these
?   headers, or have no use for them

== C-57 forbidden methods among others
CORSAllowOrigin https://app.example
CORSAllowMethods GET POST TRACE PUT connect Track
? CORSAllowMethods TRACE connect Track (conf:2) has no effect: browsers never
?   send this to another origin, and no policy can allow it

== C-57 only forbidden methods
CORSAllowOrigin https://app.example
CORSAllowMethods TRACE
? CORSAllowMethods TRACE (conf:2) has no effect: browsers never send this to
?   another origin, and no policy can allow it

== C-53 a method in lower case
CORSAllowOrigin https://app.example
CORSAllowMethods GET PUT patch
? CORSAllowMethods patch (conf:2) allows this spelling only: browsers send such
?   a method as the page writes it, mostly in upper case

== C-53 several methods in lower case, in one warning
CORSAllowOrigin https://app.example
CORSAllowMethods Patch MKCOL
CORSAllowMethods propfind
? CORSAllowMethods Patch propfind (conf:2) allows this spelling only: browsers
?   send such a method as the page writes it, mostly in upper case

== both spellings
CORSAllowOrigin https://app.example
CORSAllowMethods patch PATCH PROPFIND Propfind

== X-* covers what servers trust
CORSAllowOrigin https://app.example
CORSAllowHeaders Content-Type x-*
? CORSAllowHeaders x-* (conf:2) also allows X-Forwarded-For,
?   X-HTTP-Method-Override and X-Remote-User; write a longer prefix, or list the
?   names

== X-* with names that have no effect
CORSAllowOrigin https://app.example
CORSAllowHeaders Origin X-*
? CORSAllowHeaders Origin (conf:2) has no effect: pages cannot set these
?   headers, or have no use for them
? CORSAllowHeaders X-* (conf:2) also allows X-Forwarded-For,
?   X-HTTP-Method-Override and X-Remote-User; write a longer prefix, or list the
?   names

== longer prefixes, and X-* among the exposed headers
CORSAllowOrigin https://app.example
CORSAllowHeaders X-Amz-* X-A-*
CORSExposeHeaders X-*

== near misses
CORSAllowOrigin https://app.example
CORSAllowMethods TRACEROUTE CONNECTED
CORSAllowHeaders Origins X-Host Cookies Secure-A Proxy Via-X Access-Controls
CORSExposeHeaders Set-Cookies Cookie Host Date Connection Content-Length

== all of them in one run, with the other warnings
CORSAllowOrigin https://a.example.com https://*.example.com
CORSAllowMethods TRACE patch
CORSAllowHeaders Origin X-*
CORSExposeHeaders Set-Cookie
<Location "/a">
    CORSAllowMethods TRACK
    CORSAllowHeaders Host
</Location>
? CORSAllowOrigin https://a.example.com (conf:1) has no effect:
?   https://*.example.com covers it
? CORSAllowMethods TRACE (conf:2) has no effect: browsers never send this to
?   another origin, and no policy can allow it
? CORSAllowMethods patch (conf:2) allows this spelling only: browsers send such
?   a method as the page writes it, mostly in upper case
? CORSAllowHeaders Origin (conf:3) has no effect: pages cannot set these
?   headers, or have no use for them
? CORSAllowHeaders X-* (conf:3) also allows X-Forwarded-For,
?   X-HTTP-Method-Override and X-Remote-User; write a longer prefix, or list the
?   names
? CORSExposeHeaders Set-Cookie (conf:4) has no effect: pages cannot read these
?   headers, or have no use for them
? CORSAllowMethods TRACK (conf:6) has no effect: browsers never send this to
?   another origin, and no policy can allow it
? CORSAllowHeaders Host (conf:7) has no effect: pages cannot set these headers,
?   or have no use for them

== one warning for the hosts that inherit the section
CORSAllowOrigin https://app.example
<Location "/a">
    CORSAllowHeaders Origin
</Location>
<VirtualHost *:1>
    ServerName a.test
</VirtualHost>
<VirtualHost *:1>
    ServerName b.test
    CORSAllowMethods TRACE
</VirtualHost>
? CORSAllowHeaders Origin (conf:3) has no effect: pages cannot set these
?   headers, or have no use for them
? CORSAllowMethods TRACE (conf:10) has no effect: browsers never send this to
?   another origin, and no policy can allow it
ROWS

done_testing();
