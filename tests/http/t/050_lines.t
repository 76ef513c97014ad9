# Several values on a line, several lines in a section.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use Test::More;

# httpd drops what comes after 64 words.
my %words = (
    CORSAllowOrigin      => [ map { "https://app$_.example" } 1 .. 200 ],
    CORSAllowOriginMatch => [ map { "https://app$_\\.example" } 1 .. 200 ],
    CORSAllowMethods     => [ map { "METHOD$_" } 1 .. 200 ],
    CORSAllowHeaders     => [ map { "X-Header-$_" } 1 .. 200 ],
    CORSExposeHeaders    => [ map { "X-Header-$_" } 1 .. 200 ],
    CORSDangerouslyAllow => [ ('insecure-origins') x 200 ],
);

my $alone   = '* or none must be the only value';
my $origins = "$alone; a section has one of them, or patterns";
my $app     = 'https://app.example';

# Lines of one section, and the message about the last of them.
my @refused = (
    [ ["CORSAllowOrigin $app", 'CORSAllowOrigin *'], qq{"*": $origins} ],
    [ ["CORSAllowOrigin $app", 'CORSAllowOrigin none'], qq{"none": $origins} ],
    [ ['CORSAllowOrigin *',    "CORSAllowOrigin $app"], qq{"$app": $origins} ],
    [ ['CORSAllowOrigin none', 'CORSAllowOrigin null'], qq{"null": $origins} ],
    [ ['CORSAllowOrigin *',    'CORSAllowOrigin *'],    qq{"*": $origins} ],
    [ ['CORSAllowOrigin none', 'CORSAllowOrigin *'],    qq{"*": $origins} ],
    [ ['CORSAllowOriginMatch .+', 'CORSAllowOrigin *'], qq{"*": $origins} ],
    [
        [ 'CORSAllowOriginMatch .+', 'CORSAllowOrigin none' ],
        qq{"none": $origins}
    ],
    [ ['CORSAllowOrigin *', 'CORSAllowOriginMatch .+'],   qq{".+": $origins} ],
    [ ['CORSAllowOrigin none', 'CORSAllowOriginMatch https://x'], qq{"https://x": $origins} ],
    [
        [ 'CORSAllowMethods *', 'CORSAllowMethods PUT' ],
        '"PUT": * must be the only value; it already allows every method'
    ],
    [
        [ 'CORSAllowMethods PUT', 'CORSAllowMethods *' ],
        '"*": * must be the only value; it already allows every method'
    ],
    [
        [ 'CORSAllowHeaders none', 'CORSAllowHeaders X-Token' ],
        '"X-Token": none must be the only value'
    ],
    [
        [ 'CORSAllowHeaders *', 'CORSAllowHeaders none' ],
        '"none": none must be the only value'
    ],
    [ ['CORSExposeHeaders *', 'CORSExposeHeaders ETag'], qq{"ETag": $alone} ],
    [ ['CORSExposeHeaders ETag', 'CORSExposeHeaders *'], qq{"*": $alone} ],
    [
        [ 'CORSExposeHeaders ETag', 'CORSExposeHeaders none' ],
        qq{"none": $alone}
    ],
    [
        [
            'CORSDangerouslyAllow none', 'CORSDangerouslyAllow public-suffixes'
        ],
        '"public-suffixes": none must be the only value'
    ],
);
my @together = (
    [ "CORSAllowOrigin $app", 'CORSAllowOrigin https://b.example null' ],
    [ "CORSAllowOrigin $app", 'CORSAllowOriginMatch https://x' ],
    [ 'CORSAllowOriginMatch https://x', "CORSAllowOrigin $app" ],
    [ 'CORSAllowMethods PUT', 'CORSAllowMethods PATCH PUT' ],
    [ 'CORSAllowHeaders *', 'CORSAllowHeaders Authorization' ],
    [ 'CORSAllowHeaders X-Token', 'CORSAllowHeaders *' ],
    [ 'CORSExposeHeaders ETag', 'CORSExposeHeaders X-Request-Id' ],
    [
        'CORSDangerouslyAllow public-suffixes',
        'CORSDangerouslyAllow insecure-origins'
    ],
);

my @accepted;
for my $directive (sort keys %words) {
    my @all     = @{ $words{$directive} };
    my $rest    = rest($directive);
    my $message = "$directive takes at most 63 values on a line;"
        . ' use several lines, which add up';
    push @accepted,
        [ "$rest$directive @all[0 .. 62]\n", "$directive with 63 values" ],
        [
            "$rest$directive @all[0 .. 62]\n$directive @all[63 .. 125]\n",
            "$directive with 63 values twice"
        ];
    config_error("$directive @all[0 .. 63]\n", $message,
        "$directive with 64 values");
    config_error("$directive @all\n", $message, "$directive with 200 values");
    config_error("$directive @all[0 .. 62] (\n", $message,
        "$directive with 64 values, the last of them bad");
}

for my $row (@refused) {
    my ($lines, $message) = @$row;
    my $name        = join ', ', @$lines;
    my ($directive) = split ' ', $lines->[-1];
    my $text        = join '', map { "$_\n" } @$lines;
    config_error("<Location /x>\n$text</Location>\n", "$directive $message",
        "in a section: $name");
    config_error($text, "$directive $message", "in the server: $name");

    my @sections = map { "<Location /x>\n$_\n</Location>\n" } @$lines;
    my $rest     = rest($directive);
    config_ok("$rest$lines->[0]\n$sections[1]",
        "in the server and a section: $name");
    push @accepted,
        [ join('', $rest, @sections), "in two sections: $name" ];
}
for my $lines (@together) {
    my $name = join ', ', @$lines;
    my $text = join '', map { "$_\n" } @$lines;
    push @accepted, [ rest($lines->[0]) . "<Location /x>\n$text</Location>\n",
        "in a section: $name" ];
}
configs_ok(@accepted);

is(configtest("CORSEngine On\n\nCORSAllowOrigin https://\n")->{line}, 3,
    'httpd names the line');

done_testing();

# Without an origin the other directives do nothing.
sub rest {
    my ($line) = @_;
    return $line =~ /\ACORSAllowOrigin/ ? '' : "CORSAllowOrigin $app\n";
}
