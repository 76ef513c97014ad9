# Sections of the same kind and argument apply to the same requests, the later
# over the earlier, and a virtual host's own over those that it inherits: they
# are judged together.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use Test::More;

startup_rows(<<'ROWS');
== the host's section makes the shared one safe
<Location "/public">
    CORSAllowOrigin *
</Location>
<VirtualHost *:1>
    CORSAllowOrigin https://a.example
    CORSAllowCredentials On
    <Location "/public">
        CORSAllowCredentials Off
    </Location>
</VirtualHost>

== the same, by other origins, without quotes, in another case
<Location "/public">
    CORSAllowOrigin *
</Location>
<VirtualHost *:1>
    CORSAllowCredentials On
    <location /public>
        CORSAllowOrigin https://a.example
    </location>
</VirtualHost>

== the same in a section in a section
<Directory "/srv">
    <Files "a">
        CORSAllowOrigin *
    </Files>
</Directory>
<VirtualHost *:1>
    CORSAllowCredentials On
    <Directory "/srv">
        <Files "a">
            CORSEngine Off
        </Files>
    </Directory>
</VirtualHost>

== the same around a section
<Directory "/srv">
    <Files "a">
        CORSAllowOrigin *
    </Files>
</Directory>
<VirtualHost *:1>
    CORSAllowCredentials On
    <Directory "/srv">
        CORSAllowCredentials Off
    </Directory>
</VirtualHost>

== a later section of the server makes an earlier one safe
CORSAllowCredentials On
<LocationMatch "^/public">
    CORSAllowOrigin *
</LocationMatch>
<LocationMatch "^/public">
    CORSAllowCredentials Off
</LocationMatch>

== an earlier section of the server makes a later one safe
CORSAllowOrigin *
<Location "/a">
    CORSAllowOrigin https://a.example
</Location>
<Location "/a">
    CORSAllowCredentials On
</Location>

== in If
CORSAllowCredentials On
<If "%{HTTP:X} == 'a b'">
    CORSAllowOrigin *
</If>
<If "%{HTTP:X} == 'a b'">
    CORSAllowCredentials Off
</If>

== another path is another section
<Location "/public">
    CORSAllowOrigin *
</Location>
<VirtualHost *:1>
    CORSAllowCredentials On
    <Location "/public/">
        CORSAllowCredentials Off
    </Location>
</VirtualHost>
! CORSAllowOrigin * (conf:2) with CORSAllowCredentials On (conf:5): any site
!   could read responses with the visitor's credentials; list the origins, or
!   write CORSAllowCredentials Off

== another kind is another section
<Location "/public">
    CORSAllowOrigin *
</Location>
<VirtualHost *:1>
    CORSAllowCredentials On
    <Directory "/public">
        CORSAllowCredentials Off
    </Directory>
</VirtualHost>
! CORSAllowOrigin * (conf:2) with CORSAllowCredentials On (conf:5): any site
!   could read responses with the visitor's credentials; list the origins, or
!   write CORSAllowCredentials Off

== another section around is another section
<Directory "/srv">
    <Files "a">
        CORSAllowOrigin *
    </Files>
</Directory>
<VirtualHost *:1>
    CORSAllowCredentials On
    <Files "a">
        CORSAllowCredentials Off
    </Files>
</VirtualHost>
! CORSAllowOrigin * (conf:3) with CORSAllowCredentials On (conf:7): any site
!   could read responses with the visitor's credentials; list the origins, or
!   write CORSAllowCredentials Off

== another host's section
<Location "/public">
    CORSAllowOrigin *
</Location>
<VirtualHost *:1>
    ServerName a.test
    CORSAllowCredentials On
</VirtualHost>
<VirtualHost *:1>
    ServerName b.test
    CORSAllowCredentials On
    <Location "/public">
        CORSAllowCredentials Off
    </Location>
</VirtualHost>
! CORSAllowOrigin * (conf:2) with CORSAllowCredentials On (conf:6): any site
!   could read responses with the visitor's credentials; list the origins, or
!   write CORSAllowCredentials Off

== two Else are not the same
CORSAllowCredentials On
<If "true">
</If>
<Else>
    CORSAllowOrigin *
</Else>
<If "false">
</If>
<Else>
    CORSAllowCredentials Off
</Else>
! CORSAllowOrigin * (conf:5) with CORSAllowCredentials On (conf:1): any site
!   could read responses with the visitor's credentials; list the origins, or
!   write CORSAllowCredentials Off

== unsafe by the sections together, in a server
<Location "/a">
    CORSAllowOrigin *
</Location>
<Location "/a">
    CORSAllowCredentials On
</Location>
! CORSAllowOrigin * (conf:2) with CORSAllowCredentials On (conf:5): any site
!   could read responses with the visitor's credentials; list the origins, or
!   write CORSAllowCredentials Off

== unsafe by the sections together, in a host
<Location "/a">
    CORSAllowCredentials On
</Location>
<VirtualHost *:1>
    <Location "/a">
        CORSAllowOrigin null
    </Location>
</VirtualHost>
! CORSAllowOrigin null (conf:6) with CORSAllowCredentials On (conf:2): any page
!   can give itself the origin null; leave it out, or write
!   CORSAllowCredentials Off

== the later of two counts
<Location "/a">
    CORSAllowOrigin *
    CORSAllowCredentials Off
</Location>
<Location "/a">
    CORSAllowCredentials On
</Location>
<Location "/a">
    CORSMaxAge 1
</Location>
! CORSAllowOrigin * (conf:2) with CORSAllowCredentials On (conf:6): any site
!   could read responses with the visitor's credentials; list the origins, or
!   write CORSAllowCredentials Off

== a host's section switches on what is off
CORSEngine Off
<Location "/a">
    CORSAllowOrigin https://a.example
</Location>
<VirtualHost *:1>
    <Location "/a">
        CORSEngine On
    </Location>
</VirtualHost>

== a host's section says whose credentials
<VirtualHost *:1>
    CORSAllowOrigin https://a.example
    <Location "/a">
        CORSMaxAge 1
    </Location>
</VirtualHost>
ROWS

# What is in force, and what each says.
my $dump = dump_of(<<'CONF');
<Location "/a">
    CORSAllowOrigin https://a.example
    CORSMaxAge 1
</Location>
<Location "/a">
    CORSMaxAge 2
    CORSAllowOriginMatch https://b
</Location>
<VirtualHost *:1>
    CORSDebug On
    <Location "/a">
        CORSMaxAge 3
    </Location>
</VirtualHost>
CONF
is($dump =~ s/\A.*\n\n//r, <<'DUMP', 'dumped');
# main server
# preflights are answered at map_to_storage
<Location "/a">
    # conf:1
    CORSAllowOrigin https://a.example
    # CORSAllowOriginMatch https://b
    CORSMaxAge 1
    # CORSMaxAge 2
</Location>
<Location "/a">
    # conf:5
    CORSAllowOriginMatch https://b
    CORSMaxAge 2
</Location>

<VirtualHost *:1>
    # conf:9
    # preflights are answered at map_to_storage
    CORSDebug On
    <Location "/a">
        # conf:11
        # CORSAllowOriginMatch https://b
        CORSMaxAge 3
        # CORSDebug On
    </Location>
    # <Location "/a">
    #     # conf:1
    #     CORSAllowOriginMatch https://b
    #     CORSMaxAge 3
    #     CORSDebug On
    # </Location>
    # <Location "/a">
    #     # conf:5
    #     CORSAllowOriginMatch https://b
    #     CORSMaxAge 3
    #     CORSDebug On
    # </Location>
</VirtualHost>
DUMP
my $pasted = join '', grep { !/\A *#/ } split /^/, $dump;
is(dump_places(dump_of($pasted)), dump_places($dump), 'and dumped again');

done_testing();
