# Each unsafe combination, its two parts in each pair of places that httpd
# merges: server, virtual host and sections of every kind.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use Test::More;

my $app = 'https://app.example';
my $on  = 'CORSAllowCredentials On';

# What brings the danger, lines that it needs beside it, and the message.
my %unsafe = (
    'any origin' => [
        'CORSAllowOrigin *',
        [],
        "any site could read responses with the visitor's credentials; list"
            . ' the origins, or write CORSAllowCredentials Off'
    ],
    'a regex for all' => [
        'CORSAllowOriginMatch .+',
        [],
        'it matches any origin, so any site could read responses with the'
            . " visitor's credentials; narrow it, or write"
            . ' CORSAllowCredentials Off'
    ],
    'null' => [
        'CORSAllowOrigin null',
        [],
        'any page can give itself the origin null; leave it out, or write'
            . ' CORSAllowCredentials Off'
    ],
    'an insecure origin' => [
        'CORSAllowOrigin http://app.example',
        [],
        "whoever controls a visitor's network can impersonate that origin; write"
            . ' https, or accept the danger with CORSDangerouslyAllow'
            . ' insecure-origins',
        'insecure-origins'
    ],
    'a public suffix' => [
        'CORSAllowOrigin https://*.example',
        [],
        'anybody can register a name under that public suffix; write your'
            . ' own domain, or accept the danger with CORSDangerouslyAllow'
            . ' public-suffixes',
        'public-suffixes'
    ],
);

my @sections = (
    'Location "/s"',       'LocationMatch "^/s"',
    'Directory "/s"',      'DirectoryMatch "^/s"',
    'Files "s.html"',      'FilesMatch "s$"',
    'If "%{HTTP:X} == 1"', 'Proxy "http://s.test/"',
    'ProxyMatch "^http:"',
);
my @nested = (
    [ 'Directory "/s"',           'Files "s.html"' ],
    [ 'Directory "/s"',           'FilesMatch "s$"' ],
    [ 'Directory "/s"',           'If "true"' ],
    [ 'DirectoryMatch "^/s"',     'If "true"' ],
    [ 'Location "/s"',            'If "true"' ],
    [ 'LocationMatch "^/s"',      'If "true"' ],
    [ 'Files "s.html"',           'If "true"' ],
    [ 'FilesMatch "s$"',          'If "true"' ],
    [ 'Proxy "http://s.test/"',   'If "true"' ],
);

# Sections around a place, and those around it in it.
my $host   = 'VirtualHost *:1';
my @places = (
    (map { [ [], [$_] ] } @sections),
    (map { [ [$host], [$_] ] } @sections),
    [ [], [$host] ],
    (map { ([ [$host], $_ ], [ [ $host, $_->[0] ], [ $_->[1] ] ]) } @nested),
    (map { ([ [], $_ ], [ [ $_->[0] ], [ $_->[1] ] ]) } @nested),
);

# All places for the first, every third for each of the others.
my $turn = 0;
my @hosts;
for my $what (sort keys %unsafe) {
    my ($danger, $beside, $text, $accept) = @{ $unsafe{$what} };
    my @danger = (@$beside, $danger);
    $turn++;
    for my $n (0 .. $#places) {
        next if $what ne 'any origin' && ($n + $turn) % 3;
        my ($around, $in) = @{ $places[$n] };
        my $name = join ' ', "$what:", map({ "<$_>" } @$around), 'and inside',
            map { "<$_>" } @$in;
        refused("$name, credentials inside", $around, \@danger, $in, [$on],
            $danger, $text);
        refused("$name, credentials outside", $around, [$on], $in, \@danger,
            $danger, $text);
        next if $in->[0] !~ /\A(?:Dir|If)/ || @$in > 1;
        accepted("$name, credentials off inside", $around, [ @danger ],
            $in, ['CORSAllowCredentials Off']);
        accepted("$name, engine off inside", $around, \@danger,
            $in, [ $on, 'CORSEngine Off' ]);
        accepted("$name, none inside", $around, \@danger,
            $in, [ $on, 'CORSAllowOrigin none' ])
            if $what ne 'all headers';
        next if !$accept;
        accepted("$name, the danger accepted outside", $around,
            [ $on, "CORSDangerouslyAllow $accept" ], $in, \@danger);
        accepted("$name, the danger accepted inside", $around,
            \@danger, $in, [ $on, "CORSDangerouslyAllow $accept" ]);
        refused("$name, no danger accepted inside", $around,
            [ $on, "CORSDangerouslyAllow $accept" ], $in,
            [ @danger, 'CORSDangerouslyAllow none' ], $danger, $text);
    }
}

# Sections beside each other meet at request time, if at all.
for my $section (@sections) {
    my ($close) = split ' ', $section;
    startup_is(
        "<$section>\nCORSAllowOrigin *\n</$close>\n"
            . "<$section>\nCORSAllowOrigin $app\n$on\n</$close>\n",
        [], "two sections <$section>"
    );
}
hosts_are(@hosts);
ok(row_count() >= 150, 'there are at least 150 configurations');

done_testing();

sub refused {
    my ($name, $around, $outer, $in, $inner, $danger, $text) = @_;
    judge("$name is refused", [$around, $outer, $in, $inner], $danger, $text);
    return;
}

sub accepted {
    my ($name, @parts) = @_;
    judge("$name is accepted", \@parts);
    return;
}

# Those in a host can be tried together.
sub judge {
    my ($name, $parts, $danger, $text) = @_;
    my ($around, @rest) = @$parts;
    my @around = @$around;
    my $is_host = @around && $around[0] eq $host && shift @around;
    my $config  = config(\@around, @rest);
    my @message = $danger
        ? '! ' . cited($config, $danger) . ' with ' . cited($config, $on)
        . ": $text"
        : ();
    return push @hosts, [ $config, \@message, $name ] if $is_host;
    return startup_is($config, \@message, $name);
}

sub config {
    my ($around, $outer, $in, $inner) = @_;
    my @ends = map { (split ' ')[0] } reverse @$around, @$in;
    return join '', map { "$_\n" } map({ "<$_>" } @$around), @$outer,
        map({ "<$_>" } @$in), @$inner, map({ "</$_>" } @ends);
}

# A directive and its line.
sub cited {
    my ($config, $directive) = @_;
    my $before = substr $config, 0, index $config, "$directive\n";
    return "$directive (conf:" . (1 + $before =~ tr/\n//) . ')';
}
