# A refusal is logged by the LogLevel of the <Location> of the rewritten URL,
# where it is answered at map_to_storage as where it is at header_parser.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use OwnServer;
use Test::More;

my $origin = 'https://app.example';
my $server = OwnServer->new;
my @at     = (port => $server->port);

my $conf = <<'CONF';
LogLevel warn
CORSAllowOrigin https://app.example
RewriteEngine On
RewriteRule "^/v2/(.*)" "/api/$1" [PT]
RewriteRule "^/v3/(.*)" "/quiet/$1" [PT]
RewriteRule "^/api/plain/(.*)" "/plain/$1" [PT]
<Location "/api">
    LogLevel cors:info
</Location>
<Location "/quiet">
    LogLevel cors:warn
</Location>
<LocationMatch "^/passed">
    CORSPreflight pass
    LogLevel cors:debug
</LocationMatch>
<Location "/early">
    %s
    LogLevel cors:info
</Location>
CONF
my $late = "<Directory \"/nonexistent\">\nAllowOverride FileInfo\n"
    . "</Directory>\n";

# Where a line is logged, and how many.
my @rows = (
    [ '/api/x'       => 1 ],
    [ '/v2/x'        => 1 ],
    [ '/v3/x'        => 0 ],
    [ '/quiet/x'     => 0 ],
    [ '/plain/x'     => 0 ],
    [ '/api/plain/x' => 0 ],
    [ '/early/x'     => 1 ],
);

for my $is_final (1, 0) {
    my $where = $is_final ? 'map_to_storage' : 'header_parser';
    my $early = $is_final ? 'CORSPreflight early' : '';
    $server->serve(sprintf($conf, $early) . ($is_final ? '' : $late));
    for my $row (@rows) {
        my ($path, $lines) = @$row;
        my $before = length $server->log;
        my $res    = preflight($path, $origin, 'PUT', undef, @at);
        is($res->status, 403, "$where: $path: denied");
        my @logged = substr($server->log, $before) =~ /\[cors:info\].*denied/g;
        is(scalar(@logged), $lines, "$where: $path: lines");
    }
}
done_testing();
