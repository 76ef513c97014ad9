# What CORSAllowOrigin refuses, with the whole message, beside what it takes.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use Test::More;

config_rows('CORSAllowOrigin', <<'ROWS');
# an origin
+ https://app.example
+ http://app.example:8080 https://b.example
-
    CORSAllowOrigin takes one or more values
- "" https://app.example
    "": is empty; write an origin such as https://www.example.com
- "https://a.example https://b.example"
    "https://a.example https://b.example":
    contains a space or control character; origins never do
- https://a.example,https://b.example
    contains a comma; separate origins with spaces
- https://a.example, https://b.example
    "https://a.example,": contains a comma; separate origins with spaces

# C-80 scheme
+ https://app.example http://app.example
- app.example
    has no scheme; an origin is scheme://host[:port];
    write "https://app.example"
- app.example:8443
    has no scheme; an origin is scheme://host[:port];
    write "https://app.example:8443"
- *.example.com
    has no scheme; an origin is scheme://host[:port];
    write "https://*.example.com"
- any
    has no scheme; an origin is scheme://host[:port]; write "https://any"
- APP.example
- https:/app.example
- https:app.example
- //app.example
- /app
    has no scheme; an origin is scheme://host[:port]
- data:
    no browser sends an origin with this scheme; such pages have the origin
    null, or that of another page
- data://x
    no browser sends an origin with this scheme; such pages have the origin
    null, or that of another page
- javascript:alert(1)
    no browser sends an origin with this scheme; such pages have the origin
    null, or that of another page
- about:blank
    no browser sends an origin with this scheme; such pages have the origin
    null, or that of another page
- blob:https://app.example/9a5b
    no browser sends an origin with this scheme; such pages have the origin
    null, or that of another page
- WSS://app.example
    WebSockets have the origin of their page; write "https://app.example"
- wss://*.app.example.com:*
    WebSockets have the origin of their page;
    write "https://*.app.example.com:*"
- ws://app.example:8080
    WebSockets have the origin of their page;
    write "http://app.example:8080"
- wss://*.com
    WebSockets have the origin of their page
+ wsx://app.example databases://x blobs://x
- ://app.example
- 1https://app.example
- ht_tps://app.example
    the scheme is malformed; an origin is scheme://host[:port]
- *://app.example
- http*://app.example
    a scheme cannot be a wildcard; write one pattern for https:// and one for
    each other scheme
+ file:// https://app.example
- file:///srv/app.html
    browsers send the origin null for file: pages, which no policy can tell
    apart; some old web views send file://
- file://localhost
    browsers send the origin null for file: pages, which no policy can tell
    apart; some old web views send file://
- file:
    browsers send the origin null for file: pages, which no policy can tell
    apart; some old web views send file://
- file://*
    browsers send the origin null for file: pages, which no policy can tell
    apart; some old web views send file://
- FILE://
    browsers send origins in lower case; write "file://"

# C-29 C-80 other schemes are exact strings
+ chrome-extension://abcdefghijklmnop
+ safari-web-extension://9A5B3C2D-0000-4000-8000-1234567890AB
+ capacitor://localhost app://obsidian.md ms-appx-web://abc.def_1
+ filesystem://localhost
- chrome-extension://*
    an origin with a scheme other than http and https is an exact string,
    chrome-extension://abcdef: no wildcard, no path;
    write CORSAllowOriginMatch "chrome-extension://[^/]+"
- moz-extension://*
    an origin with a scheme other than http and https is an exact string,
    chrome-extension://abcdef: no wildcard, no path;
    write CORSAllowOriginMatch "moz-extension://[^/]+"
- app://*.example.com
    an origin with a scheme other than http and https is an exact string,
    chrome-extension://abcdef: no wildcard, no path;
    write CORSAllowOriginMatch "app://[^/]+[.]example[.]com"
- app://a,b*
    contains a comma; separate origins with spaces
- capacitor://
    has no host
- chrome-extension://abc/
    ends in a slash; an origin has no path; write "chrome-extension://abc"
- chrome-extension://abc/page.html
    has a path, query or fragment; an origin ends after the host or port;
    write "chrome-extension://abc"
- Chrome-Extension://abc
    browsers send origins in lower case; write "chrome-extension://abc"
- SAFARI-WEB-EXTENSION://9A5B
    browsers send origins in lower case; write "safari-web-extension://9A5B"

# C-80 path
- https://app.example/
    ends in a slash; an origin has no path; write "https://app.example"
- https://app.example:8443/
    ends in a slash; an origin has no path; write "https://app.example:8443"
- https://*.example.com/
    ends in a slash; an origin has no path; write "https://*.example.com"
- https://app.example/x
- https://app.example/*
- https://app.example//
- https://app.example?
- https://app.example#x
    has a path, query or fragment; an origin ends after the host or port;
    write "https://app.example"
- https://u@app.example/
- https://APP.example:443/
    ends in a slash; an origin has no path

# C-80 userinfo
- https://u@app.example
- https://u:p@app.example:8443
- https://@app.example
    contains a user name or an @; an origin is scheme://host[:port]

# C-80 case
- https://App.example
- HTTPS://app.example
    browsers send origins in lower case; write "https://app.example"
- https://*.Example.com:8443
    browsers send origins in lower case; write "https://*.example.com:8443"
- http://[2001:DB8::1]
    browsers send origins in lower case; write "http://[2001:db8::1]"
- HTTPS://app.example:443
    browsers send origins in lower case

# C-80 punycode
+ https://xn--bcher-kva.example
- https://b<\xfc>cher.example
    "https://b\xfccher.example": is not ASCII; browsers send hosts in punycode
    (xn--...): write that
- https://b<\xc3><\xbc>cher.example
    "https://b\xc3\xbccher.example": is not ASCII; browsers send hosts in
    punycode (xn--...): write that
- https://b%c3%bccher.example
    the host is malformed; it consists of labels of 1 to 63 lower-case
    letters, digits, - and _, at most 253 bytes in all

# C-80 port
+ https://app.example:80 http://app.example:443
+ https://app.example:1 https://app.example:65535
+ https://app.example:* https://*.example.com:*
- https://app.example:443
    browsers leave out the scheme's default port;
    write "https://app.example"
- http://app.example:80
    browsers leave out the scheme's default port;
    write "http://app.example"
- https://*.example.com:443
    browsers leave out the scheme's default port;
    write "https://*.example.com"
- http://[::1]:80
    browsers leave out the scheme's default port; write "http://[::1]"
- https://app.example:
    has a colon and no port; write "https://app.example"
- https://app.example:0
- https://app.example:65536
- https://app.example:65979
- https://app.example:08443
- https://app.example:84a3
- https://app.example:84*
    the port must be a number from 1 to 65535 without leading zeros, or * for
    any port
- https://app.example:8443:8443
    has more than one port; write an IPv6 address in brackets:
    https://[2001:db8::1]

# C-80 IPv6
+ http://[::1]:3000 https://[2001:db8::1] https://[::]
+ https://[2001:db8:0:1:1:1:1:1]
- http://::1:3000
- https://2001:db8::1
    has more than one port; write an IPv6 address in brackets:
    https://[2001:db8::1]
- http://[0:0:0:0:0:0:0:1]
- http://[::0001]
- http://[::1%25lo]
- http://[::ffff:127.0.0.1]
- http://[2001:db8::1:1:1:1:1]
- http://[::0001]:3000
- http://[::1
    is not an IPv6 address as browsers send it: lower-case, no leading zeros,
    the longest run of zeros as ::, no dotted quad
- http://[::1].
    something other than a port follows the IPv6 address

# C-80 IPv4
+ http://127.0.0.1:8080 https://0.0.0.0 https://255.255.255.255
+ https://1.2.3.4.example
- http://127.1
- http://127.0.0.01
- http://127.0.0.256
- http://0x7f000001
- http://127.0.0.1.
- http://127.1:8080
    is not an IPv4 address as browsers send it: four numbers from 0 to 255
    without leading zeros

# host
+ https://localhost https://a_b.example https://app.example.
+ https://<a*63>.example
+ https://<a*63>.<b*63>.<c*63>.<d*61>
- https://
- https://:8443
    has no host
- https://<a*64>.example
    "https://<a*64>.example": the host is malformed; it consists of labels of
    1 to 63 lower-case letters, digits, - and _, at most 253 bytes in all
- https://<a*63>.<b*63>.<c*63>.<d*62>
    "https://<a*63>.<b*28>...": the host is malformed; it consists of labels
    of 1 to 63 lower-case letters, digits, - and _, at most 253 bytes in all
- https:///app.example
    has no host
- https://-app.example
- https://-app.example:8443
- https://app..example
- https://app.example..
- https://.app.example
- https://app.example;
- https://app%2eexample
    the host is malformed; it consists of labels of 1 to 63 lower-case
    letters, digits, - and _, at most 253 bytes in all

# C-80 wildcard
+ https://*.example.com https://*.com https://*.localhost:*
- https://*
- https://*.
- https://*:8443
    would match every site; add the domain, https://*.example.com, or write
    only * for a public resource
- https://*example.com
    would match look-alikes such as evilexample.com; a wildcard stands for
    whole labels; write "https://*.example.com"
- https://*example.com:8443
    would match look-alikes such as evilexample.com; a wildcard stands for
    whole labels; write "https://*.example.com:8443"
- https://*com
    would match look-alikes such as evilexample.com; a wildcard stands for
    whole labels
- https://*com:8443
    would match look-alikes such as evilexample.com; a wildcard stands for
    whole labels
- *.com
    has no scheme; an origin is scheme://host[:port]
- *.localhost
    has no scheme; an origin is scheme://host[:port];
    write "https://*.localhost"
- https://*.com/
    ends in a slash; an origin has no path
- https://*.COM
    browsers send origins in lower case
- https://*.net:443
    browsers leave out the scheme's default port
- https://*-app.example.com
    would match look-alikes such as evilexample.com; a wildcard stands for
    whole labels;
    write CORSAllowOriginMatch "https://[a-z0-9-]+-app[.]example[.]com"
- https://*--site.netlify.app
    would match look-alikes such as evilexample.com; a wildcard stands for
    whole labels;
    write CORSAllowOriginMatch "https://[a-z0-9-]+--site[.]netlify[.]app"
- https://deploy-preview-*--site.netlify.app
    a host wildcard is a single *. before a domain: https://*.example.com;
    write CORSAllowOriginMatch
    "https://deploy-preview-[a-z0-9-]+--site[.]netlify[.]app"
- https://site-*-team.vercel.app
    a host wildcard is a single *. before a domain: https://*.example.com;
    write CORSAllowOriginMatch "https://site-[a-z0-9-]+-team[.]vercel[.]app"
- http://pr-*.example.com:*
    a host wildcard is a single *. before a domain: https://*.example.com;
    write CORSAllowOriginMatch "http://pr-[a-z0-9-]+[.]example[.]com(:[0-9]+)?"
- https://*-app.com
    would match look-alikes such as evilexample.com; a wildcard stands for
    whole labels
- https://**.example.com
    a host wildcard is a single *. before a domain: https://*.example.com;
    write CORSAllowOriginMatch "https://[a-z0-9-]+[.]example[.]com"
- https://*.*.example.com
    a host wildcard is a single *. before a domain: https://*.example.com;
    write CORSAllowOriginMatch "https://[a-z0-9-]+[.][a-z0-9-]+[.]example[.]com"
- https://app.*.example.com
    a host wildcard is a single *. before a domain: https://*.example.com;
    write CORSAllowOriginMatch "https://app[.][a-z0-9-]+[.]example[.]com"
- https://app.*.com
    a host wildcard is a single *. before a domain: https://*.example.com
- https://app.example.*
    a host wildcard is a single *. before a domain: https://*.example.com
- https://app*.example.com
    a host wildcard is a single *. before a domain: https://*.example.com;
    write CORSAllowOriginMatch "https://app[a-z0-9-]+[.]example[.]com"
- https://*.<a*63>.<b*63>.<c*63>.<d*60>
    "https://*.<a*63>.<b*26>...": can match nothing: with a label in front the
    host has more than 253 bytes
- http://*.<a*63>.<b*63>.<c*63>.<d*61>.:*
    "http://*.<a*63>.<b*27>...": can match nothing: with a label in front the
    host has more than 253 bytes
+ https://*.<a*63>.<b*63>.<c*63>.<d*59> https://*.<a*63>.<b*63>.<c*63>.<d*59>.
- https://*..example.com
    the host is malformed; it consists of labels of 1 to 63 lower-case
    letters, digits, - and _, at most 253 bytes in all
- https://*.127.0.0.1
- https://*.127.0.0.1:8080
- https://*.[::1]
    an IP address has no subdomains

# keywords
+ null
+ null https://app.example
+ none
+ *
- Null
    keywords are in lower case; write "null"
- NONE
    keywords are in lower case; write "none"
- * https://app.example
    "https://app.example":
    * or none must be the only value; a section has one of them, or patterns
- https://app.example *
    "*": * or none must be the only value; a section has one of them, or patterns
- https://app.example none
    "none":
    * or none must be the only value; a section has one of them, or patterns
- null *
    "*": * or none must be the only value; a section has one of them, or patterns
- none null
    "null":
    * or none must be the only value; a section has one of them, or patterns
- * none
    "none":
    * or none must be the only value; a section has one of them, or patterns
- * *
    "*": * or none must be the only value; a section has one of them, or patterns
ROWS

# A value is cut after 100 bytes.
config_rows('CORSAllowOrigin', <<'ROWS');
# a long value
- https://<a*92>
    "https://<a*92>": the host is malformed; it consists of labels of 1 to 63
    lower-case letters, digits, - and _, at most 253 bytes in all
- https://<a*93>
    "https://<a*92>...": the host is malformed; it consists of labels of 1 to
    63 lower-case letters, digits, - and _, at most 253 bytes in all
ROWS

config_rows('CORSAllowOriginMatch', <<'ROWS');
# C-33
+ https://app\.example
+ https://app\.example https://[a-z]+\.example\.com(:[0-9]+)?
+ (https://a)|(?:b)
-
    CORSAllowOriginMatch takes one or more values
- (
- a)|(?:b
    is not a valid regular expression (PCRE) by itself
- https://app\.example a)
    "a)": is not a valid regular expression (PCRE) by itself
- (?z)
    is not a valid regular expression (PCRE) by itself
ROWS

done_testing();
