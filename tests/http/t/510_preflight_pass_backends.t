# CORSPreflight pass: the handler or backend answers preflights. Its response
# gets what the module's answer would have had, and keeps its status.
use strict;
use warnings;
use lib 'lib';

use CorsTest;
use Test::More;

my $origin  = 'https://app.example';
my $evil    = 'https://evil.example';
my $witness = vars()->{t_state} . '/witness';
my @host    = (host => 'pass.test');
my @fields  = qw(access-control-request-method access-control-request-headers);

my %own = (
    'access-control-allow-origin'   => 'https://backend.example',
    'access-control-allow-methods'  => ['PATCH'],
    'access-control-expose-headers' => ['x-backend'],
    'vary'                          => ['x-backend'],
);
my $own = 'body=words'
    . '&header=Access-Control-Allow-Origin:https://backend.example'
    . '&header=Access-Control-Allow-Methods:PATCH'
    . '&header=Access-Control-Expose-Headers:X-Backend&header=Vary:X-Backend';

# [handler, status, body, is a script, has CORS headers of its own]
my @handlers = (
    [ 'files/file.txt', 200, '' ],
    [ 'dav/file.txt',   200, '' ],
    [ 'basic/file.txt', 401, qr/Unauthorized/ ],
    map { my $status = $_; map {
        [ "$_?status=$status&$own", $status, "words\n", 1, 1 ],
        [ "$_?status=$status&body=words", $status, "words\n", 1 ],
    } qw(cgi proxied) } 200, 405,
);
push @handlers, [ 'cgi?status=204', 204, '', 1 ];

my $mark = log_mark();
for_each_protocol {
    everyone(@$_) for @handlers;
    is(preflight('/pass/pa/dav/file.txt', $origin, 'PUT', undef, @host)
        ->list('DAV'), 3, 'the answer is that of DAV');
    others();
};
log_clean($mark);
done_testing();

sub everyone {
    my ($handler, $status, $body, $is_script, $has_own) = @_;
    my %ask = (
        'allowed'        => [ $origin, 'PUT',   'content-type' ],
        'origin refused' => [ $evil,   'PUT',   'content-type' ],
        'method refused' => [ $origin, 'PATCH', 'content-type' ],
        'header refused' => [ $origin, 'PUT',   'x-evil' ],
    );
    for my $policy (qw(pa any keep none)) {
        for my $case (sort keys %ask) {
            unlink $witness;
            my $mark = log_mark();
            my $res  = preflight("/pass/$policy/$handler", @{ $ask{$case} },
                @host);
            my $passes = passes($policy, $case);
            my $name   = "pass to $handler, $policy: $case";
            cors_headers_are(
                $res,
                expected($policy, $passes, $has_own),
                name   => $name,
                status => $status,
                body   => $body,
            );
            ok(!$is_script || -e $witness, "$name: the script runs");
            is(scalar(grep { /\[cors:info\]/ } log_lines($mark)),
                $passes ? 0 : 1, "$name: refusals in the log");
        }
    }
    return;
}

sub passes {
    my ($policy, $case) = @_;
    return 0 if $policy eq 'none';
    return $case eq 'allowed' || $policy eq 'any' && $case =~ /\Aorigin/;
}

sub expected {
    my ($policy, $passes, $has_own) = @_;
    my @own  = $has_own ? 'x-backend' : ();
    my @vary = (
        @own,
        $policy eq 'none' ? () : @fields,
        $policy =~ /\A(?:pa|keep)\z/ ? 'origin' : ()
    );
    return { %own, vary => \@vary } if $policy eq 'keep' && $has_own;
    return { vary => \@vary } if !$passes;
    return {
        'access-control-allow-origin'  => '*',
        'access-control-allow-methods' => ['PUT'],
        'access-control-allow-headers' => ['content-type'],
        'vary'                         => \@vary,
    } if $policy eq 'any';
    return {
        'access-control-allow-origin'      => $origin,
        'access-control-allow-credentials' => 'true',
        'access-control-allow-methods' => [qw(GET HEAD POST PUT DELETE)],
        'access-control-allow-headers' =>
            [qw(content-type x-api-key authorization)],
        'access-control-max-age' => 600,
        'vary'                   => \@vary,
    };
}

# What is no preflight is not concerned, and a section may answer again.
sub others {
    act_ok(get('/pass/pa/files/file.txt', $origin, @host), policy => 'PA',
        origin => $origin, name => 'pass: GET', body => "file\n");
    act_ok(preflight('/pass/pa/files/file.txt', $origin, undef, undef, @host),
        policy => 'PA', origin => $origin,
        name => 'pass: OPTIONS without ACRM');
    act_no(preflight('/pass/pa/files/file.txt', undef, 'PUT', undef, @host),
        policy => 'PA', name => 'pass: OPTIONS without Origin');
    pf_ok(preflight('/pass/pa/answered/x', $origin, 'PUT', undef, @host),
        policy => { %{ policy('PA') }, status => 200 }, origin => $origin,
        method => 'PUT', name => 'answer below pass');
    return;
}
