# CORSAllowOrigin none, which closes, and CORSEngine Off, which does nothing.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use Test::More;

my $app  = 'https://app.example';
my $body = "made by a script\n";
my $mark = log_mark();

my %own = (
    'access-control-allow-origin'          => '*',
    'access-control-allow-credentials'     => 'true',
    'access-control-allow-methods'         => ['GET'],
    'access-control-allow-headers'         => ['X-Own'],
    'access-control-max-age'               => '7',
    'access-control-expose-headers'        => ['X-Own'],
    'access-control-allow-private-network' => 'true',
);
my $query = join '&',
    map { "$_:+" . (ref $own{$_} ? $own{$_}[0] : $own{$_}) } sort keys %own;

for_each_protocol {
    for my $host (qw(policies.test files.test)) {
        closed($_, host => $host) for qw(none nonekeep);
        off(host => $host);
    }
};
log_clean($mark, qr/a preflight reached the script/);
done_testing();

sub closed {
    my ($at, @host) = @_;
    my %closed = (policy => { closed => 1 });
    for my $origin ($app, 'null', '', 'garbage', undef) {
        my $who = defined $origin ? $origin : 'no Origin';
        my %opt = (%closed, name => "$at: $who");
        act_no(get("/$at/files/plain.txt", $origin, @host), %opt,
            body => "plain\n");
        act_no(get("/$at/files/none.txt", $origin, @host), %opt,
            status => 404);
        act_no(get("/$at/cgi/answer?$query", $origin, @host), %opt,
            body => $body);
        act_no(get("/$at/cgi/answer?$query&Status:+500", $origin, @host),
            %opt, status => 500, body => $body);
        act_no(get("/$at/cgi/answer?$query&Vary:+Accept", $origin, @host),
            %opt, vary => ['accept'], body => $body);
        act_no(get("/$at/proxy/plain.txt", $origin, @host), %opt,
            vary => ['x-backend'], body => "from the backend\n");
    }
    for my $row ([ $app, 'GET' ], [ $app, 'PUT', 'content-type' ],
        [ 'null', 'P UT' ], [ '', '', '' ])
    {
        my ($origin, $method, $headers) = @$row;
        pf_no(
            preflight("/$at/files/plain.txt", $origin, $method, $headers,
                @host),
            %closed,
            name => "$at: preflight from $origin for $method"
        );
    }
    act_no(request('OPTIONS', "/$at/files/plain.txt", [ Origin => $app ],
            @host), %closed, name => "$at: OPTIONS that is no preflight");
    return if $at ne 'none';

    my $timing = 'Timing-Allow-Origin:+*';
    act_no(get("/none/cgi/answer?$timing", $app, @host), %closed,
        name => 'C-79 none: Timing-Allow-Origin');
    return;
}

sub off {
    my @host = @_;
    for my $origin ($app, 'null', undef) {
        my $who = defined $origin ? $origin : 'no Origin';
        no_cors(get('/off/files/plain.txt', $origin, @host),
            name => "off: $who", status => 200, body => "plain\n");
        cors_headers_are(get("/off/cgi/answer?$query", $origin, @host),
            \%own, name => "off: $who: a script's own headers", body => $body);
    }
    no_cors(preflight('/off/files/plain.txt', $app, 'PUT', undef, @host),
        name => 'off: preflight', status => 200);
    cors_headers_are(
        preflight("/off/cgi/answer?$query", $app, 'PUT', undef, @host),
        \%own, name => "off: preflight that a script answers", body => $body);
    return;
}
