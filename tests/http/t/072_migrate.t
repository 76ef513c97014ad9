# httpd -t -D DUMP_CORS: recipes of mod_headers, and the policies that would
# replace them.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use RecipeCases;
use Test::More;

# Public recipes.
my $dir = config_dir();
for my $case (recipe_cases($dir)) {
    my $dump  = dump_of($case->{config});
    my @parts = recipes_in($dump);
    my @lines = map { s/\A#     //r } map { @{ $_->{lines} } } @parts;
    is(summary(@parts), $case->{dump}, $case->{title});
    is(join('', sort grep { !/Rewrite|Vary/ } map { "$_\n" } @lines),
        join('', sort(lines_of($case->{config}))),
        "$case->{title}: the lines") or diag $dump;
}

# All of the text, once.
recipe_is('a virtual host, and a section in it', <<'CONF', <<'DUMP');
<VirtualHost *:1>
    RewriteEngine On
    RewriteCond %{REQUEST_METHOD} =OPTIONS
    RewriteRule ^ - [R=204,L]
    <Location "/a">
        Header always set Access-Control-Allow-Origin "https://a.example"
        Header always set Access-Control-Allow-Methods "PUT, OPTIONS"
        Header merge Vary Origin
    </Location>
</VirtualHost>
CONF

# recipe in <VirtualHost *:1> (conf:1) <Location "/a"> (conf:5)
#     RewriteCond %{REQUEST_METHOD} =OPTIONS (conf:3)
#     RewriteRule ^ - [R=204,L] (conf:4)
#     Header always set Access-Control-Allow-Origin "https://a.example" (conf:6)
#     Header always set Access-Control-Allow-Methods "PUT, OPTIONS" (conf:7)
#     Header merge Vary Origin (conf:8)
# exact
# needs no listing: OPTIONS
# policy:
#     CORSAllowOrigin https://a.example
#     CORSAllowMethods PUT
DUMP
recipe_is('no recipe', <<'CONF', '');
Header set X-Frame-Options DENY
Header merge Vary Origin
SetEnvIf User-Agent "^x" X
RewriteEngine On
RewriteRule ^/a$ /b
<Location "/a">
    Header unset ETag
</Location>
CONF
recipe_is('what a policy already replaces is read all the same',
    <<'CONF', <<'DUMP');
CORSAllowOrigin https://b.example
<Location "/a">
    Header set Access-Control-Allow-Origin https://a.example
</Location>
CONF

# recipe in <Location "/a"> (conf:2)
#     Header set Access-Control-Allow-Origin https://a.example (conf:3)
# exact
# policy:
#     CORSAllowOrigin https://a.example
DUMP

# One thing each: a title, the configuration, what is printed of it.
for my $block (split /^== /m, do { local $/ = undef; <DATA> }) {
    my ($title, $config, $wanted) = $block =~ /\A([^\n]*)\n(.*?)^--\n(.*)\z/ms
        or next;
    is(summary(recipes_in(dump_of($config))), $wanted, $title);
}

# All of it is comments, which another dump does not see.
my $config = join '', map { $_->{config} }
    grep { !$_->{section} } recipe_cases($dir);
my $dump = dump_of($config);
like($dump, qr/^# recipe in/m, 'a dump with recipes');
is((grep { !/\A#|\A\Z/ } split /\n/, $dump), 0, 'has no directive of them');

# A .htaccess file, as the manual reads it.
my $file = "$dir/.htaccess";
Files::spew($file, <<'CONF');
Header set Access-Control-Allow-Origin "*"
CONF
my $said = configtest('', '-D', 'DUMP_CORS', '-c', qq{<Directory "$dir">},
    '-c', qq{Include "$file"}, '-c', '</Directory>');
my $text = join '', map { "$_\n" } @{ $said->{lines} };
is(summary(recipes_in($text)), <<'DUMP', 'a .htaccess file');
exact
policy:
    CORSAllowOrigin *
DUMP
like($text, qr{^#     Header set Access-Control-Allow-Origin "\*" \(\S*\.htaccess:1\)$}m,
    'its line');
unlink $file;

done_testing();

# The recipes of a dump: their first lines, their directives, the rest.
sub recipes_in {
    my ($text) = @_;
    my @parts;
    for my $line (split /\n/, $text) {
        if ($line =~ /\A# recipe in/) {
            push @parts, { head => $line, lines => [], rest => [] };
        }
        elsif (!@parts || $line !~ /\A#/) {
            next;
        }
        elsif ($line =~ /\A#     / && !@{ $parts[-1]{rest} }) {
            push @{ $parts[-1]{lines} }, $line;
        }
        else {
            push @{ $parts[-1]{rest} }, $line =~ s/\A# ?//r;
        }
    }
    return @parts;
}

# With their heads if there are several.
sub summary {
    my (@parts) = @_;
    return join '', map { "$_\n" }
        map { (@parts > 1 ? substr($_->{head}, 2) : (), @{ $_->{rest} }) }
        @parts;
}

# The lines of a recipe, with their places.
sub lines_of {
    my ($text) = @_;
    my ($number, @lines) = (0);
    for my $line (split /\n/, $text) {
        $number++;
        $line =~ s/\A\s+//;
        next if $line !~ /\A(?:SetEnvIf\w* Origin|Header .*(?:Access-C|Timing))/i;
        my ($name, $args) = $line =~ /\A(\S+)\s+(.*)\z/;
        $args = substr($args, 0, 100) . '...' if length $args > 100;
        push @lines, "$name $args (conf:$number)\n";
    }
    return @lines;
}

sub recipe_is {
    my ($name, $text, $wanted) = @_;
    my $got = dump_of($text) =~ s/\A.*?(?=^\n# recipe|\z)//msr;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    is($got, $wanted, $name);
    return;
}

__DATA__
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
SetEnvIf Origin "https://a\.example" A=$0
Header set Access-Control-Allow-Origin %{A}e env=A
--
exact
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
== a public suffix with credentials (libpsl)
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
== * with credentials is a name
Header set Access-Control-Allow-Origin https://a.example
Header set Access-Control-Allow-Methods "*"
Header set Access-Control-Allow-Headers "*, X-A"
Header set Access-Control-Expose-Headers "*"
Header set Access-Control-Allow-Credentials true
--
differences:
    - preflights reach the handler today, and pass only where it answers them
notes:
    - Access-Control-Allow-Methods: never had an effect: *
    - Access-Control-Allow-Headers: never had an effect: *
    - Access-Control-Expose-Headers: never had an effect: *
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
== what a rule cannot answer: headers of a directory
RewriteEngine On
RewriteCond %{REQUEST_METHOD} OPTIONS
RewriteRule ^ - [R=204,L]
<Directory "/srv">
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
