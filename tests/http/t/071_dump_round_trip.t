# The lines of a dump that are no comments are a configuration with the same
# dump, but for the files and lines.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use Test::More;

# A generator of its own: the same configurations on each machine.
my $seed = 1;

my @origins = (
    'https://a.example https://b.example:8443',
    'https://*.example.com https://*.example.org:*',
    'http://localhost:* http://[::1]:3000 null',
    'chrome-extension://abcdefghijklmnop https://a.example',
    '*', 'none',
    join(' ', map { "https://o$_.example" } 1 .. 45),
);
my @regexes = (
    'https://a\.example',
    '"https://b[ ]?\\.example" "https://\"c\"\.example"',
    q{'https://d"\.example' https://e'?\.example},
    'https://[a-z]+\\\\.example(?::[0-9]{1,5})?',
);
my %values = (
    CORSEngine            => [qw(On Off ReportOnly)],
    CORSAllowMethods      => [ '*', 'GET PUT', 'PATCH patch PURGE' ],
    CORSAllowHeaders      => [ 'none', '*', '* Authorization', 'X-A x-b' ],
    CORSExposeHeaders     => [ 'none', '*', 'ETag X-Request-Id' ],
    CORSAllowCredentials  => ['Off'],
    CORSMaxAge            => [qw(0 10min 1d 86400)],
    CORSPreflight         => [qw(answer pass)],
    CORSPreflightStatus   => [qw(200 204)],
    CORSBackendHeaders    => [qw(keep replace)],
    CORSTimingAllowOrigin => [qw(On Off List *)],
    CORSDebug             => [qw(On Off)],
    CORSDangerouslyAllow  =>
        [ 'none', 'insecure-origins', 'public-suffixes insecure-origins' ],
);
my @early   = ('Location "/%s"', 'LocationMatch "^/%s/[a-z]+$"');
my @late    = (
    @early, 'Directory "/srv/%s"', 'DirectoryMatch "^/srv/%s"',
    'Files "%s.html"', 'FilesMatch "\.%s$"', 'If "%%{HTTP:X} == \'%s\'"',
    'Proxy "http://%s.test/"'
);

my @written = (
    [ 'nothing', '' ],
    [ 'one policy', "CORSAllowOrigin https://a.example\n" ],
    [
        'a host that inherits the policy of the server',
        "CORSAllowOrigin https://a.example\n"
            . "<VirtualHost *:1>\nServerName a.test\n</VirtualHost>\n"
    ],
    [
        'a host that inherits a policy and a section',
        "CORSAllowOrigin https://a.example\n"
            . "<Location /a>\nCORSMaxAge 1\n</Location>\n"
            . "<VirtualHost *:1>\nServerName a.test\n</VirtualHost>\n"
    ],
    [
        'a host with another policy than a section of the server',
        "CORSMaxAge 1\nCORSAllowOrigin https://a.example\n"
            . "<Location /a>\nCORSAllowMethods PUT\n</Location>\n"
            . "<VirtualHost *:1>\nServerName a.test\nCORSMaxAge 2\n"
            . "</VirtualHost>\n"
    ],
    [
        'a host with sections of its own',
        "CORSAllowOrigin https://a.example\n"
            . "<Location /a>\nCORSMaxAge 1\n</Location>\n"
            . "<VirtualHost *:1>\nServerName a.test\n"
            . "<Location /b>\nCORSMaxAge 2\n</Location>\n</VirtualHost>\n"
    ],
    [
        'a host without a name',
        "<VirtualHost *:1>\nCORSAllowOrigin https://a.example\n</VirtualHost>\n"
    ],
    [
        'credentials',
        "CORSAllowCredentials On\nCORSAllowOrigin https://a.example\n"
    ],
    [
        'an early answer that no section uses',
        "CORSPreflight early\n<Files a>\nCORSMaxAge 1\n</Files>\n"
    ],
    [
        'early answers in a host and not in its section',
        "<VirtualHost *:1>\nServerName a.test\nCORSPreflight early\n"
            . "CORSAllowOrigin https://a.example\n<Location /a>\n"
            . "CORSPreflight answer\n</Location>\n</VirtualHost>\n"
    ],
);
round_trip(@$_) for @written;
my %kinds = (on => \@early, off => \@late);
for my $state (sort keys %kinds) {
    my ($sections, $name) = ($kinds{$state}, "early answers $state");
    for my $number (1 .. 8) {
        round_trip("server $number, $name", server($sections));
        round_trip("hosts $number, $name",
            join '', settings_of($sections), hosts($sections));
        round_trip("server and hosts $number, $name",
            join '', server($sections), hosts($sections));
    }
}

done_testing();

sub round_trip {
    my ($name, $config) = @_;
    my $first  = dump_of($config);
    my $pasted = join '', grep { !/\A *#/ } split /^/, $first;
    my $second = dump_of($pasted);
    is(dump_places($second), dump_places($first), $name) or diag $config;

    my $third = join '', grep { !/\A *#/ } split /^/, $second;
    is($third, $pasted, "$name: and so on");
    return;
}

sub settings_of {
    my ($kinds) = @_;
    return map { "$_\n" } settings($kinds == \@early);
}

sub server {
    my ($kinds) = @_;
    return join '', settings_of($kinds),
        map { "$_\n" } map { section($kinds, 0) } 0 .. some(2);
}

sub hosts {
    my ($kinds) = @_;
    my @lines;
    for my $name ((qw(a b c))[ 0 .. some(2) ]) {
        push @lines, '<VirtualHost *:1>', "    ServerName $name.test";
        push @lines, map { "    $_" } settings($kinds == \@early) if some(2);
        push @lines, map { "    $_" } section($kinds, 0) for 1 .. some(3);
        push @lines, '</VirtualHost>';
    }
    return join '', map { "$_\n" } @lines;
}

sub section {
    my ($kinds, $depth) = @_;
    my $kind = sprintf $kinds->[ some($#$kinds) ], (qw(x y z))[ some(2) ];
    my ($name) = split ' ', $kind;
    my @lines = settings($kinds == \@early);
    if ($kinds == \@late && $depth == 0 && some(1)) {
        push @lines, section(['If "%%{REQUEST_URI} == \'%s\'"'], 1);
    }
    return ("<$kind>", map({ "    $_" } @lines), "</$name>");
}

sub settings {
    my ($early) = @_;
    my @lines = map { "$_ $values{$_}[ some($#{ $values{$_} }) ]" }
        grep { !some(4) } sort keys %values;
    my $origins = $origins[ some($#origins) ];
    push @lines, "CORSAllowOrigin $origins" if some(2);
    push @lines, "CORSAllowOriginMatch $regexes[ some($#regexes) ]"
        if some(1) && (@lines && $lines[-1] !~ /Origin (?:\*|none)/);
    push @lines, 'CORSPreflight early' if $early && !some(2);
    return @lines;
}

# 0 to a number.
sub some {
    my ($most) = @_;
    $seed = ($seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return int(($seed >> 8) % ($most + 1));
}
