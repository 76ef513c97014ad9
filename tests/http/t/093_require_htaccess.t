# "Require cors" in .htaccess files: what they may not say, wherever in the file
# it stands.
use strict;
use warnings;
use lib 'lib';

use ConfigTest qw(parse_configs);
use CorsClient qw(get);
use OwnServer;
use Test::More;

my $server = OwnServer->new;
my $number = 0;
$server->serve(<<'CONF');
<Directory "@dir@/www">
    AllowOverride AuthConfig
</Directory>
CONF

# "= STATUS" is that of a request for a file that is not there, "!" what the log
# says beside the status 500; FILE stands for the file.
for my $row (parse_configs(join '', <DATA>)) {
    my ($title, $text, $wanted) = @$row;
    $number++;
    my $file = $server->write("$number/.htaccess", $text);
    my $mark = length $server->log;
    my $got  = get("/$number/x", undef, port => $server->port)->status;
    my ($said) = substr($server->log, $mark) =~ /\Q$file\E: (.*)/;
    $got = $got == 500 && defined $said ? '! ' . $said =~ s/\Q$file\E/FILE/gr
        : "= $got";
    is($got, $wanted, $title);
}

# What the server's configuration has counts as well.
my $file = $server->write('or/.htaccess', "AuthMerging Or\nRequire ip 10\n");
is(get('/or/x', undef, port => $server->port)->status, 403,
    'AuthMerging Or where there is no Require cors');
$server->serve(<<'CONF');
<Directory "@dir@/www">
    AllowOverride AuthConfig
    AuthMerging And
    Require cors
</Directory>
CONF
is(get('/or/x', undef, port => $server->port)->status, 500,
    'AuthMerging Or where there is one');
like($server->log, qr{\Q$file: AuthMerging Or ($file:1)\E\ in\ a\ .htaccess\ file
    \ with\ Require\ cors\ \(\S+:\d+\):\ either\ of\ them\ is\ enough,\ so\ whom
    \ other\ lines\ keep\ out\ would\ get\ in;\ write\ AuthMerging\ And$}mx,
    'as the log says');

# Nothing but a list lets files have it, in a group.
$server->write('list/.htaccess',
    "<RequireAll>\nAuthMerging And\nRequire cors\n</RequireAll>\n");
$server->serve(<<'CONF');
<Directory "@dir@/www/list">
    AllowOverrideList <RequireAll
</Directory>
CONF
is(get('/list/x', undef, port => $server->port)->value('Vary'),
    'Sec-Fetch-Site,Origin', 'a list that lets groups in');
$server->stop;
done_testing();

__DATA__
== merged
AuthMerging And
Require cors
= 404

== merged, said below
Require cors
AuthMerging And
= 404

== merged, said in a group
<RequireAll>
    AuthMerging And
    Require cors
    Require all granted
</RequireAll>
= 404

== not merged
Require cors
! Require cors in a .htaccess file replaces what the server's configuration
!   requires; write AuthMerging And beside it

== not merged, in a section
AuthMerging And
<Files "*">
    Require cors
</Files>
! Require cors in a .htaccess file replaces what the server's configuration
!   requires; write AuthMerging And beside it

== a dry run that is not merged
Require all granted
Require cors
! Require cors in a .htaccess file replaces what the server's configuration
!   requires; write AuthMerging And beside it

== below a password
Require valid-user
Require cors
! Require cors with Require valid-user (FILE:1): either of them is enough, so
!   whom that one keeps out would get in; write both in one <RequireAll>

== above a password
Require cors
Require valid-user
! Require cors with Require valid-user (FILE:2): either of them is enough, so
!   whom that one keeps out would get in; write both in one <RequireAll>

== below a group
<IfModule mod_cors.c>
<RequireAll>
    Require valid-user
    Require ip 10
</RequireAll>
</IfModule>
AuthMerging And
<RequireAny>
    Require cors
</RequireAny>
! Require cors with <RequireAll> (FILE:2): either of them is enough, so
!   whom that one keeps out would get in; write both in one <RequireAll>

== below AuthMerging Or
AuthMerging Or
Require cors
! Require cors with AuthMerging Or (FILE:1): either it or what other sections
!   require is enough, so whom they keep out would get in; write AuthMerging And

== in a group with AuthMerging Or
<RequireAll>
    AuthMerging Or
    Require cors
</RequireAll>
! Require cors with AuthMerging Or (FILE:2): either it or what other sections
!   require is enough, so whom they keep out would get in; write AuthMerging And

== with a lock of its own
<RequireAll>
    Require cors
    Require ip 10
</RequireAll>
= 403

== in the section of another file's lines
<Files "y">
    Require valid-user
</Files>
<Files "x">
    AuthMerging And
    Require cors
</Files>
= 404

== in a macro
<Macro Own>
    AuthMerging And
    Require cors
</Macro>
Use Own
! Require cors in macro 'own' (defined on line 1 of "FILE") used on line 5 of
!   "FILE": what stands beside it cannot be seen; write it into the .htaccess file
!   itself

== in a macro, in a section
<Macro Own>
    AuthMerging And
    Require cors
</Macro>
<Files "*">
    Use Own
</Files>
= 404

== over another section of the file
<Files "x">
    AuthMerging And
    Require cors
</Files>
<Files "*">
    AuthMerging Or
    Require ip 10
</Files>
! AuthMerging Or (FILE:6) in a .htaccess file with Require cors (FILE:3): either of
!   them is enough, so whom other lines keep out would get in; write AuthMerging
!   And

== over another section of the file, said before
<Files "x">
    AuthMerging Or
    Require ip 10
</Files>
<Files "*">
    AuthMerging And
    Require cors
</Files>
! AuthMerging Or (FILE:2) in a .htaccess file with Require cors (FILE:7): either of
!   them is enough, so whom other lines keep out would get in; write AuthMerging
!   And

== over another section with a lock of its own
<Files "x">
    <RequireAll>
        Require cors
        Require ip 10
    </RequireAll>
</Files>
<Files "*">
    AuthMerging Or
    Require ip 10
</Files>
= 403
