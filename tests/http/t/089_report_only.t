# CORSEngine ReportOnly at start-up: where it may stand, that what is unsafe
# stays an error, and that lines of mod_headers still have their effect.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use CorsTest;
use OwnServer;
use Test::More;

startup_rows(<<'ROWS');
== in the server, with a recipe
CORSEngine ReportOnly
CORSAllowOrigin https://a.example
Header always set Access-Control-Allow-Origin "*"
<Location "/a">
    Header set Access-Control-Allow-Origin "*"
</Location>

== in a section, with a recipe
<Location "/a">
    CORSEngine ReportOnly
    CORSAllowOrigin https://a.example
    Header set Access-Control-Allow-Origin "*"
</Location>

== below a live policy, with a recipe
CORSAllowOrigin https://a.example
<Directory "/srv">
    CORSEngine ReportOnly
    Header set Access-Control-Allow-Origin "*"
</Directory>

== a section that is live below it
CORSEngine ReportOnly
CORSAllowOrigin https://a.example
<Location "/a">
    CORSEngine On
    Header set Access-Control-Allow-Origin "*"
</Location>
? Header set Access-Control-Allow-Origin "*" (conf:5) has no effect where a
?   CORS policy applies; remove it

== a request header that is changed before policies see it
CORSEngine ReportOnly
CORSAllowOrigin https://a.example
RequestHeader unset Origin early
? RequestHeader unset Origin early (conf:3) changes the header before CORS
?   policies see it; leave out early, so that only handlers and backends see the
?   change

== origins below Off that are reported on
CORSEngine Off
<Location "/a">
    CORSEngine ReportOnly
    CORSAllowOrigin https://a.example
</Location>

== origins below Off, and a section that reports
CORSEngine Off
<Location "/a">
    CORSAllowOrigin https://a.example
</Location>
<Location "/b">
    CORSEngine ReportOnly
</Location>

== no origins
<Location "/a">
    CORSEngine ReportOnly
    CORSAllowMethods PUT
</Location>
? CORSAllowMethods PUT (conf:3) has no effect: no origin is allowed there; add
?   CORSAllowOrigin

== unsafe
<Location "/a">
    CORSEngine ReportOnly
    CORSAllowOrigin *
    CORSAllowCredentials On
</Location>
! CORSAllowOrigin * (conf:3) with CORSAllowCredentials On (conf:4): any site
!   could read responses with the visitor's credentials; list the origins, or
!   write CORSAllowCredentials Off

== early, where it cannot be
CORSEngine ReportOnly
CORSAllowOrigin https://a.example
CORSPreflight early
<Directory "/srv">
    CORSMaxAge 1
</Directory>
! CORSPreflight early (conf:3) with CORSMaxAge 1 (conf:5): it can change the
!   policy after preflights have been answered; remove it, or write
!   CORSPreflight answer
ROWS

for my $open ('VirtualHost *:1', 'Directory /', 'DirectoryMatch /x',
    'Location /x', 'LocationMatch ^/x', 'Files x.html', 'FilesMatch x$',
    'If "true"', 'Proxy http://x.test')
{
    my ($close) = split ' ', $open;
    config_ok("<$open>\nCORSEngine ReportOnly\n"
            . "CORSAllowOrigin https://a.example\n</$close>\n",
        "in <$open>");
}
in_htaccess();
done_testing();

sub in_htaccess {
    my $server = OwnServer->new;
    $server->write('x/file.txt', "file\n");
    $server->write('x/.htaccess', "CORSEngine ReportOnly\n");
    $server->serve("<Directory \"\@dir\@/www\">\nAllowOverride FileInfo\n"
            . "</Directory>\n");
    my @at = (port => $server->port, protocol => 'h1');
    is(get('/x/file.txt', undef, @at)->status, 500, 'in .htaccess');
    my ($message) = $server->log =~ /\.htaccess: (.*)/;
    is($message, "CORSEngine cannot occur within htaccess files; "
            . "its reports are for the server's administrator: write On or "
            . "Off, or ReportOnly in a <Directory> of the server's "
            . "configuration", 'the message');
    $server->write('x/.htaccess', "CORSEngine On\n");
    is(get('/x/file.txt', undef, @at)->status, 200, 'On in .htaccess');
    $server->stop;
    return;
}
