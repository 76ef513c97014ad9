# With credentials, wildcards and regular expressions that span registrable
# domains: they are denied at the origins that anybody could register, and
# work at the others.
use strict;
use warnings;
use lib 'lib';
use ConfigTest qw(has_libpsl);
use CorsTest;
use Test::More;

my $mark  = log_mark();
my $count = 0;

# A company's zone, and a public suffix somewhere below it.
my @zones = (
    [qw(amazonaws.com s3.amazonaws.com)],
    [qw(amazonaws.com eu-west-1.compute.amazonaws.com)],
    [qw(fastly.net freetls.fastly.net)],
    [qw(linode.com members.linode.com)],
    [qw(scw.cloud fnc.fr-par.scw.cloud)],
    [qw(cdn77-secure.org ssl.origin.cdn77-secure.org)],
);
for my $row (@zones) {
    my ($zone, $suffix) = @$row;
    (my $regex = $zone) =~ s/\./\\./g;
    (my $inner = "mine.$suffix") =~ s/\./\\./g;
    my @registered = ($suffix, "evil.$suffix", "a.evil.$suffix", "x.y.z.evil.$suffix");
    my @own        = ("own.$zone", "a.own.$zone", 'a.' x 20 . "own.$zone");
    my @mine       = ("a.mine.$suffix", "a.b.mine.$suffix");
    for my $origins (
        "CORSAllowOrigin https://*.$zone:*",
        "CORSAllowOriginMatch https://.*\\.$regex(:[0-9]+)?",
        "CORSAllowOriginMatch https://([a-z0-9-]+\\.)*$regex(:8443)?",
        )
    {
        # The suffix alone is nobody's: there is no name in front of it.
        my @denied = grep { $origins =~ /Origin / || $_ ne $suffix } @registered;
        judged($origins, [@own], has_libpsl() ? [@denied] : [], '');
        judged($origins, [ @own, @registered ], [], 'suffixes');
    }
    judged("CORSAllowOrigin https://*.mine.$suffix", \@mine, [], '');
    judged("CORSAllowOriginMatch https://.+\\.$inner", \@mine, [], '');
}

# A final dot is part of an origin.
judged('CORSAllowOrigin https://*.amazonaws.com.', ['own.amazonaws.com.'],
    has_libpsl() ? [qw(evil.s3.amazonaws.com. s3.amazonaws.com.)] : [], '');

# What expressions let through where nobody can look at them before.
judged('CORSAllowOriginMatch ' . shift @$_, @$_, '') for (
    [ 'https://([a-z0-9-]+\.)+[a-z]{2,6}', [], [qw(evil.com a.evil.de)] ],
    [ 'https://.+\.(com|net|org)',         [], [qw(evil.com a.evil.org)] ],
    [ 'https://[^.]+\.com:8443',           [], ['evil.com:8443'] ],
    [ 'https://shop\.[a-z]+\.com',         [], ['shop.evil.com'] ],
    [ 'https://[a-z]{3}\.de',              [], [qw(abc.de qxz.de)] ],
    [ 'https://[0-9]+\.com',               [], ['163.com'] ],
    [ 'https://163\.com|https://[a-z]\.example\.com', [qw(163.com a.example.com)], [] ],
    [ 'https://.*\.example\.com', [qw(a.example.com a.b.example.com)], [] ],
    [ 'https://(qxz|a)\.example\.com',     [qw(a.example.com)], [] ],
    [ 'https?://[a-z]+\.localhost',        [qw(a.localhost)], [] ],
    [ 'https://[0-9.]+',                   [qw(192.0.2.1)], [] ],
    [ 'https://[a-z]+\.[a-z]+\.com(|\.br)', [qw()], [qw(a.evil.com)] ],
);
judged('CORSAllowOriginMatch https://[a-z]+\.com\.(br|ar)', [],
    [qw(evil.com.br evil.com.ar)], '')
    if has_libpsl();

# The same in the configuration, where the expressions of start-up are asked.
for my $row (
    [ 'zones/',          'own.amazonaws.com',     1 ],
    [ 'zones/',          'evil.s3.amazonaws.com', !has_libpsl() ],
    [ 'zones/',          's3.amazonaws.com',      !has_libpsl() ],
    [ 'zones/suffixes/', 'evil.s3.amazonaws.com', 1 ],
    [ 'zones/open/',     'evil.s3.amazonaws.com', 1 ],
    )
{
    my ($path, $host, $is_allowed) = @$row;
    my $res = get("/$path", "https://$host", host => 'origins.test');
    is(join(',', $res->values('Access-Control-Allow-Origin')),
        $is_allowed ? "https://$host" : '', "/$path: $host");
}

log_clean($mark);
done_testing();

# The hosts that a policy of a .htaccess file takes, and those that it refuses
# as unsafe, with credentials; without them it takes all.
sub judged {
    my ($lines, $allowed, $unsafe, $danger) = @_;
    my $dir = 'unsafe/' . ($danger || 'x') . '/registrable/' . ++$count;
    write_htdocs("$dir/plain.txt", "plain\n");
    for my $credentials ('On', 'Off') {
        write_htdocs("$dir/.htaccess",
            "$lines\nCORSAllowCredentials $credentials\n");
        my %policy = (policy => { credentials => $credentials eq 'On' });
        for my $host (@$allowed, @$unsafe) {
            my $is_safe = $credentials eq 'Off' || grep { $_ eq $host } @$allowed;
            my $before  = log_mark();
            my $origin  = "https://$host";
            my $res     = get("/$dir/plain.txt", $origin, host => 'unsafe.test');
            my %opt     = (%policy, body => "plain\n",
                name => "$lines, credentials $credentials: $host");
            if ($is_safe) {
                act_ok($res, %opt, origin => $origin);
                next;
            }
            act_no($res, %opt);
            is(scalar log_lines($before, qr/denied \(unsafe policy\)/), 1,
                "$opt{name}: the reason");
        }
    }
    return;
}
