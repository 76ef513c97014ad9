# CORSPreflight early: answered by the URL as it was asked, before redirects
# and rewrites; answer waits for them, and pass never answers.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use Test::More;

my $app    = 'https://app.example';
my $other  = 'https://other.example';
my $evil   = 'https://evil.example';
my %policy = (methods => ['PUT']);
my %other  = (methods => ['DELETE']);
my $mark   = log_mark();

for_each_protocol {
    my ($protocol) = @_;
    my %status = (
        'redirect.test' => 301,
        'rewrite.test'  => 301,
        'forbid.test'   => 403
    );
    for my $host (sort keys %status) {
        my @at = (host => $host);
        my $to = $status{$host} == 301 ? "https://$host" : undef;

        pf_ok(preflight('/early/x', $app, 'PUT', undef, @at),
            policy => \%policy, origin => $app, name => "$host: early");
        pf_no(preflight('/early/x', $app, 'PATCH', undef, @at),
            policy => \%policy, name => "$host: early, denied");
        pf_no(preflight('/early/x', $evil, 'PUT', undef, @at),
            policy => \%policy, name => "$host: early, another origin");
        for my $place (qw(answer pass none)) {
            my $res = preflight("/$place/x", $app, 'PUT', undef, @at);
            is($res->status, $status{$host}, "$protocol: $host: $place");
            is($res->value('Location'), $to && "$to/$place/x",
                "$protocol: $host: $place: Location");
        }

        # Only preflights.
        for my $place (qw(early answer)) {
            my $res = get("/$place/x", $app, @at);
            act_ok($res, policy => \%policy, origin => $app,
                status => $status{$host}, name => "$host: $place: GET");
            $res = request('OPTIONS', "/$place/x", [ Origin => $app ], @at);
            act_ok($res, policy => \%policy, origin => $app,
                status => $status{$host}, name => "$host: $place: OPTIONS");
            $res = request('OPTIONS', "/$place/x",
                [ 'Access-Control-Request-Method' => 'PUT' ], @at);
            is($res->status, $status{$host},
                "$protocol: $host: $place: OPTIONS without an Origin");
        }
        no_cors(get('/none/x', $app, @at), status => $status{$host},
            name => "$host: no policy: GET");
    }

    # [PT]: early goes by the URL that was asked, answer by the one it became.
    my @at = (host => 'moved.test');
    pf_ok(preflight('/early/to-other/x', $app, 'PUT', undef, @at),
        policy => \%policy, origin => $app, name => 'early, then [PT]');
    pf_no(preflight('/early/to-other/x', $other, 'DELETE', undef, @at),
        policy => \%policy, name => 'early, then [PT]: the other origin');
    pf_ok(preflight('/answer/to-other/x', $other, 'DELETE', undef, @at),
        policy => \%other, origin => $other, name => '[PT], then answer');
    pf_no(preflight('/answer/to-other/x', $app, 'PUT', undef, @at),
        policy => \%other, name => '[PT], then answer: the first origin');
    pf_ok(preflight('/silent/to-early/x', $app, 'PUT', undef, @at),
        policy => \%policy, origin => $app, name => '[PT], then early');
    pf_ok(preflight('/early/to-nothing/x', $app, 'PUT', undef, @at),
        policy => \%policy, origin => $app, name => 'early, then no policy');
};

log_clean($mark);
done_testing();
