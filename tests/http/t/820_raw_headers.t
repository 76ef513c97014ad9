# Header lines on the raw socket: control bytes, folded, repeated and overlong
# ones. What the request says reaches the answer only where it matched.
use strict;
use warnings;
use lib 'lib';

use CorsTest;
use Test::More;

my $app   = 'https://app.example';
my @hosts = qw(raw.test raw-early.test raw-files.test);
my $token = qr/[!#\$%&'*+.^_`|~0-9A-Za-z-]/;

# A word that no policy has.
my $mark_word = 'xyzzy';

my $mark = log_mark();
bytes('strict',  undef);
bytes('lenient', port('raw_lenient'));
for my $host (@hosts) {
    folded($host);
    repeated($host);
    long($host);
    many($host);
}
log_clean($mark);
done_testing();

# Every byte in each of the three fields.
sub bytes {
    my ($kind, $port) = @_;
    for my $code (0 .. 255) {
        my $byte = chr $code;
        my $name = sprintf '%s: byte %02x', $kind, $code;
        my $is_token = $byte =~ /\A$token\z/;
        # Line ends and commas make another request of it.
        next if $byte =~ /[\r\n]/;
        my $element = $byte eq ',' || $is_token;

        attempt("$name in a method", $port, $is_token,
            [ $app, "$mark_word${byte}A", undef ]);
        attempt("$name in a header name", $port, $element,
            [ $app, 'PUT', "$mark_word${byte}A" ]);
        attempt("$name in an origin", $port, 0,
            [ "$app$byte", 'PUT', undef ])
            if $byte !~ /[ \t]/;
        attempt("$name in a host", $port, 0,
            [ "https://$mark_word${byte}app.example", 'PUT', undef ]);
        attempt("$name in front of an origin", $port, 0,
            [ "$byte$app", 'PUT', undef ])
            if $byte !~ /[ \t]/;
        attempt("$name before the wildcard's label", $port,
            ($byte =~ /\A[a-z0-9._-]\z/ ? 1 : 0),
            [ "https://a${byte}a.example.com", 'PUT', undef ], 'wild');
    }
    for my $injected ("\r", "\r ", "\rX-Injected: 1", "\r\n\rX-Injected: 1") {
        attempt("$kind: a carriage return in an origin", $port, 0,
            [ "$app$injected", 'PUT', undef ]);
    }
    return;
}

sub attempt {
    my ($name, $port, $is_allowed, $values, $path) = @_;
    $path ||= 'echo';
    my ($answer) = exchange(
        lines("OPTIONS /raw/$path/x HTTP/1.1", $hosts[0], @$values)
            . "Connection: close\r\n\r\n",
        ['OPTIONS'], $port ? (port => $port) : ());
    like($answer->status, $is_allowed ? qr/\A204\z/ : qr/\A40[03]\z/,
        "$name: " . $answer->status);
    my ($head) = $answer->raw =~ /\A(.*?\r\n\r\n)/s;
    unlike($head, qr/[^\r\n -~]/, "$name: no such byte in the answer");
    return if $is_allowed;
    unlike($head, qr/\Q$mark_word\E|\Q$app\E|Access-Control-Allow|injected/i,
        "$name: nor anything else of the request");
    return;
}

sub lines {
    my ($line, $host, $origin, $method, $names) = @_;
    my $bytes = "$line\r\nHost: $host\r\n";
    $bytes .= "Origin: $origin\r\n" if defined $origin;
    $bytes .= "Access-Control-Request-Method: $method\r\n" if defined $method;
    $bytes .= "Access-Control-Request-Headers: $names\r\n" if defined $names;
    return $bytes;
}

# Preflights, each followed by a request that tells whether the connection is
# read on rightly. Those with a status of 400 end it.
sub followed {
    my ($name, $host, $request, $status, $policy, %opt) = @_;
    my $next = "GET /raw/next.txt HTTP/1.1\r\nHost: $host\r\n"
        . "Connection: close\r\n\r\n";
    my ($answer, $get) = exchange("$request\r\n$next", [qw(OPTIONS GET)]);
    $name = "$host: $name";
    if ($status eq '204') {
        pf_ok($answer, name => $name, policy => $policy, origin => $app, %opt);
    }
    elsif ($status eq '403') {
        pf_no($answer, name => $name, policy => $policy);
    }
    else {
        is($answer->status, $status, $name);
        ok(!$get->status && $get->extra eq '', "$name: and the end");
        return $answer;
    }
    act_no($get, name => "$name: the next request", policy => 'PA',
        body => "next\n");
    return $answer;
}

sub folded {
    my ($host) = @_;
    my $line = 'OPTIONS /raw/x HTTP/1.1';
    my @cases = (
        [ "\r\n $app",                   'PUT',        204 ],
        [ "$app\r\n ",                   'PUT',        400 ],
        [ "$app\r\n\t.evil.example",     'PUT',        403 ],
        [ "$app\r\n $app",               'PUT',        403 ],
        [ "https://app\r\n .example",    'PUT',        403 ],
        [ "https://evil.example\r\n $app", 'PUT',      403 ],
        [ $app,                          "\r\n PUT",   204 ],
        [ $app,                          "PU\r\n T",   403 ],
        [ $app,                          "PUT\r\n PUT", 403 ],
    );
    for my $case (@cases) {
        my ($origin, $method, $status) = @$case;
        (my $shown = "folded: $origin; $method") =~ s/\r\n\s+/<fold>/g;
        followed($shown, $host, lines($line, $host, $origin, $method), $status,
            'PA', method => 'PUT');
    }
    followed('folded header names', $host,
        lines($line, $host, $app, 'PUT', "x-api-key,\r\n\t,\r\n content-type"),
        204, 'PA', method => 'PUT', headers => [qw(x-api-key content-type)]);
    followed('a folded header name', $host,
        lines($line, $host, $app, 'PUT', "x-api\r\n -key"), 403, 'PA');
    followed('a fold in front of all lines', $host,
        "$line\r\n Origin: $app\r\n" . lines('Host: a', $host, $app, 'PUT'),
        400, 'PA');
    return;
}

sub repeated {
    my ($host) = @_;
    my $line  = 'OPTIONS /raw/x HTTP/1.1';
    my $acrm  = 'Access-Control-Request-Method';
    my $acrh  = 'Access-Control-Request-Headers';
    my %with  = (method => 'PUT');
    my $start = lines($line, $host, $app, 'PUT');
    my @cases = (
        [ 'Origin twice', "${start}Origin: $app\r\n", 403 ],
        [ 'Origin twice, the second evil',
            "${start}Origin: https://evil.example\r\n", 403 ],
        [ 'Origin joined', lines($line, $host, "$app, $app", 'PUT'), 403 ],
        [ 'Origin with an empty line', "${start}Origin:\r\n", 403 ],
        [ 'an empty Origin', lines($line, $host, '', 'PUT'), 403 ],
        [ 'oRiGiN', "$line\r\nHost: $host\r\noRiGiN:$app\t \r\n$acrm:PUT\r\n",
            204 ],
        [ 'the method twice', "$start$acrm: PUT\r\n", 403 ],
        [ 'methods joined', lines($line, $host, $app, 'PUT, DELETE'), 403 ],
        [ 'an empty method', lines($line, $host, $app, ''), 403 ],
        [ 'Origin with a blank before its colon',
            "${start}Origin : $app\r\n", 400 ],
        [ 'a line that is none', "${start}$mark_word\r\n", 400 ],
        [ 'a name that is none', "${start}X\@Y: 1\r\n", 400 ],
        [ 'an empty name', "${start}: 1\r\n", 400 ],
    );
    followed(@{$_}[0], $host, @{$_}[ 1, 2 ], 'PA', %with) for @cases;

    followed('names on many lines', $host,
        "$start$acrh: x-api-key\r\n$acrh: , \r\n$acrh: Authorization,"
            . "CONTENT-TYPE\r\n$acrh:\r\n",
        204, 'PA', %with,
        headers => [qw(x-api-key authorization content-type)]);
    followed('names on many lines, one of them not listed', $host,
        "$start$acrh: x-api-key\r\n$acrh: x-$mark_word\r\n", 403, 'PA');
    return;
}

# LimitRequestFieldSize is 8190 bytes; httpd takes one more, name and all.
sub long {
    my ($host) = @_;
    my $room  = 8191 - length 'Access-Control-Request-Headers: ';
    my $start = lines('OPTIONS /raw/echo/x HTTP/1.1', $host, $app, 'PUT');
    for my $size ($room - 1, $room, $room + 1, $room + 2, 3 * $room) {
        my $status = $size <= $room ? 204 : 400;
        my $name = join ',', ('a' x 126) x 63;
        $name .= ',' . 'b' x ($size - 1 - length $name);
        followed("one line with $size bytes of names", $host,
            "${start}Access-Control-Request-Headers: $name\r\n", $status, 'PX',
            method => 'PUT', headers => [ split /,/, $name ]);
        $name = ',' x ($size - 1) . 'x';
        followed("one line with $size commas", $host,
            "${start}Access-Control-Request-Headers: $name\r\n", $status, 'PX',
            method => 'PUT', headers => ['x']);
        followed("an Origin of $size bytes", $host,
            lines('OPTIONS /raw/x HTTP/1.1', $host, $app . 'x' x $size, 'PUT'),
            $size + length($app) + length('Origin: ') <= 8191 ? 403 : 400,
            'PA');
    }
    return;
}

# LimitRequestFields is 100; more lines of names than httpd takes.
sub many {
    my ($host) = @_;
    my $start = lines('OPTIONS /raw/echo/x HTTP/1.1', $host, $app, 'PUT');
    for my $lines (64, 65, 97, 98) {
        my $status = $lines <= 64 ? 204 : $lines <= 97 ? 403 : 400;
        followed("$lines lines of names", $host,
            $start . "Access-Control-Request-Headers: x\r\n" x $lines, $status,
            'PX', method => 'PUT', headers => ['x']);
    }
    return;
}
