# What configtest finds out about regular expressions by asking them: those that
# match any origin, those that match any name under a public suffix, those that
# match look-alikes, and those that match nothing.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use Test::More;

my $any    = 'it matches any origin, so any site could read responses with'
    . " the visitor's credentials; narrow it, or write CORSAllowCredentials Off";
my $suffix = 'anybody can register a name under that public suffix; write your'
    . ' own domain, or accept the danger with CORSDangerouslyAllow'
    . ' public-suffixes';
my $nothing = 'has no effect: it must match the whole origin,'
    . ' scheme://host[:port], and cannot match ://';

# Catch-alls by the form of a top-level domain.
refused($_, $any) for (
    'https://([a-z0-9-]+\.)+[a-z]{2,6}',
    'https://([a-z0-9-]+\.)+[a-z]{2,4}',
    'https://[^/]+\.[a-z]{2,3}',
    'https?://([\w-]+\.)+\w{2,4}',
    'https?://(www\.)?[a-z0-9-]+\.[a-z]{2,4}',
    '(https?://)?([a-z0-9]+[.-])*[a-z0-9]+\.[a-z]{2,5}(:[0-9]{1,5})?',
    'https://(?!evil)[a-z0-9.-]+\.[a-z]{2,3}',

    # By two labels, and by country.
    'https://[a-z0-9-]+\.[a-z]{2,3}',
    'https://\w+\.\w{2,5}',
    'https://[a-z]+\.[a-z]+',
    'https://[a-z]{5,9}\.[a-z]{3}:8443',
    'https://[a-z0-9-]+\.[a-z]{2}',
    'https://[a-z0-9-]+\.co\.[a-z]{2}',
    'http://[a-z]+\.[a-z]{3}',
);

# Catch-alls that name the domains.
refused($_, $suffix) for (
    'https://.+\.(com|net|org)',
    'https://[a-z]+\.(com|net|org)',
    'https://.*\.com',
    'https://.*[.]com',
    'https://.*\.com(:[0-9]+)?',
    'https://[a-z-]+\.com:8080',
    'https://(.*\.)?[a-z0-9-]+\.com',
    'https://www\.[^.]+\.com',
    'https://[^.]+\.org',
    'https?://.*\.net',
    'https://.*\.io',
    'https://(?:[a-z0-9-]+\.){1,3}(?:com|app|dev)',
    '(?i)https://.*\.com',
    'https?://(?!evil)[a-z0-9-]+\.com',
    'https://[a-z0-9-]+(\.[a-z]+)?\.(gov|edu)',

    # By country.
    'https://.*\.de',
    'https://.*\.(de|at|ch)',
    'https://[a-z0-9.-]+\.fr',
    'https?://(.+\.)?[^.]+\.nl',
    'https://[a-z]+\.example',

    # By names of a few bytes.
    'https://[a-z]\.com',
    'https://([a-z]\.example)',
    'https://[a-z]{3}\.com(:[0-9]+)?',
    'https://[a-z0-9]{8,12}\.net:8443',
    'https?://[0-9]{4,}\.org',
    'http://[0-9a-f]{16}\.com',

    # These need the list.
    (
        map { has_libpsl() ? $_ : () } 'https://.*\.co\.uk',
        'https://[a-z0-9-]+\.com\.br',
        'https://[a-z0-9-]+\.github\.io',
        'https://.*\.vercel\.app',
        'https://[^/]+\.s3\.amazonaws\.com',
        'https://[0-9a-f]{8}\.vercel\.app',
    ),
);

# Near misses, about which nothing is to be said.
my @harmless = (
    'https://app\.example\.com',
    'https://([a-z0-9-]+\.)*example\.com',
    'https://([a-z0-9-]+\.)?example\.com',
    'https://[a-z0-9-]+\.example\.com(:[0-9]+)?',
    'https://(www|app)\.example\.com',
    'https://(.*\.)?example\.com',
    'https://.*\.example\.com',
    'https://.+\.example\.co\.uk',
    'https://example\.(com|net|org)',
    'https://(.+\.)?example\.(com|net|org)',
    'https://www\.example\.[a-z]{2,3}',
    'https://pr-[0-9]+\.preview\.example\.com',
    'https://[0-9a-f]{8}\.preview\.example\.com',
    'https://deploy-preview-[0-9]+--site\.netlify\.app',
    'https://[a-z0-9-]+--site[.]netlify[.]app',
    'https://site-[a-z0-9-]+-team\.vercel\.app',
    'https://(user|team)\.github\.io',
    'http://localhost(:[0-9]+)?',
    'https?://localhost:[0-9]+',
    'https?://(.+\.)?localhost',
    'http://127\.0\.0\.1(:[0-9]+)?',
    'http://(localhost|127\.0\.0\.1):3[0-9]{3}',
    'https://tenant-[a-z]+\.example\.org',
    'https://[a-z]{2}\.example\.org',
    'https://[a-z]\.[a-z]\.example\.org',
    'https://(a|b)\.com',
    'https://(de|fr|it)\.example\.org',
    'https://example\.com|https://example\.net',
    '(https://a\.example\.com)|(https://b\.example\.com)',
    'moz-extension://[0-9a-f-]{36}',
    'chrome-extension://[a-p]{32}',
    'capacitor://localhost|ionic://localhost',
    'https://bucket\.s3\.[a-z0-9-]+\.amazonaws\.com',
    'https://[^.]+\.internal\.example\.com',
    'https://xn--bcher-kva\.example\.com',
    'https://example\.com:(8443|9443)',
    'https://\Qapp.example.com\E',
    'https://app\.example\.com\.',
    'https://(?:(?:a|b)\.)?example\.com',
    'https://example.com',
    '(?i)https://app\.example\.com',
    'https://app-[^.]*\.example\.com',
);
startup_is(config($_), [], "harmless: $_") for @harmless;
startup_is("CORSAllowOriginMatch $_\n", [], "no credentials: $_")
    for 'https://.*', 'https://.+\.(com|net|org)', 'https://[^.]+\.github\.io';

# Look-alikes, with credentials or not, and what is shown.
my %lookalike = (
    '(.*)example\.com(.*)'           => 'https://evilexample.com',
    '.*example\.com'                 => 'https://evilexample.com',
    'https://.*example\.com'         => 'https://evilexample.com',
    'https?://[a-z.]*example\.com'   => 'https://evilexample.com',
    'https://(.*\.?)example\.com'    => 'https://evilexample.com',
    'https://.*.example.com'         => 'https://evilexample.com',
    'https://.*example\.com:8443'    => 'https://evilexample.com:8443',
    'http://.*example\.com'          => 'http://evilexample.com',
    'https://example\.com.*'         => 'https://example.com.evil.com',
    'https://[a-z]+\.example\.com.*' => 'https://www.example.com.evil.com',
    'https://app.example\.com'       => 'https://appxexample.com',
    'https://app.example.com'        => 'https://appxexample.com',
    'https://example.co\.uk'         => 'https://examplexco.uk',
    'https://[a-z]+\.app.example\.com' => 'https://www.appxexample.com',
);
for my $regex (sort keys %lookalike) {
    my $message = warning($regex, "also matches $lookalike{$regex}");
    startup_is(qq{CORSAllowOriginMatch "$regex"\n}, [$message], "look-alike: $regex");
    startup_is(config($regex), [$message], "look-alike: $regex, credentials");
}

# Expressions that match nothing.
for my $regex (
    'example\.com',        'example.com',
    'www.example.com',     '^example\.com$',
    '(www\.)?example\.com', '[a-z]+\.example\.com',
    '(a|b)\.example\.com', 'localhost:[0-9]+',
    '\w+\.example\.com'
    )
{
    startup_is(qq{CORSAllowOriginMatch "$regex"\n}, [ warning($regex, $nothing) ],
        "matches nothing: $regex");
}
for my $regex (
    'https?:..app\.example\.com',       '.*app\.example\.com|x',
    '[^ ]+//app\.example\.com',         '\S+app\.example\.com',
    '(x|https://)app\.example\.com',    '\Qhttps://\Eapp\.example\.com',
    'https:/{2}app\.example\.com',      'https[:/]+app\.example\.com',
    'https[!-~]{3}app\.example\.com',   'https:(?=//)..app\.example\.com',
    'https(:)?(/)?(/)?app\.example\.com', 'https\x3a\x2f\x2fapp\.example\.com',
    )
{
    my $lines = configtest(qq{CORSAllowOriginMatch "$regex"\n})->{lines};
    ok(!grep({ /has no effect/ } @$lines), "matches something: $regex")
        or diag(@$lines);
}

# Probing takes too many steps. The minute may change meanwhile.
for my $regex ('https://(([a-z0-9]+-?)+\.)*example\.com',
    'https://(([a-z0-9]*)*\.)*example\.com') {
    my ($lines, $exit) = @{ configtest(config($regex)) }{qw(lines exit)};
    (my $shown = $regex) =~ s/\\/\\\\/g;
    ok(
        $exit == 0 && grep({
            index($_, "CORSAllowOriginMatch $shown does not match origin 'https://") == 0
                && index($_, ': it takes too many steps to tell; avoid nested quantifiers') > 0
        } @$lines),
        "many steps: $regex"
    ) or diag(join "\n", @$lines);
}

startup_rows(<<'ROWS');
== the public suffix is accepted, the rest is not
CORSAllowOriginMatch "https://.*\.com" "https?://[a-z0-9-]+\.example\.net"
CORSAllowCredentials On
CORSDangerouslyAllow public-suffixes

== an expression that matches any origin is never accepted
CORSAllowOriginMatch "https://([a-z0-9-]+[.])+[a-z]{2,6}"
CORSAllowCredentials On
CORSDangerouslyAllow public-suffixes insecure-origins any-origin
! CORSAllowOriginMatch https://([a-z0-9-]+[.])+[a-z]{2,6} (conf:1) with
!   CORSAllowCredentials On (conf:2): it matches any origin, so any site could
!   read responses with the visitor's credentials; narrow it, or write
!   CORSAllowCredentials Off
? CORSDangerouslyAllow any-origin (conf:3) has no effect: it counts only in
?   the section that itself has CORSAllowOrigin *

== one warning for a shared section, whoever inherits it
<Location "/a">
    CORSAllowOriginMatch example[.]com https://a[.]example[.]com
</Location>
<VirtualHost *:1>
    ServerName a.example
</VirtualHost>
<VirtualHost *:1>
    ServerName b.example
</VirtualHost>
? CORSAllowOriginMatch example[.]com (conf:2) has no effect: it must match the
?   whole origin, scheme://host[:port], and cannot match ://
ROWS

done_testing();

sub config {
    my ($regex) = @_;
    return qq{CORSAllowOriginMatch "$regex"\nCORSAllowCredentials On\n};
}

# A log doubles backslashes.
sub warning {
    my ($regex, $text) = @_;
    $regex =~ s/\\/\\\\/g;
    return "? CORSAllowOriginMatch $regex (conf:1) $text";
}

# Errors may come with warnings.
sub refused {
    my ($regex, $text) = @_;
    my ($lines, $exit) = @{ configtest(config($regex)) }{qw(lines exit)};
    ok(
        $exit == 1 && 1 == grep({
            /\ACORSAllowOriginMatch .* with CORSAllowCredentials On .*: \Q$text\E\z/
        } @$lines),
        "refused: $regex"
    ) or diag(join "\n", "exit $exit, wanted: $text", @$lines);
    my ($open, $status) = @{ configtest(qq{CORSAllowOriginMatch "$regex"\n}) }{qw(lines exit)};
    ok($status == 0, "accepted without credentials: $regex")
        or diag(@$open);
    return;
}
