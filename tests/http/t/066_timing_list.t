# CORSTimingAllowOrigin List where there is nothing to list: a warning, which
# names both lines.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use Test::More;

startup_rows(<<'ROWS');
== any origin
CORSAllowOrigin *
CORSTimingAllowOrigin List
? CORSTimingAllowOrigin List (conf:2) with CORSAllowOrigin * (conf:1) lists
?   nothing: no exact origin is named; it does no more than On

== no origin
<Location "/a">
    CORSAllowOrigin none
    CORSTimingAllowOrigin List
</Location>
? CORSTimingAllowOrigin List (conf:3) with CORSAllowOrigin none (conf:2) lists
?   nothing: no exact origin is named; it does no more than On

== wildcards only, in one of two sections
CORSTimingAllowOrigin List
<Location "/a">
    CORSAllowOrigin https://*.a.example null
</Location>
<Location "/b">
    CORSAllowOrigin https://*.a.example https://a.example
</Location>
? CORSTimingAllowOrigin List (conf:1) with CORSAllowOrigin https://*.a.example
?   null (conf:3) lists nothing: no exact origin is named; it does no more than
?   On

== regular expressions only
CORSAllowOriginMatch "https://[a-z]+[.]a[.]example"
CORSTimingAllowOrigin List
? CORSTimingAllowOrigin List (conf:2) with CORSAllowOriginMatch
?   "https://[a-z]+[.]a[.]example" (conf:1) lists nothing: no exact origin is
?   named; it does no more than On

== with On there is nothing to list
CORSAllowOrigin *
CORSTimingAllowOrigin On

== with * there is nothing to list
CORSAllowOrigin https://*.a.example
CORSTimingAllowOrigin *

== no policy, no list
<Location "/a">
    CORSEngine Off
    CORSAllowOrigin *
    CORSTimingAllowOrigin List
</Location>
ROWS

my @origins = map { "https://o$_.example" } 1 .. 33;
my $most    = join ' ', @origins[ 0 .. 31 ];
startup_is("CORSAllowOrigin $most\nCORSTimingAllowOrigin List\n", [],
    '32 patterns');
startup_is(
    "CORSAllowOrigin $most\nCORSAllowOrigin $origins[32]\n"
        . "CORSTimingAllowOrigin List\n",
    [
        '? CORSTimingAllowOrigin List (conf:3) with CORSAllowOrigin '
            . "$origins[32] (conf:2) lists nothing: "
            . 'there are more than 32 patterns; it does no more than On'
    ],
    '33 patterns'
);
done_testing();
