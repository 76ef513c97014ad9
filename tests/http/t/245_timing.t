# C-79 CORSTimingAllowOrigin List and *, over what browsers time: with and
# without Origin, 200, 304, 404, and where the backend has a header of its own.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use OwnServer;
use Test::More;

my $app    = 'https://app.example';
my $www    = 'https://www.example';
my $evil   = 'https://evil.example';
my $server = OwnServer->new;
my @at     = (port => $server->port);
my @many   = map { "https://o$_.example" } 1 .. 33;

$server->write("$_/img.png", "png\n")
    for qw(list star most more any closed keep sections/wild);
$server->serve(<<"CONF");
<LocationMatch "^/(?:list|star|closed|keep|sections)">
    CORSAllowOrigin $app https://*.example.org $www null
    CORSTimingAllowOrigin List
</LocationMatch>
<Location "/star">
    CORSTimingAllowOrigin *
</Location>
<Location "/closed">
    CORSAllowOrigin none
    CORSTimingAllowOrigin *
</Location>
<Location "/most">
    CORSAllowOrigin @many[0 .. 31]
    CORSTimingAllowOrigin List
</Location>
<Location "/more">
    CORSAllowOrigin @many
    CORSTimingAllowOrigin List
</Location>
<Location "/any">
    CORSAllowOrigin *
    CORSTimingAllowOrigin List
</Location>
<Location "/sections/wild">
    CORSAllowOrigin https://*.example.org
</Location>
<Location "/off">
    CORSAllowOrigin $app
    CORSTimingAllowOrigin Off
</Location>
<Location "/keep">
    CORSBackendHeaders keep
</Location>
Header always set Timing-Allow-Origin "https://old.example"
CONF

# What each URL sends to whom, undef for nothing.
my %is = (
    list => { '' => "$app,$www", $app => $app, $evil => undef,
        'https://a.example.org' => 'https://a.example.org' },
    star => { '' => '*', $app => '*', $evil => '*' },
    closed => { '' => '*', $app => '*' },
    most   => { '' => join(',', @many[ 0 .. 31 ]), $many[31] => $many[31],
        $evil => undef },
    more => { '' => undef, $many[32] => $many[32], $evil => undef },
    any  => { '' => '*', $evil => '*' },
    'sections/wild' => { '' => undef,
        'https://a.example.org' => 'https://a.example.org', $app => undef },
    keep => { '' => "$app,$www", $app => $app, $evil => undef },
);
for my $path (sort keys %is) {
    for my $from (sort keys %{ $is{$path} }) {
        my $want  = $is{$path}{$from};
        my $etag  = get("/$path/img.png", $from || undef, @at)->value('ETag');
        my %tries = (
            200 => get("/$path/img.png", $from || undef, @at),
            404 => get("/$path/missing", $from || undef, @at),
            304 => get("/$path/img.png", $from || undef, @at,
                headers => [ 'If-None-Match' => $etag ]),
        );
        for my $status (sort keys %tries) {
            my $res  = $tries{$status};
            my $name = "C-79 /$path, $status: " . ($from || 'no Origin');
            is($res->status, $status, "$name: status");
            is_deeply([ $res->values('Timing-Allow-Origin') ],
                [ defined $want ? $want : () ], $name);
        }
    }
    my $res = preflight("/$path/img.png", $app, 'GET', undef, @at);
    is(join(' ', $res->values('Timing-Allow-Origin')), '',
        "C-79 /$path: a preflight is not timed");
}
is(get('/off/img.png', $app, @at)->value('Timing-Allow-Origin'),
    'https://old.example', 'C-79 Off: left alone');
done_testing();
