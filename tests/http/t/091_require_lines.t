# Lines of "Require cors" that would open what the lines beside them close.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use CorsClient qw(vars);
use Files qw(slurp spew);
use Test::More;

startup_rows(<<'ROWS');
== beside a password
<Location "/a">
    Require valid-user
    Require cors
</Location>
!3 Require cors with Require valid-user (conf:2): either of them is enough, so
!   whom that one keeps out would get in; write both in one <RequireAll>

== in front of it
<Location "/a">
    Require cors isolated
    Require valid-user
</Location>
!2 Require cors with Require valid-user (conf:3): either of them is enough, so
!   whom that one keeps out would get in; ...

== with it, in <RequireAll>
<Location "/a">
    <RequireAll>
        Require cors
        Require valid-user
    </RequireAll>
</Location>

== the same, and an address that needs no password
<Location "/a">
    Require ip 10
    <RequireAll>
        Require valid-user
        Require cors
    </RequireAll>
</Location>

== alone in <RequireAll>, beside an address
<Location "/a">
    Require ip 10
    <RequireAll>
        Require cors
        Require all granted
    </RequireAll>
</Location>
!4 Require cors with Require ip 10 (conf:2): either of them is enough, so
!   whom that one keeps out would get in; ...

== with nothing but "not", beside an address
<Location "/a">
    Require ip 10
    <RequireAll>
        Require cors
        Require not ip 10.1
    </RequireAll>
</Location>
!4 Require cors with Require ip 10 (conf:2): either of them is enough, so
!   whom that one keeps out would get in; ...

== with nothing but "not"
<Location "/a">
    <RequireAll>
        Require cors
        Require not ip 10.1
    </RequireAll>
</Location>

== in <RequireAny>, in <RequireAll>
<Location "/a">
    <RequireAll>
        Require valid-user
        <RequireAny>
            Require ip 10
            Require cors
        </RequireAny>
    </RequireAll>
</Location>
!6 Require cors with Require ip 10 (conf:5): either of them is enough, so
!   whom that one keeps out would get in; ...

== beside a group
<Location "/a">
    <RequireAll>
        Require ip 10
        Require valid-user
    </RequireAll>
    Require cors
</Location>
!6 Require cors with <RequireAll> (conf:2): either of them is enough, so
!   whom that one keeps out would get in; ...

== beside another one
<Location "/a">
    Require cors
    Require cors isolated
</Location>

== where all are denied
<Location "/a">
    Require all denied
    Require cors
</Location>
!3 Require cors with Require all denied (conf:2): either of them is enough, so
!   whom that one keeps out would get in; ...

== a dry run
<Location "/a">
    Require cors
    Require all granted
</Location>

== either it or an expression
<Location "/a">
    <RequireAny>
        Require cors
        Require expr "%{REQUEST_URI} == '/a/saml'"
    </RequireAny>
</Location>

== either of these, in <RequireAll>
<Location "/a">
    <RequireAll>
        Require valid-user
        <RequireAny>
            Require expr "%{REQUEST_URI} == '/a/saml'"
            Require cors
        </RequireAny>
    </RequireAll>
</Location>

== either of these, beside an address
<Location "/a">
    Require ip 10
    <RequireAny>
        Require expr "%{REQUEST_URI} == '/a/saml'"
        Require cors
    </RequireAny>
</Location>
!5 Require cors with Require ip 10 (conf:2): either of them is enough, so
!   whom that one keeps out would get in; write both in one <RequireAll>

== beside an expression
<Location "/a">
    Require expr "%{REQUEST_URI} == '/a/saml'"
    Require cors
</Location>
!3 Require cors with Require expr "%{REQUEST_URI} == '/a/saml'" (conf:2): either
!   of them is enough, so whom that one keeps out would get in; write both in one
!   <RequireAll>, or in one <RequireAny> if that is meant

== beside a method's password
<Location "/a">
    Require cors
    <Limit POST>
        Require valid-user
    </Limit>
</Location>
!2 Require cors with Require valid-user (conf:4): either of them is enough, so
!   whom that one keeps out would get in; write both in one <RequireAll>

== what is demanded of one method only, beside an address
<Location "/a">
    Require ip 10
    <RequireAll>
        Require cors
        <Limit POST>
            Require valid-user
        </Limit>
    </RequireAll>
</Location>
!4 Require cors with Require ip 10 (conf:2): either of them is enough, so
!   whom that one keeps out would get in; ...

== the same alone
<Location "/a">
    <RequireAll>
        Require cors
        <Limit POST>
            Require valid-user
        </Limit>
    </RequireAll>
</Location>

== for some methods
<Location "/a">
    <Limit POST PUT>
        Require cors
    </Limit>
</Location>
!3 Require cors in <Limit POST PUT> (conf:2): it tells methods apart by itself;
!   write it outside

== for the others
<Location "/a">
    <LimitExcept GET>
        <RequireAll>
            Require cors
        </RequireAll>
    </LimitExcept>
</Location>
!4 Require cors in <LimitExcept GET> (conf:2): it tells methods apart by itself;
!   write it outside

== not
<Location "/a">
    Require not cors
</Location>
!2 Require not cors would refuse all but foreign requests; write Require cors

== in <RequireNone>
<Location "/a">
    <RequireAll>
        Require valid-user
        <RequireNone>
            Require cors
        </RequireNone>
    </RequireAll>
</Location>
!5 Require cors in <RequireNone> (conf:4): it would refuse all but foreign
!   requests; write it outside

== another name
<AuthzProviderAlias cors own isolated>
</AuthzProviderAlias>
!1 Can't parse 'Require cors isolated': <AuthzProviderAlias cors own isolated>
!   (conf:1) gives Require cors another name, under which it might open what
!   other lines close; write Require cors where it is needed

== either it or what other sections require
<Location "/a">
    AuthMerging Or
    Require cors
</Location>
!3 Require cors with AuthMerging Or (conf:2): either it or what other sections
!   require is enough, so whom they keep out would get in; write AuthMerging And

== the same, with a method's password
<Location "/a">
    <RequireAll>
        Require cors
        <Limit POST>
            Require valid-user
        </Limit>
    </RequireAll>
    AuthMerging Or
</Location>
!3 Require cors with AuthMerging Or (conf:8): either it or what other sections
!   require is enough, so whom they keep out would get in; write AuthMerging And

== the same, with everybody's
<Location "/a">
    AuthMerging Or
    <RequireAll>
        Require cors
        Require valid-user
    </RequireAll>
</Location>

== either it or what other sections require, said in a group
<Location "/a">
    <RequireAll>
        AuthMerging Or
        Require cors
    </RequireAll>
</Location>
!4 Require cors with AuthMerging Or (conf:3): either it or what other sections
!   require is enough, so whom they keep out would get in; write AuthMerging And

== the last AuthMerging counts
<Location "/a">
    AuthMerging Or
    AuthMerging And
    Require cors
</Location>

== what macros and conditions make of it
<Macro password $$who>
    Require $$who
</Macro>
<Location "/a">
    <IfModule mod_cors.c>
        Require cors
    </IfModule>
    Use password valid-user
</Location>
!6 Require cors with Require valid-user (macro 'password' (defined on line 1 of "conf") used on line 8 of "conf":1): either of them is enough, so
!   whom that one keeps out would get in; write both in one <RequireAll>

== where it makes no difference
<Location "/a">
    Require all granted
    <RequireAny>
        Require ip 10
        Require cors
    </RequireAny>
</Location>
? Require cors (conf:5) is not asked below Require all granted (conf:2): that lets
?   everybody in; write it above
ROWS
without_authz_core();
done_testing();

# Where nobody knows the directive, this module must not make it a known one.
sub without_authz_core {
    my $vars = vars();
    my $dir  = config_dir();
    my @load = grep { !/authz_core/ } split /^/, slurp($vars->{modules_conf});
    spew("$dir/without.conf", join '', @load, <<"CONF");
ServerName localhost
Listen 127.0.0.1:$vars->{port}
DefaultRuntimeDir "$dir"
ErrorLog "$dir/error_log"
<Location "/a">
    AuthMerging And
</Location>
CONF
    my $said = qx{"$vars->{httpd}" -t -d "$dir" -f "$dir/without.conf" 2>&1};
    like($said, qr{\nAuthMerging needs mod_authz_core, which is not loaded\n},
        'without mod_authz_core');
    return;
}
