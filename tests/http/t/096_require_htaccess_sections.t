# "Require cors" in a .htaccess file or in the server's sections, and AuthMerging
# Or in the other: who was kept out before gets in nowhere, and nothing else is
# an error.
use strict;
use warnings;
use lib 'lib';

use CorsClient qw(get);
use OwnServer;
use Test::More;

my $server = OwnServer->new;
my $cors   = "AuthMerging And\nRequire cors\n";
my $either = "AuthMerging Or\nRequire ip 10\n";

# What the server says of /ROW/, files beside /ROW/x, what is asked for, and the
# status without the line of Require cors and with it. "CORS" and "EITHER" are
# the lines above, "LINE" is the former without
# AuthMerging, "GROUP" the same in a <RequireAll>.
my @rows = (
    [ 'a location', '<Location "/ROW/">EITHER</Location>',
        { '.htaccess' => 'CORS' }, 'x', 403, 500 ],
    [ 'a directory further in',
        '<Directory "@dir@/www/ROW/in">EITHER</Directory>',
        { '.htaccess' => 'CORS', 'in/x' => 'secret' }, 'in/x', 403, 500 ],
    [ 'the same, written with a dot',
        '<Directory "@dir@/www/ROW/./in">EITHER</Directory>',
        { '.htaccess' => 'CORS', 'in/x' => 'secret' }, 'in/x', 403, 500 ],
    [ 'the same, written with two slashes',
        '<Directory "@dir@/www//ROW/in">EITHER</Directory>',
        { '.htaccess' => 'CORS', 'in/x' => 'secret' }, 'in/x', 403, 500 ],
    [ 'directories of a pattern',
        '<DirectoryMatch "ROW/in">EITHER</DirectoryMatch>',
        { 'in/.htaccess' => 'CORS', 'in/x' => 'secret' }, 'in/x', 403, 500 ],
    [ 'a directory further out',
        '<Directory "@dir@/www/ROW">EITHER</Directory>',
        { 'in/.htaccess' => 'CORS', 'in/x' => 'secret' }, 'in/x', 403, 403 ],
    [ 'another directory',
        '<Directory "@dir@/www/ROW/other">EITHER</Directory>',
        { 'in/.htaccess' => 'CORS', 'in/x' => '' }, 'in/x', 200, 200 ],
    [ 'nothing that refuses',
        '<Location "/ROW/">AuthMerging Or' . "\nRequire all granted\n</Location>",
        { '.htaccess' => 'CORS' }, 'x', 200, 200 ],
    [ 'a file of another directory',
        '<Directory "@dir@/www/ROW/other">CORS</Directory>',
        { '.htaccess' => "AuthMerging Or\nRequire ip 127\n" }, 'x', 200, 200 ],
    [ 'a file of a directory further out',
        '', { '.htaccess' => "AuthMerging Or\nRequire ip 127\n",
            'in/.htaccess' => 'CORS', 'in/x' => '' }, 'in/x', 200, 200 ],
    [ 'a file of a directory further in',
        '<Directory "@dir@/www/ROW">CORS</Directory>',
        { 'in/.htaccess' => 'EITHER', 'in/x' => '' }, 'in/x', 403, 500 ],
    [ 'a condition over a location', '<Location "/ROW/">CORS</Location>',
        { '.htaccess' => '<If "true">EITHER</If>' }, 'x', 403, 500 ],
    [ 'a file under a condition', '<If "true">CORS</If>',
        { '.htaccess' => 'EITHER' }, 'x', 403, 403 ],
    [ 'a condition in a directory further in, one of files further out', '',
        { '.htaccess' => '<Files "x"><If "true">EITHER</If></Files>',
            'in/.htaccess' => '<If "true">CORS</If>', 'in/x' => 'secret' },
        'in/x', 403, 500 ],
    [ 'a condition of a location, one in the other', <<'CONF',
<Location "/ROW/">
    <If "true">
        <If "true">EITHER</If>
    </If>
</Location>
CONF
        { '.htaccess' => '<Files "x"><If "true">CORS</If></Files>' },
        'x', 403, 500 ],
    [ 'a condition in the other in a file, one of a location',
        '<Location "/ROW/"><If "true">EITHER</If></Location>',
        { '.htaccess' => '<If "true"><If "true">CORS</If></If>' },
        'x', 403, 403 ],
    [ 'a file that a part of a page comes from', '',
        { '.htaccess' => 'CORS', 'in/.htaccess' => 'EITHER',
            'in/x' => 'secret',
            'page.shtml' => '<!--#include virtual="in/x"-->' },
        'page.shtml', 200, 200 ],
    [ 'a line that may not merge', <<'CONF',
<Directory "@dir@/www/ROW">
    Require ip 10
    AllowOverride Nonfatal=Override
    AllowOverrideList Require
</Directory>
CONF
        { '.htaccess' => 'CORS' }, 'x', 403, 500 ],
    [ 'a line that may not merge, in a group that may stand there', <<'CONF',
<Directory "@dir@/www/ROW">
    Require ip 10
    AllowOverride Nonfatal=Override
    AllowOverrideList Require <RequireAll
</Directory>
CONF
        { '.htaccess' => "AuthMerging And\nGROUP" }, 'x', 403, 500 ],
    [ 'one that may merge in such a group', <<'CONF',
<Directory "@dir@/www/ROW">
    Require ip 10
    AllowOverride Nonfatal=Override
    AllowOverrideList Require <RequireAll
</Directory>
CONF
        { '.htaccess' => "<RequireAll>\nAuthMerging And\nRequire ip 127\n"
                . "LINE</RequireAll>\n" }, 'x', 403, 403 ],
    [ 'one whose group may not stand there', <<'CONF',
<Directory "@dir@/www/ROW">
    Require ip 10
    AllowOverride Nonfatal=Override
    AllowOverrideList Require AuthMerging
</Directory>
CONF
        { '.htaccess' => "<RequireAll>\nAuthMerging And\n"
                . "Require all granted\n</RequireAll>\nLINE" }, 'x', 403, 500 ],
    [ 'a location that says it without a lock, over another one', <<'CONF',
<Location "/ROW/">
    Require ip 10
</Location>
<Location "/ROW/">
    AuthMerging Or
</Location>
CONF
        { '.htaccess' => 'CORS' }, 'x', 403, 500 ],
    [ 'one whose lock is for another method', <<'CONF',
<Location "/ROW/">
    Require ip 10
</Location>
<Location "/ROW/">
    AuthMerging Or
    <Limit POST>
        Require all granted
    </Limit>
</Location>
CONF
        { '.htaccess' => 'CORS' }, 'x', 403, 500 ],
    [ 'lines of a macro', '', { '.htaccess' => 'Use RequireCors' }, 'x', 200,
        500 ],
    [ 'other lines of a macro', '', { '.htaccess' => 'Use Either' }, 'x', 403,
        403 ],
);

sub filled {
    my ($text, $row, $is_with) = @_;
    my $line = $is_with ? $cors : '';
    my $line_alone = $is_with ? "Require cors\n" : '';
    my $group = $is_with
        ? "<RequireAll>\nRequire all granted\n$line_alone</RequireAll>\n" : '';
    return $text =~ s/GROUP/$group/gr =~ s/LINE/$line_alone/gr =~ s/CORS/\n$line/gr =~ s/EITHER/\n$either/gr
        =~ s/ROW/row$row/gr =~ s/></>\n</gr;
}

my %got;
for my $is_with (0, 1) {
    my $conf = filled(<<'CONF', '', $is_with);
<Macro RequireCors>
CORS
</Macro>
<Macro Either>
EITHER
</Macro>
<Directory "@dir@/www">
    AllowOverride AuthConfig
    Options +Includes
    AddOutputFilter INCLUDES .shtml
</Directory>
CONF
    for my $row (0 .. $#rows) {
        my ($title, $section, $files) = @{ $rows[$row] };
        my %files = (x => "\n", %$files);
        $server->write("row$row/$_", filled($files{$_}, $row, $is_with))
            for keys %files;
        $conf .= "<VirtualHost *:\@port\@>\nServerName row$row.example\n"
            . filled($section, $row, $is_with) . "\n</VirtualHost>\n";
    }
    $server->serve($conf);
    for my $row (0 .. $#rows) {
        my ($title, undef, undef, $path, @status) = @{ $rows[$row] };
        my $res = get("/row$row/$path", undef, port => $server->port,
            host => "row$row.example");
        is($res->status, $status[$is_with],
            $title . ($is_with ? ', with Require cors' : ''));
        unlike($res->body, qr/secret/, "$title: nobody gets in");
    }
}
$server->stop;

my $file = qr/\(\S+:\d+\)/;
like($server->log, qr/:\ \QAuthMerging Or \E$file\Q with Require cors \E$file
    \Q in a .htaccess file, where both apply: either of them is enough, so whom \E
    \Qother lines keep out would get in; write AuthMerging And\E$/mx,
    'what the log says');
done_testing();
