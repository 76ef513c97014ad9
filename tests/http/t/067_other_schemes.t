# What configtest says of origins that are neither https nor http from the
# network, with credentials. Requests of such origins: 157_other_schemes.t.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use Test::More;

my $uuid = '0f3c7fde-6f6a-4c53-8d3e-0d2c1c3f9b11';

startup_rows(<<"ROWS");
== file
CORSAllowOrigin file:// https://app.example
CORSAllowCredentials On
! CORSAllowOrigin file:// (conf:1) with CORSAllowCredentials On (conf:2): any
!   page that is opened from a disk can have that origin; leave it out, or
!   accept the danger with CORSDangerouslyAllow insecure-origins

== file, accepted
CORSAllowOrigin file://
CORSAllowCredentials On
CORSDangerouslyAllow insecure-origins

== file without credentials, and as an expression
CORSAllowOrigin file://
<Location "/a">
    CORSAllowOriginMatch file://
</Location>

== extensions, applications and this machine with credentials
CORSAllowOrigin moz-extension://$uuid app://. capacitor://localhost
CORSAllowOrigin http://localhost. http://foo.localhost.:* http://*.localhost.
CORSAllowOriginMatch moz-extension://[0-9a-f-]{36} app://[^/]+
CORSAllowCredentials On

== Tor services are not in danger, and their browser does not send them
CORSAllowOrigin http://expyuzz4wqqyqhjn.onion https://*.abc.onion
CORSAllowCredentials On
? CORSAllowOrigin http://expyuzz4wqqyqhjn.onion (conf:1) has almost no effect:
?   Tor Browser sends the origin null for pages of .onion sites
? CORSAllowOrigin https://*.abc.onion (conf:1) has almost no effect: Tor Browser
?   sends the origin null for pages of .onion sites

== a near miss
CORSAllowOrigin http://abc.onion.example
CORSAllowCredentials On
! CORSAllowOrigin http://abc.onion.example (conf:1) with CORSAllowCredentials
!   On (conf:2): whoever controls a visitor's network can impersonate that
!   origin; write https, or accept the danger with CORSDangerouslyAllow
!   insecure-origins
ROWS

done_testing();
