# C-39, C-40, C-78: CORS headers that a script, a backend or mod_headers made.
# They go, or with CORSBackendHeaders keep they stay; never are there two.
use strict;
use warnings;
use lib 'lib';

use CorsTest;
use Test::More;

my $origin = 'https://app.example';
my $evil   = 'https://evil.example';
my @host   = (host => 'foreign.test');

my %foreign = (
    'access-control-allow-origin'          => 'https://backend.example',
    'access-control-allow-credentials'     => 'true',
    'access-control-allow-methods'         => ['PATCH'],
    'access-control-allow-headers'         => ['x-backend'],
    'access-control-max-age'               => '5',
    'access-control-expose-headers'        => ['x-backend'],
    'access-control-allow-private-network' => 'true',
    'timing-allow-origin'                  => '*',
    'vary'                                 => ['x-backend'],
);
my $query = '?body=file&' . join '&', map {
    my $value = $foreign{$_};
    "header=$_:" . (ref $value ? $value->[0] : $value)
} sort keys %foreign;

# [source, status]
my @sources = (
    [ 'set',              200 ],
    [ 'always',           200 ],
    [ 'always/missing',   404 ],
    [ 'always/denied',    403 ],
    map { my $status = $_; map { [ "$_$query&status=$status", $status ] }
        qw(cgi proxied) } 200, 304, 401, 404, 500,
);

# What each policy makes of them.
my %policy = (
    replace => \&replaced,
    keep    => \&kept,
    timing  => \&replaced_with_timing,
    any     => \&replaced_by_any,
    anykeep => \&kept_by_any,
    none    => \&stripped,
    off     => \&untouched,
);

my $mark = log_mark();
for_each_protocol {
    for my $policy (sort keys %policy) {
        everyone($policy, @$_) for @sources;
    }
    doubled();
    incomplete();
    preflights();
};
log_clean($mark,
    qr{AH01630: client denied by server configuration: \S+/foreign/});
done_testing();

sub everyone {
    my ($policy, $source, $status) = @_;
    (my $short = $source) =~ s/\?.*//;
    for my $from ($origin, $evil, undef) {
        my $who = defined $from ? $from : 'no Origin';
        cors_headers_are(
            get("/foreign/$policy/$source", $from, @host),
            $policy{$policy}->($from),
            name   => "C-39 $policy, $short, $status: $who",
            status => $status,
        );
    }
    return;
}

sub is_allowed { return defined $_[0] && $_[0] eq $origin }

# Timing-Allow-Origin is the module's only where it is switched on.
sub replaced {
    my ($from) = @_;
    return {
        'vary'                => [qw(x-backend origin)],
        'timing-allow-origin' => '*',
        is_allowed($from) ? allowed() : (),
    };
}

sub allowed {
    return (
        'access-control-allow-origin'      => $origin,
        'access-control-allow-credentials' => 'true',
        'access-control-expose-headers'    => [qw(x-request-id etag)],
    );
}

sub replaced_with_timing {
    my ($from) = @_;
    return {
        vary => [qw(x-backend origin)],
        is_allowed($from) ? (allowed(), 'timing-allow-origin' => $origin) : (),
    };
}

sub replaced_by_any {
    return {
        'vary'                          => ['x-backend'],
        'timing-allow-origin'           => '*',
        'access-control-allow-origin'   => '*',
        'access-control-expose-headers' => ['x-request-id'],
    };
}

sub kept { return { %foreign, vary => [qw(x-backend origin)] } }

# An Allow-Origin that names one may be another's next time.
sub kept_by_any { return kept() }

sub untouched { return \%foreign }

sub stripped {
    return { map { $_ => $foreign{$_} } qw(vary timing-allow-origin) };
}

# The same header from two sides, and twice from one.
sub doubled {
    for my $from ($origin, $evil, undef) {
        my $who = defined $from ? $from : 'no Origin';
        cors_headers_are(
            get('/foreign/timing/both', $from, @host),
            replaced_with_timing($from),
            name => "C-39 Header set and Header always set: $who"
        );

        my $twice = join '&', map { "header=Access-Control-$_" }
            'Allow-Origin:*', "Allow-Origin:$origin", 'Allow-Credentials:true',
            'Allow-Credentials:True', 'Max-Age:1', 'Max-Age:2';
        for my $source (qw(cgi proxied)) {
            my %want = (vary => ['origin'], is_allowed($from) ? allowed() : ());
            my $res  = get("/foreign/replace/$source?$twice", $from, @host);
            cors_headers_are($res, \%want,
                name => "C-39 each header twice, $source: $who");
        }
    }
    return;
}

# Without an Allow-Origin there is nothing to keep.
sub incomplete {
    my $some = '?header=Access-Control-Allow-Credentials:true'
        . '&header=Access-Control-Expose-Headers:X-Backend';
    for my $source (qw(cgi proxied)) {
        my %is = (policy => 'PA', name => "keep without Allow-Origin, $source");
        act_ok(get("/foreign/keep/$source$some", $origin, @host),
            %is, origin => $origin);
        act_no(get("/foreign/keep/$source$some", $evil, @host), %is);
        act_no(get("/foreign/keep/$source$some", undef, @host), %is);
    }
    return;
}

# What "Header always" leaves on an answer of the module loses, also where the
# headers of backends stay.
sub preflights {
    my @vary = qw(
        x-backend origin access-control-request-method
        access-control-request-headers
    );
    my @lines = ('Access-Control-Request-Private-Network' => 'true');
    for my $policy (qw(replace keep)) {
        for my $from ($origin, $evil) {
            my %want = ('vary' => \@vary, 'timing-allow-origin' => '*');
            if ($from eq $origin) {
                %want = (
                    %want,
                    allowed(),
                    'access-control-allow-methods' =>
                        [qw(GET HEAD POST PUT DELETE)],
                    'access-control-max-age' => '600',
                );
                delete $want{'access-control-expose-headers'};
            }
            cors_headers_are(
                preflight("/foreign/$policy/always", $from, 'PUT', undef, @host,
                    headers => \@lines),
                \%want,
                name   => "C-78 preflight, $policy, Header always set: $from",
                status => $from eq $origin ? 204 : 403,
                body   => '',
            );
        }
    }
    return;
}
