package RecipeCases;

=head1 NAME

RecipeCases - recipes of mod_headers as people publish them, others that show
one thing each, and what the dump makes of them

=head1 DESCRIPTION

C<recipe_cases($dir)> returns hashes:

    title    where such a recipe was found, or what it is
    config   the recipe; the names and the domains are ours
    dump     what -D DUMP_CORS prints of it: all but the recipe's lines
    section  the line that opens the section that it is in, or undef
    policy   the directives that the dump proposes, undef if there are none
    is_exact whether it says that they do the same

C<$dir> is the directory of C<< <Directory> >>. In the text below, each recipe stands
between its title and a line C<-->, and the dump follows.

=cut

use strict;
use warnings;

use Exporter 'import';

our @EXPORT = qw(recipe_cases);

my $text = do { local $/ = undef; <DATA> };

sub recipe_cases {
    my ($dir) = @_;
    my @cases;
    for my $block (split /^== /m, $text =~ s/\@dir\@/$dir/gr) {
        my ($title, $config, $dump) = $block =~ /\A([^\n]*)\n(.*?)^--\n(.*)\z/ms
            or next;
        my ($section) = $config =~ /^(<.*)/m;
        my ($policy)  = $dump   =~ /^policy:\n(.*)/ms;
        push @cases,
            {
            title    => $title,
            config   => $config,
            dump     => $dump,
            section  => $section,
            policy   => $policy,
            is_exact => $dump =~ /^exact$/m ? 1 : 0,
            };
    }
    return @cases;
}

1;

__DATA__
== github.com/monsur/enable-cors.org: the one line of its page for Apache
Header set Access-Control-Allow-Origin "*"
--
exact
policy:
    CORSAllowOrigin *
== github.com/monsur/enable-cors.org issue 92: echo of a variable that CGI has
Header always set Access-Control-Allow-Origin "%{HTTP_ORIGIN}e" env=HTTP_ORIGIN
--
cannot tell:
    - Header always set Access-Control-Allow-Origin "%{HTTP_ORIGIN}e" env=HTTP_ORIGIN (conf:1): it depends on HTTP_ORIGIN, which no SetEnvIf Origin sets
== github.com/monsur/enable-cors.org issue 88: $0$1
<Directory "@dir@">
    SetEnvIf Origin "http(s)?://(www|foo\.)?(site.example)$" ALLOWED=$0$1
    Header always add Access-Control-Allow-Origin %{ALLOWED}e env=ALLOWED
    Header always set Access-Control-Allow-Credentials true
    Header always set Access-Control-Allow-Methods "GET,POST,OPTIONS,DELETE,PUT"
    Header always set Access-Control-Allow-Headers "Content-Type,Authorization"
    RewriteEngine On
    RewriteCond %{REQUEST_METHOD} OPTIONS
    RewriteRule ^(.*)$ $1 [R=200,L]
</Directory>
--
differences:
    - SetEnvIf Origin "http(s)?://(www|foo\.)?(site.example)$" ALLOWED=$0$1 (conf:2): also matches inside another origin: the regex has no ^
    - SetEnvIf Origin "http(s)?://(www|foo\.)?(site.example)$" ALLOWED=$0$1 (conf:2): also matches other origins: a dot without a backslash is any character
    - never worked for https://wwwsite.example, say: Access-Control-Allow-Origin is https://wwwsite.examples
    - left out, as insecure with credentials: http://wwwsite.example http://foo.site.example http://site.example
    - today it also lets in http://wwwsitexexample
needs no listing: OPTIONS
policy:
    CORSAllowOrigin https://wwwsite.example https://foo.site.example https://site.example
    CORSAllowMethods GET POST DELETE PUT
    CORSAllowHeaders Content-Type Authorization
    CORSAllowCredentials On
== github.com/monsur/enable-cors.org issue 105: any origin, with credentials
SetEnvIfNoCase ORIGIN ".+" ORIGINVAR=$0
SetEnvIfNoCase ORIGIN "^$" ORIGINVAR="*"
Header always set Access-Control-Allow-Origin %{ORIGINVAR}e
SetEnvIfNoCase ORIGIN ".+" CREDS=true
SetEnvIfNoCase ORIGIN "^$" CREDS=false
Header always set Access-Control-Allow-Credentials %{CREDS}e
Header always set Access-Control-Allow-Methods "POST, GET, OPTIONS, DELETE, PUT"
Header always set Access-Control-Allow-Headers "x-requested-with, Content-Type, origin, authorization, accept"
RewriteEngine On
RewriteCond %{REQUEST_METHOD} OPTIONS
RewriteRule ^(.*)$ $1 [R=200,L]
--
cannot tell:
    - with credentials, it would let in any origin
== github.com/h5bp/server-configs-apache: fonts
<FilesMatch "\.(eot|otf|tt[cf]|woff2?)$">
    Header set Access-Control-Allow-Origin "*"
</FilesMatch>
--
exact
policy:
    CORSAllowOrigin *
== github.com/h5bp/server-configs-apache: images
<FilesMatch "\.(gif|ico|jpe?g|png|svgz?|webp)$">
    SetEnvIf Origin ":" IS_CORS
    Header set Access-Control-Allow-Origin "*" env=IS_CORS
</FilesMatch>
--
differences:
    - * also lets in pages whose origin is null: sandboxed frames, local files
policy:
    CORSAllowOrigin *
== github.com/h5bp/server-configs-apache: resource timing
Header set Timing-Allow-Origin "*"
--
cannot tell:
    - nothing here lets an origin in: an application may
== github.com/pradiptabasu/pbasu-CORS-articles: fonts, for some
<FilesMatch "\.(ttf|otf|eot|woff|woff2)$">
    SetEnvIf Origin "http(s)?://(www\.)?(one.example|two.example)$" ALLOWED=$0
    Header add Access-Control-Allow-Origin %{ALLOWED}e env=ALLOWED
    Header merge Vary Origin
</FilesMatch>
--
differences:
    - SetEnvIf Origin "http(s)?://(www\.)?(one.example|two.example)$" ALLOWED=$0 (conf:2): also matches other origins: a dot without a backslash is any character
    - today it also lets in https://onexexample
policy:
    CORSAllowOrigin https://www.one.example https://www.two.example https://one.example https://two.example http://www.one.example http://www.two.example http://one.example http://two.example
== github.com/jedi58/ossus: the same with escaped dots
<FilesMatch "\.(ttf|otf|eot|woff|css|js)$">
    SetEnvIf Origin "http(s)?://(www\.)?(one\.co\.example|two\.co\.example)$" ALLOWED=$0
    Header add Access-Control-Allow-Origin %{ALLOWED}e env=ALLOWED
    Header always set Vary Origin
</FilesMatch>
--
exact
policy:
    CORSAllowOrigin https://www.one.co.example https://www.two.co.example https://one.co.example https://two.co.example http://www.one.co.example http://www.two.co.example http://one.co.example http://two.co.example
== github.com/Ulibka68/jino-resize-image-woodtools: subdomains
SetEnvIf Origin "^(.*\.site\.example)$" SUB=$1
<FilesMatch "\.woff$">
    Header set Access-Control-Allow-Origin "%{SUB}e" env=SUB
</FilesMatch>
--
exact
policy:
    CORSAllowOriginMatch "(.*\.site\.example)"
== github.com/Ulibka68/jino-resize-image-woodtools: in <If>
<If "%{HTTP:Host} =~ /cdn/ && %{HTTP:Origin} =~ /main/">
    Header set Access-Control-Allow-Origin "*"
</If>
--
cannot tell:
    - <If "%{HTTP:Host} =~ /cdn/ && %{HTTP:Origin} =~ /main/"> (conf:1): it applies to some requests only
== github.com/Cfval/Recuperacion_Proyecto: a virtual host
RewriteEngine On
RewriteCond %{REQUEST_METHOD} OPTIONS
RewriteRule ^(.*)$ $1 [R=200]
Header always add Access-Control-Allow-Origin "*"
Header always add Access-Control-Allow-Methods "GET, POST, PUT, DELETE, OPTIONS"
Header always add Access-Control-Allow-Headers "origin, x-requested-with, content-type"
--
exact
needs no listing: OPTIONS origin
policy:
    CORSAllowOrigin *
    CORSAllowMethods GET POST PUT DELETE
    CORSAllowHeaders x-requested-with content-type
== github.com/mohsenmojadam2019/apache-cheatsheet: no origin
Header always set Access-Control-Allow-Methods "*"
Header always set Access-Control-Allow-Headers "Content-Type, x-requested-with, Authorization, Accept"
--
cannot tell:
    - nothing here lets an origin in: an application may
== github.com/fanzila/RMS: set and add
Header set Access-Control-Allow-Origin "*"
Header set Access-Control-Allow-Headers "Origin, X-Requested-With, Content-Type, Accept"
Header add Access-Control-Allow-Methods "PUT, GET, POST, DELETE, OPTIONS"
Header add Access-Control-Max-Age 86400
--
differences:
    - preflights reach the handler today, and pass only where it answers them
needs no listing: OPTIONS Origin
policy:
    CORSAllowOrigin *
    CORSAllowMethods PUT GET POST DELETE
    CORSAllowHeaders X-Requested-With Content-Type Accept
    CORSMaxAge 86400
== github.com/csirtgadgets/cif-v1 pull request 76
SetEnvIf Origin "^https?://(app.example)$" origin_is=$0
Header always set Access-Control-Allow-Origin %{origin_is}e env=origin_is
Header always set Access-Control-Allow-Headers "x-requested-with"
--
differences:
    - SetEnvIf Origin "^https?://(app.example)$" origin_is=$0 (conf:1): also matches other origins: a dot without a backslash is any character
    - preflights reach the handler today, and pass only where it answers them
    - today it also lets in https://appxexample
policy:
    CORSAllowOrigin https://app.example http://app.example
    CORSAllowHeaders x-requested-with
== github.com/Richardinho/cors-experiment: .htaccess
<Directory "@dir@">
    Header set Access-Control-Allow-Origin "*"
</Directory>
--
exact
policy:
    CORSAllowOrigin *
== gist brianlmoon/2291111c5c69252c85f4: [^/]*
SetEnvIf Origin "^https?://[^/]*(one|two)\.example$" ORIGIN=$0
Header set Access-Control-Allow-Origin %{ORIGIN}e env=ORIGIN
Header set Access-Control-Allow-Credentials "true" env=ORIGIN
Header merge Vary Origin
--
differences:
    - SetEnvIf Origin "^https?://[^/]*(one|two)\.example$" ORIGIN=$0 (conf:1): also matches look-alikes: no dot is between .* and the domain
    - left out, as insecure with credentials: http://*.one.example http://one.example http://*.two.example http://two.example
    - today it also lets in https://evilone.example
policy:
    CORSAllowOrigin https://*.one.example https://one.example https://*.two.example https://two.example
    CORSAllowCredentials On
== gist sergioska/077d34c94314882e4c515a8f96142cb4: <LocationMatch>
<LocationMatch "/">
    Header set Access-Control-Allow-Origin "*"
    Header set Access-Control-Allow-Methods "POST, GET, OPTIONS, DELETE, PUT"
    Header set Access-Control-Max-Age "1000"
    Header set Access-Control-Allow-Headers "x-requested-with, Content-Type, origin, authorization, accept"
</LocationMatch>
--
differences:
    - preflights reach the handler today, and pass only where it answers them
needs no listing: OPTIONS origin
policy:
    CORSAllowOrigin *
    CORSAllowMethods POST GET DELETE PUT
    CORSAllowHeaders x-requested-with Content-Type authorization accept
    CORSMaxAge 1000
== gist NosearY/59976f29f932b1224b6eada0f0684171: with ports
SetEnvIf Origin "http(s)?://(www\.)?(dev.test.example:18088|uat.test.example:18088|test.example)$" ALLOWED=$0
Header always set Access-Control-Allow-Origin %{ALLOWED}e env=ALLOWED
Header always set Access-Control-Allow-Methods "PUT, GET, POST, DELETE, OPTIONS"
Header always set Access-Control-Allow-Headers "x-requested-with, Content-Type, origin, authorization, accept, token, x-locale"
Header always set Access-Control-Expose-Headers "Content-Security-Policy, Location"
Header always set Access-Control-Max-Age "600"
RewriteEngine On
RewriteCond %{REQUEST_METHOD} OPTIONS
RewriteRule ^(.*)$ $1 [R=200,L]
--
differences:
    - SetEnvIf Origin "http(s)?://(www\.)?(dev.test.example:18088|uat.test.example:18088|test.example)$" ALLOWED=$0 (conf:1): also matches other origins: a dot without a backslash is any character
    - today it also lets in https://devxtest.example:18088
needs no listing: OPTIONS origin
policy:
    CORSAllowOrigin https://www.dev.test.example:18088 https://www.uat.test.example:18088 https://www.test.example https://dev.test.example:18088 https://uat.test.example:18088 https://test.example http://www.dev.test.example:18088 http://www.uat.test.example:18088 http://www.test.example http://dev.test.example:18088 http://uat.test.example:18088 http://test.example
    CORSAllowMethods PUT GET POST DELETE
    CORSAllowHeaders x-requested-with Content-Type authorization accept token x-locale
    CORSExposeHeaders Content-Security-Policy Location
    CORSMaxAge 600
== gist osahner/b8aa7129d4e3819385cba3b79ddc93f6: any origin of the web, with credentials
<Directory "@dir@">
    SetEnvIf Origin "^http(s)?://.+$" ALLOWED=$0
    Header always set Access-Control-Allow-Origin %{ALLOWED}e env=ALLOWED
    Header always set Access-Control-Allow-Credentials true env=ALLOWED
    Header always set Access-Control-Allow-Methods "HEAD, POST, GET, OPTIONS, DELETE, PUT"
    Header always set Access-Control-Allow-Headers "x-requested-with, Content-Type, origin, authorization, accept"
</Directory>
--
cannot tell:
    - with credentials, it would let in any origin: http(s)?://.+
== gist chales/1d8d868f50bc1cde9fa2: subdomains, append
SetEnvIf Origin "^http(s)?://(.+\.)?(one\.example|two\.example)$" ALLOWED=$0
Header always set Access-Control-Allow-Origin "%{ALLOWED}e" env=ALLOWED
Header merge Vary "Origin"
Header always append Access-Control-Max-Age "1000"
Header always append Access-Control-Allow-Headers "X-Requested-With, Content-Type, Origin, Authorization, Accept, Accept-Encoding"
Header always set Access-Control-Allow-Methods "POST, GET, OPTIONS, DELETE, PUT"
RewriteEngine On
RewriteCond %{REQUEST_METHOD} OPTIONS
RewriteRule ^(.*)$ $1 [R=200,L]
--
exact
needs no listing: OPTIONS Origin Accept-Encoding
policy:
    CORSAllowOrigin https://*.one.example https://*.two.example https://one.example https://two.example http://*.one.example http://*.two.example http://one.example http://two.example
    CORSAllowMethods POST GET DELETE PUT
    CORSAllowHeaders X-Requested-With Content-Type Authorization Accept
    CORSMaxAge 1000
== gist tomlankhorst/490e745775d0c5b987f458aa6045e32b: a proxy
SetEnvIf Origin "http(s)?://(www.api.example|beta.api.example:8000)$" ALLOWED=$0
Header always set Access-Control-Allow-Origin %{ALLOWED}e env=ALLOWED
Header always set Access-Control-Allow-Credentials true
Header always set Access-Control-Allow-Headers "Origin, Authorization, Accept"
Header always set Access-Control-Allow-Methods "POST, GET, OPTIONS, DELETE, PUT"
Header always set Access-Control-Max-Age "600"
Header always set Access-Control-Expose-Headers "Content-Security-Policy, Location"
Header merge Vary Origin
RewriteEngine On
RewriteCond %{REQUEST_METHOD} OPTIONS
RewriteRule ^(.*)$ $1 [R=204,L]
--
differences:
    - SetEnvIf Origin "http(s)?://(www.api.example|beta.api.example:8000)$" ALLOWED=$0 (conf:1): also matches other origins: a dot without a backslash is any character
    - left out, as insecure with credentials: http://www.api.example http://beta.api.example:8000
    - today it also lets in https://wwwxapi.example
needs no listing: OPTIONS Origin
policy:
    CORSAllowOrigin https://www.api.example https://beta.api.example:8000
    CORSAllowMethods POST GET DELETE PUT
    CORSAllowHeaders Authorization Accept
    CORSExposeHeaders Content-Security-Policy Location
    CORSAllowCredentials On
    CORSMaxAge 600
== gist veewee/4538ff871e960f8426b1: without credentials
Header always set Access-Control-Allow-Origin "*"
Header always set Access-Control-Allow-Methods "POST, GET, PUT, OPTIONS, PATCH, DELETE"
Header always set Access-Control-Allow-Headers "X-Accept-Charset,X-Accept,Content-Type,Accept,Accept-Charset,x-requested-with,Authorization"
RewriteEngine On
RewriteCond %{REQUEST_METHOD} OPTIONS
RewriteRule ^(.*)$ $1 [R=200,L,E=HTTP_ORIGIN:%{HTTP:ORIGIN}]
--
exact
needs no listing: OPTIONS Accept-Charset
policy:
    CORSAllowOrigin *
    CORSAllowMethods POST GET PUT PATCH DELETE
    CORSAllowHeaders X-Accept-Charset X-Accept Content-Type Accept x-requested-with Authorization
== credentials for whoever registers a name of one letter
SetEnvIf Origin "^https://([a-z]\.example)$" ALLOWED=$0
Header always set Access-Control-Allow-Origin %{ALLOWED}e env=ALLOWED
Header always set Access-Control-Allow-Credentials true env=ALLOWED
--
cannot tell:
    - with credentials, it would let in all domains under a public suffix: https://([a-z]\.example)
== gist veewee/4538ff871e960f8426b1: with credentials
SetEnvIfNoCase ORIGIN (.*) ORIGIN=$1
Header always set Access-Control-Allow-Methods "POST, GET, PUT, OPTIONS, PATCH, DELETE"
Header always set Access-Control-Allow-Origin "%{ORIGIN}e"
Header always set Access-Control-Allow-Credentials "true"
Header always set Access-Control-Allow-Headers "X-Accept,Content-Type,Accept"
--
cannot tell:
    - with credentials, it would let in any origin
== gist ericcgu/6de73b6f4014df04e28762d6d896f061: a directory
<Directory "@dir@">
    Header always set Access-Control-Allow-Origin "*"
    Header always set Access-Control-Allow-Methods "POST, GET, OPTIONS, DELETE, PUT"
    Header always set Access-Control-Allow-Headers "x-requested-with, Content-Type, origin, authorization, accept"
    Header always set Access-Control-Expose-Headers "Content-Security-Policy, Location"
    Header always set Access-Control-Max-Age "600"
    RewriteEngine On
    RewriteCond %{REQUEST_METHOD} OPTIONS
    RewriteRule ^(.*)$ $1 [R=200,L]
</Directory>
--
exact
needs no listing: OPTIONS origin
policy:
    CORSAllowOrigin *
    CORSAllowMethods POST GET DELETE PUT
    CORSAllowHeaders x-requested-with Content-Type authorization accept
    CORSExposeHeaders Content-Security-Policy Location
    CORSMaxAge 600
== a headless CMS guide: two names, 204
SetEnvIf Origin "^https://(app|staging)\.site\.example$" CORS_ORIGIN=$0
Header always set Access-Control-Allow-Origin %{CORS_ORIGIN}e env=CORS_ORIGIN
Header always set Access-Control-Allow-Methods "GET, POST, PUT, DELETE, OPTIONS"
Header always set Access-Control-Allow-Headers "Authorization, Content-Type, X-WP-Nonce"
Header always set Access-Control-Allow-Credentials "true"
Header always set Access-Control-Max-Age "86400"
RewriteEngine On
RewriteCond %{REQUEST_METHOD} OPTIONS
RewriteRule ^(.*)$ $1 [R=204,L]
--
exact
needs no listing: OPTIONS
policy:
    CORSAllowOrigin https://app.site.example https://staging.site.example
    CORSAllowMethods GET POST PUT DELETE
    CORSAllowHeaders Authorization Content-Type X-WP-Nonce
    CORSAllowCredentials On
    CORSMaxAge 86400
== a salon's site: several lines for one variable, behind a redirect
<Directory "@dir@">
    RewriteEngine On
    RewriteCond %{HTTPS} never
    RewriteRule ^(.*)$ https://%{HTTP_HOST}%{REQUEST_URI} [L,R=301]
    RewriteCond %{REQUEST_METHOD} OPTIONS
    RewriteRule ^(.*)$ $1 [R=200,L]
    SetEnvIf Origin "^https://(www\.)?site\.example$" ALLOWED=$0
    SetEnvIf Origin "^https://test\.site\.example$" ALLOWED=$0
    SetEnvIf Origin "^http://localhost:3000$" ALLOWED=$0
    Header always set Access-Control-Allow-Origin "%{ALLOWED}e" env=ALLOWED
    Header always set Access-Control-Allow-Methods "GET, POST, PUT, DELETE, OPTIONS"
    Header always set Access-Control-Allow-Headers "Content-Type, Authorization, X-Requested-With"
    Header always set Access-Control-Allow-Credentials "true"
    Header always set Access-Control-Max-Age "3600"
</Directory>
--
differences:
    - RewriteRule ^(.*)$ https://%{HTTP_HOST}%{REQUEST_URI} [L,R=301] (conf:4): where it applies, preflights get its answer today
needs no listing: OPTIONS
policy:
    CORSAllowOrigin https://www.site.example https://site.example https://test.site.example http://localhost:3000
    CORSAllowMethods GET POST PUT DELETE
    CORSAllowHeaders Content-Type Authorization X-Requested-With
    CORSAllowCredentials On
    CORSMaxAge 3600
== an API's vhost: one origin, proxied
Header always set Access-Control-Allow-Origin "https://app.example"
Header always set Access-Control-Allow-Methods "GET, POST, PUT, DELETE, OPTIONS"
Header always set Access-Control-Allow-Headers "Content-Type, Authorization"
Header always set Access-Control-Allow-Credentials "true"
RewriteEngine On
RewriteCond %{REQUEST_METHOD} OPTIONS
RewriteRule ^(.*)$ $1 [R=200,L]
--
exact
needs no listing: OPTIONS
policy:
    CORSAllowOrigin https://app.example
    CORSAllowMethods GET POST PUT DELETE
    CORSAllowHeaders Content-Type Authorization
    CORSAllowCredentials On
== an office add-in's guide: in a <Location>
<Location "/api/">
    Header always set Access-Control-Allow-Origin  "https://addin.example"
    Header always set Access-Control-Allow-Headers "Authorization, Content-Type"
    Header always set Access-Control-Allow-Methods "GET, POST, PUT, DELETE, OPTIONS"
    RewriteEngine On
    RewriteCond %{REQUEST_METHOD} OPTIONS
    RewriteRule ^ - [R=204,L]
</Location>
--
differences:
    - RewriteRule ^ - [R=204,L] (conf:7): rules are not supported in this section, and may not answer today
needs no listing: OPTIONS
policy:
    CORSAllowOrigin https://addin.example
    CORSAllowMethods GET POST PUT DELETE
    CORSAllowHeaders Authorization Content-Type
== a shop's guide: for some Accept
RewriteEngine on
RewriteCond %{REQUEST_METHOD} OPTIONS
RewriteRule ^(.*)$ "index.html" [R=200,E=API:1,PT]
SetEnvIf Accept application/json API
Header always set Access-Control-Allow-Origin "*" env=API
Header always set Access-Control-Allow-Methods "POST, GET, OPTIONS, DELETE, PUT" env=API
--
cannot tell:
    - Header always set Access-Control-Allow-Origin "*" env=API (conf:5): it depends on API, which is not set by Origin alone: SetEnvIf Accept application/json API (conf:4)
    - Header always set Access-Control-Allow-Methods "POST, GET, OPTIONS, DELETE, PUT" env=API (conf:6): it depends on API, which is not set by Origin alone: SetEnvIf Accept application/json API (conf:4)
== a demo's vhost: preflights without headers
Header set Access-Control-Allow-Origin "*"
Header always set Access-Control-Allow-Methods "POST, GET, OPTIONS, PUT, DELETE"
RewriteEngine On
RewriteCond %{REQUEST_METHOD} OPTIONS
RewriteRule ^(.*)$ $1 [R=200,L]
--
differences:
    - RewriteRule ^(.*)$ $1 [R=200,L] (conf:5): no preflight passes today: its answer has no Access-Control-Allow-Origin
needs no listing: OPTIONS
policy:
    CORSAllowOrigin *
    CORSAllowMethods POST GET PUT DELETE
== a shared host's guide: Allow-Origin is 1
SetEnvIf Origin "^https?://(www\.)?(site\.example|localhost)(:\d+)?$" CORS=1
Header always set Access-Control-Allow-Origin "%{CORS}e" env=CORS
Header always set Access-Control-Allow-Methods "GET, POST, PUT, DELETE, OPTIONS, PATCH"
Header always set Access-Control-Allow-Headers "Content-Type, Authorization, X-CSRF-Token"
Header always set Access-Control-Max-Age "3600"
RewriteEngine On
RewriteCond %{REQUEST_METHOD} OPTIONS
RewriteRule ^(.*)$ - [R=200,L]
--
differences:
    - never worked for https://www.site.example, say: Access-Control-Allow-Origin is 1
needs no listing: OPTIONS
policy:
    CORSAllowOrigin https://www.site.example:* https://www.localhost:* https://site.example:* https://localhost:* http://www.site.example:* http://www.localhost:* http://site.example:* http://localhost:*
    CORSAllowMethods GET POST PUT DELETE PATCH
    CORSAllowHeaders Content-Type Authorization X-CSRF-Token
    CORSMaxAge 3600
== the same with credentials
SetEnvIf Origin "^https?://(www\.)?(site\.example|localhost)(:\d+)?$" CORS=1
Header always set Access-Control-Allow-Origin "%{CORS}e" env=CORS
Header always set Access-Control-Allow-Credentials "true"
--
differences:
    - never worked for https://www.site.example, say: Access-Control-Allow-Origin is 1
    - left out, as insecure with credentials: http://www.site.example:* http://site.example:*
policy:
    CORSAllowOrigin https://www.site.example:* https://www.localhost:* https://site.example:* https://localhost:* http://www.localhost:* http://localhost:*
    CORSAllowCredentials On
== a mix server's notes: [a-zA-Z0-9-]+
SetEnvIf Origin "^(https://([a-zA-Z0-9-]+\.)*site\.example)$" CORS_ORIGIN=$1
Header set Access-Control-Allow-Origin "%{CORS_ORIGIN}e" env=CORS_ORIGIN
Header set Access-Control-Allow-Methods "GET, HEAD, OPTIONS"
Header set Access-Control-Allow-Headers "Range"
Header set Access-Control-Expose-Headers "Content-Length, Content-Range, Accept-Ranges"
Header merge Vary Origin
--
differences:
    - preflights reach the handler today, and pass only where it answers them
needs no listing: HEAD OPTIONS
policy:
    CORSAllowOriginMatch "(https://([a-zA-Z0-9-]+\.)*site\.example)"
    CORSAllowMethods GET
    CORSAllowHeaders Range
    CORSExposeHeaders Content-Length Content-Range Accept-Ranges
== uploads of a school: a platform's subdomains
SetEnvIf Origin "^https://site\.example$" ALLOWED=$0
SetEnvIf Origin "^https://www\.site\.example$" ALLOWED=$0
SetEnvIf Origin "^https://.*\.vercel\.app$" ALLOWED=$0
SetEnvIf Origin "^http://localhost:3[0-9]{3,}$" ALLOWED=$0
Header set Access-Control-Allow-Origin "%{ALLOWED}e" env=ALLOWED
--
exact
policy:
    CORSAllowOrigin https://site.example https://www.site.example https://*.vercel.app
    CORSAllowOriginMatch "http://localhost:3[0-9]{3,}"
== a CMS: credentials for some, and all for scripts
SetEnvIf Origin "^https://(cms\.)?site\.example$" ORIGIN_DOMAIN=$0
Header set Access-Control-Allow-Origin "%{ORIGIN_DOMAIN}e" env=ORIGIN_DOMAIN
Header set Access-Control-Allow-Credentials "true" env=ORIGIN_DOMAIN
Header set Access-Control-Allow-Methods "GET, POST, OPTIONS"
Header set Access-Control-Allow-Headers "Content-Type, Authorization"
<FilesMatch "\.(js|css|woff|woff2|ttf|svg|eot)$">
    Header set Access-Control-Allow-Origin "*"
</FilesMatch>
--
recipe in main server
differences:
    - preflights reach the handler today, and pass only where it answers them
needs no listing: OPTIONS
policy:
    CORSAllowOrigin https://cms.site.example https://site.example
    CORSAllowMethods GET POST
    CORSAllowHeaders Content-Type Authorization
    CORSAllowCredentials On
recipe in <FilesMatch "\.(js|css|woff|woff2|ttf|svg|eot)$"> (conf:6)
cannot tell:
    - Access-Control-Allow-Credentials is not the same for all origins that may read
== a Solid server: all, and an echo, with credentials
Header always set Access-Control-Allow-Origin *
SetEnvIf Origin "(.+)" ALLOWED=$0
Header always set Access-Control-Allow-Origin %{ALLOWED}e env=ALLOWED
Header always set Access-Control-Allow-Credentials true
Header always set Access-Control-Allow-Headers "*, allow, authorization, content-type, dpop, slug"
Header always set Access-Control-Allow-Methods "GET, PUT, POST, OPTIONS"
--
cannot tell:
    - with credentials, it would let in any origin
== an API: the second line replaces the first
Header set Access-Control-Allow-Origin "https://www.site.example"
Header set Access-Control-Allow-Origin "https://dev.site.example"
Header always set Access-Control-Allow-Methods "POST, GET, OPTIONS, DELETE, PUT"
Header set Access-Control-Allow-Headers "Content-Type, Authorization"
--
differences:
    - never worked for https://www.site.example, say: Access-Control-Allow-Origin is https://dev.site.example
    - preflights reach the handler today, and pass only where it answers them
needs no listing: OPTIONS
policy:
    CORSAllowOrigin https://www.site.example https://dev.site.example
    CORSAllowMethods POST GET DELETE PUT
    CORSAllowHeaders Content-Type Authorization
== a cloud template: colons, credentials with *
<Location "/">
    Header set Access-Control-Allow-Origin: *
    Header set Access-Control-Allow-Methods: "GET"
    Header add Access-Control-Allow-Headers: "Authorization, Content-Type, Accept"
    Header set Access-Control-Allow-Credentials: true
</Location>
--
cannot tell:
    - with credentials, it would let in any origin
== fromdev.com: several in one value
Header set Access-Control-Allow-Origin "https://one.example https://two.example"
--
differences:
    - never worked for https://one.example, say: Access-Control-Allow-Origin is https://one.example https://two.example
policy:
    CORSAllowOrigin https://one.example https://two.example
== the recipe of the README
SetEnvIf Origin "^https?://(.*)example\.com" CORS_ORIGIN=$0
Header always set Access-Control-Allow-Origin "%{CORS_ORIGIN}e" env=CORS_ORIGIN
Header always set Access-Control-Allow-Credentials "true"
Header always set Access-Control-Allow-Methods "GET, POST, PUT, DELETE, OPTIONS"
Header always set Access-Control-Allow-Headers "Authorization, Content-Type"
Header set Vary "Origin"
RewriteEngine On
RewriteCond %{REQUEST_METHOD} OPTIONS
RewriteRule ^ - [R=204,L]
--
differences:
    - SetEnvIf Origin "^https?://(.*)example\.com" CORS_ORIGIN=$0 (conf:1): also matches look-alikes: no dot is between .* and the domain
    - left out, as insecure with credentials: http://*.example.com http://example.com
    - today it also lets in https://evilexample.com
needs no listing: OPTIONS
policy:
    CORSAllowOrigin https://*.example.com https://example.com
    CORSAllowMethods GET POST PUT DELETE
    CORSAllowHeaders Authorization Content-Type
    CORSAllowCredentials On
== no ^ and no $: seen by a fixed value
SetEnvIf Origin "https://a\.example" A
Header set Access-Control-Allow-Origin * env=A
--
differences:
    - SetEnvIf Origin "https://a\.example" A (conf:1): also matches inside another origin: the regex has no ^
    - SetEnvIf Origin "https://a\.example" A (conf:1): also matches longer origins: the regex has no $
    - today it also lets in https://a.example:1
policy:
    CORSAllowOrigin https://a.example
== no ^ and no $: an Allow-Origin that is the match is no origin then
SetEnvIf Origin "https://(www\.)?a\.example" A=$0
Header set Access-Control-Allow-Origin %{A}e env=A
--
exact
policy:
    CORSAllowOrigin https://www.a.example https://a.example
== a string, which is no regular expression to mod_setenvif
SetEnvIf Origin "https://a\.example" A=$0
Header set Access-Control-Allow-Origin %{A}e env=A
--
differences:
    - SetEnvIf Origin "https://a\.example" A=$0 (conf:1): also matches inside another origin: the regex has no ^
    - SetEnvIf Origin "https://a\.example" A=$0 (conf:1): also matches longer origins: the regex has no $
    - never worked for https://a.example, say: Access-Control-Allow-Origin is $0
policy:
    CORSAllowOrigin https://a.example
== .* without a dot
SetEnvIf Origin "^https://.*a\.example$" A=$0
Header set Access-Control-Allow-Origin %{A}e env=A
--
differences:
    - SetEnvIf Origin "^https://.*a\.example$" A=$0 (conf:1): also matches look-alikes: no dot is between .* and the domain
    - today it also lets in https://evila.example
policy:
    CORSAllowOrigin https://*.a.example https://a.example
== subdomains and ports
SetEnvIfNoCase Origin "^https://(.*\.)?A\.example(:\d+)?$" A=$0
Header set Access-Control-Allow-Origin %{A}e env=A
--
exact
policy:
    CORSAllowOrigin https://*.a.example:* https://a.example:*
== what patterns cannot say
SetEnvIf Origin "^https://pr-[0-9]+\.a\.example$" A=$0
Header set Access-Control-Allow-Origin %{A}e env=A
--
exact
policy:
    CORSAllowOriginMatch "https://pr-[0-9]+\.a\.example"
== the same with an open end
SetEnvIf Origin "^https://pr-[0-9]+\.a\." A=$0
Header set Access-Control-Allow-Origin %{A}e env=A
--
cannot tell:
    - SetEnvIf Origin "^https://pr-[0-9]+\.a\." A=$0 (conf:1): which origins it matches cannot be put in other words
== the same with an open end, and a fixed value
SetEnvIf Origin "pr-[0-9]+\.a\.example" A
Header set Access-Control-Allow-Origin * env=A
--
exact
policy:
    CORSAllowOriginMatch ".*pr-[0-9]+\.a\.example.*"
== an origin that no browser sends
SetEnvIf Origin "^https://a\.example/$" A=$0
SetEnvIf Origin "^https://b\.example$" A=$0
Header set Access-Control-Allow-Origin %{A}e env=A
--
exact
notes:
    - SetEnvIf Origin "^https://a\.example/$" A=$0 (conf:1): browsers send no such origin
policy:
    CORSAllowOrigin https://b.example
== a trailing slash, and a path in capitals
Header set Access-Control-Allow-Origin "https://A.example/x"
--
differences:
    - never worked for https://a.example, say: Access-Control-Allow-Origin is https://A.example/x
policy:
    CORSAllowOrigin https://a.example
== several in one value
Header set Access-Control-Allow-Origin "https://a.example, https://b.example"
--
differences:
    - never worked for https://a.example, say: Access-Control-Allow-Origin is https://a.example, https://b.example
policy:
    CORSAllowOrigin https://a.example https://b.example
== no origin
Header set Access-Control-Allow-Origin "a.example"
--
cannot tell:
    - Header set Access-Control-Allow-Origin "a.example" (conf:1): its value is not an origin
== two lines
Header set Access-Control-Allow-Origin "*"
Header always set Access-Control-Allow-Origin "*"
--
differences:
    - never worked for https://a.invalid, say: Access-Control-Allow-Origin is *, *
policy:
    CORSAllowOrigin *
== unset, and set again
Header unset Access-Control-Allow-Origin
Header always unset Access-Control-Allow-Origin
Header always set Access-Control-Allow-Origin "https://a.example"
--
exact
policy:
    CORSAllowOrigin https://a.example
== unset in a section
Header set Access-Control-Allow-Origin "*"
<Location "/a">
    Header unset Access-Control-Allow-Origin
</Location>
--
recipe in main server
exact
policy:
    CORSAllowOrigin *
recipe in <Location "/a"> (conf:2)
cannot tell:
    - nothing here lets an origin in: an application may
== null with credentials
SetEnvIf Origin "^(null|https://a\.example)$" A=$1
Header set Access-Control-Allow-Origin %{A}e env=A
Header set Access-Control-Allow-Credentials true
--
cannot tell:
    - with credentials, it would let in the origin null: null
== only insecure origins with credentials
Header set Access-Control-Allow-Origin http://a.example
Header set Access-Control-Allow-Credentials true
--
cannot tell:
    - with credentials, it would let in an insecure origin: http://a.example
== a public suffix with credentials
SetEnvIf Origin "^https://.*\.com$" A=$0
Header set Access-Control-Allow-Origin %{A}e env=A
Header set Access-Control-Allow-Credentials true
--
cannot tell:
    - with credentials, it would let in all domains under a public suffix: https://*.com
== lists as they are found
Header set Access-Control-Allow-Origin https://a.example
Header set Access-Control-Allow-Methods "put, PATCH, OPTIONS, HEAD, TRACE"
Header set Access-Control-Allow-Headers "X-*, Host, Sec-A, Access-Control-Allow-Origin, X-A"
Header set Access-Control-Expose-Headers "ETag, Set-Cookie"
Header set Access-Control-Max-Age 864000
Header set Access-Control-Allow-Credentials True
--
differences:
    - Access-Control-Allow-Headers: left out, though pages could send them: Access-Control-Allow-Origin
    - preflights reach the handler today, and pass only where it answers them
notes:
    - Access-Control-Allow-Credentials: never had an effect: True
    - Access-Control-Allow-Methods: never had an effect: put TRACE
    - Access-Control-Allow-Headers: never had an effect: X-*
needs no listing: OPTIONS HEAD Host Sec-A Set-Cookie
policy:
    CORSAllowOrigin https://a.example
    CORSAllowMethods PATCH
    CORSAllowHeaders X-A
    CORSExposeHeaders ETag
    CORSMaxAge 86400
== a list with blanks
Header set Access-Control-Allow-Origin https://a.example
Header set Access-Control-Allow-Methods "GET PUT"
Header set Access-Control-Max-Age "1 day"
--
differences:
    - no preflight passes today: Access-Control-Allow-Methods is not a list with commas
    - preflights reach the handler today, and pass only where it answers them
notes:
    - Access-Control-Max-Age: never had an effect: 1 day
policy:
    CORSAllowOrigin https://a.example
    CORSAllowMethods GET PUT
== * among others
Header set Access-Control-Allow-Origin https://a.example
Header set Access-Control-Allow-Methods "GET, *"
Header set Access-Control-Allow-Headers "*, Authorization"
Header set Access-Control-Expose-Headers "*, ETag"
--
differences:
    - preflights reach the handler today, and pass only where it answers them
policy:
    CORSAllowOrigin https://a.example
    CORSAllowMethods *
    CORSAllowHeaders * Authorization
    CORSExposeHeaders *
== * with credentials is a name, but not for requests without them
Header set Access-Control-Allow-Origin https://a.example
Header set Access-Control-Allow-Methods "*"
Header set Access-Control-Allow-Headers "*, X-A"
Header set Access-Control-Expose-Headers "*"
Header set Access-Control-Allow-Credentials true
--
differences:
    - Access-Control-Allow-Methods: left out: *, which today covers requests without credentials
    - Access-Control-Allow-Headers: left out: *, which today covers requests without credentials
    - Access-Control-Expose-Headers: left out: *, which today covers requests without credentials
    - preflights reach the handler today, and pass only where it answers them
policy:
    CORSAllowOrigin https://a.example
    CORSAllowHeaders X-A
    CORSAllowCredentials On
== timing, the same and not the same
SetEnvIf Origin "^https://a\.example$" A=$0
Header set Access-Control-Allow-Origin %{A}e env=A
Header set Timing-Allow-Origin %{A}e env=A
<Location "/a">
    Header set Timing-Allow-Origin *
</Location>
--
recipe in main server
exact
policy:
    CORSAllowOrigin https://a.example
    CORSTimingAllowOrigin On
recipe in <Location "/a"> (conf:4)
exact
notes:
    - Timing-Allow-Origin may stay: the policy does not touch it
policy:
    CORSAllowOrigin https://a.example
    CORSTimingAllowOrigin Off
== what a rule cannot answer: headers of a directory
RewriteEngine On
RewriteCond %{REQUEST_METHOD} OPTIONS
RewriteRule ^ - [R=204,L]
<Directory "@dir@">
    Header always set Access-Control-Allow-Origin *
</Directory>
--
differences:
    - RewriteRule ^ - [R=204,L] (conf:3): no preflight passes today: its answer has no Access-Control-Allow-Origin
policy:
    CORSAllowOrigin *
== a rule, and a variable of a section
RewriteEngine On
RewriteCond %{REQUEST_METHOD} OPTIONS
RewriteRule ^ - [R=204,L]
<Location "/a">
    SetEnvIf Origin "^https://a\.example$" A=$0
    Header always set Access-Control-Allow-Origin %{A}e env=A
</Location>
--
differences:
    - RewriteRule ^ - [R=204,L] (conf:3): no preflight passes today: its answer has no Access-Control-Allow-Origin
policy:
    CORSAllowOrigin https://a.example
== a rule whose answer lacks a list
Header always set Access-Control-Allow-Origin *
Header set Access-Control-Allow-Methods PUT
RewriteEngine On
RewriteCond %{REQUEST_METHOD} OPTIONS
RewriteRule ^ - [R=204,L]
--
differences:
    - RewriteRule ^ - [R=204,L] (conf:5): its answer to preflights has another Access-Control-Allow-Methods than other responses, or none
policy:
    CORSAllowOrigin *
    CORSAllowMethods PUT
== a rule without an engine
Header always set Access-Control-Allow-Origin *
RewriteCond %{REQUEST_METHOD} OPTIONS
RewriteRule ^ - [R=204,L]
--
exact
notes:
    - RewriteRule ^ - [R=204,L] (conf:3): RewriteEngine is not On
policy:
    CORSAllowOrigin *
== a rule that forbids
Header always set Access-Control-Allow-Origin *
Header always set Access-Control-Allow-Methods PUT
RewriteEngine On
RewriteCond %{REQUEST_METHOD} OPTIONS
RewriteRule ^ - [F]
--
differences:
    - RewriteRule ^ - [F] (conf:5): no preflight passes today: browsers refuse that status
policy:
    CORSAllowOrigin *
    CORSAllowMethods PUT
== a rule for some URLs, and under a condition
Header always set Access-Control-Allow-Origin *
RewriteEngine On
RewriteCond %{REQUEST_METHOD} OPTIONS
RewriteCond %{HTTP:Origin} !^$
RewriteCond %{HTTPS} on
RewriteRule ^/api - [R=204,L]
--
cannot tell:
    - RewriteCond %{HTTPS} on (conf:5): it decides which preflights are answered
    - RewriteRule ^/api - [R=204,L] (conf:6): it answers preflights of some URLs only
== rules from elsewhere
Header always set Access-Control-Allow-Origin *
RewriteEngine On
RewriteOptions Inherit
--
cannot tell:
    - RewriteOptions Inherit (conf:3): it decides which rules apply
== a rule alone
RewriteEngine On
RewriteCond %{REQUEST_METHOD} OPTIONS
RewriteRule ^ - [R=204,L]
--
cannot tell:
    - nothing here lets an origin in: an application may
== virtual hosts inherit no rules
Header always set Access-Control-Allow-Origin *
Header always set Access-Control-Allow-Methods PUT
RewriteEngine On
RewriteCond %{REQUEST_METHOD} OPTIONS
RewriteRule ^ - [R=204,L]
<VirtualHost *:1>
</VirtualHost>
--
differences:
    - RewriteRule ^ - [R=204,L] (conf:5): not in virtual hosts, which inherit the rest
policy:
    CORSAllowOrigin *
    CORSAllowMethods PUT
== expressions
Header set Access-Control-Allow-Origin expr=%{req:Origin}
Header set Access-Control-Allow-Credentials true "expr=%{HTTP_HOST} == 'a'"
--
cannot tell:
    - Header set Access-Control-Allow-Origin expr=%{req:Origin} (conf:1): an expression makes the value
    - Header set Access-Control-Allow-Credentials true "expr=%{HTTP_HOST} == 'a'" (conf:2): an expression decides when it applies
    - Header set Access-Control-Allow-Origin expr=%{req:Origin} (conf:1): it depends on req:Origin, which no SetEnvIf Origin sets
== other actions
Header edit Access-Control-Allow-Origin a b
Header set Access-Control-Max-Age "%D"
Header set Access-Control-Allow-Methods PUT early
Header note Access-Control-Allow-Headers x
Header set Access-Control-Allow-Method PUT
--
cannot tell:
    - Header edit Access-Control-Allow-Origin a b (conf:1): it changes what others have sent
    - Header set Access-Control-Max-Age "%D" (conf:2): its value depends on more than Origin
    - Header set Access-Control-Allow-Methods PUT early (conf:3): it comes before the response is made
== a header that browsers do not read
Header set Access-Control-Allow-Origin *
Header set Access-Control-Allow-Method PUT
--
exact
notes:
    - Header set Access-Control-Allow-Method PUT (conf:2): no browser reads that header
policy:
    CORSAllowOrigin *
== Origin on its way to a backend
Header set Access-Control-Allow-Origin *
RequestHeader unset Origin
<Location "/a">
    RequestHeader unset Origin early
</Location>
--
recipe in main server
exact
notes:
    - RequestHeader unset Origin (conf:2): it may stay: the policy sees what the browser sent
policy:
    CORSAllowOrigin *
recipe in <Location "/a"> (conf:3)
cannot tell:
    - RequestHeader unset Origin early (conf:4): it changes Origin before the policy sees it
== a variable that something else sets, too
SetEnvIf Origin "^https://a\.example$" A=$0
SetEnv A https://b.example
Header set Access-Control-Allow-Origin %{A}e env=A
--
cannot tell:
    - Header set Access-Control-Allow-Origin %{A}e env=A (conf:3): it depends on A, which is not set by Origin alone: SetEnv A https://b.example (conf:2)
== an exception from a wildcard
SetEnvIf Origin "^https://.*\.a\.example$" A=$0
SetEnvIf Origin "^https://evil\.a\.example$" !A
Header set Access-Control-Allow-Origin %{A}e env=A
--
differences:
    - https://evil.a.example is not let in today
policy:
    CORSAllowOrigin https://*.a.example
== an exception for a part of a wildcard
SetEnvIf Origin "^https://.*\.a\.example$" A=$0
SetEnvIf Origin "^https://sub\." !A
Header set Access-Control-Allow-Origin %{A}e env=A
--
cannot tell:
    - some origins of https://*.a.example are let in, and others are not
== some get more than others
SetEnvIf Origin "^https://.*\.a\.example$" A=$0
SetEnvIf Origin "^https://admin\.a\.example$" B
Header set Access-Control-Allow-Origin %{A}e env=A
Header set Access-Control-Allow-Credentials true env=B
--
cannot tell:
    - Access-Control-Allow-Credentials is not the same for all origins that may read
== regular expressions are not what they seem
RegexDefaultOptions +ICASE
SetEnvIf Origin "^https://a\.example$" A=$0
Header set Access-Control-Allow-Origin %{A}e env=A
--
cannot tell:
    - RegexDefaultOptions +ICASE (conf:1): it changes what regular expressions match
== in <Limit>
<Location "/a">
    <Limit GET>
        Header set Access-Control-Allow-Origin *
    </Limit>
</Location>
--
cannot tell:
    - <Limit GET> (conf:2): it applies to some requests only
== sections that meet, and some that do not
<Location "/a">
    Header set Access-Control-Allow-Origin https://a.example
</Location>
<Location "/b">
    Header set Access-Control-Allow-Origin https://b.example
</Location>
<Location "/b/c">
    Header set Access-Control-Allow-Origin https://c.example
    <If "true">
        Header set Access-Control-Allow-Origin https://d.example
    </If>
</Location>
--
recipe in <Location "/a"> (conf:1)
exact
policy:
    CORSAllowOrigin https://a.example
recipe in <Location "/b"> (conf:4)
differences:
    - <Location "/b/c"> (conf:7): a recipe, too; where both apply, httpd merges them
    - <If "true"> (conf:9): a recipe, too; where both apply, httpd merges them
policy:
    CORSAllowOrigin https://b.example
recipe in <Location "/b/c"> (conf:7)
differences:
    - <Location "/b"> (conf:4): a recipe, too; where both apply, httpd merges them
    - <If "true"> (conf:9): a recipe, too; where both apply, httpd merges them
policy:
    CORSAllowOrigin https://c.example
recipe in <Location "/b/c"> (conf:7) <If "true"> (conf:9)
cannot tell:
    - <If "true"> (conf:9): it applies to some requests only
== null among what patterns cannot say
SetEnvIf Origin "^(null|https://pr-[0-9]+\.a\.example)$" A=$0
Header set Access-Control-Allow-Origin %{A}e env=A
--
exact
policy:
    CORSAllowOrigin null
    CORSAllowOriginMatch "(null|https://pr-[0-9]+\.a\.example)"
== what patterns cannot say, with credentials
SetEnvIf Origin "^https?://pr-[0-9]+\.a\.example$" A=$0
Header set Access-Control-Allow-Origin %{A}e env=A
Header set Access-Control-Allow-Credentials true
--
differences:
    - left out, as insecure with credentials: http origins that CORSAllowOriginMatch matches
policy:
    CORSAllowOriginMatch "https?://pr-[0-9]+\.a\.example"
    CORSAllowCredentials On
== the same with https alone
SetEnvIf Origin "^https://pr-[0-9]+\.a\.example$" A=$0
Header set Access-Control-Allow-Origin %{A}e env=A
Header set Access-Control-Allow-Credentials true
--
exact
policy:
    CORSAllowOriginMatch "https://pr-[0-9]+\.a\.example"
    CORSAllowCredentials On
== * for some, with credentials, which have no effect then
SetEnvIf Origin "^https://pr-[0-9]+\.a\.example$" A
Header always set Access-Control-Allow-Origin * env=A
Header always set Access-Control-Allow-Credentials true
--
exact
notes:
    - Access-Control-Allow-Credentials: never had an effect: true beside *
policy:
    CORSAllowOriginMatch "https://pr-[0-9]+\.a\.example"
== * for one, an echo for another, with credentials
SetEnvIf Origin "^https://a\.example$" A=$0
SetEnvIf Origin "^https://b\.example$" B
Header set Access-Control-Allow-Origin %{A}e env=A
Header set Access-Control-Allow-Origin * env=B
Header set Access-Control-Allow-Credentials true
--
cannot tell:
    - Access-Control-Allow-Credentials is not the same for all origins that may read
== blanks around values, which browsers drop
Header always set Access-Control-Allow-Origin " https://a.example	"
Header always set Access-Control-Allow-Credentials "true "
Header always set Access-Control-Max-Age " 600"
--
exact
policy:
    CORSAllowOrigin https://a.example
    CORSAllowCredentials On
    CORSMaxAge 600
== merge adds no value twice
Header always set Access-Control-Allow-Origin https://a.example
Header always merge Access-Control-Allow-Origin https://a.example
Header always merge Access-Control-Allow-Credentials true
Header always merge Access-Control-Allow-Credentials true
--
exact
policy:
    CORSAllowOrigin https://a.example
    CORSAllowCredentials On
== merge adds what has a blank
Header always set Access-Control-Allow-Origin https://a.example
Header always merge Access-Control-Allow-Origin " https://a.example"
--
differences:
    - never worked for https://a.example, say: Access-Control-Allow-Origin is https://a.example,  https://a.example
policy:
    CORSAllowOrigin https://a.example
== merge adds another value, and another case
Header always set Access-Control-Allow-Origin https://a.example
Header always set Access-Control-Allow-Credentials True
Header always merge Access-Control-Allow-Credentials true
Header always merge Access-Control-Allow-Origin https://a
--
differences:
    - never worked for https://a.example, say: Access-Control-Allow-Origin is https://a.example, https://a
notes:
    - Access-Control-Allow-Credentials: never had an effect: True, true
policy:
    CORSAllowOrigin https://a.example https://a
== a rule for whatever is no other method
Header set Access-Control-Allow-Origin https://a.example
RewriteEngine On
RewriteCond %{REQUEST_METHOD} !^(GET|HEAD|POST)$
RewriteRule ^ - [R=204,L]
--
differences:
    - RewriteRule ^ - [R=204,L] (conf:4): it answers other methods, too: leave it for those, but not for OPTIONS
    - RewriteRule ^ - [R=204,L] (conf:4): no preflight passes today: its answer has no Access-Control-Allow-Origin
policy:
    CORSAllowOrigin https://a.example
== a rule in small letters
Header set Access-Control-Allow-Origin https://a.example
RewriteEngine On
RewriteCond %{REQUEST_METHOD} ^options$ [NC]
RewriteRule ^ - [R=204,L]
--
differences:
    - RewriteRule ^ - [R=204,L] (conf:4): no preflight passes today: its answer has no Access-Control-Allow-Origin
policy:
    CORSAllowOrigin https://a.example
== a rule that never answers: small letters without NC
Header set Access-Control-Allow-Origin https://a.example
RewriteEngine On
RewriteCond %{REQUEST_METHOD} ^options$
RewriteRule ^ - [R=204,L]
--
exact
policy:
    CORSAllowOrigin https://a.example
== a rule for preflights by their field
Header set Access-Control-Allow-Origin https://a.example
RewriteEngine On
RewriteCond %{HTTP:Access-Control-Request-Method} !^$
RewriteRule ^ - [R=204,L]
--
differences:
    - RewriteRule ^ - [R=204,L] (conf:4): no preflight passes today: its answer has no Access-Control-Allow-Origin
policy:
    CORSAllowOrigin https://a.example
== a rule by the request line
Header set Access-Control-Allow-Origin https://a.example
RewriteEngine On
RewriteCond %{THE_REQUEST} ^OPTIONS
RewriteRule ^ - [R=204,L]
--
differences:
    - RewriteRule ^ - [R=204,L] (conf:4): no preflight passes today: its answer has no Access-Control-Allow-Origin
policy:
    CORSAllowOrigin https://a.example
== rules by an expression, and by some request lines
Header set Access-Control-Allow-Origin https://a.example
RewriteEngine On
RewriteCond expr "%{REQUEST_METHOD} == 'OPTIONS'"
RewriteRule ^ - [R=204,L]
RewriteCond %{THE_REQUEST} "^OPTIONS /api"
RewriteRule ^ - [R=204,L]
--
cannot tell:
    - RewriteCond expr "%{REQUEST_METHOD} == 'OPTIONS'" (conf:3): it decides which preflights are answered
    - RewriteCond %{THE_REQUEST} "^OPTIONS /api" (conf:5): it decides which preflights are answered
== a rule that may be skipped
Header always set Access-Control-Allow-Origin https://a.example
RewriteEngine On
RewriteRule ^/x - [S=1]
RewriteCond %{REQUEST_METHOD} OPTIONS
RewriteRule ^ - [R=204,L]
--
cannot tell:
    - RewriteRule ^/x - [S=1] (conf:3): it decides which preflights are answered
== a rule that is chained to another
Header always set Access-Control-Allow-Origin https://a.example
RewriteEngine On
RewriteRule ^/x - [C]
RewriteCond %{REQUEST_METHOD} OPTIONS
RewriteRule ^ - [R=204,L]
--
cannot tell:
    - RewriteRule ^/x - [C] (conf:3): it decides which preflights are answered
== a rule whose answer lacks Max-Age
Header always set Access-Control-Allow-Origin *
Header set Access-Control-Max-Age 600
RewriteEngine On
RewriteCond %{REQUEST_METHOD} OPTIONS
RewriteRule ^ - [R=204,L]
--
differences:
    - RewriteRule ^ - [R=204,L] (conf:5): its answer to preflights has another Access-Control-Max-Age than other responses, or none
policy:
    CORSAllowOrigin *
    CORSMaxAge 600
== * for headers, which covers Authorization today
Header always set Access-Control-Allow-Origin *
Header always set Access-Control-Allow-Headers *
RewriteEngine On
RewriteCond %{REQUEST_METHOD} OPTIONS
RewriteRule ^ - [R=204,L]
--
differences:
    - Access-Control-Allow-Headers: in today's browsers * covers Authorization, too; write it beside the * if pages send it
policy:
    CORSAllowOrigin *
    CORSAllowHeaders *
== any origin, but for the ports of one
SetEnvIf Origin "^(.*)$" A=$1
SetEnvIf Origin "https://(a)\.example" A=$0
Header set Access-Control-Allow-Origin %{A}e env=A
--
differences:
    - https://a.example:1 is not let in today
policy:
    CORSAllowOrigin *
== a section that replaces a fixed origin
Header always set Access-Control-Allow-Origin https://a.example
<Location "/a">
    Header always set Access-Control-Allow-Origin https://b.example
</Location>
--
recipe in main server
exact
policy:
    CORSAllowOrigin https://a.example
recipe in <Location "/a"> (conf:2)
exact
policy:
    CORSAllowOrigin https://b.example
== a section that replaces a variable, and one that adds to it
SetEnvIf Origin "^https://a\.example$" A=$0
Header always set Access-Control-Allow-Origin %{A}e env=A
<Location "/a">
    Header always set Access-Control-Allow-Origin *
</Location>
<Location "/b">
    Header set Access-Control-Allow-Origin https://b.example
</Location>
--
recipe in main server
exact
policy:
    CORSAllowOrigin https://a.example
recipe in <Location "/a"> (conf:3)
exact
policy:
    CORSAllowOrigin *
recipe in <Location "/b"> (conf:6)
differences:
    - never worked for https://a.example, say: Access-Control-Allow-Origin is https://a.example, https://b.example
policy:
    CORSAllowOrigin https://b.example https://a.example
== other sections that set a variable
SetEnvIf Origin "^https://a\.example$" A=$0
Header always set Access-Control-Allow-Origin %{A}e env=A
<Location "/a">
    SetEnvIf Request_URI "private" !A
</Location>
<Directory "@dir@">
    SetEnv A https://b.example
    SetEnv B https://b.example
</Directory>
<If "true">
    SetEnvIf Origin "." !A
</If>
--
recipe in main server
differences:
    - SetEnvIf Request_URI "private" !A (conf:4): in its section it sets A, which the recipe goes by
    - SetEnv A https://b.example (conf:7): in its section it sets A, which the recipe goes by
    - SetEnvIf Origin "." !A (conf:11): in its section it sets A, which the recipe goes by
policy:
    CORSAllowOrigin https://a.example
recipe in <If "true"> (conf:10)
cannot tell:
    - nothing here lets an origin in: an application may
    - <If "true"> (conf:10): it applies to some requests only
== a variable of sections that meet, and of some that do not
<Location "/a">
    SetEnvIf Origin "^https://a\.example$" A=$0
    Header always set Access-Control-Allow-Origin %{A}e env=A
</Location>
<Location "/b">
    SetEnv A 1
</Location>
<Location "/a/b">
    SetEnv A 1
</Location>
--
differences:
    - SetEnv A 1 (conf:9): in its section it sets A, which the recipe goes by
policy:
    CORSAllowOrigin https://a.example
== timing of one origin, whoever asks
Header set Access-Control-Allow-Origin https://a.example
Header set Timing-Allow-Origin https://a.example
--
exact
policy:
    CORSAllowOrigin https://a.example
    CORSTimingAllowOrigin List
== timing for all, whoever asks
Header set Access-Control-Allow-Origin *
Header set Timing-Allow-Origin *
--
exact
policy:
    CORSAllowOrigin *
    CORSTimingAllowOrigin On
== timing for all, and reading for some
SetEnvIf Origin "^https://a\.example$" A
Header set Access-Control-Allow-Origin * env=A
Header set Timing-Allow-Origin *
--
exact
notes:
    - Timing-Allow-Origin may stay: the policy does not touch it
policy:
    CORSAllowOrigin https://a.example
== a rule, and a variable of a section that is not asked for
RewriteEngine On
RewriteCond %{REQUEST_METHOD} OPTIONS
RewriteRule ^ - [R=204,L]
<Location "/">
    SetEnvIf Origin "^https://a\.example$" A=$0
    Header always set Access-Control-Allow-Origin %{A}e
</Location>
--
differences:
    - RewriteRule ^ - [R=204,L] (conf:3): no preflight passes today: its answer has no Access-Control-Allow-Origin
policy:
    CORSAllowOrigin https://a.example
== a variable twice on a line
SetEnvIf Origin "^https://(a)\.example$" A=$1 A=$0
Header set Access-Control-Allow-Origin %{A}e env=A
--
exact
policy:
    CORSAllowOrigin https://a.example
== a variable twice on a line, of which the second is a part
SetEnvIf Origin "//(a)\.example$" A=https://a.example a=$0
Header set Access-Control-Allow-Origin %{A}e env=A
--
cannot tell:
    - SetEnvIf Origin "//(a)\.example$" A=https://a.example a=$0 (conf:1): which origins it matches cannot be put in other words
== exceptions that no pattern can say
SetEnvIf Origin "^https://.*\.evil[0-9]+\.example$" A
SetEnvIf Origin "^https://b\.example$" A
Header set Access-Control-Allow-Origin * env=!A
--
differences:
    - SetEnvIf Origin "^https://.*\.evil[0-9]+\.example$" A (conf:1): an exception, which the policy does not make
    - https://b.example is not let in today
policy:
    CORSAllowOrigin *
== the same below a wildcard
SetEnvIf Origin "^https://.*\.a\.example$" A=$0
SetEnvIf Origin "//pr-[0-9]+\." !A
Header set Access-Control-Allow-Origin %{A}e env=A
--
differences:
    - SetEnvIf Origin "//pr-[0-9]+\." !A (conf:2): an exception, which the policy does not make
policy:
    CORSAllowOrigin https://*.a.example
== a section that takes back what the policy around it would have
Header always set Access-Control-Allow-Origin https://a.example
Header always set Access-Control-Allow-Credentials true
Header always set Access-Control-Allow-Methods PUT
Header always set Access-Control-Allow-Headers X-A
Header always set Access-Control-Expose-Headers ETag
Header always set Access-Control-Max-Age 600
Header always set Timing-Allow-Origin https://a.example
RewriteEngine On
RewriteCond %{REQUEST_METHOD} OPTIONS
RewriteRule ^ - [R=204,L]
<Location "/a">
    Header always set Access-Control-Allow-Origin *
    Header always unset Access-Control-Allow-Credentials
    Header always unset Access-Control-Allow-Methods
    Header always unset Access-Control-Allow-Headers
    Header always unset Access-Control-Expose-Headers
    Header always unset Access-Control-Max-Age
    Header always unset Timing-Allow-Origin
</Location>
<Location "/b">
    Header always set Access-Control-Allow-Credentials false
</Location>
--
recipe in main server
exact
policy:
    CORSAllowOrigin https://a.example
    CORSAllowMethods PUT
    CORSAllowHeaders X-A
    CORSExposeHeaders ETag
    CORSAllowCredentials On
    CORSMaxAge 600
    CORSTimingAllowOrigin List
recipe in <Location "/a"> (conf:11)
exact
policy:
    CORSAllowOrigin *
    CORSAllowMethods GET HEAD POST
    CORSAllowHeaders none
    CORSExposeHeaders none
    CORSAllowCredentials Off
    CORSMaxAge 5
    CORSTimingAllowOrigin Off
recipe in <Location "/b"> (conf:20)
exact
notes:
    - Access-Control-Allow-Credentials: never had an effect: false
policy:
    CORSAllowOrigin https://a.example
    CORSAllowMethods PUT
    CORSAllowHeaders X-A
    CORSExposeHeaders ETag
    CORSMaxAge 600
    CORSTimingAllowOrigin List
    CORSAllowCredentials Off
== a variable that something else sets, in single quotes
SetEnvIf Origin "^https://a\.example$" A=$0 B=$0
SetEnv 'A' https://b.example
SetEnvIf Request_URI "private" '!B'
Header always set Access-Control-Allow-Origin %{A}e env=A
Header always set Access-Control-Allow-Origin %{B}e env=B
--
cannot tell:
    - Header always set Access-Control-Allow-Origin %{A}e env=A (conf:4): it depends on A, which is not set by Origin alone: SetEnv 'A' https://b.example (conf:2)
    - Header always set Access-Control-Allow-Origin %{B}e env=B (conf:5): it depends on B, which is not set by Origin alone: SetEnvIf Request_URI "private" '!B' (conf:3)
== variables that are unset, and some that only look so
SetEnvIf Origin "^https://(a|b|c)\.example$" A=$0
SetEnvIf Origin "^https://b\.example$" !A=1
SetEnvIf Origin "^https://c\.example$" A=!$0
Header always set Access-Control-Allow-Origin %{A}e env=A
--
exact
policy:
    CORSAllowOrigin https://a.example https://b.example
== a variable without a value is 1
SetEnvIf Origin "^https://a\.example$" A=
Header always set Access-Control-Allow-Origin %{A}e env=A
--
differences:
    - never worked for https://a.example, say: Access-Control-Allow-Origin is 1
policy:
    CORSAllowOrigin https://a.example
== escapes in values
Header always set Access-Control-Allow-Origin "https://a.example\t"
Header always set Access-Control-Allow-Methods "PUT,\tPATCH"
Header always set Access-Control-Expose-Headers "ETag,\tX-B"
RewriteEngine "On"
RewriteCond %{REQUEST_METHOD} OPTIONS
RewriteRule ^ - [R=204,L]
--
exact
policy:
    CORSAllowOrigin https://a.example
    CORSAllowMethods PUT PATCH
    CORSExposeHeaders ETag X-B
== a line break in a value
Header always set Access-Control-Allow-Origin "https://a.example\n"
--
cannot tell:
    - Header always set Access-Control-Allow-Origin "https://a.example\n" (conf:1): httpd answers 500 instead of sending a line break
== sections for some requests, in others, and inherited by a host
<If "%{REQUEST_URI} =~ m#/b/#">
    <Files "x">
        Header always set Access-Control-Allow-Origin https://b.example
    </Files>
</If>
Header always set Access-Control-Allow-Methods PUT
<VirtualHost *:1>
    Header always set Access-Control-Allow-Origin https://a.example
</VirtualHost>
--
recipe in main server
cannot tell:
    - nothing here lets an origin in: an application may
recipe in <If "%{REQUEST_URI} =~ m#/b/#"> (conf:1) <Files "x"> (conf:2)
cannot tell:
    - <If "%{REQUEST_URI} =~ m#/b/#"> (conf:1): it applies to some requests only
recipe in <VirtualHost *:1> (conf:7)
differences:
    - preflights reach the handler today, and pass only where it answers them
    - <Files "x"> (conf:2): a recipe, too; where both apply, httpd merges them
policy:
    CORSAllowOrigin https://a.example
    CORSAllowMethods PUT
== what patterns cannot say, with credentials, where https may be missing
SetEnvIf Origin "^(https://)?.*pr-[0-9]+\.a\.example$" A=$0
Header always set Access-Control-Allow-Origin %{A}e env=A
Header always set Access-Control-Allow-Credentials true
--
differences:
    - left out, as insecure with credentials: http origins that CORSAllowOriginMatch matches
policy:
    CORSAllowOriginMatch "(https://)?.*pr-[0-9]+\.a\.example"
    CORSAllowCredentials On
== what patterns cannot say, and a line that keeps some of it out
SetEnvIf Origin "^https://pr-[0-9]+\.a\.example$" A=$0
SetEnvIf Origin "^https://.*\.a\.example$" B
Header always set Access-Control-Allow-Origin %{A}e env=A
Header always unset Access-Control-Allow-Origin env=B
--
cannot tell:
    - SetEnvIf Origin "^https://pr-[0-9]+\.a\.example$" A=$0 (conf:1): which origins it matches cannot be put in other words
== what patterns cannot say, and a line that gives some of it more
SetEnvIf Origin "^https://pr-[0-9]+\.a\.example$" A=$0
SetEnvIf Origin "^https://.*\.a\.example$" B
Header always set Access-Control-Allow-Origin %{A}e env=A
Header always set Access-Control-Expose-Headers ETag env=B
--
cannot tell:
    - SetEnvIf Origin "^https://pr-[0-9]+\.a\.example$" A=$0 (conf:1): which origins it matches cannot be put in other words
== what patterns cannot say, twice, for two lines
SetEnvIf Origin "^https://pr-[0-9]+\.a\.example$" A=$0
SetEnvIf Origin "^https://pr-[1-9]\.a\.example$" B=$0
Header always set Access-Control-Allow-Origin %{A}e env=A
Header always add Access-Control-Allow-Origin %{B}e env=B
--
cannot tell:
    - SetEnvIf Origin "^https://pr-[0-9]+\.a\.example$" A=$0 (conf:1): which origins it matches cannot be put in other words
    - SetEnvIf Origin "^https://pr-[1-9]\.a\.example$" B=$0 (conf:2): which origins it matches cannot be put in other words
== what patterns cannot say, twice, and a fixed origin, for one line
SetEnvIf Origin "^https://pr-[0-9]+\.a\.example$" A=$0
SetEnvIf Origin "^https://pr-[1-9]\.a\.example$" A=$0
SetEnvIf Origin "^https://b\.example$" B=$0
SetEnvIf Origin "^https://pr-7\.a\.example$" !A
Header always set Access-Control-Allow-Origin %{A}e env=A
Header always set Access-Control-Allow-Origin %{B}e env=B
--
differences:
    - https://pr-7.a.example is not let in today
policy:
    CORSAllowOrigin https://b.example
    CORSAllowOriginMatch "https://pr-[0-9]+\.a\.example"
    CORSAllowOriginMatch "https://pr-[1-9]\.a\.example"
== a part of the origin in another header
SetEnvIf Origin "^https://(pr-[0-9]+)\.a\.example$" A=$0 M=$1
Header always set Access-Control-Allow-Origin %{A}e env=A
Header always set Access-Control-Expose-Headers %{M}e env=M
--
cannot tell:
    - SetEnvIf Origin "^https://(pr-[0-9]+)\.a\.example$" A=$0 M=$1 (conf:1): which origins it matches cannot be put in other words
== credentials twice, but on errors
Header always set Access-Control-Allow-Origin https://a.example
Header always set Access-Control-Allow-Credentials true
Header set Access-Control-Allow-Credentials true
--
differences:
    - Access-Control-Allow-Credentials: has an effect on errors only: true, true
policy:
    CORSAllowOrigin https://a.example
== an exception below a wildcard, with an open end
SetEnvIf Origin "^https://.*\.a\.example$" A=$0
SetEnvIf Origin "^https://admin\." !A
Header always set Access-Control-Allow-Origin %{A}e env=A
--
differences:
    - SetEnvIf Origin "^https://admin\." !A (conf:2): an exception, which the policy does not make
policy:
    CORSAllowOrigin https://*.a.example
== more for what has an open end
SetEnvIf Origin "^https://.*\.a\.example$" A=$0
SetEnvIf Origin "^https://admin" B
Header always set Access-Control-Allow-Origin %{A}e env=A
Header always set Access-Control-Expose-Headers ETag env=B
--
cannot tell:
    - SetEnvIf Origin "^https://admin" B (conf:2): which origins it matches cannot be put in other words
== rules of other sections
<Directory "@dir@">
    RewriteRule ^x$ /y
</Directory>
<Directory "@dir@/a">
    Header always set Access-Control-Allow-Origin https://a.example
    Header always set Access-Control-Allow-Methods PUT
    RewriteEngine On
    RewriteCond %{REQUEST_METHOD} OPTIONS
    RewriteRule ^ - [R=204,L]
</Directory>
<Directory "@dir@/a/b">
    RewriteRule ^x$ /y
</Directory>
--
differences:
    - RewriteRule ^x$ /y (conf:12): in its section it replaces the rule of the recipe
policy:
    CORSAllowOrigin https://a.example
    CORSAllowMethods PUT
== a match that is a part of what another line lets in
SetEnvIf Origin "^https://.*\.a\.example$" A=$0
SetEnvIf Origin "(https://admin\.a)" A=$0
Header always set Access-Control-Allow-Origin %{A}e env=A
--
differences:
    - SetEnvIf Origin "(https://admin\.a)" A=$0 (conf:2): may keep longer origins out that another line lets in: the regex has no $
policy:
    CORSAllowOrigin https://*.a.example https://admin.a
== blanks that are escaped in rules
SetEnvIf Origin "^https://a\.example$" A=$0
Header always set Access-Control-Allow-Origin %{A}e env=A
RewriteEngine On
RewriteRule ^/a/(x|z\ z) - [E=A:https://b.example]
--
cannot tell:
    - Header always set Access-Control-Allow-Origin %{A}e env=A (conf:2): it depends on A, which is not set by Origin alone: RewriteRule ^/a/(x|z\ z) - [E=A:https://b.example] (conf:4)
== a rule whose condition has an escaped blank, behind another
Header always set Access-Control-Allow-Origin https://a.example
RewriteEngine On
RewriteRule ^/a/(x|z\ z) - [F]
RewriteCond %{THE_REQUEST} ^OPTIONS\ /
RewriteRule ^ - [R=204,L]
--
differences:
    - RewriteRule ^/a/(x|z\ z) - [F] (conf:3): where it applies, preflights get its answer today
policy:
    CORSAllowOrigin https://a.example
== sections that meet, written otherwise
<Directory "/srv/a">
    Header always set Access-Control-Allow-Origin https://a.example
</Directory>
<Directory "/srv//a/b">
    Header set Access-Control-Allow-Origin https://b.example
</Directory>
<Directory "/srv/x/../a/c">
    Header set Access-Control-Allow-Origin https://b.example
</Directory>
--
recipe in <Directory "/srv/a"> (conf:1)
differences:
    - <Directory "/srv//a/b"> (conf:4): a recipe, too; where both apply, httpd merges them
    - <Directory "/srv/x/../a/c"> (conf:7): a recipe, too; where both apply, httpd merges them
policy:
    CORSAllowOrigin https://a.example
recipe in <Directory "/srv//a/b"> (conf:4)
differences:
    - <Directory "/srv/a"> (conf:1): a recipe, too; where both apply, httpd merges them
    - <Directory "/srv/x/../a/c"> (conf:7): a recipe, too; where both apply, httpd merges them
policy:
    CORSAllowOrigin https://b.example
recipe in <Directory "/srv/x/../a/c"> (conf:7)
differences:
    - <Directory "/srv/a"> (conf:1): a recipe, too; where both apply, httpd merges them
    - <Directory "/srv//a/b"> (conf:4): a recipe, too; where both apply, httpd merges them
policy:
    CORSAllowOrigin https://b.example
== a rule that a section switches off, with headers in it and without
Header always set Access-Control-Allow-Origin https://a.example
Header always set Access-Control-Allow-Methods PUT
RewriteEngine On
RewriteCond %{REQUEST_METHOD} OPTIONS
RewriteRule ^ - [R=204,L]
<Location "/a">
    RewriteEngine Off
</Location>
<Location "/b">
    RewriteEngine Off
    Header always set Access-Control-Allow-Origin https://b.example
</Location>
<Directory "@dir@">
    RewriteEngine Off
</Directory>
<If "%{REQUEST_URI} =~ m#/c#">
    RewriteEngine Off
</If>
--
recipe in main server
differences:
    - RewriteEngine Off (conf:7): in its section it replaces the rule of the recipe
    - RewriteEngine Off (conf:17): in its section it replaces the rule of the recipe
policy:
    CORSAllowOrigin https://a.example
    CORSAllowMethods PUT
recipe in <Location "/b"> (conf:9)
differences:
    - preflights reach the handler today, and pass only where it answers them
notes:
    - RewriteRule ^ - [R=204,L] (conf:5): RewriteEngine is not On
policy:
    CORSAllowOrigin https://b.example
    CORSAllowMethods PUT
== a rule that answers preflights before others redirect them
Header always set Access-Control-Allow-Origin https://a.example
RewriteEngine On
RewriteCond %{REQUEST_METHOD} OPTIONS
RewriteRule ^ - [R=204,L]
RewriteCond %{REQUEST_METHOD} !=OPTIONS
RewriteRule ^/a https://b.example/ [R]
RewriteRule ^/b http://127.0.0.1/ [P]
RewriteRule ^/c https://b.example/
RewriteRule ^/d - [F]
Redirect "/e" "https://b.example/"
<Location "/f">
    Redirect "https://b.example/"
</Location>
<If "%{HTTPS} != 'on'">
    Redirect "https://c.example/"
</If>
<Directory "@dir@">
    Redirect "/g" "https://b.example/"
</Directory>
--
differences:
    - RewriteRule ^/c https://b.example/ (conf:8): where it applies, preflights get its answer once the rule is gone
    - Redirect "/e" "https://b.example/" (conf:10): where it applies, preflights get its answer once the rule is gone
    - Redirect "https://b.example/" (conf:12): where it applies, preflights get its answer once the rule is gone
    - Redirect "https://c.example/" (conf:15): where it applies, preflights get its answer once the rule is gone
policy:
    CORSAllowOrigin https://a.example
== a rule of a directory, which preflights come before
<Directory "@dir@">
    Header always set Access-Control-Allow-Origin https://a.example
    RewriteEngine On
    RewriteCond %{REQUEST_METHOD} OPTIONS
    RewriteRule ^ - [R=204,L]
    RewriteRule ^d - [F]
    Redirect "/g" "https://b.example/"
</Directory>
Redirect "/e" "https://b.example/"
--
exact
policy:
    CORSAllowOrigin https://a.example
== a rule of a directory that END keeps from being asked
RewriteEngine On
RewriteRule ^/x - [END]
<Directory "@dir@">
    Header always set Access-Control-Allow-Origin https://a.example
    RewriteCond %{REQUEST_METHOD} OPTIONS
    RewriteRule ^ - [R=204,L]
</Directory>
--
differences:
    - RewriteRule ^/x - [END] (conf:2): where it applies, preflights get its answer today
policy:
    CORSAllowOrigin https://a.example
== sections that virtual hosts inherit, without the rule
RewriteEngine On
RewriteCond %{REQUEST_METHOD} OPTIONS
RewriteRule ^ - [R=204,L]
<Location "/a">
    Header always set Access-Control-Allow-Origin https://a.example
    Header always set Access-Control-Allow-Methods PUT
</Location>
<VirtualHost *:1>
</VirtualHost>
--
differences:
    - RewriteRule ^ - [R=204,L] (conf:3): not in virtual hosts, which inherit the rest
policy:
    CORSAllowOrigin https://a.example
    CORSAllowMethods PUT
== a rule whose answer lets in more than a section
Header always set Access-Control-Allow-Origin *
RewriteEngine On
RewriteCond %{REQUEST_METHOD} OPTIONS
RewriteRule ^ - [R=204,L]
<Directory "/srv">
    Header always set Access-Control-Allow-Origin https://a.example
</Directory>
<Directory "/srv/a">
    Header always set Access-Control-Allow-Origin *
</Directory>
--
recipe in main server
exact
policy:
    CORSAllowOrigin *
recipe in <Directory "/srv"> (conf:5)
differences:
    - RewriteRule ^ - [R=204,L] (conf:4): its answer to preflights has another Access-Control-Allow-Origin than other responses, or none
    - <Directory "/srv/a"> (conf:8): a recipe, too; where both apply, httpd merges them
policy:
    CORSAllowOrigin https://a.example
recipe in <Directory "/srv/a"> (conf:8)
differences:
    - <Directory "/srv"> (conf:5): a recipe, too; where both apply, httpd merges them
policy:
    CORSAllowOrigin *
== a variable that CGI sets, too
SetEnvIf Origin "^https://a\.example$" http_origin=$0
Header always set Access-Control-Allow-Origin %{HTTP_ORIGIN}e env=HTTP_ORIGIN
--
cannot tell:
    - Header always set Access-Control-Allow-Origin %{HTTP_ORIGIN}e env=HTTP_ORIGIN (conf:2): it depends on HTTP_ORIGIN, which CGI and the like set to what the request has
== timing for one that may not read
SetEnvIf Origin "^https://a\.example$" A
SetEnvIf Origin "^https://b\.example$" B
Header set Access-Control-Allow-Origin * env=A
Header set Timing-Allow-Origin * env=A
Header set Timing-Allow-Origin * env=B
--
exact
notes:
    - Timing-Allow-Origin may stay: the policy does not touch it
policy:
    CORSAllowOrigin https://a.example
== timing for all but those that may read
SetEnvIf Origin "^https://a\.example$" A
Header set Access-Control-Allow-Origin * env=A
Header set Timing-Allow-Origin * env=!A
--
exact
notes:
    - Timing-Allow-Origin may stay: the policy does not touch it
policy:
    CORSAllowOrigin https://a.example
== as little as possible, with an open end
SetEnvIf Origin "^https://(.*?\.)?a\.example" A=$0
Header set Access-Control-Allow-Origin %{A}e env=A
--
cannot tell:
    - SetEnvIf Origin "^https://(.*?\.)?a\.example" A=$0 (conf:1): which origins it matches cannot be put in other words
== as little as possible, up to an end
SetEnvIf Origin "^https://(.*?\.)?a\.example$" A=$0
Header set Access-Control-Allow-Origin %{A}e env=A
--
exact
policy:
    CORSAllowOrigin https://*.a.example https://a.example
== a rule that refuses other methods, too
Header always set Access-Control-Allow-Origin https://a.example
RewriteEngine On
RewriteCond %{REQUEST_METHOD} ^(TRACE|OPTIONS)$
RewriteRule ^ - [F]
--
differences:
    - RewriteRule ^ - [F] (conf:4): it answers other methods, too: leave it for those, but not for OPTIONS
    - RewriteRule ^ - [F] (conf:4): no preflight passes today: browsers refuse that status
policy:
    CORSAllowOrigin https://a.example
== a rule for preflights alone, by two conditions
Header always set Access-Control-Allow-Origin https://a.example
RewriteEngine On
RewriteCond %{REQUEST_METHOD} !^(GET|HEAD|POST)$
RewriteCond %{HTTP:Access-Control-Request-Method} .
RewriteRule ^ - [R=204,L]
--
exact
policy:
    CORSAllowOrigin https://a.example
== files that are chosen for a directory, and some that are not
Header always set Access-Control-Allow-Origin https://a.example
<FilesMatch "\.(js|php)$">
    Header always set Access-Control-Allow-Origin *
</FilesMatch>
<Files "*.css">
    Header always set Access-Control-Allow-Origin *
</Files>
--
recipe in main server
exact
policy:
    CORSAllowOrigin https://a.example
recipe in <FilesMatch "\.(js|php)$"> (conf:2)
differences:
    - <Files "*.css"> (conf:5): a recipe, too; where both apply, httpd merges them
    - <FilesMatch "\.(js|php)$"> (conf:2): where httpd chooses such a file for a directory, the policy around it applies
policy:
    CORSAllowOrigin *
recipe in <Files "*.css"> (conf:5)
differences:
    - <FilesMatch "\.(js|php)$"> (conf:2): a recipe, too; where both apply, httpd merges them
policy:
    CORSAllowOrigin *
== a directory's rules, and those of a host, which come first
<Directory "@dir@">
    RewriteRule ^x$ /y
</Directory>
<VirtualHost *:1>
    Header always set Access-Control-Allow-Origin https://a.example
    Header always set Access-Control-Allow-Methods PUT
    RewriteEngine On
    RewriteCond %{REQUEST_METHOD} OPTIONS
    RewriteRule ^ - [R=204,L]
</VirtualHost>
--
exact
policy:
    CORSAllowOrigin https://a.example
    CORSAllowMethods PUT
