# CORSPreflight early is taken where the policy is provably final, and refused
# elsewhere, with both lines.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use Test::More;

startup_rows(<<'ROWS');
== in the server
CORSPreflight early
CORSAllowOrigin https://app.example

== in a virtual host
<VirtualHost *:1>
    CORSPreflight early
    CORSAllowOrigin https://app.example
</VirtualHost>

== in sections by URL
<Location "/a">
    CORSPreflight early
    CORSAllowOrigin https://app.example
</Location>
<LocationMatch "^/b">
    CORSPreflight EARLY
    CORSAllowOrigin https://app.example
</LocationMatch>

== beside Debian's directories
<Directory />
    AllowOverride None
</Directory>
<Directory /var/www/>
    AllowOverride None
</Directory>
<FilesMatch "^\.ht">
    Require all denied
</FilesMatch>
<Location "/a">
    CORSPreflight early
    CORSAllowOrigin https://app.example
</Location>

== a policy in a directory
<Location "/a">
    CORSPreflight early
    CORSAllowOrigin https://app.example
</Location>
<Directory "/srv">
    CORSMaxAge 1
</Directory>
! CORSPreflight early (conf:2) with CORSMaxAge 1 (conf:6): it can change the
!   policy after preflights have been answered; remove it, or write
!   CORSPreflight answer

== the same, answered in time
<Location "/a">
    CORSPreflight answer
    CORSAllowOrigin https://app.example
</Location>
<Directory "/srv">
    CORSMaxAge 1
</Directory>

== the same, passed on
<Location "/a">
    CORSPreflight pass
    CORSAllowOrigin https://app.example
</Location>
<Directory "/srv">
    CORSMaxAge 1
</Directory>

== .htaccess in a directory
<Location "/a">
    CORSPreflight early
    CORSAllowOrigin https://app.example
</Location>
<Directory "/srv">
    AllowOverride FileInfo
</Directory>
! CORSPreflight early (conf:2) with AllowOverride FileInfo (conf:6): ...

== .htaccess without our directives
<Location "/a">
    CORSPreflight early
    CORSAllowOrigin https://app.example
</Location>
<Directory "/srv">
    AllowOverride AuthConfig Limit Indexes Options
    AllowOverrideList Redirect
</Directory>

== .htaccess with one of our directives
<Location "/a">
    CORSPreflight early
    CORSAllowOrigin https://app.example
</Location>
<Directory "/srv">
    AllowOverrideList CORSDebug
</Directory>
! CORSPreflight early (conf:2) with AllowOverrideList CORSDebug (conf:6): ...

== a policy in If, in the section itself
<Location "/a">
    CORSPreflight early
    CORSAllowOrigin https://app.example
    <If "true">
        CORSMaxAge 1
    </If>
</Location>
! CORSPreflight early (conf:2) with CORSMaxAge 1 (conf:5): ...

== in a server, with a policy in Files after it
CORSAllowOrigin https://app.example
CORSPreflight early
<FilesMatch "a">
    CORSEngine Off
</FilesMatch>
! CORSPreflight early (conf:2) with CORSEngine Off (conf:4): ...

== in a host, with a policy in a section of the main server
<VirtualHost *:1>
    <Location "/a">
        CORSPreflight early
        CORSAllowOrigin https://app.example
    </Location>
</VirtualHost>
<Proxy "http://a.test/">
    CORSMaxAge 1
</Proxy>
! CORSPreflight early (conf:3) with CORSMaxAge 1 (conf:8): ...

== in a host, with a policy in a section of another
<VirtualHost *:1>
    ServerName a.test
    CORSPreflight early
    CORSAllowOrigin https://app.example
</VirtualHost>
<VirtualHost *:1>
    ServerName b.test
    <Files "a">
        CORSAllowOrigin https://app.example
    </Files>
</VirtualHost>

== in a host, with .htaccess in another
<VirtualHost *:1>
    ServerName a.test
    CORSPreflight early
    CORSAllowOrigin https://app.example
</VirtualHost>
<VirtualHost *:1>
    ServerName b.test
    <Directory "/srv">
        AllowOverride All
    </Directory>
</VirtualHost>

== in the main server, with a section in one of two hosts
CORSPreflight early
CORSAllowOrigin https://app.example
<VirtualHost *:1>
    ServerName a.test
</VirtualHost>
<VirtualHost *:1>
    ServerName b.test
    <Directory "/srv">
        CORSMaxAge 1
    </Directory>
</VirtualHost>
! CORSPreflight early (conf:1) with CORSMaxAge 1 (conf:9): ...

== in the main server, with .htaccess in one of two hosts
CORSPreflight early
CORSAllowOrigin https://app.example
<VirtualHost *:1>
    ServerName a.test
</VirtualHost>
<VirtualHost *:1>
    ServerName b.test
    <Directory "/srv">
        AllowOverride All
    </Directory>
</VirtualHost>
! CORSPreflight early (conf:1) with AllowOverride All (conf:9): ...

== one message for each line that asks for it
<Location "/a">
    CORSPreflight early
    CORSAllowOrigin https://app.example
</Location>
<Location "/b">
    CORSPreflight early
    CORSAllowOrigin https://app.example
</Location>
<Files "a">
    CORSMaxAge 1
</Files>
<VirtualHost *:1>
    ServerName a.test
</VirtualHost>
! CORSPreflight early (conf:2) with CORSMaxAge 1 (conf:10): ...
! CORSPreflight early (conf:6) with CORSMaxAge 1 (conf:10): ...

== made by a macro
<Macro Early>
    CORSPreflight early
    CORSAllowOrigin https://app.example
</Macro>
<Macro Late>
    <Files "a">
        CORSMaxAge 1
    </Files>
</Macro>
<VirtualHost *:1>
    Use Early
    Use Late
</VirtualHost>
! CORSPreflight early (macro 'early' (defined on line 1 of "conf") used on line
!   11 of "conf":1) with CORSMaxAge 1 (macro 'late' (defined on line 5 of
!   "conf") used on line 12 of "conf":2): ...

== an early answer and an unsafe policy
<Location "/a">
    CORSPreflight early
    CORSAllowOrigin *
    CORSAllowCredentials On
</Location>
<Files "a">
    CORSEngine On
</Files>
! CORSAllowOrigin * (conf:3) with CORSAllowCredentials On (conf:4): any site
!   could read responses with the visitor's credentials; list the origins, or
!   write CORSAllowCredentials Off
! CORSPreflight early (conf:2) with CORSEngine On (conf:7): it can change the
!   policy after preflights have been answered; remove it, or write
!   CORSPreflight answer

== switched off
<Location "/a">
    CORSEngine Off
    CORSPreflight early
    CORSAllowOrigin https://app.example
</Location>
<Files "a">
    CORSEngine On
</Files>

== mod_userdir as Debian has it
<Directory /home/*/public_html>
    AllowOverride FileInfo AuthConfig Limit Indexes
</Directory>
<Location "/a">
    CORSPreflight early
    CORSAllowOrigin https://app.example
</Location>
! CORSPreflight early (conf:5) with AllowOverride FileInfo AuthConfig Limit
!   Indexes (conf:2): ...

== AllowOverride in a Location, the useless one, is not in the way
<Directory "/srv">
    AllowOverride None
</Directory>
<Location "/a">
    CORSPreflight early
    CORSAllowOrigin https://app.example
    AllowOverride All
</Location>
? AH00114: Useless use of AllowOverride in line 7 of conf.

== in Directory
<Directory "/srv">
    CORSPreflight early
</Directory>
!2 CORSPreflight cannot occur within <Directory> section; early answers before this context is known; write answer

== in DirectoryMatch
<DirectoryMatch "^/srv">
    CORSPreflight early
</DirectoryMatch>
!2 CORSPreflight cannot occur within <DirectoryMatch> section; ...

== in Files
<Files "a">
    CORSPreflight early
</Files>
!2 CORSPreflight cannot occur within <Files> section; ...

== in FilesMatch
<FilesMatch "a">
    CORSPreflight early
</FilesMatch>
!2 CORSPreflight cannot occur within <FilesMatch> section; ...

== in If
<If "true">
    CORSPreflight early
</If>
!2 CORSPreflight cannot occur within <If> section; ...

== in ElseIf
<If "true">
</If>
<ElseIf "true">
    CORSPreflight early
</ElseIf>
!4 CORSPreflight cannot occur within <ElseIf> section; ...

== in Else
<If "true">
</If>
<Else>
    CORSPreflight early
</Else>
!4 CORSPreflight cannot occur within <Else> section; ...

== in If, in a Location
<Location "/a">
    <If "true">
        CORSPreflight early
    </If>
</Location>
!3 CORSPreflight cannot occur within <If> section; ...

== in Proxy
<Proxy "http://a.test/">
    CORSPreflight early
</Proxy>
!2 CORSPreflight cannot occur within <Proxy> section; ...

== in ProxyMatch
<ProxyMatch "^http:">
    CORSPreflight early
</ProxyMatch>
!2 CORSPreflight cannot occur within <ProxyMatch> section; ...

== by a macro in a Location
<Macro Early>
    CORSPreflight early
</Macro>
<VirtualHost *:1>
    <Location "/a">
        Use Early
        CORSAllowOrigin https://app.example
    </Location>
</VirtualHost>

== in Limit no more than any other value
<Location "/a">
    <Limit POST>
        CORSPreflight early
    </Limit>
</Location>
!3 CORSPreflight cannot occur within <Limit> or <LimitExcept> section

== the other values in sections by file
<Directory "/srv">
    CORSPreflight answer
    CORSAllowOrigin https://app.example
    <Files "a">
        CORSPreflight pass
    </Files>
</Directory>
ROWS

done_testing();
