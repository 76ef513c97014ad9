# Preflights with bodies, on the raw socket: where a body ends is httpd's to
# say, and mod_cors never makes a byte of it the next request.
use strict;
use warnings;
use lib 'lib';

use CorsTest;
use Test::More;

my $app   = 'https://app.example';
my $evil  = 'https://evil.example';
my @hosts = qw(raw.test raw-early.test raw-files.test);

# In every body hides a request that must not be answered.
my $hidden = "GET /raw/smuggled.txt HTTP/1.1\r\nHost: raw.test\r\n\r\n";
my $length = length $hidden;
my $chunk  = sprintf "%x\r\n%s\r\n", $length, $hidden;

# The lines that frame the body, and the body. Then what comes back: the
# preflight's own answer ("ok"), or the status of a refusal; and whether the
# next request on the connection is answered, or the connection ends.
my @cases = (
    [ 'no body', '', '', 'ok', 'next' ],
    [ 'Content-Length', "Content-Length: $length\r\n", $hidden, 'ok', 'next' ],
    [
        'Content-Length twice, the same',
        "Content-Length: $length\r\nContent-Length: $length\r\n",
        $hidden, '400', 'end'
    ],
    [
        'Content-Length twice',
        "Content-Length: 0\r\nContent-Length: $length\r\n",
        $hidden, '400', 'end'
    ],
    map({
            [ "Content-Length: $_", "Content-Length: $_\r\n", $hidden, '400',
                'end' ]
        } "+$length", "-$length", "0x42", "$length, $length", "$length,",
        "$length x", '', '99999999999999999999'),
    [
        'a chunk', "Transfer-Encoding: chunked\r\n",
        "${chunk}0\r\n\r\n", 'ok', 'next'
    ],
    [
        'chunks', "Transfer-Encoding: chunked\r\n",
        "5\r\nGET /\r\n${chunk}0\r\n\r\n", 'ok', 'next'
    ],
    [
        'chunk extensions', "Transfer-Encoding: chunked\r\n",
        sprintf("%x;a=b;c=\"d;e\"\r\n%s\r\n0;z\r\n\r\n", $length, $hidden),
        'ok', 'next'
    ],
    [
        'a size with leading zeros', "Transfer-Encoding: chunked\r\n",
        "0000000$chunk" . "0\r\n\r\n", 'ok', 'next'
    ],
    [
        'blanks behind a size', "Transfer-Encoding: chunked\r\n",
        sprintf("%x \t \r\n%s\r\n0\r\n\r\n", $length, $hidden), 'ok', 'next'
    ],
    [
        'trailers', "Transfer-Encoding: chunked\r\n",
        "${chunk}0\r\nOrigin: $evil\r\nX-Trailer: 1\r\n\r\n", 'ok', 'next'
    ],
    [
        'Content-Length short of the chunks',
        "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        "${chunk}0\r\n\r\n", 'ok', 'end'
    ],
    [
        'chunks short of Content-Length',
        "Transfer-Encoding: chunked\r\nContent-Length: " . (5 + $length)
            . "\r\n",
        "0\r\n\r\n$hidden", 'ok', 'end'
    ],
    map({
            [ "Transfer-Encoding: $_",
                "Transfer-Encoding: $_\r\nContent-Length: 5\r\n",
                "0\r\n\r\n$hidden", /(?:\A|, )chunked\z/ ? 'ok' : '4..|5..',
                'end' ]
        } 'gzip, chunked', 'chunked, identity', 'identity', 'xchunked',
        '"chunked"', 'chunked, chunked'),
    [
        'Transfer-Encoding with a blank before its colon',
        "Transfer-Encoding : chunked\r\n", "0\r\n\r\n$hidden", '400', 'end'
    ],
    [
        'Transfer-Encoding on a folded line',
        "X-A: b\r\n Transfer-Encoding: chunked\r\nContent-Length: "
            . (5 + $length) . "\r\n",
        "0\r\n\r\n$hidden", 'ok|400', 'any'
    ],
    map({
            [ "a size that is none: $_->[0]",
                "Transfer-Encoding: chunked\r\n", "$_->[1]\r\n$hidden",
                'ok|4..', 'end' ]
        } [ '-1', '-1' ], [ '0x5', '0x5' ], [ 'words', 'GET / HTTP/1.1' ],
        [ 'too great', 'f' x 17 ], [ 'greater', '1' . '0' x 40 ],
        [ 'nothing', '' ]),
    [
        'a chunk that ends late', "Transfer-Encoding: chunked\r\n",
        "3\r\nabcGET /raw/smuggled.txt HTTP/1.1\r\n\r\n", 'ok|4..', 'end'
    ],
    [
        'Expect: 100-continue', "Expect: 100-continue\r\n"
            . "Content-Length: $length\r\n", $hidden, 'ok', 'expect'
    ],
    [
        'Expect: something else',
        "Expect: 200-ok\r\nContent-Length: $length\r\n", $hidden, '417', 'any'
    ],
);

my $mark = log_mark();
for my $host (@hosts) {
    for my $case (@cases) {
        attempt($host, $_, @$case) for $app, $evil;
    }
    pipelined($host);
    limited($host);
}
is_deeply(
    [ grep { /smuggled/ } access_log_lines($mark, 100) ], [],
    'no request that hid in a body was taken for one'
);
log_clean($mark, qr/AH0|:error\].*(?:chunk|Content-Length|Transfer-Encoding)/);
done_testing();

sub attempt {
    my ($host, $origin, $name, $lines, $body, $want, $then) = @_;
    my $is_allowed = $origin eq $app;
    my $ok = $is_allowed ? '204' : '403';
    my ($answer, $next) = exchange(
        preflight_head($host, $origin) . "$lines\r\n$body"
            . next_request($host),
        [qw(OPTIONS GET)]
    );
    $name = "$host, " . ($is_allowed ? 'allowed' : 'refused') . ": $name";

    $want =~ s/\bok\b/$ok/;
    like($answer->status, qr/\A(?:$want)\z/, "$name: the answer");
    my $got = $next->status eq '200' && $next->body eq "next\n" ? 'next'
        : !$next->status && !length $next->raw ? 'end' : $next->raw;
    $then = $is_allowed ? 'next' : 'end' if $then eq 'expect';
    $then eq 'any'
        ? like($got, qr/\A(?:next|end)\z/, "$name: nothing, or what follows")
        : is($got, $then, "$name: then $then");
    is($next->extra, '', "$name: and no more");
    return holds_cors($answer, $origin, $name) if $answer->status eq $ok;
    is(scalar($answer->values('Access-Control-Allow-Methods')), 0,
        "$name: a refused request gets no list");
    return;
}

sub preflight_head {
    my ($host, $origin) = @_;
    return "OPTIONS /raw/x HTTP/1.1\r\nHost: $host\r\nOrigin: $origin\r\n"
        . "Access-Control-Request-Method: PUT\r\n";
}

sub next_request {
    my ($host) = @_;
    return "GET /raw/next.txt HTTP/1.1\r\nHost: $host\r\nOrigin: $app\r\n"
        . "Connection: close\r\n\r\n";
}

sub holds_cors {
    my ($answer, $origin, $name) = @_;
    return pf_no($answer, policy => 'PA', name => $name) if $origin eq $evil;
    return pf_ok($answer, policy => 'PA', origin => $app, method => 'PUT',
        name => $name);
}

# Many at once; each answer belongs to its request.
sub pipelined {
    my ($host) = @_;
    my @origins = ($evil, $app, $app, $evil, 'null', $app, $evil, $evil, $app);
    my $bytes   = '';
    for my $i (0 .. $#origins) {
        $bytes .= preflight_head($host, $origins[$i])
            . ( $i % 3 == 0 ? "\r\n"
                : $i % 3 == 1 ? "Content-Length: $length\r\n\r\n$hidden"
                : "Transfer-Encoding: chunked\r\n\r\n${chunk}0\r\n\r\n");
    }
    my @answers = exchange($bytes . next_request($host),
        [ ('OPTIONS') x @origins, 'GET' ]);
    my $next = pop @answers;
    is(join(' ', map { $_->status } @answers),
        join(' ', map { $_ eq $app ? 204 : 403 } @origins),
        "$host: pipelined preflights, in order");
    act_ok($next, policy => 'PA', origin => $app, body => "next\n",
        name => "$host: the request behind them");
    is($next->extra, '', "$host: and no more");
    return;
}

# A body that is too long for the resource.
sub limited {
    my ($host) = @_;
    for my $body ("Content-Length: $length\r\n\r\n$hidden",
        "Transfer-Encoding: chunked\r\n\r\n${chunk}0\r\n\r\n")
    {
        my $head = preflight_head($host, $app);
        $head =~ s{/raw/x}{/raw/limit/x};
        my ($answer, $next) =
            exchange($head . $body . next_request($host), [qw(OPTIONS GET)]);
        like($answer->status, qr/\A(?:204|413)\z/,
            "$host: a body over LimitRequestBody");
        like($next->status . $next->body, qr/\A(?:200next\n|0)\z/,
            "$host: then the next request or none");
    }
    return;
}
