# A warning is true for the section that it names, in every server that inherits
# it; and following it opens nothing that was closed.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use Test::More;

startup_rows(<<'ROWS');
== off in one host, on in another: origins
<Location "/x">
    CORSAllowOrigin https://a.example
</Location>
<VirtualHost *:1>
    ServerName a.test
</VirtualHost>
<VirtualHost *:1>
    ServerName b.test
    CORSEngine Off
</VirtualHost>

== off in one host, on in another: a regular expression, in a directory
<Directory "/srv">
    CORSAllowOriginMatch https://a\.example
</Directory>
<VirtualHost *:1>
    ServerName b.test
    CORSEngine Off
</VirtualHost>
<VirtualHost *:1>
    ServerName a.test
    CORSMaxAge 1
</VirtualHost>

== off in the server, on in a host
CORSEngine Off
<Location "/x">
    CORSAllowOrigin https://a.example
</Location>
<VirtualHost *:1>
    ServerName a.test
    CORSEngine On
</VirtualHost>

== off in the server, and in a host by a line of its own
CORSEngine Off
<Location "/x">
    CORSAllowOrigin https://a.example
</Location>
<VirtualHost *:1>
    ServerName a.test
    CORSEngine Off
</VirtualHost>

== off in the server, for all hosts
CORSEngine Off
<Location "/x">
    CORSAllowOrigin https://a.example
</Location>
<VirtualHost *:1>
    ServerName a.test
</VirtualHost>
<VirtualHost *:1>
    ServerName b.test
    CORSMaxAge 1
</VirtualHost>
? CORSAllowOrigin https://a.example (conf:3) has no effect: CORSEngine Off
?   (conf:1) switches it off; add CORSEngine On

== origins in one host only: a number
<Location "/x">
    CORSMaxAge 600
</Location>
<VirtualHost *:1>
    ServerName a.test
    CORSAllowOrigin https://a.example
</VirtualHost>
<VirtualHost *:1>
    ServerName b.test
</VirtualHost>

== origins in one host only: methods, in files
<Files "x">
    CORSAllowMethods PUT
</Files>
<VirtualHost *:1>
    ServerName b.test
    CORSDebug On
</VirtualHost>
<VirtualHost *:1>
    ServerName a.test
    <Directory "/srv">
        CORSAllowOriginMatch https://a\.example
    </Directory>
</VirtualHost>
? CORSDebug On (conf:6) has no effect: no origin is allowed there; add
?   CORSAllowOrigin

== .htaccess in one host only
<Location "/x">
    CORSMaxAge 600
</Location>
<VirtualHost *:1>
    ServerName a.test
    <Directory "/srv">
        AllowOverride FileInfo
    </Directory>
</VirtualHost>

== origins in no host
<Location "/x">
    CORSMaxAge 600
</Location>
<VirtualHost *:1>
    ServerName a.test
    CORSEngine On
</VirtualHost>
<VirtualHost *:1>
    ServerName b.test
</VirtualHost>
? CORSMaxAge 600 (conf:2) has no effect: no origin is allowed there; add
?   CORSAllowOrigin

== off, but another section switches on
CORSEngine Off
<Location "/x">
    CORSAllowOrigin https://a.example
</Location>
<Location "/x/y">
    CORSEngine On
</Location>

== off, but a section before switches on, with its own origins
CORSEngine Off
<Directory "/srv">
    CORSEngine On
    CORSAllowOrigin https://b.example
</Directory>
<Location "/x">
    CORSAllowOrigin https://a.example
</Location>

== off, but a section in it switches on
CORSEngine Off
<Location "/x">
    CORSAllowOrigin https://a.example
    <If "true">
        CORSEngine On
    </If>
</Location>

== off, and a section in a section in it switches on its own origins
CORSEngine Off
<Directory "/x">
    CORSAllowOrigin https://a.example
    <Files "a">
        CORSMaxAge 1
        <If "true">
            CORSEngine On
            CORSAllowOrigin https://b.example
        </If>
    </Files>
</Directory>
? CORSAllowOrigin https://a.example (conf:3) has no effect: CORSEngine Off
?   (conf:1) switches it off; add CORSEngine On

== off, but .htaccess may switch on
CORSEngine Off
<Directory "/srv">
    AllowOverride FileInfo
</Directory>
<Location "/x">
    CORSAllowOrigin https://a.example
</Location>

== off, but a shared section switches on in a host
<Location "/y">
    CORSEngine On
</Location>
<VirtualHost *:1>
    CORSEngine Off
    <Location "/x">
        CORSAllowOrigin https://a.example
    </Location>
</VirtualHost>

== off, and another host's section switches on
<VirtualHost *:1>
    ServerName a.test
    CORSEngine Off
    <Location "/x">
        CORSAllowOrigin https://a.example
    </Location>
</VirtualHost>
<VirtualHost *:1>
    ServerName b.test
    <Location "/x/y">
        CORSEngine On
    </Location>
</VirtualHost>
? CORSAllowOrigin https://a.example (conf:5) has no effect: CORSEngine Off
?   (conf:3) switches it off; add CORSEngine On

== the last of two lines switches off: the server
CORSEngine On
CORSEngine Off
<Location "/x">
    CORSAllowOrigin https://a.example
</Location>
? CORSAllowOrigin https://a.example (conf:4) has no effect: CORSEngine Off
?   (conf:2) switches it off; add CORSEngine On

== the last of two lines switches off: a section
<Directory "/srv">
    CORSEngine On
    corsengine off
    <Files "a">
        CORSAllowOrigin https://a.example
    </Files>
</Directory>
? CORSAllowOrigin https://a.example (conf:5) has no effect: CORSEngine off
?   (conf:3) switches it off; add CORSEngine On

== the last of two lines switches on
CORSEngine Off
CORSEngine On
<Location "/x">
    CORSAllowOrigin https://a.example
</Location>

== the last of two lines is cited in errors too
CORSAllowCredentials On
CORSAllowOrigin *
CORSAllowCredentials On
! CORSAllowOrigin * (conf:2) with CORSAllowCredentials On (conf:3): any site
!   could read responses with the visitor's credentials; list the origins, or
!   write CORSAllowCredentials Off

== each of two lines with an origin is cited
CORSAllowOrigin https://*.example.com https://b.example
CORSAllowOrigin https://a.example.com
CORSAllowOrigin https://c.example https://a.example.com
? CORSAllowOrigin https://a.example.com (conf:2) has no effect:
?   https://*.example.com covers it
? CORSAllowOrigin https://a.example.com (conf:3) has no effect:
?   https://*.example.com covers it

== the line of the first unsafe origin is cited, not one that is replaced
CORSAllowCredentials On
CORSAllowOrigin null
<Location "/a">
    CORSAllowOrigin https://a.example
    CORSAllowOriginMatch https://b\.example
    CORSAllowOrigin https://c.example null
</Location>
! CORSAllowOrigin null (conf:2) with CORSAllowCredentials On (conf:1): any page
!   can give itself the origin null; leave it out, or write
!   CORSAllowCredentials Off
! CORSAllowOrigin null (conf:6) with CORSAllowCredentials On (conf:1): any page
!   can give itself the origin null; leave it out, or write
!   CORSAllowCredentials Off

== warnings and errors in one run, each once
CORSAllowOrigin https://*.example.com https://a.example.com
<Location "/a">
    CORSAllowOrigin null
    CORSAllowCredentials On
</Location>
<Location "/b">
    CORSEngine Off
    <If "true">
        CORSAllowOrigin https://b.example https://b.example.net
    </If>
</Location>
<VirtualHost *:1>
    ServerName a.test
</VirtualHost>
<VirtualHost *:1>
    ServerName b.test
    CORSMaxAge 1
</VirtualHost>
? CORSAllowOrigin https://a.example.com (conf:1) has no effect:
?   https://*.example.com covers it
? CORSAllowOrigin https://b.example https://b.example.net (conf:9) has no
?   effect: CORSEngine Off (conf:7) switches it off; add CORSEngine On
! CORSAllowOrigin null (conf:3) with CORSAllowCredentials On (conf:4): any page
!   can give itself the origin null; leave it out, or write
!   CORSAllowCredentials Off
ROWS

# Errors are printed whatever LogLevel says.
my $unsafe = "CORSAllowOrigin *\nCORSAllowCredentials On\n";
my $any    = 'any site could read responses with the visitor\'s credentials;'
    . ' list the origins, or write CORSAllowCredentials Off';
for my $level (qw(error crit alert emerg cors:crit)) {
    startup_is("LogLevel $level\n$unsafe",
        [ "! CORSAllowOrigin * (conf:2) with CORSAllowCredentials On"
            . " (conf:3): $any" ], "an error, LogLevel $level");
    startup_is(
        "LogLevel warn\n<VirtualHost *:1>\nLogLevel $level\n"
            . "<Location \"/a\">\n$unsafe</Location>\n</VirtualHost>\n",
        [ "! CORSAllowOrigin * (conf:5) with CORSAllowCredentials On"
            . " (conf:6): $any" ], "an error in a host, LogLevel $level");
    startup_is(
        "LogLevel $level\nCORSPreflight early\n"
            . "CORSAllowOrigin https://a.example\n<Files \"a\">\n"
            . "CORSMaxAge 1\n</Files>\n",
        [ '! CORSPreflight early (conf:2) with CORSMaxAge 1 (conf:5): it can'
            . ' change the policy after preflights have been answered; remove'
            . ' it, or write CORSPreflight answer' ],
        "early, LogLevel $level");
    startup_is("LogLevel $level\nCORSMaxAge 1\n", [],
        "no warning, LogLevel $level");
}

done_testing();
