# What ReportOnly says of recipes that are in use and broken, each in its way, and
# that it says nothing of one that is correct: in the note, in the error log and
# in cors-status.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use Files qw(slurp);
use JSON::PP qw(decode_json);
use OwnServer;
use Test::More;
use Time::HiRes qw(sleep);

my $app    = 'https://app.example';
my $evil   = 'https://evil.example';
my $server = OwnServer->new;
my @at     = (port => $server->port, protocol => 'h1');

my $cgi = "#!/bin/sh\nprintf 'Content-Type: text/plain\\n"
    . "Access-Control-Allow-Origin: *\\n\\nx'\n";
chmod oct '755', $server->write("$_/x.cgi", $cgi) for qw(cgi backend);
chmod oct '755', $server->write('cgi/nph-x.cgi',
    "#!/bin/sh\nprintf 'HTTP/1.0 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nx\\n'\n");
for my $dir (
    qw(basic r204 echo regex double star right front dots list kept passed wild))
{
    $server->write("$dir/x.txt", "x\n");
}
chmod oct '755', $server->write('cgi/nph-y.magic',
    "#!/bin/sh\nprintf 'HTTP/1.0 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nx\\n'\n");
$server->write('ht/index.html', "front controller\n");
$server->write('ht/.htaccess',
    "RewriteEngine On\nRewriteCond %{REQUEST_FILENAME} !-f\n"
    . "RewriteRule . /ht/index.html [L]\n");
$server->write('passwords', "u:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=\n");

$server->serve(<<'CONF');
LogLevel cors:info
CustomLog "@dir@/reports" "%U|%{cors-report}n|%{cors-verdict}n|%{CORS_ORIGIN}e"
<Directory "@dir@/www">
    Options ExecCGI FollowSymLinks
    AddHandler cgi-script .cgi
    AddType application/x-httpd-cgi .magic
</Directory>
<Directory "@dir@/www/ht">
    AllowOverride FileInfo
</Directory>
<Location "/">
    CORSEngine ReportOnly
    CORSAllowOrigin https://app.example
    CORSAllowMethods GET POST PUT
    CORSAllowHeaders Authorization Content-Type
    CORSAllowCredentials On
</Location>
# A front controller, which nobody asks for.
<Location "/ht">
    Header always set Access-Control-Allow-Credentials "yes"
</Location>
<Location "/ht/index.html">
    LogLevel cors:crit
</Location>
<Location "/cors-status">
    SetHandler cors-status
    CORSStatus On
</Location>
<Location "/on">
    CORSEngine On
</Location>

# P1: authentication before the preflight.
<Location "/basic">
    AuthType Basic
    AuthName "x"
    AuthBasicProvider file
    AuthUserFile "@dir@/www/passwords"
    Require valid-user
    Header always set Access-Control-Allow-Origin "https://app.example"
    Header always set Access-Control-Allow-Credentials "true"
    Header always set Access-Control-Allow-Methods "GET, POST, PUT"
    Header always set Access-Control-Allow-Headers "Authorization"
</Location>
# P2: headers without "always" on the answer of a RewriteRule.
<Location "/r204">
    Header set Access-Control-Allow-Origin "*"
    Header set Access-Control-Allow-Methods "GET, POST, PUT"
    RewriteEngine On
    RewriteCond "%{REQUEST_METHOD}" "OPTIONS"
    RewriteRule "" "-" [R=204,L]
</Location>
# P3: a script's header beside the recipe's.
<Location "/cgi">
    Header set Access-Control-Allow-Origin "https://app.example"
</Location>
# P5: an echo of any origin.
<Location "/echo">
    SetEnvIf Origin "(.*)" from=$1
    Header always set Access-Control-Allow-Origin "%{from}e" env=from
    Header always set Access-Control-Allow-Credentials "true"
</Location>
# P6: regular expressions without ends, and a backreference too much.
<Location "/regex">
    SetEnvIf Origin "https://app.example" is_ours
    SetEnvIf Origin "(.*)" from=$1
    Header always set Access-Control-Allow-Origin "%{from}e" env=is_ours
    Header always set Vary "Origin"
</Location>
<Location "/double">
    SetEnvIf Origin "^http(s)?://app\.example$" from=$0$1
    Header always set Access-Control-Allow-Origin "%{from}e" env=from
    Header always set Vary "Origin"
</Location>
# P7: "*" with credentials; a list that is too short.
<Location "/star">
    Header always set Access-Control-Allow-Origin "*"
    Header always set Access-Control-Allow-Credentials "true"
    Header always set Access-Control-Allow-Methods "GET, PUT"
    Header always set Access-Control-Allow-Headers "X-Other"
</Location>
# P9: a backend's "*" beside ours.
ProxyPass "/proxied" "http://127.0.0.1:@port@/backend" disablereuse=on
<Location "/proxied">
    Header always set Access-Control-Allow-Origin "https://app.example"
</Location>
<Location "/backend">
    CORSEngine Off
</Location>
# Methods that are not listed, a value that is not true, a list that is none.
<Location "/list">
    Header always set Access-Control-Allow-Origin "https://app.example"
    Header always set Access-Control-Allow-Credentials "TRUE"
    Header always set Access-Control-Allow-Methods "GET; PUT"
</Location>
# A backend that is to be left alone: On would not change what it says.
<Location "/kept">
    CORSBackendHeaders keep
    CORSPreflight pass
    Header always set Access-Control-Allow-Origin "*"
    Header always set Access-Control-Allow-Methods "DELETE"
</Location>
<Location "/passed">
    CORSPreflight pass
    Require method GET
    Header always set Access-Control-Allow-Origin "https://app.example"
    Header always set Access-Control-Allow-Credentials "true"
</Location>
# "*", which browsers let cover Authorization, and the policy does not.
<Location "/wild">
    CORSAllowHeaders *
    CORSAllowCredentials Off
    Header always set Access-Control-Allow-Origin "*"
    Header always set Access-Control-Allow-Headers "*"
    Header always set Access-Control-Allow-Methods "PUT"
</Location>
# One that is right.
<Location "/right">
    SetEnvIf Origin "^https://app\.example$" from=$0
    Header always set Access-Control-Allow-Origin "%{from}e" env=from
    Header always set Access-Control-Allow-Credentials "true" env=from
    Header always set Access-Control-Allow-Methods "GET, POST, PUT" env=from
    Header always set Access-Control-Allow-Headers "authorization, content-type" env=from
    Header always merge Vary "Origin"
    RequestHeader unset Origin
    RewriteEngine On
    RewriteCond "%{REQUEST_METHOD}" "OPTIONS"
    RewriteRule "" "-" [R=204,L]
</Location>
CONF

my $preflight = 'preflight PUT content-type';

# Path, Origin, what is asked (a preflight, or a Cookie), the note.
my @rows = (
    [ '/basic/x.txt', $app, $preflight,
        'would-allow, preflight-status-401' ],
    [ '/r204/x.txt', $app, $preflight,
        'would-allow' ],
    [ '/r204/x.txt', $evil, '',       'would-refuse' ],
    [ '/cgi/x.cgi', $app, '',         'would-allow, two-allow-origin' ],
    [ '/cgi/x.cgi', $app, 'cookie',   'would-allow, two-allow-origin' ],
    [ '/front/missing', $app, '',     'would-allow' ],
    [ '/ht/some/page', $app, '',      'would-allow, credentials-not-true' ],
    [ '/ht/some/page', $evil, '',     'same, credentials-not-true' ],
    [ '/echo/x.txt', $app, 'cookie',  'same' ],
    [ '/echo/x.txt', $evil, 'cookie', 'would-refuse, no-vary' ],
    [ '/echo/x.txt', $app, '',        'same, no-vary' ],
    [ '/regex/x.txt', "$app.evil.com", '',       'would-refuse' ],
    [ '/regex/x.txt', 'https://appXexample', '', 'would-refuse' ],
    [ '/double/x.txt', $app, '',      'would-allow' ],
    [ '/star/x.txt', $app, 'cookie',  'would-allow, star-with-credentials' ],
    [ '/star/x.txt', $app, $preflight,
        'would-allow, star-with-credentials,'
            . ' preflight-header-not-listed content-type' ],
    [ '/proxied/x.cgi', $app, '',     'would-allow, two-allow-origin' ],
    [ '/list/x.txt', $app, 'cookie',  'would-allow, credentials-not-true' ],
    [ '/list/x.txt', $app, 'preflight PUT',
        qr/\Awould-allow, credentials-not-true, .*malformed-list GET; PUT\z/ ],
    [ '/r204/x.txt', $evil, 'same-origin cors',    '-' ],
    [ '/r204/x.txt', $evil, 'cross-site navigate', '-' ],
    [ '/r204/x.txt', $evil, 'cross-site cors',     'would-refuse' ],
    [ '/r204/x.txt', $evil, 'upgrade WebSocket',   '-' ],
    [ '/r204/x.txt', $evil, 'upgrade h2c',         'would-refuse' ],
    [ '/kept/x.txt', $evil, '',              'same' ],
    [ '/kept/x.txt', $evil, 'preflight DELETE', 'same' ],
    [ '/passed/x.txt', $app, 'preflight PUT',
        'same, preflight-status-403' ],
    [ '/passed/x.txt', $evil, '',            'same' ],
    [ '/wild/x.txt', $app, 'preflight PUT authorization', 'would-refuse' ],
    [ '/right/x.txt', $app, 'cookie',    'same' ],
    [ '/right/x.txt', $app, '',          'same' ],
    [ '/right/x.txt', $evil, '',         'same' ],
    [ '/right/x.txt', $evil, 'cookie',   'same' ],
    [ '/right/x.txt', $app, $preflight,  'same' ],
    [ '/right/x.txt', $evil, $preflight, 'same' ],
    [ '/right/x.txt', undef, '',         '-' ],
    [ '/cgi/nph-x.cgi', $app, '',        '-' ],
    [ '/cgi/nph-y.magic', $app, '',      '-' ],
    [ '/right/missing', $app, '',        'same' ],
);

my %shown;
for my $row (@rows) {
    my ($path, $from, $what, $want) = @$row;
    my $before = length $server->log;
    my $note   = ask($path, $from, $what);
    my $name   = join ' ', $path, $from || 'no origin', $what;
    ref $want ? like($note, $want, $name) : is($note, $want, $name);
    my @lines = grep { /report-only/ } split /\n/,
        substr $server->log, $before;
    my $is_logged = $note ne 'same' && $note ne '-';
    is(scalar @lines, $is_logged ? 1 : 0, "$name: lines in the log");
    my $kind = $what =~ /preflight/ ? 'preflight' : 'actual request';
    like($lines[0], qr/report-only: $kind \Q$note\E: policy /,
        "$name: the line")
        if $is_logged;
    next if !$is_logged;
    (my $words = $note) =~ s/(-status)-\d+|(-listed|-list) [^,]*/$1 || $2/ge;
    $shown{"$from $words"}++;
}

# The line as a whole.
my ($line) = $server->log =~ /(report-only: \S+ request would-refuse, no.*)/;
like($line, qr{\Areport-only:[ ]actual[ ]request[ ]would-refuse,[ ]no-vary:
    [ ]policy[ ]denies[ ]\(origin\),[ ]response[ ]200[ ]can[ ]be[ ]read,
    [ ]with[ ]credentials,[ ]Access-Control-Allow-Origin[ ]'$evil',
    [ ]origin[ ]'$evil',[ ]method[ ]'GET',[ ]policy[ ].*/httpd\.conf:\d+\)?\z}x,
    'the line');

my $json = decode_json(get('/cors-status?json', undef, @at)->body);
is_deeply({ map { ("$_->{origin} $_->{report}" => 1) } @{ $json->{reports} } },
    { map { $_ => 1 } keys %shown }, 'the reports of cors-status');
is_deeply($json->{refusals}, [], 'no refusal');
my %path = map { $_->{path} => 1 } @{ $json->{reports} };
ok($path{'/ht/some/page'}, 'the path that was asked for')
    or diag(sort keys %path);
my %sum = (same => 0);
for my $policy (@{ $json->{policies} }) {
    $sum{ $_->{report} } += $_->{count} for @{ $policy->{reports} || [] };
    $sum{ $_->{defect} } += $_->{count} for @{ $policy->{defects} || [] };
}
my $metrics = get('/cors-status?metrics', undef, @at)->body;
my %metric;
$metric{$1} += $2
    while $metrics =~ /^httpd_cors_(?:reports|defects)_total\{policy=.*,(?:report|defect)="([-\w]+)"\} (\d+)$/mg;
is_deeply(\%metric, \%sum, 'the metrics say what JSON says');
is($sum{same}, 14, 'how many are the same');
is($sum{'two-allow-origin'}, 3, 'how many have two Allow-Origin');
my $page = get('/cors-status', undef, @at)->body;
like($page, qr{>actual request: would-refuse, no-vary <}, 'the page');
like($page, qr{no-vary 2},                              'its counts');
like($page, qr{data-name="same">10 <small>preflights: 2<}, 'by kind');
for my $table ($page =~ m{<table>(.*?)</table>}gs) {
    my (undef, @columns) = $table =~ m{<th scope="col"[^>]*>(.*?)</th>}g;
    my @cells = $table =~ /<td(?: class="n")? data-name="(.*?)">/g;
    my $rows  = () = $table =~ /scope="row"/g;
    is_deeply(\@cells, [ (@columns) x $rows ], 'cells bear their columns\' names');
}

# What is explained is what would be decided, and says that it is not sent.
my $why = get("/cors-status?url=/right/x.txt&origin=$app&method=PUT", undef,
    @at)->body;
like($why, qr/^engine +ReportOnly: nothing of this is sent$/m, 'explained');
like($why, qr/^answered +by the handler or backend$/m, 'and who answers');
like($why, qr/^ *Access-Control-Allow-Origin: \Q$app\E$/m, 'and the headers');
like($why, qr/^ +CORSEngine ReportOnly /m, 'and the policy');
my $on = get("/cors-status?url=/on&origin=$app", undef, @at)->body;
unlike($on, qr/ReportOnly/, 'not where it is switched on');
act_ok(get('/on', $app, @at), name => 'On below it', status => 404,
    policy => { origins => [$app], credentials => 1 }, origin => $app);

# Repetitions are logged as refusals are.
my $lines = () = $server->log =~ /report-only/g;
ask('/double/x.txt', $app, '') for 1 .. 30;
my $more = () = $server->log =~ /report-only/g;
cmp_ok($more - $lines, '<=', 11, 'a report that comes again and again');
$server->stop;
done_testing();

# Returns the note; the log is written before the connection ends.
sub ask {
    my ($path, $from, $what) = @_;
    my $file   = $server->dir . '/reports';
    my $before = length slurp($file, '');
    my ($kind, $method, $names) = split / /, $what;
    my @from = defined $from ? (Origin => $from) : ();
    if (($kind || '') eq 'preflight') {
        preflight($path, $from, $method, $names, @at);
    }
    else {
        request('GET', $path, [ @from, !$kind ? ()
                : $kind eq 'upgrade' ? (Connection => 'Upgrade, close', Upgrade => $method)
                : $method ? ('Sec-Fetch-Site' => $kind, 'Sec-Fetch-Mode' => $method)
                : (Cookie => 'a=b') ], @at);
    }
    my @lines = grep { /\A\Q$path\E\|/ } split /\n/, substr slurp($file), $before;
    my @fields = split /\|/, $lines[-1];
    is("$fields[2] $fields[3]", '- -', "$path: nothing else is published");
    return $fields[1];
}
