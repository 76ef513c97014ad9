# CORSPreflight early is refused wherever it could be in force while the policy
# is not final, not only where its own section names origins.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use Test::More;

my $why = 'it can change the policy after preflights have been answered;'
    . ' remove it, or write CORSPreflight answer';
my $htaccess = "<Directory \"/srv\">\nAllowOverride FileInfo\n</Directory>\n";

# Title, configuration before and after the line CORSPreflight early.
my @refused = (
    [
        'origins in a section that may apply as well',
        "<Location \"/old\">\n",
        "</Location>\n<LocationMatch \"^/old\">\n"
            . "CORSAllowOrigin https://a.example\n</LocationMatch>\n"
    ],
    [
        'off in the server, on in a section',
        "CORSEngine Off\nCORSAllowOrigin https://a.example\n",
        "<Location \"/a\">\nCORSEngine On\n</Location>\n"
    ],
    [
        'origins in a section that is inherited',
        "<Location \"/a\">\nCORSAllowOrigin https://a.example\n</Location>\n"
            . "<VirtualHost *:1>\n<Location \"/a/b\">\n",
        "</Location>\n</VirtualHost>\n"
    ],
    [
        'origins from .htaccess',
        "<Location \"/a\">\n",
        "</Location>\n"
    ],
    [
        'off in the section, on in a longer path',
        "<Location \"/a\">\nCORSEngine Off\nCORSAllowOrigin https://a.example\n",
        "</Location>\n<Location \"/a/b\">\nCORSEngine On\n</Location>\n"
    ],
);
for my $row (@refused) {
    my ($title, $before, $after) = @$row;
    my $config = $htaccess . $before;
    my $line   = 1 + ($config =~ tr/\n//);
    startup_is("${config}CORSPreflight early\n$after",
        [ "! CORSPreflight early (conf:$line) with AllowOverride FileInfo"
            . " (conf:2): $why" ], $title);
    startup_is("${before}CORSPreflight early\n$after", [],
        "$title, and no .htaccess")
        if $after =~ /Origin/ || $before =~ /Origin/;
}

startup_rows(<<'ROWS');
== off by the server, on by a section before
CORSEngine Off
<Files "a">
    CORSEngine On
</Files>
<Location "/a">
    CORSPreflight early
    CORSAllowOrigin https://a.example
</Location>
! CORSPreflight early (conf:6) with CORSEngine On (conf:3): it can change the
!   policy after preflights have been answered; remove it, or write
!   CORSPreflight answer

== off in the section, on by one before, which does not win
<Files "a">
    CORSEngine On
</Files>
<Location "/a">
    CORSEngine Off
    CORSPreflight early
    CORSAllowOrigin https://a.example
</Location>

== off in the section, on by one after
<Location "/a">
    CORSEngine Off
    CORSPreflight early
    CORSAllowOrigin https://a.example
</Location>
<If "true">
    CORSEngine On
</If>
! CORSPreflight early (conf:3) with CORSEngine On (conf:7): it can change the
!   policy after preflights have been answered; remove it, or write
!   CORSPreflight answer

== a later section of the same name answers in time
<Location "/a">
    CORSPreflight early
    CORSAllowOrigin https://a.example
</Location>
<Location "/a">
    CORSPreflight answer
</Location>
<Files "a">
    CORSMaxAge 1
</Files>

== no origins anywhere
<Location "/a">
    CORSPreflight early
</Location>
<Files "a">
    CORSEngine On
</Files>
? CORSPreflight early (conf:2) has no effect: no origin is allowed there; add
?   CORSAllowOrigin
ROWS

done_testing();
