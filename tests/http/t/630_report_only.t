# CORSEngine ReportOnly changes nothing: every response is, byte for byte, what
# it is without the module, whatever made it and wherever the policy stands; but
# for Date, and the order of the methods in Allow, which is another one after each
# start of httpd. And the policy is there: requests with an Origin are reported on.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use Files qw(slurp);
use JSON::PP qw(decode_json);
use OwnServer;
use Test::More;
use Time::HiRes qw(sleep);

my $origin  = 'https://app.example';
my $server  = OwnServer->new;
my $port    = $server->port;
my @at      = (port => $port);
my @origins = ($origin, 'https://evil.example', 'null', 'not an origin', undef);

# All that a script could see of the module, and headers of CORS. Without a
# length, whether httpd finds one out depends on when the script ends.
my $script = <<'CGI';
#!/bin/sh
body=$(env | grep -Ev '^(REMOTE_PORT|H2_|H2PUSH|HTTP2|.*STREAM)' | sort)
test "$QUERY_STRING" && echo "Status: $QUERY_STRING"
echo "Content-Type: text/plain"
echo "Access-Control-Allow-Origin: *"
echo "Timing-Allow-Origin: *"
echo "Vary: Accept"
echo "Content-Length: ${#body}"
echo
printf %s "$body"
CGI
chmod oct '755', $server->write('cgi/env.cgi', $script);
chmod oct '755', $server->write('cgi/nph-x.cgi',
    "#!/bin/sh\nprintf 'HTTP/1.0 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nx\\n'\n");
chmod oct '755', $server->write('cgi/broken.cgi', "#!/bin/sh\nexit 1\n");
$server->write('index.html',        "index\n" x 200);
$server->write('dir/index.html',    "dir\n");
$server->write('errors/404.html',   "no such thing\n");
$server->write('secret/x.txt',      "x\n");
$server->write('denied/x.txt',      "x\n");
$server->write('passwords',         "u:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=\n");
$server->write('recipe/x.txt',      "x\n");
$server->write('ht/x.txt',          "x\n");
$server->write('ht/.htaccess', "Header set Access-Control-Allow-Origin *\n");

# The ETag of a file that has just been written is a weak one.
utime 1e9, 1e9, $_ for map { glob $server->dir . "/www/$_" } '*', '*/*';

my $site = <<'CONF';
<IfModule http2_module>
    Protocols h2c http/1.1
</IfModule>
SetEnv ap_trust_cgilike_cl 1
ErrorDocument 404 /errors/404.html
ErrorDocument 403 "denied"
Redirect 302 /moved /file.txt
RewriteEngine On
RewriteRule "^/rewritten" "/cgi/env.cgi" [PT]
RewriteRule "^/bad$" "-" [F]
<Directory "@dir@/www">
    Options ExecCGI FollowSymLinks
    AddHandler cgi-script .cgi
    DirectoryIndex index.html
    FallbackResource disabled
</Directory>
<Directory "@dir@/www/secret">
    AuthType Basic
    AuthName "x"
    AuthBasicProvider file
    AuthUserFile "@dir@/www/passwords"
    Require valid-user
</Directory>
<Directory "@dir@/www/denied">
    Require all denied
</Directory>
<Directory "@dir@/www/ht">
    AllowOverride FileInfo
</Directory>
<Location "/recipe">
    SetEnvIf Origin "(.+)" from=$1
    Header always set Access-Control-Allow-Origin "%{from}e" env=from
    Header always set Access-Control-Allow-Headers "X-A"
    Header always merge Vary Origin
    RequestHeader unset Origin
    RewriteEngine On
    RewriteCond "%{REQUEST_METHOD}" "OPTIONS"
    RewriteRule "" "-" [R=204,L]
</Location>
ProxyPass "/proxied" "http://127.0.0.1:@port@/cgi" disablereuse=on
ProxyPass "/nobody" "http://127.0.0.1:9" disablereuse=on retry=0
<Location "/index.html">
    SetOutputFilter DEFLATE
</Location>
<Location "/status">
    SetHandler cors-status
</Location>
CONF

my $lines = <<"CONF";
CORSEngine ReportOnly
CORSAllowOrigin $origin
CORSAllowMethods GET PUT
CORSAllowHeaders X-A
CORSExposeHeaders ETag
CORSAllowCredentials On
CORSMaxAge 1h
CONF
my $any = <<'CONF';
CORSEngine ReportOnly
CORSAllowOrigin *
CORSTimingAllowOrigin *
CORSDebug On
CONF
my $live = "CORSAllowOrigin *\nCORSAllowMethods PUT\nCORSTimingAllowOrigin *\n";

my %policy = (
    'in the server'      => $lines,
    'for any origin'     => $any,
    'early'              => "${lines}CORSPreflight early\n",
    'in a directory'     => "<Directory \"\@dir\@/www\">\n$lines</Directory>\n",
    'closed'             => "CORSEngine ReportOnly\nCORSAllowOrigin none\n",
    'below a live one'   => "$live<Location \"/\">\n$lines</Location>\n",
    'late, below a live one' =>
        "$live<Files \"*\">\nCORSEngine ReportOnly\n</Files>\n"
        . "<Location \"/\">\nCORSEngine ReportOnly\n</Location>\n",
);
# Where .htaccess files are read, CORSPreflight early cannot be.
my $without_ht = $site =~ s/AllowOverride FileInfo/AllowOverride AuthConfig/r;

my %want;
for my $variant ($site, $without_ht) {
    $server->serve($variant, order => sub { grep { !/cors/ } @_ });
    $want{$variant} = answers();
}
cmp_ok(scalar keys %{ $want{$site} }, '>', 500, 'requests');
my $count = grep { m{\AHTTP/2 } } values %{ $want{$site} };
cmp_ok($count, '>', vars()->{mpm} eq 'prefork' ? -1 : 500, 'and over HTTP/2')
    or diag($count);
my %status = map { $_ => 1 } map { m{\AHTTP/\S+ (\d+)} } values %{ $want{$site} };
ok($status{$_}, "$_ is among the responses")
    for qw(200 204 206 301 302 304 400 401 403 404 405 500 503);

for my $name (sort keys %policy) {
    my $variant = $name eq 'early' ? $without_ht : $site;
    $server->serve($variant . $policy{$name} . <<'CONF');
LogLevel cors:debug
<Location "/cors-status">
    SetHandler cors-status
    CORSStatus On
</Location>
CONF
    my $before = reports();
    my $got    = answers();
    my @other  = grep { $got->{$_} ne $want{$variant}{$_} } sort keys %$got;
    ok(!@other, "$name: all responses are the same");
    diag("$_\n--- without\n$want{$variant}{$_}--- with\n$got->{$_}")
        for @other[ 0 .. ($#other < 2 ? $#other : 2) ];
    cmp_ok(reports() - $before, '>', 200, "$name: requests are reported on");
}

# Nothing is decided, so nothing is counted as if it were.
my $json = decode_json(get('/cors-status?json', undef, @at)->body);
my $decided = 0;
$decided += $_->{count} for map { @{ $_->{decisions} } } @{ $json->{policies} };
is($decided, 0, 'no decision is counted');
is_deeply($json->{refusals}, [], 'no refusal is shown');
$server->stop;
done_testing();

# How many reports were made.
sub reports {
    my $shown = decode_json(get('/cors-status?json', undef, @at)->body);
    my $sum   = 0;
    $sum += $_->{count}
        for map { @{ $_->{reports} || [] } } @{ $shown->{policies} };
    return $sum;
}

sub answers {
    my %answer;
    for_each_protocol {
        my ($protocol) = @_;
        for my $request (requests()) {
            my ($method, $target, @headers) = @$request;
            my $res;
            # Over HTTP/2 httpd resets the stream of a script now and then, and
            # more often while it has much to do.
            for my $try (1 .. 20) {
                $res = request($method, $target, \@headers, @at,
                    host => 'site.test');
                last if !$res->{error};
                sleep 0.02 * $try;
            }
            (my $raw = $res->{raw} . ($res->{error} || '')) =~ s/^date:[^\n]*\n//mi;
            $raw =~ s/^(allow: )([^\r\n]*)/$1 . join ',', sort split \/,\/, $2/mie;
            $answer{"$protocol $method $target @headers"} = $raw;
        }
    };
    return \%answer;
}

sub requests {
    my @targets = qw(
        /file.txt /index.html / /dir /dir/ /missing /missing/x?y /moved
        /cgi/env.cgi /cgi/env.cgi?404 /cgi/env.cgi?304 /cgi/broken.cgi
        /rewritten /bad /secret/x.txt /denied/x.txt /recipe/x.txt
        /recipe/missing /ht/x.txt /proxied/env.cgi /proxied/env.cgi?500
        /nobody/x /status /%2e%2e/%2e%2e/x /a%2fb
    );
    my @requests;
    for my $from (@origins) {
        my @from = defined $from ? (Origin => $from) : ();
        for my $target (@targets) {
            push @requests, [ GET => $target, @from ],
                [ HEAD => $target, @from ],
                [ OPTIONS => $target, @from ],
                [
                    OPTIONS => $target, @from,
                    'Access-Control-Request-Method'  => 'PUT',
                    'Access-Control-Request-Headers' => 'x-a'
                ];
        }
        push @requests, [ OPTIONS => '/file.txt', @from,
            'Access-Control-Request-Method' => 'PATCH' ],
            [ DELETE => '/file.txt', @from ],
            [ POST   => '/cgi/env.cgi', @from ],
            [ TRACE  => '/file.txt', @from ],
            [ GET => '/file.txt', @from, 'If-None-Match' => '*' ],
            [ GET => '/file.txt', @from, Range => 'bytes=0-1' ],
            [ GET => '/file.txt', @from, Range => 'bytes=90-91' ],
            [ GET => '/file.txt', @from, Cookie => 'a=b' ],
            [ GET => '/index.html', @from, 'Accept-Encoding' => 'gzip' ],
            [ GET => '/secret/x.txt', @from,
                Authorization => 'Basic dTpwYXNzd29yZDE=' ],
            [ GET => '/x%00y', @from ],
            [ GET => '/%zz',   @from ];
    }
    return @requests;
}
