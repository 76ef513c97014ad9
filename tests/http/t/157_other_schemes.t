# Origins that are neither https nor http from the network: of applications and
# extensions, of files, of this machine, of Tor services. With credentials.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use Test::More;

my $mark  = log_mark();
my $count = 0;
my $uuid  = '0f3c7fde-6f6a-4c53-8d3e-0d2c1c3f9b11';

# Below which path, the origins of the policy, and which may read.
my @policies = (
    [ '', 'CORSAllowOriginMatch moz-extension://[0-9a-f-]{36}',
        ["moz-extension://$uuid"],
        [ 'moz-extension://x', "chrome-extension://$uuid", "https://$uuid" ] ],
    [ '', 'CORSAllowOriginMatch chrome-extension://[a-p]{8}',
        ['chrome-extension://abcdefgh'],
        [ 'chrome-extension://abcdefg', 'chrome-extension://abcdefgh/x' ] ],
    [ '', 'CORSAllowOriginMatch safari-web-extension://[0-9A-F-]+',
        ['safari-web-extension://9A5B3C2D-0000'],
        [ 'safari-web-extension://9a5b', 'SAFARI-WEB-EXTENSION://9A5B' ] ],
    [ '', 'CORSAllowOriginMatch app://.+',
        [ 'app://.', 'app://obsidian.md', 'app://-' ],
        [ 'app://', 'app://a/b', 'app://a@b', 'app://*', 'app://a,b' ] ],
    [ '', 'CORSAllowOriginMatch (capacitor|ionic|tauri)://localhost',
        [ 'capacitor://localhost', 'tauri://localhost' ], ['app://localhost'] ],
    # No browser sends these.
    [ '', 'CORSAllowOriginMatch (wss?|data|blob|about|javascript)://app',
        [], [ 'ws://app', 'wss://app', 'data://app', 'blob://app' ] ],

    # The danger is that of an insecure origin.
    [ 'insecure', 'CORSAllowOrigin file:// https://app.example',
        [ 'file://', 'https://app.example' ], [ 'file:///', 'FILE://', 'file:' ] ],
    [ '', 'CORSAllowOrigin file:// https://app.example',
        ['https://app.example'], ['file://'] ],
    [ 'insecure', 'CORSAllowOriginMatch file://|https://app\.example',
        [ 'file://', 'https://app.example' ], ['file:///srv/page.html'] ],
    [ '', 'CORSAllowOriginMatch (file|app)://.*',
        ['app://x'], [ 'file://', 'file:///x' ] ],
    [ 'suffixes', 'CORSAllowOriginMatch (file|app)://.*', ['app://x'], ['file://'] ],

    # This machine, with a final dot or not.
    [ '', 'CORSAllowOrigin http://localhost. http://foo.localhost. http://localhost.:*',
        [ 'http://localhost.', 'http://foo.localhost.', 'http://localhost.:3000' ],
        [ 'http://localhost', 'http://foo.localhost' ] ],
    [ '', 'CORSAllowOrigin http://*.localhost. http://*.app.localhost.:*',
        [ 'http://a.localhost.', 'http://a.app.localhost.:1' ],
        ['http://alocalhost.'] ],
    [ '', 'CORSAllowOriginMatch http://.*localhost\.?',
        [ 'http://localhost.', 'http://a.localhost.' ], ['http://alocalhost.'] ],

    # Tor services, which encrypt by themselves.
    [ '', 'CORSAllowOrigin http://expyuzz4wqqyqhjn.onion http://*.abc.onion:*',
        [ 'http://expyuzz4wqqyqhjn.onion', 'http://a.abc.onion:81' ],
        ['http://abc.onion'] ],
    [ '', 'CORSAllowOriginMatch http://(a|b)\.(onion|example|onion\.example)',
        ['http://a.onion'], [ 'http://a.example', 'http://b.onion.example' ] ],
);

for my $row (@policies) {
    my ($danger, $lines, $allowed, $denied) = @$row;
    my $dir = 'unsafe/' . ($danger || 'x') . '/schemes/' . ++$count;
    write_htdocs("$dir/plain.txt", "plain\n");
    write_htdocs("$dir/.htaccess",
        "$lines\nCORSAllowMethods PUT\nCORSAllowCredentials On\n");
    my $policy = { credentials => 1, methods => ['PUT'] };
    for my $origin (@$allowed, @$denied) {
        my %opt = (policy => $policy, name => "$danger $lines: $origin");
        my $actual = get("/$dir/plain.txt", $origin, host => 'unsafe.test');
        my $first  = preflight("/$dir/plain.txt", $origin, 'PUT', undef,
            host => 'unsafe.test');
        if (grep { $_ eq $origin } @$allowed) {
            act_ok($actual, %opt, origin => $origin, body => "plain\n");
            pf_ok($first, %opt, origin => $origin);
            next;
        }
        act_no($actual, %opt, body => "plain\n");
        pf_no($first, %opt);
    }
}

log_clean($mark);
done_testing();
