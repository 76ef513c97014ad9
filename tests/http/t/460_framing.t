# C-3, C-73, C-76: what stands around the headers. HTTP/1.0, HEAD, bodies of
# preflights, and the next request on the same connection.
use strict;
use warnings;
use lib 'lib';

use CorsTest;
use Test::More;

my $origin = 'https://app.example';
my $evil   = 'https://evil.example';
my $file   = '/framing/file.txt';
my @host   = (host => 'framing.test');
my %pa     = (policy => 'PA', origin => $origin);

my $mark = log_mark();
for_each_protocol {
    heads();
    ranges();
};
old_version();
on_one_connection();
expect_continue();
log_clean($mark);
done_testing();

sub heads {
    my @etag = ('If-None-Match' => get($file, undef, @host)->value('ETag'));
    my @head = (
        [ 'a file',    $file,                         200 ],
        [ 'no file',   '/framing/missing',            404 ],
        [ 'a script',  '/framing/cgi?status=500',     500 ],
        [ 'a 304',     $file,                         304, @etag ],
    );
    for my $case (@head) {
        my ($what, $target, $status, @lines) = @$case;
        my %is = (name => "C-3 HEAD of $what", status => $status, body => '');
        act_ok(request('HEAD', $target, [ Origin => $origin, @lines ], @host),
            %pa, %is);
        act_no(request('HEAD', $target, [ Origin => $evil, @lines ], @host),
            policy => 'PA', %is);
        act_no(request('HEAD', $target, \@lines, @host), policy => 'PA', %is);
    }
    return;
}

sub ranges {
    my $part = get($file, $origin, @host, headers => [ Range => 'bytes=-3' ]);
    act_ok($part, %pa, name => 'a range', status => 206, body => "89\n");
    is($part->value('Content-Range'), 'bytes 8-10/11', 'Content-Range stays');
    return;
}

sub old_version {
    my @old = (@host, version => '1.0');
    act_ok(get($file, $origin, @old), %pa, name => 'HTTP/1.0: GET');
    act_no(get($file, $evil, @old), policy => 'PA',
        name => 'HTTP/1.0: refused');
    for my $status (204, 200) {
        my $policy = { %{ policy('PA') }, status => $status };
        my $target = $status == 204 ? $file : '/framing/200/x';
        pf_ok(preflight($target, $origin, 'PUT', undef, @old), %pa,
            policy => $policy, method => 'PUT', name => "HTTP/1.0: $status");
    }
    pf_no(preflight($file, $evil, 'PUT', undef, @old), policy => 'PA',
        name => 'HTTP/1.0: 403');
    return;
}

# Each preflight is followed by a GET on the same connection, which must be
# read where the preflight's body ends.
sub on_one_connection {
    my $smuggled = "GET /framing/no HTTP/1.1\r\nHost: framing.test\r\n\r\n";
    my %body     = (
        'no body'        => "\r\n",
        'Content-Length' => 'Content-Length: ' . length($smuggled)
            . "\r\n\r\n$smuggled",
        'a chunked body' => "Transfer-Encoding: chunked\r\n\r\n"
            . sprintf("%x\r\n%s\r\n0\r\n\r\n", length $smuggled, $smuggled),
        'a long body'    => "Content-Length: 100000\r\n\r\n" . 'x' x 100_000,
    );
    my %answer = (
        'allowed, 204' => [ $file,            $origin, 'PUT',   204 ],
        'allowed, 200' => [ '/framing/200/x', $origin, 'PUT',   200 ],
        'refused, 403' => [ $file,            $evil,   'PUT',   403 ],
        'refused, 403, its reason told' =>
            [ '/framing/debug/x', $evil, 'PUT', 403 ],
        'refused, 204 for the console' =>
            [ '/framing/debug/x', $origin, 'PATCH', 204 ],
    );
    for my $case (sort keys %answer) {
        for my $body (sort keys %body) {
            followed("C-76 $case, $body", $body{$body}, @{ $answer{$case} });
        }
    }
    return;
}

sub followed {
    my ($name, $body, $target, $from, $method, $status) = @_;
    my @lines = (
        "OPTIONS $target HTTP/1.1", 'Host: framing.test', "Origin: $from",
        "Access-Control-Request-Method: $method"
    );
    my $preflight = join("\r\n", @lines) . "\r\n$body";
    my $get = "GET $file HTTP/1.1\r\nHost: framing.test\r\nOrigin: $origin\r\n";

    # Twice, so that the connection is used again after the file, too.
    my ($first, $second, $third, $fourth) = exchange(
        "$preflight$get\r\n$preflight${get}Connection: close\r\n\r\n",
        [qw(OPTIONS GET OPTIONS GET)]
    );
    for my $res ($first, $third) {
        is($res->status, $status, "$name: the preflight");
        is($res->error, undef, "$name: and no error");
        unlike(join(',', $res->values('Connection')), qr/close/,
            "$name: the connection stays");
        is(scalar(@{ $res->interim }), 0, "$name: no other response");
    }
    is($first->dump =~ s/^Date:.*\n//mr =~ s/^Keep-Alive:.*\n//mir,
        $third->dump =~ s/^Date:.*\n//mr =~ s/^Keep-Alive:.*\n//mir,
        "$name: the same answer again");
    act_ok($_, %pa, name => "$name: the next request", body => "0123456789\n")
        for $second, $fourth;
    return;
}

# A body that was announced is taken after "100 Continue", or refused together
# with the connection; it is never taken for the next request.
sub expect_continue {
    my $get = "GET $file HTTP/1.1\r\nHost: framing.test\r\nOrigin: $origin\r\n"
        . "Connection: close\r\n\r\n";
    my $ask = sub {
        my ($from, $body, @methods) = @_;
        return exchange(
            "OPTIONS $file HTTP/1.1\r\nHost: framing.test\r\nOrigin: $from\r\n"
                . "Access-Control-Request-Method: PUT\r\n$body$get",
            \@methods
        );
    };
    my $expect = 'Content-Length: ' . length($get)
        . "\r\nExpect: 100-continue\r\n\r\n$get";

    my ($answer, $next) = $ask->($origin, $expect, qw(OPTIONS GET));
    is(join(' ', map { $_->status } @{ $answer->interim }), '100',
        'Expect: 100-continue, allowed: the body is asked for');
    pf_ok($answer, %pa, method => 'PUT',
        name => 'Expect: 100-continue, allowed');
    act_ok($next, %pa, name => 'the next request', body => "0123456789\n");

    ($answer) = $ask->($evil, $expect, 'OPTIONS');
    is(scalar(@{ $answer->interim }), 0,
        'Expect: 100-continue, refused: the body is not asked for');
    pf_no($answer, policy => 'PA', name => 'Expect: 100-continue, refused');
    is($answer->value('Connection'), 'close', 'and the connection ends');

    for my $from ($origin, $evil) {
        my ($res) = $ask->($from,
            "Transfer-Encoding: chunked\r\n\r\nnot hex\r\n", 'OPTIONS');
        my $name = "a body that breaks its framing: $from";
        like($res->status, qr/\A(?:204|400|403)\z/, $name);
        is($res->extra, '', "$name: nothing is read after it");
    }
    return;
}
