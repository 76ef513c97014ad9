# CORSEngine On is the default: writing it changes nothing, wherever it stands
# and however httpd finds the resource.
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

$server->write('d/index.html', "index\n");
$server->write('front/index.txt', "front\n");
$server->write('err/404.txt', "missing\n");
$server->write('views/page.en', "views\n");

my $sections = <<'CONF';
<Files "index.html">
    CORSAllowOrigin https://app.example
</Files>
<FilesMatch "^page">
    CORSAllowOrigin https://app.example
</FilesMatch>
<LocationMatch "^/(?:front|err)">
    CORSAllowOrigin https://app.example
</LocationMatch>
AddLanguage en .en
AddType text/plain .en
<Directory "@dir@/www/views">
    Options +MultiViews
</Directory>
<Directory "@dir@/www/rewritten">
    RewriteEngine On
    RewriteRule "." /front/index.txt
</Directory>
<Directory "@dir@/www/fallback">
    FallbackResource /front/index.txt
</Directory>
ErrorDocument 404 /err/404.txt
CONF
$server->write("$_/x/y", '') for qw(rewritten fallback);

my %wheres = (
    'not written'     => '',
    'in the server'   => "CORSEngine On\n",
    'in a Location'   => "<Location \"/\">\nCORSEngine On\n</Location>\n",
    'in a Directory'  =>
        "<Directory \"\@dir\@/www\">\nCORSEngine On\n</Directory>\n",
);

my %bodies = (
    '/d/'          => "index\n",
    '/views/page'  => "views\n",
    '/rewritten/a' => "front\n",
    '/fallback/a'  => "front\n",
    '/missing'     => "missing\n",
);

for my $where (sort keys %wheres) {
    $server->serve($wheres{$where} . $sections);
    for my $path (sort keys %bodies) {
        my %is = (
            policy => { origins => [$origin] },
            body   => $bodies{$path},
            status => $path eq '/missing' ? 404 : 200,
            $path =~ /views/ ? (vary => ['negotiate']) : (),
        );
        act_ok(get($path, $origin, @at), %is, origin => $origin,
            name => "$where: $path");
        act_no(get($path, $evil, @at), %is, name => "$where: $path, denied");
    }
    my $res = preflight('/rewritten/a', $origin, 'POST', undef, @at);
    pf_ok($res, policy => { origins => [$origin] }, origin => $origin,
        method => 'POST', name => "$where: a preflight");
}
done_testing();
