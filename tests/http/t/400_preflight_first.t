# C-74, C-75: a preflight is answered before access control, redirects,
# handlers and backends have a say, whatever the resource.
use strict;
use warnings;
use lib 'lib';

use CorsTest;
use Test::More;

my $origin  = 'https://app.example';
my $evil    = 'https://evil.example';
my $witness = vars()->{t_state} . '/witness';
my @host;

# What the handler says to a GET and to an OPTIONS that is no preflight; runs:
# such an OPTIONS reaches the script, so that the witness would know.
my @resources = (
    { name => 'Basic',          path => 'files/basic/file.txt',
        get => 401, options => 401 },
    { name => 'LimitExcept',    path => 'files/limit/file.txt',
        get => 200, options => 403 },
    { name => 'AllowMethods',   path => 'files/methods/file.txt',
        get => 200, options => 405 },
    { name => 'Dav On',         path => 'files/dav/file.txt',
        get => 200, options => 200, dav => 1 },
    { name => 'DirectorySlash', path => 'files/slash',
        get => 301, options => 301 },
    { name => 'missing file',   path => 'files/missing.txt',
        get => 404, options => 200 },
    { name => 'FallbackResource', path => 'files/fallback/missing',
        get => 200, options => 200, runs => 1 },
    { name => '.htaccess rewrite', path => 'files/rewrite/x',
        get => 200, options => 200, runs => 1, host => 'first.test' },
    { name => 'CGI',            path => 'cgi/x',
        get => 200, options => 200, runs => 1 },
    { name => 'ProxyPass',      path => 'proxied/x',
        get => 200, options => 200, runs => 1 },
);

# A preflight's answer has these fields and no others: none of a handler's.
my %ours = map { $_ => 1 } qw(
    date server connection keep-alive upgrade vary content-length
    access-control-allow-origin access-control-allow-credentials
    access-control-allow-methods access-control-allow-headers
    access-control-max-age
);

my $mark = log_mark();
for_each_protocol {
    for my $host (qw(first.test final.test)) {
        @host = (host => $host);
        my @here = grep { !$_->{host} || $_->{host} eq $host } @resources;
        for my $status (204, 200) {
            preflights($_, $status) for @here;
        }
        controls($_) for @here;
        errors();
    }
};
log_clean(
    $mark,
    qr/AH01630: client denied by server configuration: .*limit/,
    qr/AH01623: client method denied by server configuration: 'OPTIONS'/,
);
done_testing();

sub preflights {
    my ($resource, $status) = @_;
    my $target = "/first/$status/$resource->{path}";
    my $policy = { %{ policy('PA') }, status => $status };
    my @bad    = (Authorization => 'Basic d3Jvbmc6d3Jvbmc=', Cookie => 'a=b');
    unlink $witness;

    my %ask = (
        'allowed'         => [ $origin, 'PUT', 'x-api-key', @host ],
        'wrong password'  => [ $origin, 'PUT', 'x-api-key', @host,
            headers => \@bad ],
        'origin refused'  => [ $evil, 'PUT', 'x-api-key', @host ],
        'method refused'  => [ $origin, 'PATCH', undef, @host ],
        'header refused'  => [ $origin, 'PUT', 'x-evil', @host ],
    );
    for my $case (sort keys %ask) {
        my $mark = log_mark();
        my $res  = preflight($target, @{ $ask{$case} });
        my $name = "C-75 @host $status $resource->{name}: $case";
        if ($case =~ /refused/) {
            pf_no($res, name => $name, policy => $policy);
        }
        else {
            pf_ok($res, name => $name, policy => $policy, origin => $origin,
                method => 'PUT', headers => ['x-api-key']);
        }
        my @foreign = grep { !$ours{ lc $_->[0] } } @{ $res->lines };
        is_deeply(\@foreign, [], "$name: no header of a handler");
        my $refusals = $case =~ /refused/ ? 1 : 0;
        is(scalar(grep { /\[cors:info\]/ } log_lines($mark)),
            $refusals, "$name: refusals in the log");
    }
    ok(!-e $witness, "C-75 @host $status $resource->{name}: no handler ran");
    return;
}

# The resources do what their names say, so that the above means something.
sub controls {
    my ($resource) = @_;
    my $target = "/first/204/$resource->{path}";
    my %pa     = (policy => 'PA', origin => $origin);

    act_ok(get($target, $origin, @host),
        name => "@host GET: $resource->{name}", %pa,
        status => $resource->{get});
    unlink $witness;
    my $res = preflight($target, $origin, undef, undef, @host);
    my $name = "C-5 OPTIONS without ACRM: $resource->{name}";
    act_ok($res, name => $name, %pa, status => $resource->{options});
    is(-e $witness ? 1 : 0, $resource->{runs} || 0, "$name: the script runs");
    is(scalar(grep { /,/ } $res->values('DAV')), $resource->{dav} || 0,
        "$name: an answer of DAV");

    act_no(preflight($target, undef, 'PUT', undef, @host),
        name => "C-6 OPTIONS without Origin: $resource->{name}",
        policy => 'PA', status => $resource->{options});
    act_no(preflight($target, $evil, undef, undef, @host),
        name => "OPTIONS without ACRM, refused: $resource->{name}",
        policy => 'PA', status => $resource->{options});
    return;
}

# A redirect of the server comes before any answer.
sub errors {
    act_ok(get('/first/204/moved/x', $origin, @host), status => 302,
        name => 'Redirect', policy => 'PA', origin => $origin);
    act_ok(request('OPTIONS', '/first/204/files/limit/file.txt',
            [ Origin => $origin ], @host),
        name => 'the ErrorDocument is one for others', policy => 'PA',
        origin => $origin, status => 403, body => "the error document\n");
    return;
}
