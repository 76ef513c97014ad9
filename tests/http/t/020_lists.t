# What the directives that list methods and header names refuse.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use Test::More;

config_rows('CORSAllowMethods', <<'ROWS');
# C-80 tokens
+ GET HEAD POST PUT DELETE OPTIONS
+ PATCH PROPFIND patch M-SEARCH !#$%&'+-.^_`|~
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

# C-57 C-80 near forbidden methods; 022_names_without_effect.t has these
+ TRACEROUTE CONNECTED TRACKS

# wildcards
- P*
    a method has no wildcard; list the methods, or write only * for every
    method
- GET *UT
    "*UT": a method has no wildcard; list the methods, or write only * for
    every method
- PROP*H
    a method has no wildcard; list the methods, or write only * for every
    method

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
+ X-Amz-* Authorization x-goog-*
+ * X-Amz-* Authorization
+ <x*126>-*
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

# wildcards
- X-*-Meta
    a * can only stand for the end of a name, after a hyphen, as in X-Amz-*,
    or alone
- Accept *-Meta
    "*-Meta": a * can only stand for the end of a name, after a hyphen, as in
    X-Amz-*, or alone
- X-Amz*
    a * can only stand for the end of a name, after a hyphen, as in X-Amz-*,
    or alone
- -*
    a * can only stand for the end of a name, after a hyphen, as in X-Amz-*,
    or alone
- <x*127>-*
    "<x*100>...": is longer than 128 bytes
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

# wildcards
+ X-Amz-Meta-* ETag X-*
- X-*-Id
    a * can only stand for the end of a name, after a hyphen, as in X-Amz-*,
    or alone
- ETag X-Amz*
    "X-Amz*": a * can only stand for the end of a name, after a hyphen, as in
    X-Amz-*, or alone
- * X-Amz-*
    "X-Amz-*": * or none must be the only value

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
