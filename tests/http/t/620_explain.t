# What cors-status says that the server would say to a request is what the
# server says, header for header; and it counts and logs nothing.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use OwnServer;
use Test::More;

my $origin = 'https://app.example';
my $server = OwnServer->new;
my @at     = (port => $server->port, protocol => 'h1');

$server->write("$_/x.txt", "x\n") for qw(api dir star ht index deny none);
$server->write('ht/.htaccess', "CORSAllowOrigin $origin\n");
$server->write('bad/.htaccess', "CORSAllowOrigin https://\n");
$server->write('index/index.html', "index\n");
my $common = <<"CONF";
CORSExposeHeaders X-Server
<Location "/cors-status">
    SetHandler cors-status
    CORSStatus On
</Location>
<Location "/api">
    CORSAllowOrigin      $origin https://*.example.net
    CORSAllowMethods     GET PUT
    CORSAllowHeaders     X-Token
    CORSAllowCredentials On
    CORSMaxAge           600
</Location>
<Location "/star">
    CORSAllowOrigin  *
    CORSAllowMethods *
    CORSAllowHeaders *
</Location>
<Location "/none">
    CORSAllowOrigin none
</Location>
<Location "/deny">
    CORSAllowOrigin $origin
    Require all denied
</Location>
<Location "/moved">
    CORSAllowOrigin $origin
</Location>
Redirect /moved /api
RewriteEngine On
RewriteRule ^/v2/(.*) /api/\$1 [PT]
RewriteRule ^/gone - [G]
CONF
my $late = <<"CONF";
<Directory "\@dir\@/www/dir">
    CORSAllowOrigin $origin
    CORSAllowHeaders X-Dir
</Directory>
<Directory "\@dir\@/www/ht">
    AllowOverride FileInfo
</Directory>
<Directory "\@dir\@/www/bad">
    AllowOverride FileInfo
</Directory>
<Files "index.html">
    CORSAllowOrigin $origin
</Files>
<If "req_novary('Origin') == 'https://if.example'">
    CORSAllowOrigin https://if.example
</If>
CONF

my @urls = qw(
    /api/x.txt /api/ /api /api/missing /api/../star/x.txt /api/%78.txt
    /api//x.txt /star/x.txt /none/x.txt /deny/x.txt /moved/a /v2/x.txt
    /gone /dir/x.txt /dir/ /ht/x.txt /bad/x /index/ /nowhere /
);
push @urls, '/api/' . 'y' x 300;
my @origins = ($origin, 'https://a.example.net', 'https://example.net',
    'http://app.example', 'https://if.example', 'null', 'junk');
my @asked = (
    [ 'GET', undef ], [ 'POST', undef ], [ 'PUT', undef ], [ 'PATCH', undef ],
    [ 'PUT', 'x-token' ], [ 'GET', 'x-dir, x-other' ]
);

my %answered = (
    'final'     => 'map_to_storage, before the file is looked for',
    'early'     => 'translate_name, before redirects and rewrites',
    'not final' => 'header_parser, before access control',
);
for my $conf ([ 'early', "$common\nCORSPreflight early" ],
    [ 'final', $common ], [ 'not final', "$common$late" ])
{
    $server->serve($conf->[1]);
    like(explained('/api/x.txt', $origin, 'PUT', undef),
        qr/^answered +\Q$answered{ $conf->[0] }\E$/m, "$conf->[0]: answered");
    compare(@$_) for map { my $url = $_; map { [ $conf->[0], $url, $_ ] }
            @origins } @urls;
}

# For people.
my $text = explained('/api/x.txt', 'http://app.example', 'PUT', 'x-token');
like($text, qr/^reason +origin\n(?:.*\n)*nearest +\Q$origin\E: the scheme differs$/m,
    'the nearest pattern');
like($text, qr/^  CORSMaxAge 600  \(\S+:\d+\)$/m, 'the line of a value');
like($text, qr/^  CORSExposeHeaders X-Server  \(\S+:\d+\)$/m,
    'that of one which is inherited');
my %nearest = (
    'https://APP.example'     => 'letters differ in case',
    'https://app.example/'    => 'the origin ends in a slash or path',
    'https://app.example:444' => 'the port differs',
    'https://example.net'     => 'the wildcard does not match the domain',
    'https://ap.example'      => 'one letter of the host differs',
);
for my $from (sort keys %nearest) {
    like(explained('/api/x.txt', $from, 'GET', undef),
        qr/^nearest .*: \Q$nearest{$from}\E/m, "near: $from");
}
unlike(explained('/api/x.txt', 'https://other.test', 'GET', undef),
    qr/^nearest/m, 'nothing is near');
like(explained('/nowhere', $origin, 'GET', undef),
    qr/^policy +none: no origin is named/m, 'no policy');

my @before = counts();
explained('/api/x.txt', 'https://evil.example', 'PUT', 'x') for 1 .. 5;
is_deeply([ counts() ], \@before, 'nothing is counted');
unlike($server->log, qr/\[cors:info\]/, 'nor logged');
for my $bad ('url=api', 'url=/a%20b', 'url=/a&origin=', 'url=/%0a&origin=x',
    'url=/a&origin=a%0d%0aX:y', "url=/a&origin=$origin&method=P%20T",
    "url=/a&origin=$origin&headers=%01")
{
    is(get("/cors-status?$bad", undef, @at)->status, 400, "$bad is refused");
}
$server->stop;
done_testing();

sub explained {
    my ($url, $from, $method, $headers) = @_;
    my %query = (url => $url, origin => $from, method => $method);
    $query{headers} = $headers if defined $headers;
    my $args = join '&', map {
        my $value = $query{$_};
        $value =~ s/([^\w.\/:-])/sprintf '%%%02x', ord $1/ge;
        "$_=$value"
    } sort keys %query;
    return get("/cors-status?$args", undef, @at)->body;
}

# One test: the explanations of one origin and URL, and the live answers.
sub compare {
    my ($conf, $url, $from) = @_;
    my (@said, @live);
    for my $asked (@asked) {
        my ($method, $headers) = @$asked;
        my @blocks = split /\n\n/, explained($url, $from, $method, $headers);
        for my $block (@blocks[ 1 .. $#blocks ]) {
            my ($kind) = $block =~ /^request +(\w+)/m;
            push @said, "$kind $method: " . join ', ',
                sort map { s/,\s+/,/gr }
                $block =~ /^  ((?:Access-Control|Timing|Vary)\S*: .*)/mg;
            my $res = $kind eq 'preflight'
                ? preflight($url, $from, $method, $headers, @at)
                : request($method, $url, [ Origin => $from ], @at);
            push @live, "$kind $method: " . join ', ', sort
                map { "$_->[0]: $_->[1]" =~ s/,\s+/,/gr } grep { $_->[0] =~ /\A(?:Access-Control|Timing|Vary)/ }
                @{ $res->lines };
        }
    }
    is(join("\n", @said), join("\n", @live), "$conf: $url from $from");
    return;
}

sub counts {
    my $json = get('/cors-status?json', undef, @at)->body;
    return $json =~ /"count":(\d+)/g;
}
