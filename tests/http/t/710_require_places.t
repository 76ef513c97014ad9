# Where "Require cors" may stand, and by which ways a request comes there: each
# kind of section, a password beside it, subrequests, front controllers, internal
# redirects and error documents.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use OwnServer;
use RequireTest;
use Test::More;

my $server = OwnServer->new;

# A script says where it is; with a query, it redirects there.
sub script {
    my ($path, $head) = @_;
    chmod oct '755', $server->write($path, <<"CGI");
#!/bin/sh
test "\$QUERY_STRING" && printf 'Location: %s\\n\\n' "\$QUERY_STRING" && exit
@{[ $head ? "echo '$head'" : '' ]}
printf 'Content-Type: text/plain\\n\\n%s\\n' "$path"
CGI
    return;
}

my @dirs = qw(location match directory directorymatch if all htaccess
    htaccess/if auth authlast open front fallback rewrite rewritten dir index
    error ssi listed nested nested/in merged two proxy);
$server->write("$_/file.txt", "$_\n") for @dirs;
$server->write('files/covered.txt',      "covered\n");
$server->write('files/open.txt',         "open\n");
$server->write('filesmatch/covered.txt', "covered\n");
$server->write('htaccess/.htaccess', "AuthMerging And\nRequire cors\n");
$server->write('htaccess/if/.htaccess',
    qq{<If "true">\nAuthMerging And\nRequire cors isolated\n</If>\n});
$server->write('htfiles/covered.txt', "covered\n");
$server->write('htfiles/.htaccess', "<Files covered.txt>\nAuthMerging And\nRequire cors\n</Files>\n");
$server->write('ssi/open.shtml',
    'before <!--#include virtual="/location/file.txt" --> after');
$server->write('trusting/page.shtml',
    'before <!--#include virtual="/location/file.txt" --> after');
$server->write('location/page.shtml',
    'before <!--#include virtual="/directory/file.txt" --> after');
$server->write('dir/index.txt',       "index\n");
$server->write('index/index.txt',     "index\n");
$server->write('listed/covered.txt',  "covered\n");
$server->write('negotiated/x.txt',    "x\n");
$server->write('error/403.txt',       "refused\n");
$server->write('error/404.txt',       "not there\n");
$server->write('location/own403.txt', "refused here\n");
script('open/script.cgi');
script('location/script.cgi');
script('front/index.cgi');
script('fallback/index.cgi');
script('error/200.cgi', 'Status: 200 OK');
script('error/418.cgi', 'Status: 418 teapot');
$server->write('passwords', "joe:{SHA}FqmlTd9CWZUuPBGMdjE46DaT1/0=\n");

my $conf = notes_format() . <<'CONF';
LogLevel warn cors:debug
<Directory "@dir@/www">
    Options ExecCGI FollowSymLinks Includes
    AddHandler cgi-script .cgi
    AddType text/html .shtml
    AddOutputFilter INCLUDES .shtml
</Directory>
<Location "/location/">
    Require cors
</Location>
<LocationMatch "^/mat?ch/">
    Require cors
</LocationMatch>
<Directory "@dir@/www/directory">
    Require cors
</Directory>
<DirectoryMatch "/directoryma[t]ch/">
    Require cors
</DirectoryMatch>
<FilesMatch "^covere[d]\.txt$">
    Require cors
</FilesMatch>
<Directory "@dir@/www/files">
    <Files "covered.txt">
        Require cors
    </Files>
</Directory>
<If "%{REQUEST_URI} =~ m#^/if/#">
    Require cors
</If>
<Location "/all/">
    <RequireAll>
        Require local
        Require cors
        Require cors isolated
    </RequireAll>
</Location>
<Directory "@dir@/www/htaccess">
    AllowOverride AuthConfig
</Directory>
<Directory "@dir@/www/htfiles">
    AllowOverride AuthConfig
</Directory>
<LocationMatch "^/auth">
    AuthType Basic
    AuthName site
    AuthUserFile "@dir@/www/passwords"
</LocationMatch>
<Location "/auth/">
    <RequireAll>
        Require cors
        Require valid-user
    </RequireAll>
</Location>
<Location "/authlast/">
    <RequireAll>
        Require user joe
        Require cors
    </RequireAll>
</Location>
<Directory "@dir@/www/front">
    Require cors
    RewriteEngine On
    RewriteCond %{REQUEST_FILENAME} !-f
    RewriteRule . index.cgi
</Directory>
<Directory "@dir@/www/fallback">
    Require cors
    FallbackResource /fallback/index.cgi
</Directory>
RewriteEngine On
RewriteRule "^/early/(.*)" "/location/$1" [PT]
<Directory "@dir@/www/rewrite">
    RewriteEngine On
    RewriteRule "^covered" "/rewritten/file.txt"
    RewriteRule "^open" "/open/file.txt"
</Directory>
<Location "/rewritten/">
    Require cors
</Location>
<Location "/dir/">
    Require cors
    DirectoryIndex index.txt
</Location>
<Directory "@dir@/www/index">
    DirectoryIndex index.txt
    <Files "index.txt">
        Require cors
    </Files>
</Directory>
<Directory "@dir@/www/listed">
    Options +Indexes
    DirectoryIndex disabled
</Directory>
<Directory "@dir@/www/negotiated">
    Options +MultiViews
    <Files "x.txt">
        Require cors
    </Files>
</Directory>
<Location "/nested/">
    Require all granted
</Location>
<Location "/nested/in/">
    Require cors
</Location>
<Location "/merged/">
    AuthMerging And
    Require cors
</Location>
<Location "/two/">
    AuthMerging And
    Require cors isolated
</Location>
SetEnvIf Request_URI "^/proxy/" inner
ProxyPass "/proxied/" "http://127.0.0.1:@port@/proxy/"
<Proxy "http://127.0.0.1:@port@/proxy/">
    Require cors
</Proxy>
<Location "/trusting/">
    CORSAllowOrigin https://app.example
    CORSForwardOrigin Off
</Location>
<Location "/">
    ErrorDocument 404 /error/404.txt
</Location>
<Location "/error/404.txt">
    Require cors
</Location>
CONF
# It begins with a graceful restart that brings the first line.
$server->serve(notes_format());
$server->serve($conf);

my @OWN     = ('Sec-Fetch-Site' => 'same-origin');
my @FOREIGN = ('Sec-Fetch-Site' => 'cross-site',
    Origin => 'https://evil.example');
my $REFUSED = '403 foreign=foreign verdict=denied reason=foreign';

# Each covered path, in whatever section; and one that is not.
for my $path (qw(location match directory directorymatch if htaccess htaccess/if
    all front dir nested/in merged two fallback))
{
    covered("/$path/file.txt", "$path\n");
}
covered($_, "covered\n") for qw(/files/covered.txt /filesmatch/covered.txt
    /htfiles/covered.txt /listed/covered.txt);
covered('/dir/',              "index\n");
covered('/index/',            "index\n");
covered('/negotiated/x.txt',  "x\n");
covered('/proxied/file.txt', "proxy\n");
covered('/early/file.txt',    "location\n");
covered('/front/no-such',     "front/index.cgi\n");
covered('/front/no/such',     "front/index.cgi\n");
covered('/fallback/no-such',  "fallback/index.cgi\n");
covered('/rewrite/covered',   "rewritten\n");
covered('/rewritten/file.txt', "rewritten\n");
covered('/location/script.cgi?/open/file.txt', "open\n");
covered('/open/script.cgi?/location/file.txt', "location\n");
covered('/open/script.cgi?/open/script.cgi?/location/file.txt', "location\n");
covered('/location/script.cgi?/directory/file.txt', "directory\n");
open_path($_, @FOREIGN)
    for qw(/files/open.txt /open/file.txt /rewrite/open /open/script.cgi
    /nested/file.txt);
asked('TRACE', 'TRACE', '/location/file.txt', \@FOREIGN, '200 foreign=-');
my @image = ('Sec-Fetch-Site' => 'cross-site', 'Sec-Fetch-Mode' => 'no-cors');
asked('both, an image', 'GET', '/all/file.txt', \@image, $REFUSED);
asked('isolated, an image', 'GET', '/two/file.txt', \@image, $REFUSED);
asked('not isolated, an image', 'GET', '/location/file.txt', \@image,
    '200 foreign=safe');

# A password beside it, before it and behind it.
my @joe = (Authorization => 'Basic am9lOmpvZQ==');
for my $path (qw(/auth/file.txt /authlast/file.txt)) {
    my $end = length $server->log;
    for my $foreign (\@FOREIGN, [ @FOREIGN, @joe ]) {
        my $res = asked("$path, foreign", 'POST', $path, $foreign, $REFUSED);
        is($res->value('WWW-Authenticate'), undef, 'asks for no password');
    }
    my $res = asked("$path, no password", 'POST', $path, \@OWN,
        '401 foreign=same-origin');
    is($res->value('WWW-Authenticate'), 'Basic realm="site"',
        'asks for a password');
    asked("$path, a wrong password", 'POST', $path,
        [ @OWN, Authorization => 'Basic am9lOng=' ], '401 foreign=same-origin');
    asked("$path, a password", 'POST', $path, [ @OWN, @joe ],
        '200 foreign=same-origin');
    is(scalar(() = substr($server->log, $end) =~ /Require cors: /g), 5,
        "$path: found once by each request, though asked twice");
}

# Subrequests are judged as their request is.
my $res = asked('SSI', 'GET', '/ssi/open.shtml', \@OWN,
    '200 foreign=same-origin');
is($res->body, "before location\n after", 'its include is there');
$res = asked('SSI, foreign', 'GET', '/ssi/open.shtml', \@FOREIGN,
    '200 foreign=foreign');
unlike($res->body, qr/location/, 'its include is not');
$res = asked('SSI, covered', 'GET', '/location/page.shtml', \@OWN,
    '200 foreign=same-origin');
is($res->body, "before directory\n after", 'its include is there');
asked('SSI, covered, foreign', 'GET', '/location/page.shtml', \@FOREIGN,
    $REFUSED);
$res = asked('a listing', 'GET', '/listed/', \@OWN, '200 foreign=same-origin');
like($res->body, qr/covered\.txt/, 'it lists the file');
$res = asked('a listing, foreign', 'GET', '/listed/', \@FOREIGN,
    '200 foreign=foreign');
unlike($res->body, qr/covered\.txt/, 'it does not list the file');

$res = asked('SSI, an origin that handlers do not see', 'POST',
    '/trusting/page.shtml',
    [ 'Sec-Fetch-Site' => 'cross-site', Origin => 'https://app.example' ],
    '200 foreign=trusted');
is($res->body, "before location\n after", 'its include is there');
asked('MultiViews', 'GET', '/negotiated/x', \@OWN, '200 foreign=same-origin');
asked('MultiViews, foreign', 'GET', '/negotiated/x', \@FOREIGN,
    '404 foreign=foreign');
unlike($server->log, qr/let through/, 'nothing of that was let through');

# Error documents are never refused, and hide no refusal.
$res = asked('404, its document covered', 'POST', '/open/nil', \@FOREIGN,
    '404 foreign=-');
is($res->body, "not there\n", 'its document');
for my $document (
    [ '/error/403.txt',        403, "refused\n" ],
    [ '/location/own403.txt',  403, "refused here\n" ],
    [ '"a text',               403, 'a text' ],
    [ '/error/200.cgi',        200, "error/200.cgi\n" ],
    [ '/error/418.cgi',        418, "error/418.cgi\n" ],
    [ '/error/nil',            403, qr/<title>403 Forbidden</, 404 ],
    [ 'https://login.example', 302, qr/login\.example/ ],
    )
{
    my ($target, $status, $body, $logged) = @$document;
    $server->serve("$conf<Location />\nErrorDocument 403 $target\n</Location>");
    for my $path (qw(/location/file.txt /location/script.cgi /auth/file.txt
        /rewrite/covered /open/script.cgi?/location/file.txt))
    {
        $res = asked("ErrorDocument $target, $path", 'POST', $path, \@FOREIGN,
            $REFUSED =~ s/403/$logged || $status/er, $status);
        ref $body ? like($res->body, $body, 'the document')
            : is($res->body, $body, 'the document');
        is(join('; ', $res->values('Cache-Control')), 'no-store',
            'Cache-Control');
    }
    asked("ErrorDocument $target, not foreign", 'POST', '/location/file.txt',
        \@OWN, '200 foreign=same-origin');
}

# Nor is one left over.
$server->serve(notes_format());
$res = asked('no line any more', 'POST', '/location/file.txt', \@FOREIGN,
    '200 foreign=-');
is($res->value('Vary'), undef, 'and no Vary');
unlike($server->log, qr/:(?:crit|alert|emerg)\]/, 'no error is logged');
done_testing();

sub covered {
    my ($path, $body) = @_;
    for my $method (qw(GET POST)) {
        my $end = length $server->log;
        my $res = asked("$path, own", $method, $path, \@OWN,
            '200 foreign=same-origin');
        is($res->body, $body, 'its body');
        $res = asked("$path, foreign", $method, $path, \@FOREIGN, $REFUSED);
        unlike($res->body, qr/^\Q$body\E/, 'not its body');
        my @found = substr($server->log, $end)
            =~ /\[cors:debug\].* (Require cors(?: isolated)?: \S+)/g;
        @found = grep { $_ !~ /isolated/ } @found
            if $path =~ m{^/(?:all|htaccess/if)/};
        is_deeply([ map { s/ isolated//r } @found ],
            [ 'Require cors: same-origin', 'Require cors: foreign' ],
            "$path: found once");
    }
    return;
}

sub open_path {
    my ($path, @lines) = @_;
    asked("$path, not covered", 'POST', $path, \@lines, '200 foreign=-');
    return;
}

sub asked {
    my ($name, $method, $path, $lines, $want, $status) = @_;
    my ($res, $notes) = require_ask($server, $method, $path, $lines);
    $status ||= substr $want, 0, 3;
    is($res->status . ", logged $notes", "$status, logged $want",
        "$name: $method");
    return $res;
}
