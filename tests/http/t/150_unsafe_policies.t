# Policies that would expose credentials, put together at request time: they
# come from .htaccess files.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use Test::More;

my $app  = 'https://app.example';
my $null = "CORSAllowOrigin null $app";
my $count = 0;
my $mark  = log_mark();

# Below which path (what CORSDangerouslyAllow says there), the .htaccess file
# without its CORSAllowCredentials On, the origins that it takes, and those
# that it refuses as unsafe.
my @policies = (
    [ 'C-32', 'x', $null, [$app], ['null'] ],
    [ 'C-32', 'everything', $null, [$app], ['null'] ],

    # Those that poison the whole policy.
    [ '', 'x',          'CORSAllowOrigin *', [], [ $app, 'null', 'garbage' ] ],
    [ '', 'everything', 'CORSAllowOrigin *', [], [ $app, 'null' ] ],
    (
        map {
            my $regex = "CORSAllowOrigin $app\nCORSAllowOriginMatch $_";
            ([ 'C-33', 'x', $regex, [], [ $app, 'https://evil.com' ] ],
                [ 'C-33', 'everything', $regex, [], [$app] ])
        } '.*',
        '.+', 'https://.*', 'https?://[^/]+', 'https://[a-z0-9.-]+',
        '(?s).*', '[^n].*', 'https://[a-z.]+(:[0-9]+)?', 'http://.*'
    ),

    # Clear text.
    [ '', 'x', "CORSAllowOrigin http://app.example $app", [$app],
        ['http://app.example'] ],
    [ '', 'x', 'CORSAllowOrigin http://app.example:*', [],
        [ 'http://app.example', 'http://app.example:8080' ] ],
    [ '', 'x', 'CORSAllowOrigin http://*.app.example https://*.app.example',
        ['https://a.app.example'], ['http://a.app.example'] ],
    [ '', 'x', 'CORSAllowOriginMatch https?://app\.example', [$app],
        ['http://app.example'] ],
    [ '', 'x', 'CORSAllowOrigin http://127.0.0.1 http://128.0.0.1',
        ['http://127.0.0.1'], ['http://128.0.0.1'] ],
    [ '', 'x', 'CORSAllowOrigin http://[::1] http://[::2]', ['http://[::1]'],
        ['http://[::2]'] ],
    [
        '', 'x',
        'CORSAllowOrigin http://localhost:* http://a.localhost'
            . ' http://localhost.example http://notlocalhost',
        [ 'http://localhost', 'http://localhost:81', 'http://a.localhost' ],
        [ 'http://localhost.example', 'http://notlocalhost' ]
    ],
    [ '', 'x', 'CORSAllowOriginMatch http://(app|127.0.0.1|localhost)',
        [ 'http://127.0.0.1', 'http://localhost' ], ['http://app'] ],
    [ '', 'insecure', 'CORSAllowOrigin http://app.example',
        ['http://app.example'], [] ],
    [ '', 'insecure', 'CORSAllowOriginMatch http://app\.example',
        ['http://app.example'], [] ],
    [ '', 'suffixes', 'CORSAllowOrigin http://app.example', [],
        ['http://app.example'] ],
    [ '', 'everything/none', 'CORSAllowOrigin http://app.example', [],
        ['http://app.example'] ],

    # Public suffixes.
    [ '', 'x', "CORSAllowOrigin https://*.com $app", [$app],
        [ 'https://a.com', 'https://a.b.com' ] ],
    [ '', 'x', 'CORSAllowOrigin https://*.localhost:* https://*.com.',
        ['https://a.localhost:81'], ['https://a.com.'] ],
    [ '', 'suffixes', 'CORSAllowOrigin https://*.com', ['https://a.com'], [] ],
    [ '', 'suffixes', 'CORSAllowOrigin http://*.com', [], ['http://a.com'] ],
    [ '', 'insecure', 'CORSAllowOrigin https://*.com', [],
        ['https://a.com'] ],
    [ '', 'everything', 'CORSAllowOrigin http://*.com', ['http://a.com'],
        [] ],
    [ '', 'everything/none', 'CORSAllowOrigin https://*.com', [],
        ['https://a.com'] ],
);

for my $row (@policies) {
    my ($number, $at, $lines, $allowed, $unsafe) = @$row;
    my $dir = "unsafe/$at/" . ++$count;
    (my $name = "$number $at: $lines") =~ s/\n/ /g;
    write_htdocs("$dir/plain.txt", "plain\n");
    write_htdocs("$dir/.htaccess",
        "$lines\nCORSAllowMethods PUT\nCORSAllowCredentials On\n");
    my $any    = $lines =~ /Origin \*/;
    my $policy = {
        any         => $any,
        credentials => 1,
        methods     => ['PUT'],
    };
    for_each_protocol {
        takes($dir, $policy, $_, "$name: $_") for @$allowed;
        refuses($dir, $policy, $_, "$name: $_") for @$unsafe;
        act_no(ask($dir), policy => $policy, name => "$name: no Origin");
    };

    # Without credentials there is nothing to expose.
    next if $at ne 'x';
    write_htdocs("$dir/.htaccess", "$lines\nCORSAllowMethods PUT\n");
    delete $policy->{credentials};
    for my $origin (@$allowed, grep { $_ ne 'garbage' } @$unsafe) {
        next if $lines =~ m{Match http://\.\*} && $origin =~ /evil/;
        takes($dir, $policy, $origin, "$name: no credentials: $origin");
    }
}
debug();
log_clean($mark);
done_testing();

sub ask {
    my ($dir, $origin) = @_;
    return get("/$dir/plain.txt", $origin, host => 'unsafe.test');
}

sub ask_first {
    my ($dir, $origin) = @_;
    return preflight("/$dir/plain.txt", $origin, 'PUT', undef,
        host => 'unsafe.test');
}

sub takes {
    my ($dir, $policy, $origin, $name) = @_;
    my %opt = (policy => $policy, origin => $origin, name => $name);
    act_ok(ask($dir, $origin), %opt, body => "plain\n");
    pf_ok(ask_first($dir, $origin), %opt);
    return;
}

# Denied, with that reason in the log.
sub refuses {
    my ($dir, $policy, $origin, $name) = @_;
    my $before = log_mark();
    my %opt    = (policy => $policy, name => $name);
    act_no(ask($dir, $origin), %opt, body => "plain\n");
    pf_no(ask_first($dir, $origin), %opt);
    for my $what ('actual request', 'preflight') {
        my @lines =
            log_lines($before, qr/ $what denied \(unsafe policy\):/);
        is(scalar @lines, 1, "$CorsTest::PROTOCOL: $name: $what: the reason");
    }
    return;
}

sub debug {
    write_htdocs('unsafe/x/debug/.htaccess',
        "CORSAllowOrigin *\nCORSAllowCredentials On\nCORSDebug On\n");
    cors_headers_are(
        ask_first('unsafe/x/debug', $app),
        {
            vary => [
                qw(access-control-request-method
                    access-control-request-headers)
            ]
        },
        name   => 'debug: the reason',
        status => 403,
        body   => "The policy would expose credentials and is not applied.\n"
    );
    return;
}
