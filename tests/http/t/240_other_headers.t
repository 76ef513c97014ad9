# Part E of the checklist: headers next to those of CORS.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use Test::More;

my $app  = 'https://app.example';
my $evil = 'https://evil.com';
my @host = (host => 'policies.test');
my %pa   = %{ policy('PA') };
my %pw   = %{ policy('PW') };
my $own  = 'Timing-Allow-Origin:+https://other.example'
    . '&Timing-Allow-Origin:+*';
my $mark = log_mark();

for_each_protocol {
    private_network();
    timing();
};
log_clean($mark);
done_testing();

# The backend's own header goes, on preflights that it answers too.
sub private_network {
    my $name    = 'Access-Control-Allow-Private-Network';
    my @request =
        (headers => [ 'Access-Control-Request-Private-Network', 'true' ]);
    for my $origin ($app, $evil, undef) {
        for my $at (qw(pa pass)) {
            my $res = get("/$at/cgi/answer?$name:+true", $origin, @host,
                @request);
            my %opt = (name => "C-78 $at: GET", policy => 'PA');
            defined $origin && $origin eq $app
                ? act_ok($res, %opt, origin => $app)
                : act_no($res, %opt);
        }
    }
    my $file = '/pass/proxy/plain.txt';
    pf_passed(
        preflight($file, $app, 'PUT', undef, @host, @request),
        "C-78 pass: OPTIONS",
        {
            'access-control-allow-origin'      => $app,
            'access-control-allow-credentials' => 'true',
            'access-control-allow-methods'     => $pa{methods},
            'access-control-max-age'           => 600,
        }
    );
    pf_passed(preflight($file, $evil, 'PUT', undef, @host, @request),
        "C-78 pass: OPTIONS, denied", {});
    return;
}

sub pf_passed {
    my ($res, $name, $headers) = @_;
    $headers->{vary} = [
        qw(origin access-control-request-method access-control-request-headers
            x-backend)
    ];
    cors_headers_are($res, $headers, name => $name, status => 200);
    return;
}

sub timing {
    my %on    = (policy => { %pa, timing => 1 });
    my %on_pw = (policy => { %pw, timing => 1 });
    for my $path ('files/plain.txt', "cgi/answer?$own") {
        my $to = "/timing/$path";
        act_ok(get($to, $app, @host), %on, origin => $app,
            name => "C-79 $to: allowed");
        act_no(get($to, $_, @host), %on,
            name => "C-79 $to: denied, or no Origin")
            for $evil, 'null', undef;
        act_ok(get("/pwtiming/$path", $_, @host), %on_pw,
            name => "C-79 /pwtiming/$path: any origin")
            for $app, $evil, undef;
    }
    act_ok(get('/timing/files/none.txt', $app, @host), %on, status => 404,
        origin => $app, name => 'C-79 on a 404');
    act_no(get('/timing/files/none.txt', $evil, @host), %on, status => 404,
        name => 'C-79 on a 404, denied');

    pf_ok(preflight('/timing/files/plain.txt', $app, 'PUT', undef, @host),
        %on, origin => $app, name => 'C-79 preflight');
    pf_no(preflight('/timing/files/plain.txt', $evil, 'PUT', undef, @host),
        %on, name => 'C-79 preflight, denied');

    # Off: the handler's own header is no business of the module.
    my @lines = get("/pa/cgi/answer?Timing-Allow-Origin:+*", $evil, @host)
        ->values('Timing-Allow-Origin');
    is_deeply(\@lines, ['*'], "$CorsTest::PROTOCOL: C-79 Off: left alone");
    return;
}
