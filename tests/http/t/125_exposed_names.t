# What CORSExposeHeaders makes of a response's own headers: prefixes, and *
# where credentials are on.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use Test::More;

my $app  = 'https://app.example';
my @host = (host => 'names.test');
my $mark = log_mark();

for_each_protocol {
    all_headers();
    prefixes();
    not_modified();
    errors();
    neighbours();
};
log_clean($mark);
done_testing();

# The members of Expose-Headers, and one test that no other header of CORS is
# missing or too many.
sub exposes {
    my ($name, $res, $wanted, %opt) = @_;
    my %policy = (credentials => 1, %{ $opt{policy} || {} });
    $policy{expose} = $wanted if @$wanted;
    act_ok(
        $res,
        policy => \%policy,
        origin => $app,
        name   => "C-46 $name",
        status => $opt{status} || 200
    );
    return;
}

sub ask {
    my ($at, %opt) = @_;
    return get("/names/$at", $app, @host, %opt);
}

# A request of a script that sends these lines.
sub script {
    my ($at, @lines) = @_;
    s/ /+/g for @lines;
    return ask("$at?body=b" . join '', map { "&header=$_" } @lines);
}

sub all_headers {
    for my $at (qw(all/cgi all/proxied)) {
        my $res = script($at, 'X-One: 1', 'x-two: 2', 'X-One: 3');
        my %names = map { lc $_->[0] => 1 } @{ $res->lines };
        my @exposed = $res->list('Access-Control-Expose-Headers');
        is(
            join(' ', sort map { lc } grep { /^x-/i } @exposed),
            'x-always x-amz-meta-set x-one x-two',
            "$CorsTest::PROTOCOL: C-46 $at: each name once"
        );
        is_deeply([ grep { !$names{ lc $_ } } @exposed ],
            [], "$CorsTest::PROTOCOL: C-46 $at: names that are there");

        $res = script($at, 'Set-Cookie: a=1', 'set-cookie2: a=1',
            'Set-Cookie: b=2', 'Access-Control-Allow-Origin: *',
            'Access-Control-Expose-Headers: X-Own',
            'Timing-Allow-Origin: *', 'X-One: 1');
        @exposed = map { lc } $res->list('Access-Control-Expose-Headers');
        ok((grep { $_ eq 'x-one' } @exposed),
            "$CorsTest::PROTOCOL: C-46 $at: beside cookies");
        is_deeply(
            [ grep { /cookie|^access-control|^timing|^x-own|^\*/ } @exposed ],
            [],
            "$CorsTest::PROTOCOL: C-45 $at: neither cookies nor CORS"
        );
    }
    # Over HTTP/1.1 httpd offers an upgrade.
    my @exposed = ask('all/files/plain.txt')
        ->list('Access-Control-Expose-Headers');
    is(
        join(' ', sort grep { !/^(?:connection|upgrade)$/ } map { lc } @exposed),
        'accept-ranges content-length etag last-modified vary x-always'
            . ' x-amz-meta-set',
        "$CorsTest::PROTOCOL: C-46 a file"
    );
    exposes('a redirect', ask('all/away'), [qw(location vary x-always)],
        status => 302);
    return;
}

sub prefixes {
    for my $at (qw(cgi proxied)) {
        exposes("$at: a listed name and those that match",
            script("prefix/$at", 'X-Amz-Meta-A: 1', 'x-amz-meta-b: 2',
                'X-Amz-Id: 3', 'X-Request-Id: 4', 'X-Request: 5', 'ETag: "6"'),
            [qw(etag x-amz-meta-a x-amz-meta-b x-amz-meta-set x-request-id)]);
        exposes("$at: none that matches", script("only/$at", 'X-A: 1'),
            [], policy => { credentials => 0 });
        exposes("$at: any origin", script("any/$at", 'X-Amz-A: 1', 'X-B: 2'),
            [qw(x-amz-a x-amz-meta-set)],
            policy => { any => 1, credentials => 0 });
    }
    act_ok(
        get('/names/any/cgi?body=b&header=X-Amz-A:1', undef, @host),
        policy => { any => 1, expose => [qw(x-amz-a x-amz-meta-set)] },
        name   => 'any origin, and none sent'
    );
    act_no(
        get('/names/prefix/cgi?body=b', $_, @host),
        policy => {},
        name   => 'denied, or no Origin'
    ) for 'https://evil.example', undef;
    return;
}

# The stored list stays: a shorter one would replace it.
sub not_modified {
    for my $at (qw(all prefix)) {
        my $etag = ask("$at/files/plain.txt")->value('ETag');
        exposes("$at: 304", ask("$at/files/plain.txt",
                headers => [ 'If-None-Match' => $etag ]),
            [], status => 304);
    }
    return;
}

sub errors {
    exposes('404', ask('all/files/missing.txt'), [qw(vary x-always)],
        status => 404);
    exposes('404: a listed name stays', ask('prefix/files/missing.txt'),
        ['etag'], status => 404);
    exposes('404: none that matches', ask('only/files/missing.txt'),
        [], status => 404, policy => { credentials => 0 });
    return;
}

# Where a backend's own headers stay, its list does.
sub neighbours {
    cors_headers_are(
        script('keep/proxied', "Access-Control-Allow-Origin: $app",
            'Access-Control-Expose-Headers: X-Own', 'X-One: 1'),
        {
            'access-control-allow-origin'   => $app,
            'access-control-expose-headers' => ['x-own'],
            vary                            => ['origin'],
        },
        name => 'kept'
    );
    return;
}
