# "Require cors" and CORSForwardOrigin at start-up.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use Test::More;

startup_rows(<<'ROWS');
== alone
<Location "/a">
    Require cors
</Location>

== isolated
<Location "/a">
    Require cors isolated
</Location>

== another word
<Location "/a">
    Require cors strict
</Location>
!2 Require cors takes nothing or isolated: 'strict'

== one word more
<Location "/a">
    Require cors isolated strict
</Location>
!2 Require cors takes nothing or isolated: 'strict'

== origins that backends do not see
CORSForwardOrigin Off
CORSAllowOrigin https://a.example

== any origin
CORSAllowOrigin *
<Location "/a">
    CORSForwardOrigin Off
</Location>
! CORSForwardOrigin Off (conf:3) with CORSAllowOrigin * (conf:1): it keeps
!   trusted origins from backends, and * trusts none; list the origins, or write
!   CORSForwardOrigin On

== any origin, with credentials
<Location "/a">
    CORSAllowOrigin *
    CORSAllowCredentials On
    CORSDangerouslyAllow any-origin
    CORSForwardOrigin Off
</Location>
! CORSForwardOrigin Off (conf:5) with CORSAllowOrigin * (conf:2): it keeps
!   trusted origins from backends, and * trusts none; list the origins, or write
!   CORSForwardOrigin On

== preflights for the backend
CORSAllowOrigin https://a.example
CORSForwardOrigin Off
CORSPreflight pass
? CORSForwardOrigin Off (conf:2) with CORSPreflight pass (conf:3): the backend
?   sends no CORS headers where it does not see the origin; write
?   CORSForwardOrigin On, or CORSPreflight answer

== headers of the backend
CORSAllowOrigin https://a.example
CORSForwardOrigin Off
CORSBackendHeaders keep
? CORSForwardOrigin Off (conf:2) with CORSBackendHeaders keep (conf:3): the
?   backend sends no CORS headers where it does not see the origin; write
?   CORSForwardOrigin On, or CORSBackendHeaders replace
ROWS
done_testing();
