# The decision is known to access control and per-directory rewriting, also
# behind a front controller, and CORS_ORIGIN is a well-formed origin or absent.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use OwnServer;
use Test::More;

my $origin = 'https://app.example';
my $evil   = 'https://evil.example';
my $server = OwnServer->new;
my @at     = (port => $server->port);
my $policy = { origins => [ $origin, 'null' ] };

my $script = <<'CGI';
#!/bin/sh
echo "Content-Type: text/plain"
echo
echo "<$CORS_ORIGIN>"
CGI
for my $dir (qw(required index open)) {
    chmod oct '755', $server->write("$dir/env.cgi", $script);
}
$server->write('required/file.txt', "file\n");
$server->write('required/.htaccess', "Require env CORS_ORIGIN\n");
$server->write('front/x', '');
$server->write('chosen/a.txt',     "chosen\n");
$server->write('chosen/other.txt', "other\n");

my $conf = <<'CONF';
<Directory "@dir@/www">
    Options ExecCGI FollowSymLinks
    AddHandler cgi-script .cgi
</Directory>
<Directory "@dir@/www/required">
    AllowOverride AuthConfig
</Directory>
<Location "/">
    CORSAllowOrigin https://app.example null
</Location>
<Location "/open">
    CORSAllowOrigin *
</Location>
<Location "/index">
    Require env CORS_ORIGIN
    Require env REDIRECT_CORS_ORIGIN
</Location>
<Directory "@dir@/www/front">
    RewriteEngine On
    RewriteRule "^twice" "/front/once" [L]
    RewriteRule "." "/index/env.cgi"
</Directory>
<Directory "@dir@/www/chosen">
    RewriteEngine On
    RewriteCond "%%{ENV:CORS_ORIGIN}" "!^$"
    RewriteRule "^a\.txt$" "-" [L]
    RewriteRule "^a\.txt$" "other.txt"
</Directory>
%s
CONF
my %late = (
    'final' => '',
    'late'  => "<Files \"no-such-file\">\nCORSEngine On\n</Files>\n",
);

for my $when (sort keys %late) {
    $server->serve(sprintf $conf, $late{$when});
    my @is = (policy => $policy);
    for my $path (qw(/required/file.txt /required/env.cgi /index/env.cgi
        /front/once /front/twice))
    {
        my $name = "$when: $path";
        act_ok(get($path, $_, @at), @is, origin => $_, name => "$name: $_")
            for $origin, 'null';
        act_no(get($path, $_, @at), @is, status => 403,
            name => "$name: " . (defined $_ ? $_ : 'no Origin'))
            for $evil, undef, 'https://app.example/';
        my $res = preflight($path, $origin, 'POST', undef, @at);
        pf_ok($res, @is, origin => $origin, method => 'POST',
            name => "$name: a preflight");
    }
    is(get('/chosen/a.txt', $origin, @at)->body, "chosen\n",
        "$when: RewriteCond, allowed");
    is(get('/chosen/a.txt', $evil, @at)->body, "other\n",
        "$when: RewriteCond, denied");

    # Every origin is allowed; what is none is not shown.
    for my $text ($origin, $evil, 'null', 'app://obsidian.md') {
        is(get('/open/env.cgi', $text, @at)->body, "<$text>\n",
            "$when: CORS_ORIGIN is $text");
    }
    for my $text ('"><script>alert(1)</script>', 'https://a.example/',
        'https://a.example, https://b.example', 'a.example', '*')
    {
        my $res = get('/open/env.cgi', $text, @at);
        is($res->body, "<>\n", "$when: CORS_ORIGIN is not $text");
        is($res->value('Access-Control-Allow-Origin'), '*',
            "$when: $text: allowed");
    }
}
done_testing();
