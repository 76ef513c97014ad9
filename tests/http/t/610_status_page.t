# SetHandler cors-status: who sees it, what protects it, and that nothing of a
# client's reaches it unescaped.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use HTML::Parser;
use JSON::PP qw(decode_json);
use OwnServer;
use Test::More;

my $origin = 'https://app.example';
my $evil   = 'https://evil.example';
my $server = OwnServer->new;
my @at     = (port => $server->port, protocol => 'h1');
my $star   = "CORSAllowOrigin *\n";

$server->write('plain/cors-status', "plain\n");
$server->write('ht/cors-status',    "plain\n");
$server->write('ht/.htaccess',      "SetHandler cors-status\n");
$server->serve(<<"CONF", modules => []);
$star
Header set Access-Control-Allow-Origin *
<Location "/cors-status">
    SetHandler cors-status
    CORSStatus On
</Location>
<Location "/plain">
    SetHandler cors-status
</Location>
<Location "/api">
    CORSAllowOrigin $origin
</Location>
<Directory "\@dir\@/www/ht">
    AllowOverride FileInfo
</Directory>
CONF

# Nobody else's pages may read it, whatever the policy of the server.
for my $query ('', '?json', '?metrics', "?url=/api&origin=$origin", '?url=x') {
    for my $from (undef, $evil, 'null') {
        my $res = get("/cors-status$query", $from, @at);
        my $name = "$query from " . (defined $from ? $from : 'no origin');
        cors_headers_are($res, {}, name => $name);
        is($res->value('Cross-Origin-Resource-Policy'), 'same-origin',
            "$name: resource policy");
        is($res->value('Cache-Control'), 'no-store', "$name: not stored");
        is($res->value('X-Content-Type-Options'), 'nosniff', "$name: nosniff");
        like($res->value('Content-Security-Policy'),
            qr/\Adefault-src 'none'; /, "$name: content security policy");
    }
}
is(get('/cors-status?url=x', undef, @at)->status, 400, 'a bad question');
is(get('/cors-status?what',  undef, @at)->status, 400, 'another query');
for my $method (qw(POST PUT DELETE PATCH)) {
    my $res = request($method, '/cors-status', [], @at);
    is($res->status, 405, "$method is refused");
    like($res->value('Allow'), qr/\bGET\b/, "$method: Allow");
}
my $head = request('HEAD', '/cors-status', [], @at);
is($head->status, 200, 'HEAD');

# The handler without CORSStatus On, and in a .htaccess file: the file.
is(get('/plain/cors-status', undef, @at)->body, "plain\n", 'not switched on');
is(get('/ht/cors-status',    undef, @at)->body, "plain\n", 'in .htaccess');

# Every byte in every field that is shown; a client may bring 32 refusals.
request('GET', '/api/%3Cscript%3E%22x%22?token=secret', [ Origin => $evil,
    Cookie => 'secret' ], @at);
request('GET', '/api/x', [ Origin => 'null' ], @at);
for my $byte (1 .. 255) {
    next if $byte == 10 || $byte == 13;
    my $char = chr $byte;
    request('GET', '/api/x', [ Origin => "https://a${char}b<x>&\"'" ], @at);
    request('OPTIONS', '/api/x', [
        Origin                           => $origin,
        'Access-Control-Request-Method'  => "P${char}T<x>",
        'Access-Control-Request-Headers' => "x-${char}<b>",
    ], @at) if $byte % 8 == 0;
}
my $page = get('/cors-status', undef, @at)->body;
is_deeply([ faults($page) ], [], 'the page is well-formed');
unlike($page, qr/[^\n -~]/, 'and printable ASCII');
unlike($page, qr/<x>|<script|secret/, 'without a tag of a client, or a secret');
like($page, qr{>$_->[0]</th>.*>\Q$_->[1]\E<}, "advice: $_->[1]")
    for [ $evil, 'if it is yours, add it to CORSAllowOrigin' ],
    [ 'null', 'a sandboxed frame or a file: any page can send it' ],
    [ 'https://a[^<]*b&lt;x[^<]*', 'no browser sends this: nothing to do' ];
my $json = eval { decode_json(get('/cors-status?json', undef, @at)->body) };
ok($json, 'JSON is well-formed') or diag($@);
ok((grep { $_->{origin} eq $evil && $_->{path} eq '/api/<script>"x"' }
    @{ $json->{refusals} }), 'and has the refusals');
unlike(get('/cors-status?json', undef, @at)->body, qr/secret/,
    'but no query, no cookie');

# A browser gets what it asked for in a page, and the form that keeps it.
for my $query (
    '/api&origin=%22%3E%3Cx%3E%26&method=PUT&headers=%3Cx%3E',
    '/%3Cx%3E%22&origin=%3Cscript%3E&method=GET',
    '/&origin=%80%ff%27%3Cx%3E&method=%3Cscript%3E',
    '%3Cx%3E&origin=%01%3Cscript%3E',
) {
    my $res = request('GET', "/cors-status?url=$query",
        [ Accept => 'text/html,*/*;q=0.8' ], @at);
    is($res->status, $query =~ m{\A/\S*=(?:PUT|GET)} ? 200 : 400,
        "$query: the status");
    is_deeply([ faults($res->body) ], [], "$query: the page is well-formed");
    unlike($res->body, qr/<x>|<script|[^\n -~]/, "$query: and escaped");
    my %value = $res->body =~ /name="(\w+)" value="([^"]*)"/g;
    like($value{origin}, qr/&lt;/, "$query: the form has it");
}

$server->stop;
done_testing();

# Tags that are not closed, or closed without being open.
sub faults {
    my ($text) = @_;
    my %void = map { $_ => 1 } qw(meta link input);
    my (@open, @faults);
    HTML::Parser->new(
        api_version => 3,
        start_h     => [ sub { push @open, $_[0] if !$void{ $_[0] } }, 'tag' ],
        end_h       => [
            sub {
                my ($tag) = @_;
                my $last = pop @open;
                push @faults, "$tag closes " . (defined $last ? $last : '-')
                    if !defined $last || "/$last" ne $tag;
            },
            'tag'
        ],
    )->parse($text)->eof;
    return (@faults, @open);
}
