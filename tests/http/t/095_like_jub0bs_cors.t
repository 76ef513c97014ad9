# What the strictest CORS library refuses (jub0bs/cors for Go: its Config, by
# the examples that document it) is refused here too, and what it permits is
# accepted; where mod_cors differs, the title says why. Values that stand in
# 010, 020 and 030 in the same words are not repeated: the other forbidden names
# of request and response headers, for one.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use Test::More;

config_rows('CORSAllowOrigin', <<'ROWS');
+ http://example.com https://example.com connector://localhost
+ https://www.xn--xample-9ua.com http://255.0.0.0 http://[::1]:9090
+ https://example.com:1 https://example.com:65535 http://example.com:443
+ https://example.com:80 https://*.example.com http://localhost:*
+ https://*.example.com:* https://*.com
- ""
    CORSAllowOrigin takes one or more values
- "" null
    "": is empty; write an origin such as https://www.example.com
- file:///somepath
    browsers send the origin null for file: pages, which no policy can tell
    apart; some old web views send file://
- https://www.r<\xc3><\xa9>sum<\xc3><\xa9>.com
    "https://www.r\xc3\xa9sum\xc3\xa9.com": is not ASCII; browsers send hosts
    in punycode (xn--...): write that
- http://0xFF000000
    browsers send origins in lower case
- http://0xff000000
    is not an IPv4 address as browsers send it: four numbers from 0 to 255
    without leading zeros
- http://[0:0:0:0:0:0:0:0001]:9090
- http://[0000:0000:0000:0000:0000:0000:0000:0001]:9090
    is not an IPv6 address as browsers send it: lower-case, no leading zeros,
    the longest run of zeros as ::, no dotted quad
- https://example.com:0
- https://example.com:65536
    the port must be a number from 1 to 65535 without leading zeros, or * for
    any port
- http://example.com:80
    browsers leave out the scheme's default port; write "http://example.com"
- https://example.com:443
    browsers leave out the scheme's default port; write "https://example.com"
- https://foo.*.example.com
    a host wildcard is a single *. before a domain: https://*.example.com;
    write CORSAllowOriginMatch "https://foo[.][a-z0-9-]+[.]example[.]com"
- https://*foo.example.com
    would match look-alikes such as evilexample.com; a wildcard stands for
    whole labels; write "https://*.foo.example.com"
- https://*.1.1.1.1
    an IP address has no subdomains
- *://example.com
    a scheme cannot be a wildcard; write one pattern for https:// and one for
    each other scheme
- * https://example.com
    "https://example.com": * or none must be the only value; a section has one
    of them, or patterns
ROWS

config_rows('CORSAllowMethods', <<'ROWS');
+ GET POST PUT PURGE
+ OPTIONS
- r<\xc3><\xa9>sum<\xc3><\xa9>
    "r\xc3\xa9sum\xc3\xa9": is not a method; one consists of letters, digits
    and !#$%&'*+-.^_`|~
- * PUT
    "PUT": * must be the only value; it already allows every method
ROWS

config_rows('CORSAllowHeaders', <<'ROWS');
+ Content-Type
- X_Y:
    is not a header name; one consists of letters, digits and !#$%&'*+-.^_`|~
ROWS

config_rows('CORSMaxAge', <<'ROWS');
# 0 says what -1 says there
- -2
    no browser understands a negative age; 0 turns caching off; write "0"
ROWS

config_rows('CORSExposeHeaders', <<'ROWS');
+ X-Response-Time
+ Cache-Control Content-Type
ROWS

config_rows('CORSPreflightStatus', <<'ROWS');
# 204 or 200 here, any 2xx there
- 300
    write 204 or 200
ROWS

startup_rows(<<'ROWS');
== null, of use for public resources: with credentials it is refused
CORSAllowOrigin null
CORSAllowCredentials On
! CORSAllowOrigin null (conf:1) with CORSAllowCredentials On (conf:2): any page
!   can give itself the origin null; leave it out, or write
!   CORSAllowCredentials Off

== any origin, with credentials
CORSAllowOrigin *
CORSAllowCredentials On
! CORSAllowOrigin * (conf:1) with CORSAllowCredentials On (conf:2): any site
!   could read responses with the visitor's credentials; list the origins, or
!   write CORSAllowCredentials Off

== an insecure origin, with credentials
CORSAllowOrigin http://example.com
CORSAllowCredentials On
! CORSAllowOrigin http://example.com (conf:1) with CORSAllowCredentials On
!   (conf:2): whoever controls a visitor's network can impersonate that
!   origin; write https, or accept the danger with CORSDangerouslyAllow
!   insecure-origins

== an insecure origin, the danger accepted
CORSAllowOrigin http://example.com
CORSAllowCredentials On
CORSDangerouslyAllow insecure-origins

== the visitor's own machine; a scheme of an application's own; subdomains
CORSAllowOrigin http://localhost:* http://127.0.0.1 http://[::1]
CORSAllowOrigin connector://localhost https://*.example.com
CORSAllowHeaders *
CORSAllowCredentials On

== a public suffix, with credentials
CORSAllowOrigin https://*.com
CORSAllowCredentials On
! CORSAllowOrigin https://*.com (conf:1) with CORSAllowCredentials On (conf:2):
!   anybody can register a name under that public suffix; write your own
!   domain, or accept the danger with CORSDangerouslyAllow public-suffixes

== a public suffix, the danger accepted
CORSAllowOrigin https://*.com
CORSAllowCredentials On
CORSDangerouslyAllow public-suffixes

== every response header, with credentials
CORSAllowOrigin https://app.example
CORSExposeHeaders *
CORSAllowCredentials On

== methods that browsers do not send: an error there
CORSAllowOrigin https://app.example
CORSAllowMethods TRACK connect Trace
? CORSAllowMethods TRACK connect Trace (conf:2) has no effect: browsers never
?   send this to another origin, and no policy can allow it

== header names that pages cannot set: errors there
CORSAllowOrigin https://app.example
CORSAllowHeaders Content-Length Host Proxy-Foo Sec-Foo Access-Control-Max-Age
? CORSAllowHeaders Content-Length Host Proxy-Foo Sec-Foo Access-Control-Max-Age
?   (conf:2) has no effect: pages cannot set these headers, or have no use for
?   them

== cookies exposed: an error there
CORSAllowOrigin https://app.example
CORSExposeHeaders Set-Cookie2 set-cookie
? CORSExposeHeaders Set-Cookie2 set-cookie (conf:2) has no effect: pages cannot
?   read these headers, or have no use for them
ROWS

done_testing();
