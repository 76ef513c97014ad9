# The lines of the error log, the notes, and the environment.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use Test::More;

my $app   = 'https://app.example';
my $evil  = 'https://evil.com';
my $file  = 'files/plain.txt';
my $start = log_mark();

# What the log says for a reason.
my %text = (
    origin      => 'origin not allowed',
    closed      => 'closed to other origins',
    method      => 'method not allowed',
    header      => 'header not allowed',
    malformed   => 'malformed request',
);

# Method and headers of a request, and the line.
my @refused = (
    [
        "GET /pa/$file", [ Origin => $evil ],
        "actual request denied (origin not allowed): origin '$evil', method 'GET'"
    ],
    [
        "POST /pa/$file", [ Origin => 'null' ],
        "actual request denied (origin not allowed): origin 'null', method 'POST'"
    ],
    [
        "GET /pa/$file", [ Origin => '' ],
        "actual request denied (origin not allowed): origin '', method 'GET'"
    ],
    [
        "OPTIONS /pa/$file", [ Origin => $evil ],
        "actual request denied (origin not allowed): origin '$evil',"
            . " method 'OPTIONS'"
    ],
    [
        "GET /none/$file", [ Origin => $app ],
        "actual request denied (closed to other origins): origin '$app', method 'GET'"
    ],
    pf_row('pa',   $evil, 'PUT',   undef,    'origin',    ''),
    pf_row('none', $app,  'PUT',   undef,    'closed',    ''),
    pf_row('pa',   $app,  'PATCH', undef,    'method',    ''),
    pf_row('pa',   $app,  'trace', undef,    'method',    ''),
    pf_row('pa',   $app,  '',      undef,    'malformed', ''),
    pf_row('pa',   $app,  'P UT',  undef,    'malformed', ''),
    pf_row('pa',   $app,  'PUT',   'x-evil', 'header', ", header 'x-evil'"),
    pf_row('pa', $app, 'PUT', 'content-type, x-evil, x-worse',
        'header', ", header 'x-evil'"),
    pf_row('ps', 'https://a.example.com', 'PUT', 'x-foo,Authorization',
        'header', ", header 'Authorization'"),
    pf_row('pa', $app, 'PUT', 'content-type,x@y,z',
        'malformed', ", header 'x\@y'"),
    pf_row('debug', $app, 'PUT', 'x-evil,x-worse',
        'header', ", header 'x-evil'"),

    # Cut at 100 bytes, and escaped.
    pf_row('pa', 'https://' . 'a' x 92, 'PUT', undef, 'origin', ''),
    [
        "GET /pa/$file",
        [ Origin => 'https://' . 'a' x 93 ],
        "actual request denied (origin not allowed): origin 'https://"
            . 'a' x 92 . "', method 'GET'"
    ],
    [
        "OPTIONS /pa/$file",
        [ Origin => $app, 'Access-Control-Request-Method' => 'M' x 4000 ],
        "preflight denied (method not allowed): origin '$app', method '"
            . 'M' x 100 . "'"
    ],
    pf_row('pa', $app, 'PUT', 'x' x 8000,
        'header', ", header '" . 'x' x 100 . "'"),
    pf_row('pa', $app, 'PUT', 'x y ' . 'z' x 8000,
        'malformed', ", header 'x y " . 'z' x 96 . "'"),
    [
        "GET /pa/$file",
        [ Origin => "https://b\xc3\xbccher\\x\t%s'" ],
        "actual request denied (origin not allowed):"
            . q{ origin 'https://b\\xc3\\xbccher\\\\x\\t%s'', method 'GET'}
    ],
);

# Where a request goes through more than one stage, there is one line.
my @once = (
    'none/files/none.txt', 'pa/files/none.txt', 'pa/auth/plain.txt',
    'pa/files/dir/',       'pa/files/dir',      'pa/cgi/answer?Status:+500',
    'pa/proxy/plain.txt',  'pa/cgi/environment',
);

for_each_protocol {
    info_lines();
    access_log();
    environment();
};
silent();
debug_lines();
log_clean($start);
done_testing();

sub pf_row {
    my ($at, $origin, $method, $headers, $reason, $culprit) = @_;
    my @headers = (
        Origin                          => $origin,
        'Access-Control-Request-Method' => $method,
    );
    push @headers, 'Access-Control-Request-Headers' => $headers
        if defined $headers;
    return [
        "OPTIONS /$at/$file", \@headers,
        "preflight denied ($text{$reason}): origin '$origin',"
            . " method '$method'$culprit"
    ];
}

# What the module has logged since the mark, without the time, the client and
# the section.
sub cors_lines {
    my ($mark, $level) = @_;
    return map { s/, policy [\w.]+:\d+ <Location(?:Match)? "[^"]+"> \(.+:\d+\)\z//r }
        map { s/.*?\[(?:client|remote) [^\]]*\] //r }
        grep { /\[cors:$level\]/ } log_lines($mark);
}

sub info_lines {
    for my $row (@refused) {
        my ($to, $headers, $line) = @$row;
        my ($method, $target) = split ' ', $to;
        my $mark = log_mark();
        request($method, $target, $headers, host => 'info.test');
        log_lines($mark, qr/\[cors:info\]/);
        is_deeply([ cors_lines($mark, 'info') ], [$line],
            "$CorsTest::PROTOCOL: " . substr "$to $line", 0, 120);
    }
    for my $path (@once) {
        my $mark = log_mark();
        get("/$path", $evil, host => 'info.test');
        log_lines($mark, qr/\[cors:info\]/);
        my @lines = cors_lines($mark, 'info');
        is(scalar @lines, 1, "$CorsTest::PROTOCOL: one line: $path")
            or diag(@lines);
    }

    # Nothing about what is allowed.
    my $mark = log_mark();
    get("/pa/$file", $_, host => 'info.test') for $app, undef;
    get("/p0/$file", $evil, host => 'info.test');
    get("/off/$file", $evil, host => 'info.test');
    get("/pw/$file", $evil, host => 'info.test');
    preflight("/pa/$file", $app, 'PUT', undef, host => 'info.test');
    is_deeply([ cors_lines($mark, 'info') ], [],
        "$CorsTest::PROTOCOL: no line about what is allowed");
    return;
}

sub silent {
    my $mark = log_mark();
    for my $row (@refused) {
        my ($to, $headers) = @$row;
        request(split(' ', $to), $headers, host => 'quiet.test');
    }
    get("/pa/$file", $app, host => 'quiet.test');
    is_deeply([ cors_lines($mark, qr/\w+/) ], [], 'silent at level warn');
    return;
}

sub debug_lines {
    my %line = (
        'actual request' =>
            "actual request allowed: origin '$app', method 'GET'",
        'preflight' =>
            "preflight allowed: origin '$app', method 'PUT'",
    );
    my $mark = log_mark();
    get("/pa/$file", $app, host => 'policies.test');
    get("/pa/$file", undef, host => 'policies.test');
    get("/p0/$file", $app, host => 'policies.test');
    preflight("/pa/$file", $app, 'PUT', 'x-api-key', host => 'policies.test');
    log_lines($mark, qr/preflight allowed/);
    is_deeply([ cors_lines($mark, 'debug') ], [ map { $line{$_} } sort keys %line ],
        'a line about each decision at level debug');
    return;
}

# The notes and the environment, as the access log shows them.
sub access_log {
    my $allowed = 'verdict=allowed reason=-';
    my $denied  = 'verdict=denied reason';
    my $none    = 'verdict=- reason=- origin=-';
    my @rows    = (
        [ 'get', "/pa/$file",      $app,  "200 $allowed origin=$app" ],
        [ 'get', "/pa/$file",      $evil, "200 $denied=origin origin=-" ],
        [ 'get', "/pa/$file",      undef, "200 $none" ],
        [ 'get', "/p0/$file",      $app,  "200 $none" ],
        [ 'get', "/off/$file",     $app,  "200 $none" ],
        [ 'get', "/none/$file",    $app,  "200 $denied=closed origin=-" ],
        [ 'get', "/pw/$file",      $evil, "200 $allowed origin=$evil" ],
        [ 'get', "/pw/$file",      undef, "200 $none" ],
        [ 'get', '/pa/auth/x',     $app,  "401 $allowed origin=$app" ],
        [ 'get', '/pa/files/dir',  $app,  "301 $allowed origin=$app" ],
        [ 'PUT', "/pa/$file",      $app,  "204 $allowed origin=$app" ],
        [ 'PUT', "/pa/$file",      $evil, "403 $denied=origin origin=-" ],
        [ 'PATCH', "/pa/$file",    $app,  "403 $denied=method origin=-" ],
        [ '',    "/pa/$file",      $app,  "403 $denied=malformed origin=-" ],
        [ 'PUT', "/pa/$file", $app, "403 $denied=header origin=-", 'x-evil' ],
        [ 'PUT', "/none/$file",    $app,  "403 $denied=closed origin=-" ],
        [ 'PATCH', "/debug/$file", $app,  "204 $denied=method origin=-" ],
        [ 'PUT', "/pass/$file",    $app,  "200 $allowed origin=$app" ],
        [ 'PUT', "/p0/$file",      $app,  "200 $none" ],
    );
    for my $row (@rows) {
        my ($method, $target, $origin, $logged, $headers) = @$row;
        my $mark = log_mark();
        my @to   = (host => 'policies.test');
        if ($method eq 'get') {
            get($target, $origin, @to);
        }
        else {
            preflight($target, $origin, $method, $headers, @to);
        }
        my ($line) = access_log_lines($mark, 1);
        my $sent = $method eq 'get' ? 'GET' : 'OPTIONS';
        is($line, "$sent $target $logged",
            "$CorsTest::PROTOCOL: access log: $method $target");
    }
    return;
}

sub environment {
    my %shown = ($app => $app, $evil => '(unset)', '' => '(unset)');
    for my $origin (sort keys %shown) {
        my @origin = length $origin ? $origin : undef;
        is(
            get('/pa/cgi/environment', @origin, host => 'policies.test')->body,
            "CORS_ORIGIN=$shown{$origin}\n",
            "$CorsTest::PROTOCOL: the environment of a script: $origin"
        );
    }
    return;
}
