# A path that a rule of the host changes has the policy of what it became, also
# where httpd gives up before it has looked that policy up.
use strict;
use warnings;
use lib 'lib';

use CorsTest;
use Test::More;

my $origin = 'https://app.example';
my @host   = (host => 'rewritten.test');
my $long   = 'x' x 300;

write_htdocs('rewritten/locked/file.txt', "x\n");
chmod_htdocs(0, 'rewritten/locked');
END { chmod_htdocs(0755, 'rewritten/locked') }

my $mark = log_mark();
for_each_protocol {
    for my $path ('file.txt', 'missing.txt', 'locked/file.txt', $long) {
        my $status =
              $path eq 'file.txt'    ? 200
            : $path eq 'missing.txt' ? 404
            :                          403;
        no_cors(get("/rewritten/from-open/$path", $origin, @host),
            name => "from open to off: $status", status => $status);
        no_cors(preflight("/rewritten/from-open/$path", $origin, 'PUT', undef,
                @host),
            name => "from open to off, preflight: $status")
            if $path ne $long;
    }
    for my $path ('file.txt', 'missing.txt') {
        my $status = $path eq 'file.txt' ? 200 : 404;
        act_ok(get("/rewritten/from-off/$path", $origin, @host), policy => 'PW',
            name => "from off to open: $status", status => $status);
    }
    pf_ok(preflight('/rewritten/from-off/file.txt', $origin, 'PUT', undef,
            @host),
        policy => 'PW', name => 'from off to open, preflight', method => 'PUT');
};
log_clean(
    $mark,
    qr{AH00035: access to \S+ denied .*rewritten/locked},
    qr{AH00036: access to \S+ failed},
    qr{AH00127: Cannot map},
);
done_testing();
