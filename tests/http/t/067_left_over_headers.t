# Lines of mod_headers that are left over: those that set Allow-Origin have no
# effect where a policy replaces it, and only there; those that change Origin
# early switch CORS off.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use Cwd qw(abs_path);
use Test::More;

my $rows = <<'ROWS';
== under keep, in a nested section
CORSAllowOrigin https://a.example
<Location "/old">
    CORSBackendHeaders keep
    Header set Access-Control-Allow-Origin "*"
</Location>

== under keep, in a section in that
CORSAllowOrigin https://a.example
<Directory "/old">
    CORSBackendHeaders keep
    <Files "a">
        Header always set Access-Control-Allow-Origin "*"
    </Files>
</Directory>

== keep is taken back
CORSAllowOrigin https://a.example
<Directory "/old">
    CORSBackendHeaders keep
    <Files "a">
        CORSBackendHeaders replace
        Header always set Access-Control-Allow-Origin "*"
    </Files>
</Directory>
? Header always set Access-Control-Allow-Origin "*" (conf:6) has no effect
?   where a CORS policy applies; remove it

== where the engine is off
CORSAllowOrigin https://a.example
<Location "/old">
    CORSEngine Off
    Header set Access-Control-Allow-Origin "*"
</Location>

== where the engine is off, by a section of the same name
CORSAllowOrigin https://a.example
<Location "/old">
    Header set Access-Control-Allow-Origin "*"
</Location>
<Location "/old">
    CORSEngine Off
</Location>

== where the engine is off, by what is around it
CORSEngine Off
CORSAllowOrigin https://a.example
<Location "/old">
    Header set Access-Control-Allow-Origin "*"
</Location>

== in a sibling without a policy
<Location "/new">
    CORSAllowOrigin https://a.example
</Location>
<Location "/old">
    Header set Access-Control-Allow-Origin "*"
</Location>

== in the server, with a policy for a part of it
Header set Access-Control-Allow-Origin "*"
<Location "/new">
    CORSAllowOrigin https://a.example
</Location>

== in the section of the policy
<Location "/new">
    CORSAllowOrigin https://a.example
    Header set Access-Control-Allow-Origin "*"
</Location>
? Header set Access-Control-Allow-Origin "*" (conf:3) has no effect where a
?   CORS policy applies; remove it

== in a section in that, and in one of the same name
<Location "/new">
    CORSAllowOrigin https://a.example
    <If "true">
        Header set Access-Control-Allow-Origin "*"
    </If>
</Location>
<Location /new>
    Header append Access-Control-Allow-Origin "*"
</Location>
? Header set Access-Control-Allow-Origin "*" (conf:4) has no effect where a
?   CORS policy applies; remove it
? Header append Access-Control-Allow-Origin "*" (conf:8) has no effect where a
?   CORS policy applies; remove it

== in the server, where a section switches off
CORSAllowOrigin https://a.example
Header set Access-Control-Allow-Origin "*"
<Location "/old">
    CORSEngine Off
</Location>

== in the server, where a section keeps
CORSAllowOrigin https://a.example
Header set Access-Control-Allow-Origin "*"
<Files "old">
    CORSBackendHeaders keep
</Files>

== in a path, another of which is off
CORSAllowOrigin https://a.example
<Location "/new">
    Header set Access-Control-Allow-Origin "*"
</Location>
<Location "/old">
    CORSEngine Off
</Location>
? Header set Access-Control-Allow-Origin "*" (conf:3) has no effect where a
?   CORS policy applies; remove it

== in a path, a part of which is off
CORSAllowOrigin https://a.example
<Location "/a">
    Header set Access-Control-Allow-Origin "*"
</Location>
<Location "/a/old">
    CORSEngine Off
</Location>

== in a directory, files of which are off
CORSAllowOrigin https://a.example
<Directory "/srv">
    Header set Access-Control-Allow-Origin "*"
</Directory>
<FilesMatch "old$">
    CORSEngine Off
</FilesMatch>

== in files of a directory, which is off where they are not
CORSAllowOrigin https://a.example
<Directory "/srv">
    <Files "a">
        Header set Access-Control-Allow-Origin "*"
    </Files>
</Directory>
<Directory "/var">
    CORSEngine Off
</Directory>
? Header set Access-Control-Allow-Origin "*" (conf:4) has no effect where a
?   CORS policy applies; remove it

== of the server, for a host without a policy too
Header set Access-Control-Allow-Origin "*"
CORSAllowOrigin https://a.example
<VirtualHost *:1>
    ServerName a.test
</VirtualHost>
<VirtualHost *:1>
    ServerName b.test
    CORSEngine Off
</VirtualHost>

== of the server, where all hosts have the policy
Header set Access-Control-Allow-Origin "*"
CORSAllowOrigin https://a.example
<VirtualHost *:1>
    ServerName a.test
</VirtualHost>
<VirtualHost *:1>
    ServerName b.test
    CORSMaxAge 1
</VirtualHost>
? Header set Access-Control-Allow-Origin "*" (conf:1) has no effect where a
?   CORS policy applies; remove it

== of a shared section, for a host that keeps
CORSAllowOrigin https://a.example
<Location "/a">
    Header set Access-Control-Allow-Origin "*"
</Location>
<VirtualHost *:1>
    CORSBackendHeaders keep
</VirtualHost>

== of a host, one that keeps and one that does not
CORSAllowOrigin https://a.example
<VirtualHost *:1>
    ServerName a.test
    CORSBackendHeaders keep
    Header set Access-Control-Allow-Origin "*"
</VirtualHost>
<VirtualHost *:1>
    ServerName b.test
    Header set Access-Control-Allow-Origin "*"
</VirtualHost>
? Header set Access-Control-Allow-Origin "*" (conf:9) has no effect where a
?   CORS policy applies; remove it

== where nobody is allowed
<Location "/a">
    CORSAllowOrigin none
    Header set Access-Control-Allow-Origin "*"
</Location>
? Header set Access-Control-Allow-Origin "*" (conf:3) has no effect where a
?   CORS policy applies; remove it

== Origin taken away early
CORSAllowOrigin https://a.example
RequestHeader unset Origin early
? RequestHeader unset Origin early (conf:2) changes the header before CORS
?   policies see it; leave out early, so that only handlers and backends see
?   the change

== Origin changed early
CORSAllowOrigin https://a.example
RequestHeader set Origin "https://a.example" early
RequestHeader edit Origin ^http: https: EARLY
RequestHeader edit* origin: a b early
RequestHeader add Origin x early
RequestHeader setifempty Origin https://a.example early
? RequestHeader set Origin "https://a.example" early (conf:2) changes the header
?   before CORS policies see it; leave out early, so that only handlers and
?   backends see the change
? RequestHeader edit Origin ^http: https: EARLY (conf:3) changes the header
?   before CORS policies see it; leave out early, so that only handlers and
?   backends see the change
? RequestHeader edit* origin: a b early (conf:4) changes the header before CORS
?   policies see it; leave out early, so that only handlers and backends see
?   the change
? RequestHeader add Origin x early (conf:5) changes the header before CORS
?   policies see it; leave out early, so that only handlers and backends see
?   the change
? RequestHeader setifempty Origin https://a.example early (conf:6) changes the
?   header before CORS policies see it; leave out early, so that only handlers
?   and backends see the change

== what preflights ask, in a host
<VirtualHost *:1>
    RequestHeader unset Access-Control-Request-Method early
    RequestHeader append Access-Control-Request-Headers x-a early
    <Location "/a">
        CORSAllowOrigin https://a.example
    </Location>
</VirtualHost>
? RequestHeader unset Access-Control-Request-Method early (conf:2) changes the
?   header before CORS policies see it; leave out early, so that only handlers
?   and backends see the change
? RequestHeader append Access-Control-Request-Headers x-a early (conf:3) changes
?   the header before CORS policies see it; leave out early, so that only
?   handlers and backends see the change

== in the server, for a policy of one host
RequestHeader unset Origin early
<VirtualHost *:1>
    ServerName a.test
</VirtualHost>
<VirtualHost *:1>
    ServerName b.test
    CORSAllowOrigin https://a.example
</VirtualHost>
? RequestHeader unset Origin early (conf:1) changes the header before CORS
?   policies see it; leave out early, so that only handlers and backends see
?   the change

== in another host
<VirtualHost *:1>
    ServerName a.test
    RequestHeader unset Origin early
</VirtualHost>
<VirtualHost *:1>
    ServerName b.test
    CORSAllowOrigin https://a.example
</VirtualHost>

== without a policy
RequestHeader unset Origin early

== not early: it comes after the decision
CORSAllowOrigin https://a.example
RequestHeader unset Origin
RequestHeader unset Origin env=early
RequestHeader set Origin early
RequestHeader edit Origin a early
<Location "/a">
    RequestHeader unset Origin
</Location>

== early in a section, where mod_headers does not look
CORSAllowOrigin https://a.example
<Location "/a">
    RequestHeader unset Origin early
</Location>

== another header
CORSAllowOrigin https://a.example
RequestHeader unset X-Origin early
RequestHeader unset Origins early
Header unset Origin early

== the recipe for fonts, in a host with credentials
CORSAllowCredentials On
CORSAllowOrigin https://app.example
Include "@recipes@/fonts-and-static-files.conf"

== the recipe for fonts for all, one host with credentials
Include "@recipes@/fonts-and-static-files.conf"
<VirtualHost *:1>
    ServerName a.test
    CORSAllowCredentials On
    CORSAllowOrigin https://app.example
</VirtualHost>
<VirtualHost *:1>
    ServerName b.test
    <Location "/">
        CORSAllowOrigin https://app.example
    </Location>
</VirtualHost>

== the recipe for fonts in a section with credentials
<Directory "/srv">
    CORSAllowCredentials On
    CORSAllowOrigin https://app.example
    Include "@recipes@/fonts-and-static-files.conf"
</Directory>
ROWS

my $recipes = abs_path('../../conf/recipes');
startup_rows($rows =~ s/\@recipes\@/$recipes/gr);

done_testing();
