# What the directives that take one value, or words of their own, refuse.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use Test::More;

config_rows('CORSMaxAge', <<'ROWS');
# C-72 C-80 the least age
+ 0
+ 00
+ 0s
- -1
- -10min
    no browser understands a negative age; 0 turns caching off; write "0"

# C-80 the greatest age
+ 86400
+ 86400s
+ 1440min
+ 24h
+ 1d
- 86401
- 86401s
- 1441min
- 25h
- 2d
- 4294967296
- 18446744073709551616
- 18446744073709551616h
    no browser keeps an answer longer than a day; write "86400"
- <9*120>
    "<9*100>...": no browser keeps an answer longer than a day;
    write "86400"

# C-72 a number
- 10m
- 10ms
- 1.5
- +5
- 0x10
- h
- 1h30min
    is not a duration; write seconds, or a whole number followed by s, min, h
    or d
- "10 min"
    "10 min": is not a duration; write seconds, or a whole number followed by
    s, min, h or d
- unset
    is not a duration; write seconds, or a whole number followed by s, min, h
    or d
- 10 min
-
    CORSMaxAge takes one argument, how long browsers may keep a preflight's
    answer
ROWS

config_rows('CORSPreflightStatus', <<'ROWS');
#
+ 204
+ 200
- 201
- 0204
- 204.0
- NoContent
    write 204 or 200
- 204 200
-
    CORSPreflightStatus takes one argument, 204 or 200
ROWS

config_rows('CORSBackendHeaders', <<'ROWS');
#
+ replace
+ keep
+ Keep
- merge
- On
    write replace or keep
- keep replace
    CORSBackendHeaders takes one argument, replace or keep
ROWS

config_rows('CORSDangerouslyAllow', <<'ROWS');
#
+ none
+ insecure-origins
+ public-suffixes insecure-origins
+ Insecure-Origins
+ insecure-origins insecure-origins
-
    CORSDangerouslyAllow takes one or more values
- insecure
    write none, insecure-origins, public-suffixes or
    any-origin
- *
    write none, insecure-origins, public-suffixes or
    any-origin
- insecure-origins,public-suffixes
    write none, insecure-origins, public-suffixes or
    any-origin
- insecure-origins all
    "all": write none, insecure-origins, public-suffixes or
    any-origin
- none insecure-origins
    "insecure-origins": none must be the only value
- public-suffixes none
- none none
    "none": none must be the only value
ROWS

config_rows('CORSTimingAllowOrigin', <<'ROWS');
#
+ On
+ off
+ List
+ LIST
+ *
- maybe
    write On, Off, List or *
- 1
    write On, Off, List or *
- none
    write On, Off, List or *
-
    CORSTimingAllowOrigin takes one argument, On, Off, List or *
- On List
    CORSTimingAllowOrigin takes one argument, On, Off, List or *
ROWS

config_rows('CORSEngine', <<'ROWS');
#
+ On
+ off
+ ReportOnly
+ reportonly
- Report
- Report-Only
- DetectionOnly
- maybe
- 1
- none
    write On, Off or ReportOnly
-
    CORSEngine takes one argument, On, Off or ReportOnly
- On ReportOnly
    CORSEngine takes one argument, On, Off or ReportOnly
ROWS

for my $directive (grep { $VALUE{$_} eq 'On' && !/Timing|Engine/ }
    sort keys %VALUE) {
    config_rows($directive, <<"ROWS");
#
+ On
+ off
- maybe
    $directive must be On or Off
- 1
    $directive must be On or Off
-
    $directive must be On or Off
ROWS
}

config_rows('CORSPreflight', <<'ROWS');
#
+ answer
+ early
+ pass
+ PASS
- late
- On
    write answer, early or pass
- answer pass
    CORSPreflight takes one argument, answer, early or pass
ROWS

done_testing();
