# CORSDangerouslyAllow any-origin: "*" with credentials, as ad servers must
# answer. It counts in the section that names the "*", and lifts nothing else.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use CorsTest;
use Test::More;

my $mark = log_mark();
my @host = (host => 'origins.test');
my $any  = {
    credentials => 1,
    methods     => ['PUT'],
    timing      => 1,
};

for_each_protocol {
    for my $origin (
        'https://player.example', 'https://player.example:8443',
        'http://player.example',  'http://192.0.2.1', 'null',
        'file://',                'app://.', 'moz-extension://9A5B-3c2d',
        'https://a.b.co.uk',      'http://[2001:db8::1]:3000',
        )
    {
        my %opt = (policy => $any, origin => $origin, name => $origin);
        act_ok(get('/any/', $origin, @host), %opt, status => 404);
        pf_ok(preflight('/any/', $origin, 'PUT', undef, @host), %opt);
        act_ok(get('/any/off/', $origin, @host),
            policy => { any => 1, timing => 1 }, name => "off: $origin",
            status => 404);
    }
    # What is no origin is not repeated.
    for my $origin (
        'garbage', '*', 'NULL', 'https://a.example/', 'https://A.example', '',
        'https://a.example https://b.example', 'https://a.example:443',
        'https://evil.com:1@a.example', 'file:///srv', 'ws://a.example',
        '"><script>',
        )
    {
        my %opt = (policy => $any, name => "no origin: $origin");
        act_no(get('/any/', $origin, @host), %opt, status => 404);
        pf_no(preflight('/any/', $origin, 'PUT', undef, @host), %opt);
    }
    act_no(get('/any/', undef, @host),
        policy => $any, name => 'no Origin', status => 404);
};

my $unsafe = "any site could read responses with the visitor's credentials;"
    . ' list the origins, or write CORSAllowCredentials Off';
startup_rows(<<"ROWS");
== accepted, whatever the order
<Location "/a">
    CORSDangerouslyAllow any-origin
    CORSAllowCredentials On
    CORSAllowOrigin *
</Location>
<Location "/b">
    CORSAllowOrigin *
    CORSAllowCredentials On
    CORSDangerouslyAllow public-suffixes
    CORSDangerouslyAllow any-origin
</Location>

== accepted around it, credentials and all but the origins inside
CORSAllowOrigin *
CORSDangerouslyAllow any-origin
<Location "/a">
    CORSAllowCredentials On
    CORSMaxAge 600
</Location>

== accepted around it, * inside
CORSDangerouslyAllow any-origin
<Location "/a">
    CORSAllowOrigin *
    CORSAllowCredentials On
</Location>
! CORSAllowOrigin * (conf:3) with CORSAllowCredentials On (conf:4): $unsafe
? CORSDangerouslyAllow any-origin (conf:1) has no effect: it counts only in the
?   section that itself has CORSAllowOrigin *

== * around it, accepted inside
CORSAllowOrigin *
<Location "/a">
    CORSDangerouslyAllow any-origin
    CORSAllowCredentials On
</Location>
! CORSAllowOrigin * (conf:1) with CORSAllowCredentials On (conf:4): $unsafe
? CORSDangerouslyAllow any-origin (conf:3) has no effect: it counts only in the
?   section that itself has CORSAllowOrigin *

== accepted around it with its *, and another * inside
CORSAllowOrigin *
CORSDangerouslyAllow any-origin
<Location "/a">
    CORSAllowOrigin *
    CORSAllowCredentials On
</Location>
! CORSAllowOrigin * (conf:4) with CORSAllowCredentials On (conf:5): $unsafe

== taken back inside
CORSAllowOrigin *
CORSDangerouslyAllow any-origin
<Location "/a">
    CORSAllowCredentials On
    CORSDangerouslyAllow none
</Location>
! CORSAllowOrigin * (conf:1) with CORSAllowCredentials On (conf:4): $unsafe

== another danger inside
CORSAllowOrigin *
CORSDangerouslyAllow any-origin
<Location "/a">
    CORSAllowCredentials On
    CORSDangerouslyAllow insecure-origins
</Location>
! CORSAllowOrigin * (conf:1) with CORSAllowCredentials On (conf:4): $unsafe

== no expression is lifted
CORSDangerouslyAllow any-origin
CORSAllowCredentials On
CORSAllowOriginMatch https?://.*
! CORSAllowOriginMatch https?://.* (conf:3) with CORSAllowCredentials On
!   (conf:2): it matches any origin, so any site could read responses with the
!   visitor's credentials; narrow it, or write CORSAllowCredentials Off
? CORSDangerouslyAllow any-origin (conf:1) has no effect: it counts only in the
?   section that itself has CORSAllowOrigin *

== nor null, nor an insecure origin
CORSDangerouslyAllow any-origin
CORSAllowCredentials On
CORSAllowOrigin null http://a.example
! CORSAllowOrigin null (conf:3) with CORSAllowCredentials On (conf:2): any page
!   can give itself the origin null; leave it out, or write
!   CORSAllowCredentials Off
? CORSDangerouslyAllow any-origin (conf:1) has no effect: it counts only in the
?   section that itself has CORSAllowOrigin *

== without credentials, a danger kept for later
CORSAllowOrigin *
CORSDangerouslyAllow any-origin
ROWS

# A .htaccess file has a "*" of its own, or inherits one that was accepted.
my $dir = 'unsafe/any';
write_htdocs("$dir/own/plain.txt",  "plain\n");
write_htdocs("$dir/own/.htaccess", "CORSAllowOrigin *\nCORSAllowCredentials On\n");
for my $origin ('https://player.example', 'null') {
    my $res = get("/$dir/own/plain.txt", $origin, host => 'unsafe.test');
    is(join(',', $res->values('Access-Control-Allow-Origin')), '',
        "a .htaccess file: $origin");
}

my $config = "CORSAllowOrigin *\nCORSDangerouslyAllow any-origin\n"
    . "CORSAllowCredentials On\n";
my $dump = dump_of($config);
like($dump, qr/^CORSDangerouslyAllow any-origin/m, 'dumped');
is(dump_places(dump_of($dump)), dump_places($dump), 'and dumped again');

log_clean($mark);
done_testing();
