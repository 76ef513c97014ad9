package PreflightCases;

=head1 NAME

PreflightCases - the preflights of the checklist, for any virtual host

=head1 SYNOPSIS

    my %where = (host => 'policies.test');
    origin_preflights(%where);     # part B
    method_preflights(%where);     # C-51 ... C-58
    header_preflights(%where);     # C-49, C-50, C-59 ... C-71
    answer_preflights(%where);     # C-9, C-10, C-72 ... C-78

=head1 DESCRIPTION

Each function runs its cases over each protocol, against a virtual host that
has the policies of the macro CorsPolicies (F<t/conf/policies.conf.in>). The
answers do not depend on where in the processing of a request they are given,
so every host that answers preflights itself has to pass all of them. Options:

    host    the Host header
    port    the port (default: the main one)
    prefix  stands in front of the paths of the policies (default: none)

The name of the host stands in the names of the tests.

=cut

use strict;
use warnings;

use CorsTest;
use Exporter 'import';
use OriginCases;
use Test::More ();
use Time::HiRes qw(sleep);

our @EXPORT = qw(
    origin_preflights method_preflights header_preflights answer_preflights
);

my $app = 'https://app.example';
my $sub = 'https://a.example.com';

my $pa = policy('PA');
my $ps = policy('PS');
my $px = policy('PX');

my %policy = (
    pa       => $pa,
    pw       => policy('PW'),
    ps       => $ps,
    px       => $px,
    psauth   => { %$ps, headers => ['authorization'] },
    pxauth   => { %$px, headers => ['authorization'] },
    age0     => { %$pa, max_age => 0 },
    status   => { %$pa, status  => 200 },
    put      => { methods => ['PUT'], headers => ['content-type'] },
    upper    => { methods => ['PATCH'] },
    lower    => { methods => ['patch'] },
    options  => { methods => ['OPTIONS'] },
    origin   => {},
    override => {
        methods => ['PUT'],
        headers => ['x-http-method-override'],
    },
);
my %origin = map { $_ => $sub } qw(ps psauth);

my $both  = 'content-type,x-api-key';
my @both  = qw(content-type x-api-key);
my @any   = qw(ps px psauth pxauth);
my $token = 'M' x 4000;

# Number, policies, requested methods: allowed, without requested headers.
my @allowed_methods = (
    [ 'C-50', ['pa'],             'DELETE' ],
    [ 'C-51', ['pa'],             qw(POST GET HEAD) ],
    [ 'C-52', ['put'],            qw(GET HEAD POST PUT) ],
    [ 'C-52', [qw(origin upper)], qw(GET HEAD POST) ],
    [ 'C-53', ['upper'],          'PATCH' ],
    [ 'C-53', ['lower'],          'patch' ],
    [ 'C-53', \@any,              qw(put patch PATCH get) ],
    [ 'C-56', ['options'],        'OPTIONS' ],
    [ 'C-56', \@any,              'OPTIONS' ],
    [ 'C-58', \@any,              $token ],
    [ 'C-68', [qw(px pxauth)],    'PURGE' ],
    [ 'C-69', [qw(ps psauth)],    'PURGE' ],
);

# The same: denied.
my @denied_methods = (
    [ 'C-52', ['put'],          qw(DELETE PATCH OPTIONS) ],
    [ 'C-52', ['origin'],       qw(PUT DELETE) ],
    [ 'C-53', ['pa'],           qw(put Put delete get post head Get) ],
    [ 'C-53', ['upper'],        qw(patch Patch PATCHES PATC) ],
    [ 'C-53', ['lower'],        qw(PATCH Patch) ],
    [ 'C-54', [ 'pa', @any ],   '*' ],
    [
        'C-55',
        [ 'pa', 'pw', @any ],
        '',               'GE T',
        'PUT,DELETE',     'PUT;q=1',
        '"PUT"',          'PUT/1.1',
        "P\xc3\x9cT",     'PUT,',
        [ 'PUT', 'PUT' ], [ 'PUT', 'GET' ],
        [ 'GET', 'PUT' ]
    ],
    [ 'C-56', ['pa'], qw(PATCH OPTIONS) ],
    [
        'C-57', [ 'pa', 'pw', @any ],
        qw(CONNECT TRACE TRACK trace Track Connect)
    ],
    [ 'C-58', ['pa'], $token ],
);

# Number, policy, method, requested headers, and the names among them; or, if
# denied, nothing.
my @headers = (
    [ 'C-49', 'pa', 'PUT', $both, \@both ],
    [ 'C-49', 'pa', 'PUT', 'content-type', ['content-type'] ],
    [ 'C-49', 'pw', 'PUT', 'content-type', ['content-type'] ],
    [ 'C-51', 'pa', 'GET', 'x-api-key',    ['x-api-key'] ],
    [ 'C-52', 'put', 'GET', 'content-type', ['content-type'] ],
    [ 'C-59', 'pa', 'PUT', 'Content-Type, X-API-KEY', \@both ],
    [ 'C-60', 'pa', 'PUT', 'x-api-key,content-type',  \@both ],
    [ 'C-60', 'pa', 'PUT', "content-type,$both",      \@both ],
    [ 'C-60', 'ps', 'PUT', 'b,a,B,c,a,A',             [qw(a b c)] ],
    [ 'C-61', 'pa', 'PUT', [ 'content-type', 'x-api-key' ], \@both ],
    [ 'C-61', 'pa', 'PUT', [ 'content-type', '', 'x-api-key' ], \@both ],
    [
        'C-61', 'pa', 'PUT', [ 'content-type', 'x-api-key', 'authorization' ],
        [ @both, 'authorization' ]
    ],
    [ 'C-61', 'pa', 'PUT', 'content-type , x-api-key', \@both ],
    [ 'C-61', 'pa', 'PUT', "content-type\t,\tx-api-key", \@both ],
    [ 'C-61', 'pa', 'PUT', 'content-type     ,     x-api-key', \@both ],
    [ 'C-61', 'pa', 'PUT', ',content-type,, ,x-api-key,',      \@both ],
    [ 'C-61', 'ps', 'PUT', ",a,, ,\tb ,",  [qw(a b)] ],
    [ 'C-62', 'pa', 'PUT', '',             [] ],
    [ 'C-62', 'pa', 'PUT', ', ,,',         [] ],
    [ 'C-62', 'ps', 'PUT', '',             [] ],
    [ 'C-62', 'px', 'PUT', ', ,,',         [] ],
    [ 'C-62', 'origin', 'GET', ',',        [] ],
    [ 'C-63', 'pa', 'PUT', 'content-type,x-evil' ],
    [ 'C-63', 'pa', 'PUT', 'x-evil,content-type' ],
    [ 'C-63', 'pa', 'PUT', 'content-typ' ],
    [ 'C-63', 'pa', 'PUT', 'content-types' ],
    [ 'C-63', 'pa', 'PUT', 'content_type' ],
    [ 'C-63', 'pw', 'PUT', $both ],
    [ 'C-63', 'origin', 'GET', 'content-type' ],
    (
        map {
            my $name = $_;
            map { [ 'C-64', $_, 'PUT', $name ] } 'pa', 'pw', @any
        } 'x api',
        'x@y', 'x:y', 'x/y', '"x"', 'x=1', "\x80", "x\x80", 'content-type;x',
        'content-type, x api', 'x api,content-type', 'content-type;,x-api-key'
    ),
    [ 'C-65', 'pa', 'PUT', join(',', map { "x-$_" } 1 .. 700) ],
    [ 'C-65', 'ps', 'PUT', join(',', map { "x-$_" } 1 .. 700) ],
    [
        'C-65', 'ps', 'PUT',
        join(',', map { "x-$_" } 1 .. 64),
        [ map { "x-$_" } 1 .. 64 ]
    ],
    [ 'C-65', 'ps', 'PUT', join(',', map { "x-$_" } 1 .. 65) ],
    [ 'C-65', 'pa', 'PUT', join(',', ('content-type') x 64), \@both ],
    [ 'C-65', 'pa', 'PUT', join(',', ('content-type') x 65) ],
    [ 'C-65', 'ps', 'PUT', join(',', ('x-a,x-b') x 33) ],
    [ 'C-65', 'pa', 'PUT', 'x' x 8000 ],
    [ 'C-65', 'ps', 'PUT', 'x' x 8000, [ 'x' x 8000 ] ],
    [ 'C-65', 'pa', 'PUT', ',' x 8000, [] ],
    [ 'C-65', 'ps', 'PUT', ',' x 8000, [] ],
    [
        'C-65', 'pa', 'PUT', 'content-type,' . ' ' x 7000 . 'x-api-key', \@both
    ],
    [
        'C-65', 'pa', 'PUT', 'content-type' . ",\t" x 3500 . 'x-api-key', \@both
    ],
    [ 'C-66', 'ps', 'PUT', 'authorization,x-foo' ],
    [ 'C-66', 'ps', 'PUT', 'Authorization' ],
    [ 'C-66', 'ps', 'PUT', 'x-foo,AUTHORIZATION' ],
    [ 'C-66', 'psauth', 'PUT', 'authorization,x-foo',
        [qw(authorization x-foo)] ],
    [ 'C-66', 'psauth', 'PUT', 'x-foo', ['x-foo'] ],
    [ 'C-66', 'ps', 'PUT', 'authorizations', ['authorizations'] ],
    [ 'C-67', 'px', 'PUT', 'x-foo,x-bar', [qw(x-foo x-bar)] ],
    [ 'C-67', 'px', 'PUT', 'authorization' ],
    [ 'C-67', 'px', 'PUT', 'x-foo,authorization' ],
    [ 'C-67', 'pxauth', 'PUT', 'authorization', ['authorization'] ],
    [ 'C-68', 'px', 'PURGE', 'x-foo', ['x-foo'] ],
    [ 'C-69', 'ps', 'PURGE', 'x-foo', ['x-foo'] ],
    [ 'C-54', 'pa', 'PUT', '*' ],
    (map { [ 'C-54', $_, 'PUT', '*' ], [ 'C-54', $_, 'PUT', 'x-foo,*' ] } @any),
    (
        map { [ 'C-70', 'pa', 'PUT', $_ ] } 'accept', 'range',
        'accept-language', 'content-type,accept'
    ),
    [ 'C-70', 'ps', 'PUT', 'accept,range', [qw(accept range)] ],
    (
        map { [ 'C-71', 'pa', 'PUT', $_ ], [ 'C-71', 'ps', 'PUT', $_, [$_] ] }
            qw(cookie host origin sec-fetch-site proxy-x)
    ),
    [
        'C-71', 'override', 'PUT', 'x-http-method-override',
        ['x-http-method-override']
    ],
    [ 'C-63', 'pa', 'PATCH', $both ],
    [ 'C-63', 'pa', 'put',   $both ],
);

sub origin_preflights {
    my (%where) = @_;
    for_each_protocol {
        my ($protocol) = @_;
        for my $case (origin_cases()) {
            next if $case->{h1} && $protocol ne 'h1';
            my $method = $case->{policy}{methods} ? 'PUT' : 'GET';
            check(
                \%where,
                name   => $case->{name},
                at     => $case->{at},
                policy => $case->{policy},
                origin => $case->{origin},
                echo   => $case->{echo},
                method => $method,
                names  => defined $case->{echo} ? [] : undef,
            );
        }
    };
    return;
}

sub method_preflights {
    my (%where) = @_;
    my @cases = (
        (map { [ $_, [] ] } @allowed_methods),
        (map { [ $_, undef ] } @denied_methods),
    );
    for_each_protocol {
        for my $case (@cases) {
            my ($number, $policies, @methods) = @{ $case->[0] };
            for my $at (@$policies) {
                check(\%where, name => "$number $at: " . shown($_),
                    at => $at, method => $_, names => $case->[1])
                    for @methods;
            }
        }
    };
    return;
}

sub header_preflights {
    my (%where) = @_;
    for_each_protocol {
        for my $case (@headers) {
            my ($number, $at, $method, $headers, $names) = @$case;
            check(
                \%where,
                name    => "$number $at: $method, " . shown($headers),
                at      => $at,
                method  => $method,
                headers => $headers,
                names   => $names,
            );
        }
        header_preflights_too_long(\%where);
    };
    return;
}

# httpd refuses these: one line, and lines that are too long together.
sub header_preflights_too_long {
    my ($where) = @_;
    my $long = join ',', ('content-type') x 400;
    for my $headers ($long . $long, [ $long, $long ]) {
        my $lines = ref $headers ? 'lines' : 'line';
        my $res   = ask($where, 'pa', $app, 'PUT', $headers);
        no_cors($res, name => "$where->{host}: C-65 too long: $lines");
        Test::More::like($res->status, qr/\A4(?:00|31)\z/,
            "$CorsTest::PROTOCOL: $where->{host}: C-65 too long: $lines,"
                . ' status');
    }
    return;
}

# One preflight: allowed, if it has names, with these among the requested ones.
sub check {
    my ($where, %case) = @_;
    my $at     = $case{at};
    my $policy = $case{policy} || $policy{$at};
    my $origin = $case{origin};
    $origin = $origin{$at} || $app if !defined $origin;
    my %opt = (name => "$where->{host}: $case{name}", policy => $policy);
    my $res = ask($where, $at, $origin, @case{qw(method headers)});

    return pf_no($res, %opt) if !$case{names};
    return pf_ok(
        $res, %opt,
        origin  => defined $case{echo} ? $case{echo} : $origin,
        method  => $case{method},
        headers => $case{names},
    );
}

sub ask {
    my ($where, $at, $origin, $method, $headers, %opt) = @_;
    my $file = delete $opt{file} || 'files/plain.txt';
    return preflight(target($where, "$at/$file"), $origin, $method, $headers,
        server($where), %opt);
}

sub target {
    my ($where, $path) = @_;
    my $prefix = defined $where->{prefix} ? $where->{prefix} : '';
    return "$prefix/$path";
}

sub server {
    my ($where) = @_;
    return map { $_ => $where->{$_} } grep { defined $where->{$_} }
        qw(host port);
}

sub shown {
    my ($value) = @_;
    my $text = join ' | ', ref $value ? @$value : $value;
    $text =~ s/([^ -~])/sprintf '\\x%02x', ord $1/ge;
    $text =~ s/\A(.{30}).{30,}(.{12})\z/$1...$2/;
    return "\"$text\"";
}

sub answer_preflights {
    my (%where) = @_;
    my $before = log_mark();
    for_each_protocol {
        neighbours(\%where);
        nested(\%where);
        max_age(\%where);
        authentication(\%where);
        places(\%where);
        vary(\%where);
        private_network(\%where);
    };
    connections(\%where);
    backend_untouched(\%where, $before);
    return;
}

# A path without a policy.
sub neighbours {
    my ($where) = @_;
    my $res = ask($where, 'p0', $app, 'PUT', $both);
    no_cors($res, name => "$where->{host}: C-9 p0", status => 200);
    Test::More::ok(scalar $res->values('Allow'),
        "$CorsTest::PROTOCOL: $where->{host}: C-9 httpd's own answer");
    return;
}

sub nested {
    my ($where) = @_;
    my %outer = (
        name   => "$where->{host}: C-10 a/",
        policy => { credentials => 1, methods => ['PUT'], max_age => 600 },
    );
    my %inner = (
        name   => "$where->{host}: C-10 a/b/",
        policy => { any => 1, methods => ['DELETE'], max_age => 600 },
    );
    pf_ok(ask($where, 'a', $app, 'PUT'), %outer, origin => $app,
        method => 'PUT');
    pf_no(ask($where, 'a', 'https://evil.com', 'PUT'), %outer);
    pf_no(ask($where, 'a', $app, 'DELETE'), %outer);
    pf_ok(ask($where, 'a/b', 'https://evil.com', 'DELETE'), %inner,
        method => 'DELETE');
    pf_no(ask($where, 'a/b', $app, 'PUT'), %inner);
    no_cors(ask($where, 'a/c', $app, 'PUT'),
        name => "$where->{host}: C-10 a/c/", status => 200);
    return;
}

sub max_age {
    my ($where) = @_;
    check($where, name => "C-72 $_", at => $_, method => 'PUT', names => [])
        for qw(pa age0 pw);
    check($where, name => 'C-72 denied', at => 'age0', method => 'PATCH');
    check($where, name => 'C-73 status 200', at => 'status', method => 'PUT',
        headers => $both, names => \@both);
    check($where, name => 'C-73 status 200, denied', at => 'status',
        method => 'PATCH');
    return;
}

# Before authentication and authorization.
sub authentication {
    my ($where) = @_;
    my %credentials = (
        'no credentials'       => [],
        'wrong Authorization'  => [ Authorization => 'Basic dXNlcjp3cm9uZw==' ],
        'garbage'              => [ Authorization => 'Basic !' ],
        'another scheme'       => [ Authorization => 'Bearer x' ],
        'wrong Cookie'         => [ Cookie        => 'session=stolen' ],
        'right Authorization'  => [ Authorization => 'Basic dXNlcjpzZWNyZXQ=' ],
    );
    for my $what (sort keys %credentials) {
        my $res = ask($where, 'pa', $app, 'PUT', $both,
            file => 'auth/plain.txt', headers => $credentials{$what});
        my $name = "$where->{host}: C-74 $what";
        pf_ok($res, name => $name, policy => $pa, origin => $app,
            method => 'PUT', headers => \@both);
        Test::More::is(
            join('', map { $res->values($_) } qw(WWW-Authenticate Set-Cookie)),
            '', "$CorsTest::PROTOCOL: $name: nothing of authentication");
    }
    pf_no(ask($where, 'pa', $app, 'PATCH', undef, file => 'auth/plain.txt'),
        name => "$where->{host}: C-74 denied", policy => $pa);

    my %get = (policy => $pa, origin => $app, status => 401, body => qr/401/);
    act_ok(get(target($where, 'pa/auth/plain.txt'), $app, server($where)),
        %get, name => "$where->{host}: C-74 then the GET: 401");
    act_ok(
        get(target($where, 'pa/auth/plain.txt'), $app, server($where),
            headers => $credentials{'right Authorization'}),
        %get,
        status => 200,
        body   => "plain\n",
        name   => "$where->{host}: C-74 and with credentials: 200"
    );
    return;
}

# Whatever would answer the URL otherwise.
sub places {
    my ($where) = @_;
    my %places = (
        'a missing file'                  => 'files/none.txt',
        'a directory without its slash'   => 'files/dir',
        'a directory'                     => 'files/dir/',
        'Require all denied'              => 'closed/plain.txt',
        'a path under LimitExcept'        => 'limit/plain.txt',
        'a path under AllowMethods'       => 'methods/plain.txt',
        'a proxied path'                  => 'proxy/plain.txt',
        'a script'                        => 'cgi/answer?Status:+500',
        'a missing script'                => 'cgi/none',
        'a query'                         => 'files/plain.txt?a=b&c',
    );
    for my $place (sort keys %places) {
        my $name = "$where->{host}: C-75 $place";
        my @to   = (file => $places{$place});
        pf_ok(ask($where, 'pa', $app, 'PUT', $both, @to), name => $name,
            policy => $pa, origin => $app, method => 'PUT',
            headers => \@both);
        pf_no(ask($where, 'pa', $app, 'PATCH', $both, @to),
            name => "$name, denied", policy => $pa);
    }
    return;
}

# Each answer, allowed or not, by each policy.
sub vary {
    my ($where) = @_;
    for my $at (qw(pa pw ps px psauth pxauth status origin)) {
        check($where, name => "C-77 $at, allowed", at => $at,
            method => 'GET', names => []);
        check($where, name => "C-77 $at, denied", at => $at,
            method => 'TRACE');
    }
    return;
}

# A dead mechanism.
sub private_network {
    my ($where) = @_;
    my @ask = (headers => [ 'Access-Control-Request-Private-Network', 'true' ]);
    my %opt = (name => "$where->{host}: C-78 private network", policy => $pa);
    pf_ok(ask($where, 'pa', $app, 'PUT', $both, @ask), %opt, origin => $app,
        method => 'PUT', headers => \@both);
    pf_ok(ask($where, 'pa', $app, 'GET', undef, @ask), %opt, origin => $app,
        method => 'GET');
    pf_no(ask($where, 'pa', 'https://evil.com', 'GET', undef, @ask), %opt);
    return;
}

# Several requests on one connection, the first perhaps with a body.
sub connections {
    my ($where) = @_;
    my $get = lines($where, 'GET', 'pa/files/plain.txt', "Origin: $app",
        'Connection: close');
    my $smuggled = lines($where, 'GET', 'pa/files/dir/', 'X: y');
    my %bodies   = (
        'no body'        => '',
        'a body'         => "Content-Length: 11\r\n\r\nhello world",
        'a request body' => 'Content-Length: ' . length($smuggled)
            . "\r\n\r\n$smuggled",
        'a chunked body' => "Transfer-Encoding: chunked\r\n\r\n"
            . "b\r\nhello world\r\n0\r\n\r\n",
        'a large body' => "Content-Length: 100000\r\n\r\n" . 'x' x 100_000,
        'an empty body' => "Content-Length: 0\r\n\r\n",
    );
    for my $body (sort keys %bodies) {
        for my $method (qw(PUT PATCH)) {
            my $first = lines(
                $where,           'OPTIONS',
                'pa/auth/x.txt',  "Origin: $app",
                "Access-Control-Request-Method: $method"
            );
            $first =~ s/\r\n\z/$bodies{$body}/ if length $bodies{$body};
            my ($answer, $second, $third) = exchange($first . $first . $get,
                [ 'OPTIONS', 'OPTIONS', 'GET' ], server($where));
            my %opt = (
                name   => "$where->{host}: C-76 $method with $body",
                policy => $pa
            );
            for my $res ($answer, $second) {
                $method eq 'PUT'
                    ? pf_ok($res, %opt, origin => $app, method => $method)
                    : pf_no($res, %opt);
            }
            act_ok($third, %opt, name => "$opt{name}, then a GET",
                origin => $app, body => "plain\n");
        }
    }
    return;
}

sub lines {
    my ($where, $method, $path, @headers) = @_;
    my $target = target($where, $path);
    return join "\r\n", "$method $target HTTP/1.1", "Host: $where->{host}",
        @headers, '', '';
}

# C-75: neither the backend nor the script has seen any of it. A last request
# marks the place in the access log up to which it has been written.
sub backend_untouched {
    my ($where, $before) = @_;
    my $mark = target($where, "p0/files/plain.txt?$$." . rand);
    get($mark, undef, server($where));
    my @lines;
    for my $count (1 .. 150) {
        @lines = access_log_lines($before, $count);
        last if grep { index($_, $mark) >= 0 } @lines;
        sleep 0.02;
    }
    Test::More::ok(scalar(grep { index($_, $mark) >= 0 } @lines),
        "$where->{host}: C-75 the access log is complete");
    Test::More::is(
        join("\n", grep { /^OPTIONS \/backend/ } @lines),
        '', "$where->{host}: C-75 the backend was not asked"
    );
    Test::More::is(
        join("\n", log_lines($before, qr/a preflight reached the script/, 0)),
        '', "$where->{host}: C-75 the script did not run"
    );
    return;
}

1;
