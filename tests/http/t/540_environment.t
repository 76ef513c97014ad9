# CORS_ORIGIN tells scripts, backends and logs the origin that is allowed, also
# after a redirect inside the server. A client cannot set it.
use strict;
use warnings;
use lib 'lib';

use CorsTest;
use Test::More;

my $origin = 'https://app.example';
my $evil   = 'https://evil.example';
my @host   = (host => 'environment.test');

# Where the script finds it: in CORS_ORIGIN, and renamed by each redirect.
my @requests = (
    { path => 'cgi',           status => 200, names => ['CORS_ORIGIN'] },
    { path => 'fallback/x',    status => 200, names => ['CORS_ORIGIN'] },
    { path => 'rewrite/once',  status => 200,
        names => [qw(CORS_ORIGIN REDIRECT_CORS_ORIGIN)] },
    { path => 'rewrite/twice', status => 200,
        names => [qw(CORS_ORIGIN REDIRECT_CORS_ORIGIN
            REDIRECT_REDIRECT_CORS_ORIGIN)] },
    { path => 'missing',       status => 404,
        names => [qw(CORS_ORIGIN REDIRECT_CORS_ORIGIN)] },
    { path => 'proxied',       status => 200, names => [] },
);
my %allows = (
    pa   => { $origin => 1 },
    any  => { $origin => 1, $evil => 1 },
    none => {},
    off  => {},
);

my $mark = log_mark();
for_each_protocol {
    for my $policy (sort keys %allows) {
        everyone($policy, $_) for @requests;
    }
    passed();
};
log_clean($mark);
done_testing();

sub everyone {
    my ($policy, $request) = @_;
    my @lines = ('Cors-Origin' => $evil, 'X-Cors-Origin' => $evil);
    for my $from ($origin, $evil, undef) {
        my $name = "$policy/$request->{path}: "
            . (defined $from ? $from : 'no Origin');
        my $mark = log_mark();
        my $res  = get("/environment/$policy/$request->{path}", $from, @host,
            headers => \@lines);
        my $shown =
            defined $from && $allows{$policy}{$from} ? $from : undef;
        is($res->status, $request->{status}, "$name: status");
        is_deeply(environment($res), expected($shown, @{ $request->{names} }),
            "$name: the environment");

        my $logged = defined $shown ? $shown : '-';
        my $lines  = $request->{path} eq 'proxied' ? 2 : 1;
        my @own    = grep { m{ /environment/} } access_log_lines($mark, $lines);
        like($own[0], qr/ origin=\Q$logged\E\z/, "$name: the access log");
    }
    return;
}

sub environment {
    my ($res) = @_;
    my %environment = $res->body =~ /^(\w+)=(.*)$/mg;
    delete $environment{REQUEST_METHOD};
    return \%environment;
}

sub expected {
    my ($shown, @names) = @_;
    my %expected = map { $_ => '-' } qw(
        CORS_ORIGIN REDIRECT_CORS_ORIGIN REDIRECT_REDIRECT_CORS_ORIGIN
        HTTP_X_CORS_ORIGIN
    );
    return \%expected if !defined $shown;
    $expected{$_} = $shown for @names, 'HTTP_X_CORS_ORIGIN';
    return \%expected;
}

# A preflight that is passed on is like any other request.
sub passed {
    my %method = (PUT => $origin, PATCH => undef);
    for my $method (sort keys %method) {
        my $res = preflight('/environment/pa/pass/cgi', $origin, $method, undef,
            @host);
        is_deeply(environment($res), expected($method{$method}, 'CORS_ORIGIN'),
            "a preflight for $method, passed");
    }
    return;
}
