package OriginCases;

=head1 NAME

OriginCases - the Origin headers of PROTOCOL's part B, and who takes them

=head1 DESCRIPTION

C<origin_cases()> returns hashes:

    name     number and value
    at       the policy: its path in t/conf/policies.conf.in
    policy   its description, for CorsTest
    origin   the header's value; an array for several lines
    echo     what Allow-Origin says; undef: the origin is denied
    h1       true: HTTP/2 has no form for the value

Both the tests of actual requests and those of preflights run through them.

=cut

use strict;
use warnings;

use CorsTest qw(policy);
use Exporter 'import';

our @EXPORT = qw(origin_cases);

my $app  = 'https://app.example';
my $evil = 'https://evil.com';
my $long = join '.', ('a' x 63) x 3;

my %policy = (
    pa   => policy('PA'),
    ps   => policy('PS'),
    ext  => {
        %{ policy('PA') },
        origins => [ $app, 'chrome-extension://abcdefghijklmnop' ],
    },
    null  => { origins => [ 'null', $app ] },
    regex => { origins => ['https://app\.example'] },
    every => {},
);

# Number, policy, and the values that it refuses.
my @refused = (
    [
        'C-11', 'pa', 'http://app.example', 'ws://app.example',
        'https+x://app.example', 'https'
    ],
    [
        'C-12', 'pa',             "$app:8443",
        "$app:443",               "$app:",
        "$app:0443",              "$app:65979",
        'http://localhost',       'http://localhost:80801',
        'http://localhost:08080', 'http://localhost:8081',
        'http://localhost:808',   'http://localhost:8080:8080',
    ],
    [
        'C-13', 'pa', 'HTTPS://app.example', 'https://APP.example',
        'https://app.Example', 'Https://App.Example'
    ],
    [
        'C-14', 'pa', "$app/", "$app/x", "$app?", "$app#", "$app;",
        'https:/app.example',   'https:app.example',
        'https:///app.example', 'https:\\\\app.example',
    ],
    [
        'C-15', 'pa', 'https://u@app.example', 'https://u:p@app.example',
        "$app\@evil.com", "$app:443\@evil.com"
    ],
    [
        'C-16', 'pa',
        'https://evil-app.example',       'https://evilapp.example',
        'https://x.app.example',          'https://app.example.evil.com',
        'https://app.examples',           'https://app.exampl',
        'https://appxexample',            'https://app.example.',
        'https://app..example',           'https://.app.example',
        'https://app.example%2eevil.com', 'https://app%2eexample',
    ],
    [ 'C-17', 'pa', 'null', 'NULL', 'Null', '"null"' ],
    [ 'C-18', 'pa', '' ],
    [
        'C-19', 'pa', [ $app, $app ], [ $app, $evil ], [ $evil, $app ],
        [ $app, $app, $app ]
    ],
    [
        'C-20', 'pa', "$app $evil", "$app,$evil", "$app, $app", "$app,",
        ",$app", "$app\t$app"
    ],
    [
        'C-22', 'pa',
        'http://[::1]',         'http://[::1]:03000',
        'http://[::0001]:3000', 'http://[0:0:0:0:0:0:0:1]:3000',
        'http://::1:3000',      'http://[::1%25lo]:3000',
        'http://[::1:3000',     'http://[::1].:3000',
        'http://[::2]:3000',    'http://[::ffff:127.0.0.1]:8080',
    ],
    [
        'C-23', 'pa',
        'http://127.1:8080',        'http://0x7f000001:8080',
        'http://2130706433:8080',   'http://127.0.0.01:8080',
        'http://127.0.0.1.:8080',   'http://127.0.0.2:8080',
        'http://127.0.0.1.x:8080',  'http://127.0.0.1',
    ],
    [
        'C-24', 'pa',
        "https://b\xc3\xbccher.example", "https://b\xfccher.example",
        'https://b%C3%BCcher.example',   'https://XN--BCHER-KVA.example',
        'https://b%c3%bccher.example',
    ],
    [ 'C-26', 'pa', 'https://' . 'a' x 7992, $app . 'e' x 7000 ],
    [ 'C-27', 'pa', "$app%0d%0aSet-Cookie:x=1" ],
    [
        'C-28', 'pa', '*', 'https://*', 'https://*.example', 'https://',
        '://app.example', '//app.example', 'app.example', 'file://', 'data:',
        'about:blank', 'javascript:alert(1)'
    ],
    [
        'C-29', 'ext', 'chrome-extension://abcdefghijklmnoq',
        'chrome-extension://abcdefghijklmno',
        'chrome-extension://abcdefghijklmnopp',
        'CHROME-EXTENSION://abcdefghijklmnop',
        'chrome-extension://abcdefghijklmnop/',
        'chrome-extension://ABCDEFGHIJKLMNOP'
    ],
    [
        'C-30', 'ps',
        'https://example.com',            'https://.example.com',
        'https://a..example.com',         'https://-.example.com',
        'https://evil-example.com',       'https://evilexample.com',
        'https://a.example.com.evil.com', 'https://a.example.com:8443',
        'http://a.example.com',           'https://evil.com/.example.com',
        'https://evil.com?.example.com',  'https://evil.com#.example.com',
        'https://evil.com\.example.com',  'https://A.example.com',
        'https://*.example.com',          'null',
        'https://evil.com:1@a.example.com',
        'https://evil.com:any.example.com',
        'https://' . 'a' x 300 . '.example.com',
        'https://' . 'a' x 64 . '.example.com',
        'https://' . $long . '.' . 'a' x 50 . '.example.com',
    ],
    [ 'C-32', 'null', 'NULL', 'Null', '"null"', 'null, null', 'nul', 'nulls' ],
    [
        'C-33', 'regex',
        'https://app.example.evil.com', "$evil/$app",
        'https://appxexample',          'https://app.example:443',
        'https://abc.regex.example.x',  'https://regex.example',
        'https://a1.regex.example',     'https://verb.example.evil.com',
        'https://verb.examplex',        'https://ax',
    ],
    [ 'C-33', 'every', 'null', 'NULL', '*', "$app/", 'https://App.example',
        '' ],
    [
        'C-34', 'pa', 'http://policies.test', 'https://policies.test',
        'http://localhost'
    ],
    [ 'C-35', 'pa', $evil ],
);

# Number, policy, and the values that it takes.
my @allowed = (
    [ 'C-22', 'pa', 'http://[::1]:3000' ],
    [ 'C-23', 'pa', 'http://127.0.0.1:8080' ],
    [ 'C-24', 'pa', 'https://xn--bcher-kva.example' ],
    [ 'C-29', 'ext', 'chrome-extension://abcdefghijklmnop', $app ],
    [
        'C-30', 'ps', 'https://a.example.com', 'https://a.b.example.com',
        'https://a-1.example.com',
        'https://' . 'a' x 63 . '.example.com',
        'https://' . $long . '.' . 'a' x 49 . '.example.com',
    ],
    [ 'C-31', 'ps', 'https://a_b.example.com' ],
    [ 'C-32', 'null', 'null', $app ],
    [
        'C-33', 'regex', $app, 'https://abc.regex.example',
        'https://abc.regex.example:8443', 'https://verb.example', 'https://a',
        'https://abc.alt.example'
    ],
    [ 'C-33', 'every', $app, 'http://x.example:81', 'x-app://x' ],
);

# HTTP/1.1 only: value, and what Allow-Origin says.
my @h1 = (
    [ 'C-19', 'pa', [ $app, '' ], undef ],
    [ 'C-19', 'pa', [ '', $app ], undef ],
    [ 'C-21', 'pa', "  $app\t ", $app ],
    [ 'C-21', 'pa', "\t$app",    $app ],
    [ 'C-27', 'pa', "$app\r\n .evil.com",       undef ],
    [ 'C-27', 'pa', "$app\r\n\t$evil",          undef ],
    [ 'C-27', 'pa', "https://app\r\n .example", undef ],
);

sub origin_cases {
    my @cases;
    for my $row (@refused) {
        my ($number, $at, @origins) = @$row;
        push @cases, case($number, $at, $_, undef) for @origins;
    }
    for my $row (@allowed) {
        my ($number, $at, @origins) = @$row;
        push @cases, case($number, $at, $_, $_) for @origins;
    }
    push @cases, map { +{ %{ case(@$_) }, h1 => 1 } } @h1;
    return @cases;
}

sub case {
    my ($number, $at, $origin, $echo) = @_;
    return {
        name   => "$number $at: Origin: " . shown($origin),
        at     => $at,
        policy => $policy{$at},
        origin => $origin,
        echo   => $echo,
    };
}

sub shown {
    my ($origin) = @_;
    my $text = join ' | ', ref $origin ? @$origin : $origin;
    $text =~ s/([^ -~])/sprintf '\\x%02x', ord $1/ge;
    $text =~ s/\A(.{60}).{20,}(.{12})\z/$1...$2/;
    return $text;
}

1;
