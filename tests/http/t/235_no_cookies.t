# Modules that give cookies to all responses do not give them to the answers of
# preflights, allowed or not, wherever they are made; the actual response has
# them.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use OwnServer;
use Test::More;

my $origin = 'https://app.example';
my $evil   = 'https://evil.example';
my $server = OwnServer->new;
my @at     = (port => $server->port);

my $conf = <<'CONF';
<Location "/">
    CORSAllowOrigin https://app.example
    CORSAllowMethods PUT
    %s
</Location>
Session On
SessionCookieName session path=/
SessionMaxAge 60
Header always add Set-Cookie "always=1"
Header always set X-Always yes
ExpiresActive On
ExpiresDefault "access plus 1 hour"
CONF

my %points = (
    'at map_to_storage' => '',
    'early'             => 'CORSPreflight early',
    'at header_parser'  => '<If "true">' . "\nCORSMaxAge 60\n</If>\n",
    'with CORSDebug'    => 'CORSDebug On',
);
for my $point (sort keys %points) {
    $server->serve(sprintf($conf, $points{$point}),
        modules => [qw(session session_cookie)]);
    for my $method (qw(PUT PATCH)) {
        for my $from ($origin, $evil) {
            my $res  = preflight('/file.txt', $from, $method, undef, @at);
            my $name = "C-74 $point: $method from $from";
            like($res->status, qr/\A(?:204|403)\z/, "$name: answered");
            is(join(' ', $res->values('Set-Cookie')), '', "$name: no cookie");
            is($res->value('X-Always'), 'yes', "$name: Header always");
        }
    }
    my $res = get('/file.txt', $origin, @at);
    is(scalar(() = $res->values('Set-Cookie')), 2, "$point: GET has cookies");
}
done_testing();
