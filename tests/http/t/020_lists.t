# What the directives that list methods and header names refuse.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use Test::More;

config_rows('CORSAllowMethods', <<'ROWS');
# C-80 tokens
+ GET HEAD POST PUT DELETE OPTIONS
+ PATCH PROPFIND patch M-SEARCH !#$%&'*+-.^_`|~
+ *
-
    CORSAllowMethods takes one or more values
- GET,POST
    contains a comma; separate methods with spaces
- GET, POST
    "GET,": contains a comma; separate methods with spaces
- GET "" POST
    "": is not a method; one consists of letters, digits and
    !#$%&'*+-.^_`|~
- "GE T"
    "GE T": is not a method; one consists of letters, digits and
    !#$%&'*+-.^_`|~
- PUT;q=1
- PUT/1.1
- GET:
    is not a method; one consists of letters, digits and !#$%&'*+-.^_`|~
- P<\xdc>T
    "P\xdcT": is not a method; one consists of letters, digits and
    !#$%&'*+-.^_`|~

# C-53 case
- get
    methods are case-sensitive, and browsers send this one in upper case;
    write "GET"
- Delete
    methods are case-sensitive, and browsers send this one in upper case;
    write "DELETE"
- GET put
    "put": methods are case-sensitive, and browsers send this one in upper
    case; write "PUT"
- options
    methods are case-sensitive, and browsers send this one in upper case;
    write "OPTIONS"
- head
    methods are case-sensitive, and browsers send this one in upper case;
    write "HEAD"
- pOST
    methods are case-sensitive, and browsers send this one in upper case;
    write "POST"

# C-57 C-80 forbidden methods
+ TRACEROUTE CONNECTED TRACKS
- CONNECT
- trace
    browsers never send this method to another origin, and no policy can allow
    it
- GET Track
    "Track": browsers never send this method to another origin, and no policy
    can allow it
- TRACE
    browsers never send this method to another origin, and no policy can allow
    it

# keywords
- none
- None
    is not a method; GET, HEAD and POST always pass, so name one of them to
    allow no other
- * GET
    "GET": * must be the only value; it already allows every method
- GET *
- * *
    "*": * must be the only value; it already allows every method
ROWS

config_rows('CORSAllowHeaders', <<'ROWS');
# C-80 tokens
+ Authorization Content-Type x-api-key X_Under.score !#$%&'+-.^_`|~
+ none
+ NONE
+ *
+ * Authorization
+ Authorization *
+ <x*128>
-
    CORSAllowHeaders takes one or more values
- <x*129>
    "<x*100>...": is longer than 128 bytes
- Content-Type,Authorization
    contains a comma; separate header names with spaces
- X-Token:
    is not a header name; one consists of letters, digits and
    !#$%&'*+-.^_`|~
- X-Token "" X-Other
    "": is not a header name; one consists of letters, digits and
    !#$%&'*+-.^_`|~
- "X Token"
    "X Token": is not a header name; one consists of letters, digits and
    !#$%&'*+-.^_`|~
- x@y
- content-type;x
    is not a header name; one consists of letters, digits and
    !#$%&'*+-.^_`|~
- x-<\x80>
    "x-\x80": is not a header name; one consists of letters, digits and
    !#$%&'*+-.^_`|~

# keywords
- none X-Token
    "X-Token": none must be the only value
- X-Token none
- * none
    "none": none must be the only value
- none *
    "*": none must be the only value

# C-71 names that no browser asks for
+ X-HTTP-Method X-HTTP-Method-Override X-Method-Override User-Agent Range
+ Cookies Proxy Sec Proxied Second-Factor Hostname Accept Te-St
- Cookie
    scripts cannot set this header; browsers send cookies where credentials
    are allowed
- Cookie2
- Accept-Charset
- Accept-Encoding
- Access-Control-Request-Headers
- Access-Control-Request-Method
- Connection
- content-length
- Date
- DNT
- Expect
- HOST
- Keep-Alive
- Origin
- Referer
- Set-Cookie
- TE
- Trailer
- Transfer-Encoding
- Upgrade
- Via
- Proxy-Authorization
- sec-fetch-site
    scripts cannot set this header, so no browser asks for it; leave it out
- X-Token Sec-WebSocket-Key
    "Sec-WebSocket-Key": scripts cannot set this header, so no browser asks
    for it; leave it out

# CORS response headers are not request headers
- Access-Control-Allow-Origin
- Access-Control-Allow-Credentials
- Access-Control-Allow-Headers
- Access-Control-Allow-Methods
- Access-Control-Allow-Private-Network
- Access-Control-Expose-Headers
- access-control-max-age
- Timing-Allow-Origin
    is a response header; name the request headers that scripts may set
ROWS

config_rows('CORSExposeHeaders', <<'ROWS');
# C-45 C-80 tokens
+ X-Request-Id ETag Retry-After
+ none
+ None
+ *
+ <x*128>
-
    CORSExposeHeaders takes one or more values
- <x*129>
    "<x*100>...": is longer than 128 bytes
- X-Request-Id,ETag
    contains a comma; separate header names with spaces
- ETag:
    is not a header name; one consists of letters, digits and
    !#$%&'*+-.^_`|~
- "X Request"
    "X Request": is not a header name; one consists of letters, digits and
    !#$%&'*+-.^_`|~

# C-45 C-80 cookies
+ Set-Cookie3 Cookie
- Set-Cookie
    browsers never show cookies to scripts of another origin; leave it out
- ETag set-cookie2
    "set-cookie2": browsers never show cookies to scripts of another origin;
    leave it out

# CORS request headers are not response headers
- Origin
- Access-Control-Request-Method
- access-control-request-headers
- Access-Control-Request-Private-Network
    is a request header; name the response headers that scripts may read

# keywords
- * ETag
    "ETag": * or none must be the only value
- ETag *
    "*": * or none must be the only value
- none ETag
    "ETag": * or none must be the only value
- ETag none
- * none
    "none": * or none must be the only value
ROWS

done_testing();
