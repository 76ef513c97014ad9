# What is a CORS request, and which policy is for it.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use Test::More;

my $app  = 'https://app.example';
my $evil = 'https://evil.com';
my $acrm = 'Access-Control-Request-Method';
my $acrh = 'Access-Control-Request-Headers';
my $file = 'files/plain.txt';
my $mark = log_mark();

# Number, method, headers, and whether an Origin is among them.
my @requests = (
    [ 'C-1', 'GET',  [] ],
    [ 'C-2', 'GET',  [ Origin => $app ] ],
    [ 'C-3', 'HEAD', [ Origin => $app ] ],
    [ 'C-3', 'POST', [ Origin => $app ] ],
    (
        map {
            [ 'C-4', $_, [ Origin => $app, $acrm => 'PUT', $acrh => 'x-evil' ] ]
        } qw(GET HEAD POST)
    ),
    [ 'C-4', 'GET',     [ $acrm  => 'PUT', $acrh => 'x-evil' ] ],
    [ 'C-5', 'OPTIONS', [ Origin => $app ] ],
    [ 'C-5', 'OPTIONS', [ Origin => $app, $acrh => 'x-evil' ] ],
    [ 'C-6', 'OPTIONS', [ $acrm  => 'PUT' ] ],
    [ 'C-6', 'OPTIONS', [ $acrm  => 'PUT', $acrh => 'x-api-key' ] ],
    [ 'C-7', 'OPTIONS', [] ],
    [ 'C-7', 'OPTIONS', [ $acrh => 'x-api-key' ] ],
);

for_each_protocol {
    my ($protocol) = @_;
    for my $host (qw(policies.test files.test)) {
        for my $row (@requests) {
            my ($number, $method, $headers) = @$row;
            classified($host, $number, $method, $headers);
        }
        nested($host);
    }

    # The server's own, though the virtual host has a policy.
    for my $origin ($app, $evil) {
        my $res = request('OPTIONS', '*', [ Origin => $origin, $acrm => 'PUT' ],
            host => 'whole.test');
        no_cors_star($res, name => "C-8 OPTIONS *: $origin");
    }
    act_ok(get("/$file", $app, host => 'whole.test'),
        name => 'C-8 while a GET has it', policy => { origins => [$app] },
        origin => $app, body => "plain\n");
};
log_clean($mark);
done_testing();

# The handler runs, and only the Origin matters.
sub classified {
    my ($host, $number, $method, $headers) = @_;
    my %header = @$headers;
    my $res    = request($method, "/pa/$file", $headers, host => $host);
    my %opt    = (
        name => "$number $host: $method " . join(' ', sort keys %header),
        body => $method =~ /GET|POST/ ? "plain\n" : '',
        policy => 'PA',
    );
    $header{Origin} ? act_ok($res, %opt, origin => $app) : act_no($res, %opt);

    if ($method eq 'OPTIONS') {
        ok(scalar $res->values('Allow'),
            "$CorsTest::PROTOCOL: $opt{name}: httpd's own answer");
        $res = request($method, "/p0/$file", $headers, host => $host);
        no_cors($res, name => "$opt{name}, no policy", status => 200);
    }
    return;
}

sub nested {
    my ($host) = @_;
    my @to    = (host => $host);
    my %outer = (
        name   => "C-10 $host: /a/",
        policy => { credentials => 1 },
        body   => "plain\n"
    );
    my %inner = (
        name   => "C-10 $host: /a/b/",
        policy => { any => 1 },
        body   => "plain\n"
    );
    act_ok(get("/a/$file", $app, @to), %outer, origin => $app);
    act_no(get("/a/$file", $evil, @to), %outer);
    act_no(get("/a/$file", undef, @to), %outer);
    act_ok(get("/a/b/$file", $_, @to), %inner) for $app, $evil, undef;
    no_cors(get("/a/c/$file", $_, @to),
        name => "C-10 $host: /a/c/", status => 200, body => "plain\n")
        for $app, $evil, undef;
    return;
}
