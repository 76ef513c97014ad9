# What "Require cors" does to what other sections require, and what does not ask
# it.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use Test::More;

startup_rows(<<'ROWS');
== over what all directories require
<Directory />
    Require all denied
</Directory>
<Location "/a">
    Require cors
</Location>
? Require cors (conf:5) replaces Require all denied (conf:2): whom that keeps out
?   gets in; write AuthMerging And beside it

== the order of directories: a pattern that ends in "/"
<Directory "/srv/a/b">
    Require cors
</Directory>
<Directory "/srv/*/">
    Require all denied
</Directory>
? Require cors (conf:2) replaces Require all denied (conf:5): ...

== a path that httpd writes otherwise
<Directory "/srv/./a/">
    Require all denied
</Directory>
<Directory "/srv/a/b">
    Require cors
</Directory>
? Require cors (conf:5) replaces Require all denied (conf:2): ...

== a name with "~", which makes no regular expression
<Directory "/srv/~joe/a">
    Require cors
</Directory>
<Directory "/srv/~joe">
    Require all denied
</Directory>
? Require cors (conf:2) replaces Require all denied (conf:5): ...

== files below a pattern that ends in "/"
<Directory "/srv/*/">
    AllowOverride AuthConfig
</Directory>
<Directory "/srv/a/b">
    Require cors
</Directory>
? Require cors (conf:5) replaces what .htaccess files require by AllowOverride
?   AuthConfig (conf:2): ...

== merged with it
<Directory />
    Require all denied
</Directory>
<Location "/a">
    AuthMerging And
    Require cors
</Location>

== merged with it, said in a group
<Directory />
    Require all denied
</Directory>
<Location "/a">
    <RequireAll>
        AuthMerging And
        Require cors
        Require all granted
    </RequireAll>
</Location>

== with a lock of its own
<Directory />
    Require all denied
</Directory>
<Location "/a">
    <RequireAll>
        Require cors
        Require valid-user
    </RequireAll>
</Location>

== with "Require all granted" in <RequireAll>
<FilesMatch "^\.ht">
    Require all denied
</FilesMatch>
<Location "/a">
    <RequireAll>
        Require all granted
        Require cors
    </RequireAll>
</Location>
? Require cors (conf:7) replaces Require all denied (conf:2): ...

== a dry run
<FilesMatch "^\.ht">
    Require all denied
</FilesMatch>
<Location "/a">
    Require cors
    Require all granted
</Location>
? Require cors (conf:5) replaces Require all denied (conf:2): ...

== the last of several
<Directory />
    Require all denied
</Directory>
<Files "*.secret">
    <RequireAny>
        Require ip 10
        Require user me
    </RequireAny>
</Files>
<Location "/a">
    Require cors
</Location>
? Require cors (conf:11) replaces Require ip 10 (conf:6): ...

== in a directory that another one opens
<Directory />
    Require all denied
</Directory>
<Directory "/srv/www">
    Require all granted
</Directory>
<Directory "/srv/www/app">
    Require cors
</Directory>

== in one that it does not open
<Directory />
    Require all denied
</Directory>
<Directory "/srv/www">
    Require all granted
</Directory>
<Directory "/srv/www2/app">
    Require cors
</Directory>
? Require cors (conf:8) replaces Require all denied (conf:2): ...

== in a location that another one opens
<Files "f">
    Require ip 10
</Files>
<Location "/a">
    Require all granted
</Location>
<Location "/a/b">
    Require cors
</Location>

== a location of which another one opens what is below
<Files "a">
    Require ip 10
</Files>
<Location "/a/">
    Require all granted
</Location>
<Location "/a">
    Require cors
</Location>
? Require cors (conf:8) replaces Require ip 10 (conf:2): whom that keeps out gets
?   in; write AuthMerging And beside it

== a location below one that is written with "/"
<Files "b">
    Require ip 10
</Files>
<Location "/a/">
    Require all granted
</Location>
<Location "/a/b/">
    Require cors
</Location>

== a pattern with a backslash
<Files "f">
    Require ip 10
</Files>
<Location "/\a">
    Require all granted
</Location>
<Location "/\a/f">
    Require cors
</Location>
? Require cors (conf:8) replaces Require ip 10 (conf:2): ...

== the same, with one between them that httpd merges with all
<Files "f">
    Require ip 10
</Files>
<Location "/a">
    Require all granted
</Location>
<LocationMatch "b">
    AuthMerging And
</LocationMatch>
<Location "/a/b">
    Require cors
</Location>
? Require cors (conf:11) replaces Require ip 10 (conf:2): whom that keeps out gets
?   in; write AuthMerging And beside it

== directories in the order of their depth
<Directory "/srv/www/app">
    Require cors
</Directory>
<Directory "/srv/www/app/deeper">
    Require valid-user
</Directory>
<Directory "/srv">
    Require valid-user
</Directory>
? Require cors (conf:2) replaces Require valid-user (conf:8): ...

== directories of which none is in the other
<Directory "/srv/a">
    Require valid-user
</Directory>
<Directory "/srv/bc">
    Require cors
</Directory>

== a pattern over directories
<Directory "/srv/a/b">
    Require valid-user
</Directory>
<DirectoryMatch "/c$">
    Require cors
</DirectoryMatch>
? Require cors (conf:5) replaces Require valid-user (conf:2): ...

== a pattern of directories
<Directory "/srv/*">
    Require valid-user
</Directory>
<Directory "/srv/a/b">
    Require cors
</Directory>
? Require cors (conf:5) replaces Require valid-user (conf:2): ...

== locations in the order of the file
<Location "/a">
    Require valid-user
</Location>
<Location "/a/b">
    Require cors
</Location>
<Location "/a/b">
    Require ip 10
</Location>
? Require cors (conf:5) replaces Require valid-user (conf:2): ...

== a location around one that comes before
<Location "/a/b">
    Require valid-user
</Location>
<Location "/a">
    Require cors
</Location>
? Require cors (conf:5) replaces Require valid-user (conf:2): ...

== locations of which none is in the other
<Location "/a">
    Require valid-user
</Location>
<Location "/ab">
    Require cors
</Location>

== a location, and files of it
<Location "/a">
    Require cors
</Location>
<Files "x">
    Require valid-user
</Files>
? Require cors (conf:2) replaces Require valid-user (conf:5): ...

== files of a directory
<Directory "/srv">
    Require valid-user
    <Files "x">
        Require cors
    </Files>
</Directory>
? Require cors (conf:4) replaces Require valid-user (conf:2): ...

== other files
<Files "y">
    Require valid-user
</Files>
<Files "x">
    Require cors
</Files>

== a condition
<If "true">
    Require cors
</If>
<Location "/a">
    Require valid-user
</Location>
? Require cors (conf:2) replaces Require valid-user (conf:5): ...

== a backend, and directories
<Directory />
    Require all denied
</Directory>
<Proxy "http://backend.example/">
    Require cors
</Proxy>

== two backends
<Proxy "http://one.example/">
    Require valid-user
</Proxy>
<Proxy "http://two.example/">
    Require cors
</Proxy>

== all backends
<Proxy "*">
    Require valid-user
</Proxy>
<Proxy "http://two.example/">
    Require cors
</Proxy>
? Require cors (conf:5) replaces Require valid-user (conf:2): ...

== of the main server, over a virtual host's
<Location "/a">
    Require cors
</Location>
<VirtualHost *:1>
    ServerName one.example
    <Directory "/srv">
        Require valid-user
    </Directory>
</VirtualHost>
<VirtualHost *:1>
    ServerName two.example
    <Location "/a">
        Require valid-user
    </Location>
</VirtualHost>
? Require cors (conf:2) replaces Require valid-user (conf:7): ...

== of two virtual hosts
<VirtualHost *:1>
    <Location "/a">
        Require cors
    </Location>
</VirtualHost>
<VirtualHost *:1>
    <Files "x">
        Require valid-user
    </Files>
</VirtualHost>

== over .htaccess files
<Directory "/srv">
    AllowOverride None
    AllowOverride FileInfo AuthConfig
</Directory>
<Location "/a">
    Require cors
</Location>
? Require cors (conf:6) replaces what .htaccess files require by AllowOverride
?   FileInfo AuthConfig (conf:3): whom that keeps out gets in; write AuthMerging
?   And beside it

== over .htaccess files, by a list
<Directory "/srv">
    AllowOverrideList Require
</Directory>
<Directory "/srv/a">
    Require cors
</Directory>
? Require cors (conf:5) replaces what .htaccess files require by AllowOverrideList
?   Require (conf:2): whom that keeps out gets in; write AuthMerging And beside it

== over .htaccess files that may hold groups
<Directory "/srv">
    AllowOverrideList <RequireAll
</Directory>
<Directory "/srv/a">
    Require cors
</Directory>
? Require cors (conf:5) replaces what .htaccess files require by AllowOverrideList
?   <RequireAll (conf:2): whom that keeps out gets in; write AuthMerging And beside
?   it

== before .htaccess files
<Directory "/srv">
    AllowOverride All
    Require cors
</Directory>

== a section merged later, either of them being enough
<Location "/a">
    AuthMerging And
    Require cors
</Location>
<Location "/a/b">
    AuthMerging Or
    Require valid-user
</Location>
? Require cors (conf:3) with AuthMerging Or (conf:6), where both apply: either of
?   them is enough, so whom other lines keep out gets in; write AuthMerging And

== one that says so in a group
<Location "/a">
    AuthMerging And
    Require cors
</Location>
<Location "/a/b">
    <RequireAny>
        AuthMerging Or
        Require valid-user
    </RequireAny>
</Location>
? Require cors (conf:3) with AuthMerging Or (conf:7), where both apply: either of
?   them is enough, so whom other lines keep out gets in; write AuthMerging And

== one merged before
<Location "/a">
    AuthMerging Or
    Require valid-user
</Location>
<Location "/a/b">
    AuthMerging And
    Require cors
</Location>

== a password that is not asked for
<Location "/a">
    AuthType Basic
    AuthName a
    AuthUserFile /a
    Require cors
</Location>
? Require cors (conf:5) with AuthType Basic (conf:2): nobody is asked for a
?   password; write Require valid-user too, and both in one <RequireAll>

== a password that is not asked for in a section merged later
<Location "/a">
    Require cors
</Location>
<Location "/a/b">
    AuthType Basic
    AuthName a
    AuthUserFile /a
</Location>
? Require cors (conf:2) with AuthType Basic (conf:5): nobody is asked for a
?   password; write Require valid-user too, and both in one <RequireAll>

== one that is asked for there
<Location "/a">
    Require cors
</Location>
<Location "/a/b">
    AuthType Basic
    AuthName a
    AuthUserFile /a
    Require valid-user
</Location>

== a password that another section asks for
<Location "/a">
    AuthType Basic
    AuthName a
    AuthUserFile /a
    Require valid-user
</Location>
<Location "/a/b">
    AuthMerging And
    Require cors
</Location>

== Satisfy Any
<Location "/a">
    Satisfy Any
    Require cors
</Location>
? Require cors (conf:3) with Satisfy Any (conf:2): it is not asked about those
?   whom Allow and Deny let in; write Satisfy All in its place

== Satisfy Any in a group
<Location "/a">
    <RequireAll>
        Satisfy Any
        Require cors
    </RequireAll>
</Location>
? Require cors (conf:4) with Satisfy Any (conf:3): ...

== Satisfy Any in a section merged later
<Location "/a">
    Require cors
</Location>
<Location "/a/b">
    Satisfy Any
</Location>
? Require cors (conf:2) with Satisfy Any (conf:5): ...

== Satisfy Any around it
<Directory "/srv">
    Satisfy Any
</Directory>
<Directory "/srv/a">
    Require cors
</Directory>
? Require cors (conf:5) with Satisfy Any (conf:2): ...

== Satisfy Any, and All for some methods
<Location "/a">
    Satisfy Any
    <Limit GET>
        Satisfy All
    </Limit>
    Require cors
</Location>
? Require cors (conf:6) with Satisfy Any (conf:2): ...

== Satisfy Any, and All for some methods in a section merged later
<Location "/a">
    Satisfy Any
    Require cors
</Location>
<Location "/a">
    <Limit GET>
        Satisfy All
    </Limit>
</Location>

== Satisfy Any for some methods, and All for all
<Location "/a">
    <Limit GET>
        Satisfy Any
    </Limit>
    <RequireAll>
        Satisfy All
        Require cors
    </RequireAll>
</Location>

== Satisfy Any in a section merged later, and All
<Location "/a">
    Require cors
</Location>
<Location "/a">
    Satisfy Any
</Location>
<Location "/a">
    Satisfy All
</Location>
<Location "/b">
    Satisfy Any
</Location>

== Satisfy Any around it, and All
<Directory "/srv">
    Satisfy Any
</Directory>
<Directory "/srv/a">
    Satisfy All
    Require cors
</Directory>

== a dry run upside down
<Location "/a">
    Require all granted
    Require cors
</Location>
<Location "/b">
    <RequireAll>
        Require ip 10
        <RequireAny>
            Require all granted
            <RequireAll>
                Require cors
                Require valid-user
            </RequireAll>
        </RequireAny>
    </RequireAll>
</Location>
<Location "/c">
    <RequireAll>
        Require all granted
        Require cors
    </RequireAll>
</Location>
? Require cors (conf:3) is not asked below Require all granted (conf:2): that lets
?   everybody in; write it above
? Require cors (conf:11) is not asked below Require all granted (conf:9): ...

== a dry run upside down, with groups, methods and blanks
<Location "/a">
    Require  all  granted
    Require cors
</Location>
<Location "/b">
    <RequireAll>
        Require all granted
    </RequireAll>
    Require cors
</Location>
<Location "/c">
    <Limit GET POST>
        Require all granted
    </Limit>
    Require cors
</Location>
<Location "/d">
    <RequireAny>
        <RequireAny>
            Require ip 10
            Require all granted
        </RequireAny>
        Require cors
    </RequireAny>
</Location>
<Location "/e">
    <RequireAny>
        Require cors
        <RequireAny>
            Require all granted
        </RequireAny>
    </RequireAny>
</Location>
? Require cors (conf:3) is not asked below Require all  granted (conf:2): that lets
?   everybody in; write it above
? Require cors (conf:9) is not asked below <RequireAll> (conf:6): ...
? Require cors (conf:15) is not asked below <Limit GET POST> (conf:12): ...
? Require cors (conf:23) is not asked below <RequireAny> (conf:19): ...

== a cache in front of it
CacheEnable disk /
<Location "/a">
    Require cors
</Location>
? Require cors (conf:3) with CacheEnable disk / (conf:1): the cache answers before
?   it is asked; write CacheQuickHandler Off

== a cache in front of a part of it
<VirtualHost *:1>
    CacheEnable disk /a/b
    <Location "/a">
        Require cors
    </Location>
</VirtualHost>
? Require cors (conf:4) with CacheEnable disk /a/b (conf:2): ...

== a cache of something else
CacheEnable disk /b
CacheEnable disk /ab
CacheEnable disk http://
<Location "/a">
    Require cors
</Location>

== a cache behind it
CacheQuickHandler Off
<VirtualHost *:1>
    CacheEnable disk /
    <Location "/a">
        Require cors
    </Location>
</VirtualHost>

== any name
<VirtualHost *:1>
    ServerName a.example
    ServerAlias b.example *.example
    ServerAlias c.example *
    <Location "/a">
        Require cors
    </Location>
</VirtualHost>
? Require cors (conf:6) with ServerAlias c.example * (conf:4): a stranger may have
?   such a name, so it does not stop DNS rebinding; list the names

== names that begin alike
<VirtualHost *:1>
    ServerName www.a.example
    ServerAlias www.*
    <Location "/a">
        Require cors
    </Location>
</VirtualHost>
? Require cors (conf:5) with ServerAlias www.* (conf:3): ...

== names that end alike (libpsl)
<VirtualHost *:1>
    ServerName a.com
    ServerAlias *-dev.a.com w?w.a.com *.a.com
    ServerAlias *A.COM
    <Location "/a">
        Require cors
    </Location>
</VirtualHost>
? Require cors (conf:6) with ServerAlias *A.COM (conf:4): ...

== Origin taken away before it is asked
RequestHeader unset Origin early
<VirtualHost *:1>
    RequestHeader set Host "www.example" early
    RequestHeader set X-Other "b" early
    RequestHeader set Origin early
    RequestHeader unset Sec-Fetch-Site
    <Location "/a">
        Require cors
    </Location>
</VirtualHost>
? Require cors (conf:8) with RequestHeader set Host "www.example" early (conf:3): it
?   does not see what the browser sent; leave out early, so that only handlers and
?   backends see the change
? Require cors (conf:8) with RequestHeader unset Origin early (conf:1): ...

== Origin taken away from a host without it
<VirtualHost *:1>
    RequestHeader unset Origin early
</VirtualHost>
<VirtualHost *:1>
    <Location "/a">
        Require cors
    </Location>
</VirtualHost>

== any name of a host without it
<VirtualHost *:1>
    ServerAlias *
</VirtualHost>
<VirtualHost *:1>
    <Location "/a">
        Require cors
    </Location>
</VirtualHost>
ROWS
done_testing();
