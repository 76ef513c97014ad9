# C-37, C-38, C-44: the headers are on every response of a policy's URLs,
# whatever its status and whoever made it, each exactly once.
use strict;
use warnings;
use lib 'lib';

use CorsTest;
use Test::More;

my $origin = 'https://app.example';
my @host   = (host => 'status.test');
my $etag   = get('/status/file.txt', undef, @host)->value('ETag');

# [status, what makes it, path, body, options of request()]
my @responses = (
    [ 200, 'a file',      'file.txt', "0123456789\n" ],
    [ 206, 'a range',     'file.txt', '234', { Range => 'bytes=2-4' } ],
    [ 206, 'two ranges',  'file.txt', qr/Content-Range.*Content-Range/is,
        { Range => 'bytes=0-0,4-4' } ],
    [ 304, 'a file',      'file.txt', '', { 'If-None-Match' => $etag } ],
    [ 304, 'a script',    'cgi?status=304', '' ],
    [ 301, 'DirectorySlash',        'methods', qr/moved/i ],
    [ 301, 'Redirect in Directory', 'old.txt', qr/moved/i ],
    [ 302, 'Redirect in the host',  'redirect', qr/moved/i ],
    [ 302, 'Redirect in Location',  'location', qr/moved/i ],
    [ 307, 'RewriteRule in the host', 'rewrite-307', qr/moved/i ],
    [ 401, 'Basic',       'basic/file.txt', qr/Unauthorized/ ],
    [ 401, 'a wrong password', 'basic/file.txt', qr/Unauthorized/,
        { Authorization => 'Basic d3Jvbmc6d3Jvbmc=' } ],
    [ 403, 'Require',     'secret.txt', qr/Forbidden/ ],
    [ 403, 'RewriteRule in the host', 'rewrite-403', qr/Forbidden/ ],
    [ 404, 'no file',     'missing.txt', qr/Not Found/ ],
    [ 404, 'no file below a file', 'file.txt/more', qr/Not Found/ ],
    [ 410, 'ErrorDocument, a file', 'rewrite-410', "the error document\n" ],
    [ 410, 'ErrorDocument for a backend', 'override?status=410',
        "the error document\n" ],
    [ 402, 'ErrorDocument, a text', 'override?status=402', 'in a few words' ],
    [ 405, 'AllowMethods', 'methods/file.txt', qr/not allowed/i,
        { method => 'POST' } ],
    [ 405, 'a file',      'file.txt', qr/not allowed/i, { method => 'PUT' } ],
    [ 412, 'a file',      'file.txt', '',
        { 'If-Match' => '"other"' } ],
    [ 413, 'LimitRequestBody, a script', 'small?read=1', qr/Too Large/,
        { method => 'POST', body => 'x' x 20 } ],
    [ 416, 'a file',      'file.txt', qr/range/i, { Range => 'bytes=99-' } ],
    [ 500, 'a script that dies', 'cgi?die=1', qr/Internal Server Error/ ],
    [ 502, 'a backend of nonsense', 'nonsense', qr{Bad Gateway} ],
    [ 503, 'a backend that is away', 'away', qr/Service Unavailable/ ],
    map { by_status($_) } 400, 401, 403, 404, 429, 500, 502, 503,
);

# A server whose answer is not HTTP.
backend('status_nonsense', "HTTP/1.1 200 OK\r\nno header line\r\n\r\n");

my $mark = log_mark();
for_each_protocol {
    everyone(@$_) for @responses;
    closed();
};
log_clean(
    $mark,
    qr/AH01618: user wrong not found/,
    qr/AH01630: client denied by server configuration: .*secret\.txt/,
    qr/AH01623: client method denied by server configuration: 'POST'/,
    qr/AH\d+: Requested content-length of 20 is larger/,
    # mod_cgid, mod_cgi
    qr/AH(?:01270|01225): Error reading request entity data/,
    qr/\Aas asked\z/,
    qr/AH01215: stderr from .*: as asked/,
    qr/End of script output before headers: answer\.cgi/,
    qr/AH01106: bad HTTP\/1\.1 header returned/,
    qr/AH00898: Error reading from remote server/,
    qr/AH00957: http: attempt to connect to/,
    qr/AH01114: HTTP: failed to make connection to backend/,
);
done_testing();

sub by_status {
    my ($status) = @_;
    my $asked = "?status=$status&body=words";
    return (
        [ $status, 'a script',              "cgi$asked",      "words\n" ],
        [ $status, 'a backend',             "proxied$asked",  "words\n" ],
        [ $status, 'ProxyErrorOverride',    "override$asked", qr/<html>/i ],
    );
}

sub everyone {
    my ($status, $maker, $path, $body, $is) = @_;
    my %header = %{ $is || {} };
    my $method = delete $header{method} || 'GET';
    my @body   = map { (body => $_) } grep { defined } delete $header{body};

    # curl may lose an answer that comes before all of the body was read.
    return if @body && $CorsTest::PROTOCOL eq 'h2c';

    my %origin = (
        allowed     => $origin,
        refused     => 'https://evil.example',
        'no Origin' => undef,
    );
    for my $who (sort keys %origin) {
        my @from = map { (Origin => $_) } grep { defined } $origin{$who};
        my $res  = request($method, "/status/$path", [ @from, %header ],
            @host, @body);
        my @want = (
            name   => "C-37 $status by $maker: $who",
            policy => 'PA',
            status => $status,
            body   => $body,
        );
        if ($who eq 'allowed') {
            act_ok($res, @want, origin => $origin);
        }
        else {
            act_no($res, @want);
        }
    }
    return;
}

# A redirect that is decided before directories are looked at has the policy
# of its Location, also one that says no.
sub closed {
    my $res = get('/status/closed', $origin, @host);
    cors_headers_are($res, {}, name => 'Redirect in a closed Location',
        status => 302);
    is($res->value('Location'), 'https://elsewhere.example/',
        'the redirect itself');
    $res = get('/status/off', $origin, @host);
    no_cors($res, name => 'Redirect in a Location that is off', status => 302);
    return;
}
