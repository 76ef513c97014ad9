# C-43: Vary is merged, member by member, into what is there. An any-origin
# policy adds nothing, and "*" stays.
use strict;
use warnings;
use lib 'lib';

use CorsTest;
use Test::More;

my $origin = 'https://app.example';
my $evil   = 'https://evil.example';
my @host   = (host => 'vary.test');
my @fields = qw(access-control-request-method access-control-request-headers);

# [source, members, header lines of the request, status]
my @sources = (
    [ 'plain',     [] ],
    [ 'set',       [qw(x-set x-both)] ],
    [ 'always',    [qw(x-both origin x-always)] ],
    [ 'setalways', [qw(x-set x-both origin x-always)] ],
    [ 'append',    [qw(x-append)] ],
    [ 'add',       [qw(x-one x-two x-three)] ],
    [ 'star',      ['*'] ],
    [ 'deflate',   ['accept-encoding'], [ 'Accept-Encoding' => 'gzip' ] ],
    [ 'deflate',   ['accept-encoding'], [ 'Accept-Encoding' => 'br' ] ],
    [ 'if',        ['x-if'], [ 'X-If' => 'yes' ] ],
    [ 'rewrite',   ['x-rewrite'], [ 'X-Rewrite' => 'yes' ] ],
    map { from_script(@$_) }
        [ ['Accept-Encoding'],             'accept-encoding' ],
        [ ['origin'],                      'origin' ],
        [ ['ORIGIN'],                      'origin' ],
        [ ['Accept, Origin'],              'accept', 'origin' ],
        [ ['Origin,Accept'],               'origin', 'accept' ],
        [ ['X-Origin'],                    'x-origin' ],
        [ ['Origin-X, Origi'],             'origin-x', 'origi' ],
        [ [ 'Accept', 'Origin, Accept' ],  'accept', 'origin' ],
        [ [ 'Accept', 'Accept-Language' ], 'accept', 'accept-language' ],
        [ ['*'],                           '*' ],
);

my $mark = log_mark();
for_each_protocol {
    for my $source (@sources) {
        everyone($_, @$source) for qw(pa any);
    }
    act_ok(get('/vary/pa/empty', $origin, @host), name => 'C-43 an empty Vary',
        policy => 'PA', origin => $origin);
    stars();
    compressed();
    preflights();
};
log_clean($mark);
done_testing();

sub from_script {
    my ($values, @members) = @_;
    my $query = join '&', map { "header=Vary:$_" } @$values;
    $query =~ s/ /%20/g;
    return map {
        my $status = $_;
        map { [ "$_?$query&status=$status", \@members, [], $status ] }
            qw(cgi proxied)
    } 200, 304, 404;
}

sub everyone {
    my ($policy, $source, $members, $lines, $status) = @_;
    my %policy = (pa => 'PA', any => 'PW');
    my %vary   = map { $_ => 1 } @$members;
    $vary{origin} = 1 if $policy eq 'pa' && !$vary{'*'};
    for my $from ($origin, $evil, undef) {
        my %opt = (
            name      => "C-43 $policy, $source: "
                . (defined $from ? $from : 'no Origin'),
            policy    => $policy{$policy},
            status    => $status || 200,
            vary_only => [ keys %vary ],
        );
        my $res = get("/vary/$policy/$source", $from, @host,
            headers => $lines || []);
        if ($policy eq 'any' || defined $from && $from eq $origin) {
            act_ok($res, %opt, origin => $from);
        }
        else {
            act_no($res, %opt);
        }
    }
    return;
}

# Whatever stands beside the star, a cache must read it as a star.
sub stars {
    for my $value ('*,Accept', 'Accept,%20*', ',*') {
        for my $source (qw(cgi proxied)) {
            my $res = get("/vary/pa/$source?header=Vary:$value", $origin,
                @host);
            my @members = $res->list('Vary');
            ok((grep { $_ eq '*' } @members), "C-43 $source, Vary: $value");
        }
    }
    return;
}

sub compressed {
    my $res = get('/vary/pa/deflate', $origin, @host,
        headers => [ 'Accept-Encoding' => 'gzip' ]);
    is($res->value('Content-Encoding'), 'gzip', 'it is compressed');
    return;
}

sub preflights {
    my %always = (
        always => [qw(x-both origin x-always)],
        star   => ['*'],
        plain  => [],
    );
    for my $source (sort keys %always) {
        my %vary = map { $_ => 1 } @{ $always{$source} };
        if (!$vary{'*'}) {
            $vary{$_} = 1 for 'origin', @fields;
        }
        my %is = (name => "C-77 preflight, $source", policy => 'PA',
            vary_only => [ keys %vary ]);
        pf_ok(preflight("/vary/pa/$source", $origin, 'PUT', undef, @host),
            %is, origin => $origin, method => 'PUT');
    }
    pf_ok(preflight('/vary/any/always', $evil, 'PUT', undef, @host),
        name => 'C-77 preflight, any origin', policy => 'PW', method => 'PUT',
        vary => [qw(x-both origin x-always)]);
    return;
}
