# What the log says of requests that "Require cors" refuses, and of those that
# another line lets through: one line each, at level info, as many in a minute as
# of other refusals; and what LogLevel debug adds.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use OwnServer;
use RequireTest;
use Test::More;

my @OWN     = ('Sec-Fetch-Site' => 'same-origin');
my @FOREIGN = ('Sec-Fetch-Site' => 'cross-site',
    Origin => 'https://evil.example');
my $server  = OwnServer->new;
my $conf    = notes_format() . <<'CONF';
<Directory "@dir@/www/htaccess">
    AllowOverride AuthConfig
</Directory>
<Location "/covered/">
    Require cors
</Location>
<Location "/isolated/">
    Require cors isolated
</Location>
<Location "/dry/">
    <RequireAny>
        Require cors
        Require all granted
    </RequireAny>
</Location>
<Location "/tried/">
    <RequireAny>
        Require cors isolated
        Require all granted
    </RequireAny>
</Location>
<Directory "@dir@/www">
    Options +ExecCGI +Includes
    AddHandler cgi-script .cgi
    AddOutputFilter INCLUDES .shtml
</Directory>
<Location "/auth/">
    AuthType Basic
    AuthName site
    AuthUserFile "@dir@/www/passwords"
    <RequireAll>
        <RequireAny>
            Require cors
            Require all granted
        </RequireAny>
        Require valid-user
    </RequireAll>
</Location>
<Location "/form/">
    <RequireAny>
        Require cors
        Require expr "%{REQUEST_METHOD} == 'POST'"
    </RequireAny>
</Location>
<Location "/missing/">
    <RequireAny>
        Require cors
        Require all granted
    </RequireAny>
    Redirect 403 /missing/refused
</Location>
<Location "/quiet/">
    Require cors
    LogLevel cors:warn
</Location>
<Location "/loud/">
    Require cors
    LogLevel cors:debug
</Location>
CONF
$server->write("$_/file.txt", "file\n")
    for qw(covered isolated dry form missing quiet loud htaccess auth tried);
$server->write('dry/page.shtml', '<!--#include virtual="/covered/file.txt" -->');
chmod oct '755', $server->write("$_/to.cgi", <<'CGI') for qw(dry tried);
#!/bin/sh
printf 'Location: %s\n\n' "$QUERY_STRING"
CGI
$server->write('passwords', "joe:{SHA}FqmlTd9CWZUuPBGMdjE46DaT1/0=\n");
$server->write('htaccess/.htaccess', "AuthMerging And\nRequire cors\n");

# Where, what of, method and lines; the note; and what is logged.
my $REFUSED = 'foreign=foreign verdict=denied reason=foreign';
my $evil    = q(origin 'https://evil.example', Sec-Fetch-Site 'cross-site');
my @rows    = (
    [ covered => \@OWN,     'foreign=same-origin' ],
    [ covered => \@FOREIGN, $REFUSED,
        "request refused (foreign): $evil, method 'POST', host 'localhost'" ],
    [ covered => [ 'Sec-Fetch-Site' => 'same-site' ], $REFUSED,
        "request refused (foreign): origin '-', Sec-Fetch-Site 'same-site', "
            . "method 'POST', host 'localhost'" ],
    [ covered => [ Origin => 'null' ], $REFUSED,
        "request refused (foreign): origin 'null', Sec-Fetch-Site '-', "
            . "method 'POST', host 'localhost'" ],
    [ covered => [], 'foreign=host verdict=denied reason=host',
        "request refused (host): origin '-', Sec-Fetch-Site '-', method 'POST', "
            . "host 'evil.example:81' is not a name of this server: if it is, "
            . 'write it as ServerName or ServerAlias', 'evil.example:81' ],
    [ isolated => \@FOREIGN, $REFUSED,
        "request refused (foreign): $evil, method 'POST', host 'localhost'" ],
    [ htaccess => \@FOREIGN, $REFUSED,
        "request refused (foreign): $evil, method 'POST', host 'localhost'" ],
    [ dry => \@OWN,     'foreign=same-origin' ],
    [ dry => \@FOREIGN, 'foreign=foreign',
        "request let through, though foreign (foreign): $evil, method 'POST', "
            . "host 'localhost'" ],
    [ dry => [], 'foreign=host',
        "request let through, though foreign (host): origin '-', Sec-Fetch-Site "
            . "'-', method 'POST', host 'evil.example' is not a name of this "
            . 'server: if it is, write it as ServerName or ServerAlias', 'evil.example' ],
    [ form => \@FOREIGN, 'foreign=foreign',
        "request let through, though foreign (foreign): $evil, method 'POST', "
            . "host 'localhost'" ],
    [ quiet => \@FOREIGN, $REFUSED ],
);
my $place = qr{, Require cors of localhost <Location "/(\w+)/"> \(\S+/httpd\.conf:\d+\)\z};

for my $level (qw(info debug warn)) {
    $server->serve("LogLevel warn cors:$level\n$conf");
    for my $row (@rows) {
        my ($path, $lines, $notes, $said, $host) = @$row;
        my $end = length $server->log;
        my (undef, $got) = require_ask($server, 'POST', "/$path/file.txt",
            $lines, host => $host || 'localhost');
        my $status = $notes =~ /verdict/ ? 403 : 200;
        is($got, "$status $notes", "$level: /$path/: notes");
        my @logged = map { s/.*?\[client [^]]*\] //r } grep { /\[cors:/ }
            split /\n/, substr $server->log, $end;
        my @debug = grep { /^Require cors/ } @logged;
        my $found = $notes =~ s/.*foreign=(\S+).*/$1/r;
        $found    = 'foreign' if $found ne 'host' && $notes =~ /reason/;
        is_deeply(\@debug, $level eq 'debug' && $path ne 'quiet'
            ? [ 'Require cors' . ($path eq 'isolated' ? ' isolated' : '')
                    . ": $found" ]
            : [], "$level: /$path/: how it was found");
        @logged = grep { !/^Require cors/ } @logged;
        if (!$said || $level eq 'warn') {
            is_deeply(\@logged, [], "$level: /$path/: nothing is logged");
            next;
        }
        is(scalar @logged, 1, "$level: /$path/: one line");
        my $rest = $path eq 'htaccess'
            ? qr{, Require cors of \.htaccess files\z} : $place;
        like($logged[0] // '', qr/\A\Q$said\E$rest/, 'and which');
    }
}

# The level of the section counts.
$server->serve("LogLevel warn\n$conf");
my $end = length $server->log;
require_ask($server, 'POST', '/loud/file.txt', \@FOREIGN);
is(scalar(() = substr($server->log, $end) =~ /\[cors:(?:info|debug)\]/g), 2,
    'LogLevel of a <Location>');

# Who is asked for a password has not been let through.
$server->serve("LogLevel warn cors:info\n$conf");
for my $row ([ 401, 0 ], [ 200, 1, Authorization => 'Basic am9lOmpvZQ==' ]) {
    my ($status, $logged, @joe) = @$row;
    $end = length $server->log;
    my (undef, $got) = require_ask($server, 'POST', '/auth/file.txt',
        [ @FOREIGN, @joe ]);
    is($got, "$status foreign=foreign", "a dry run and a password: $status");
    is(scalar(() = substr($server->log, $end) =~ /request let through/g),
        $logged, 'and what is logged');
}

# Where several lines ask, the last one that is heeded is named.
for my $way ('dry covered', 'dry isolated', 'tried covered', 'tried isolated',
    'dry tried', 'dry ssi')
{
    my ($from, $to) = split / /, $way;
    $end = length $server->log;
    require_ask($server, 'POST', $to eq 'ssi' ? "/$from/page.shtml"
        : "/$from/to.cgi?/$to/file.txt", \@FOREIGN);
    my ($said, $named) = substr($server->log, $end)
        =~ /request (refused|let through).* Require cors of .*<Location "(\S+)">/;
    is($said . " $named", $to =~ /tried|ssi/
        ? 'let through ' . ($to eq 'ssi' ? '/dry/' : "/$to/")
        : "refused /$to/", "from $from to $to");
}

# A refusal of something else is what the status says.
my (undef, $notes) = require_ask($server, 'POST', '/missing/refused', \@FOREIGN);
is($notes, "403 $REFUSED", 'a 403 that another module gives to a foreign request');

# A flood.
$end = length $server->log;
for my $number (1 .. 300) {
    request('POST', '/covered/file.txt',
        [ Origin => "https://x$number.example" ], port => $server->port);
}
my %minutes;
$minutes{$_}++ for substr($server->log, $end)
    =~ /^\[(.*:\d\d):\S+ \d+\] \[cors:info\].* request refused /mg;
is_deeply([ grep { $minutes{$_} > 60 } keys %minutes ], [],
    'a flood: sixty lines a minute at most');
ok(scalar keys %minutes, 'where there are any');
unlike($server->log, qr/:(?:crit|alert|emerg)\]/, 'no error is logged');
done_testing();
