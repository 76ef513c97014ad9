# What Require cors has refused, as JSON, as metrics, on the page and by
# mod_status; and what cors-status says that it would say.
use strict;
use warnings;
use lib 'lib';
use CorsStatus qw(status);
use CorsTest;
use OwnServer;
use Test::More;

my $origin = 'https://app.example';
my $evil   = 'https://evil.example';
my $server = OwnServer->new;
my @at     = (port => $server->port, protocol => 'h1');
my $conf   = <<"CONF";
ServerName own.example
LogLevel cors:info
<Location "/cors-status">
    SetHandler cors-status
    CORSStatus On
</Location>
<Location "/server-status">
    SetHandler server-status
</Location>
<Location "/plain">
    Require cors
</Location>
<Location "/policy">
    CORSAllowOrigin $origin
    CORSForwardOrigin Off
    Require cors isolated
</Location>
<Location "/dry">
    <RequireAny>
        Require cors
        Require all granted
    </RequireAny>
</Location>
<Directory "\@dir\@/www/ht">
    AllowOverride AuthConfig
</Directory>
CONF
$server->write("$_/x.txt", "x\n") for qw(plain policy dry ht);
$server->write('ht/.htaccess', "AuthMerging And\nRequire cors\n");
$server->serve($conf);

# A section, header fields, the host; what it comes to, and its count.
my @site = ('Sec-Fetch-Site' => 'cross-site');
my @rows = (
    [ 'plain',  [ Origin => $evil ],          undef,          'foreign' ],
    [ 'plain',  [ Origin => $evil ],          undef,          'foreign' ],
    [ 'plain',  [],                           'evil.example', 'host' ],
    [ 'plain',  [],                           undef,          undef ],
    [ 'policy', [ @site ],                    undef,          'foreign' ],
    [ 'policy', [ Origin => $origin, @site ], undef,          undef ],
    [ 'dry',    [ Origin => $evil ],          undef,          'let-through' ],
    [ 'dry',    [],                           'evil.example', 'let-through' ],
    [ 'ht',     [ Origin => $evil ],          undef,          'foreign' ],
);
my %want;
for my $row (@rows) {
    my ($where, $headers, $host, $outcome) = @$row;
    my $res = request('POST', "/$where/x.txt", $headers, @at,
        host => $host || 'own.example');
    my $is_refused = $outcome && $outcome ne 'let-through';
    is($res->status, $is_refused ? 403 : 200,
        "$where: " . ($outcome || 'granted'));
    $want{"$where $outcome"}++ if $outcome;
}
my %name = (
    (map { ($_ => "own.example <Location \"/$_\">") } qw(plain policy dry)),
    ht => '.htaccess files',
);

my $status = status($server->port);
my %json;
for my $row (@{ $status->{policies} }) {
    my ($where) = grep { $name{$_} eq $row->{policy} } keys %name;
    $json{"$where $_->{outcome}"} = $_->{count}
        for grep { $_->{count} } @{ $row->{require} || [] };
}
is_deeply(\%json, \%want, 'JSON: counts');
is_deeply(
    [
        sort map {
            join ' ', $_->{count}, @$_{qw(kind reason)}, $_->{report} || '-',
                $_->{origin} || '-', $_->{header}
        } map { @{ $status->{$_} } } qw(refusals reports)
    ],
    [
        sort "1 require foreign - $evil ",
        "2 require foreign - $evil ",
        '1 require host - - Host: evil.example',
        '1 require foreign - - Sec-Fetch-Site: cross-site',
        "1 require foreign would-refuse $evil ",
        '1 require host would-refuse - Host: evil.example',
    ],
    'JSON: refusals and reports'
);

my $metrics = get('/cors-status?metrics', undef, @at)->body;
my %metric;
while ($metrics =~ /^httpd_cors_require_total\{policy="((?:[^"\\]|\\.)*)",outcome="([\w-]+)"\} (\d+)$/mg) {
    my ($policy, $outcome, $count) = ($1, $2, $3);
    $policy =~ s/\\(.)/$1/g;
    my ($where) = grep { $name{$_} eq $policy } keys %name;
    $metric{"$where $outcome"} = $count if $count;
}
is_deeply(\%metric, \%want, 'metrics');
my $auto = get('/server-status?auto', undef, @at)->body;
like($auto, qr/^CORSRefusedForeign: 4$/m, 'mod_status: foreign');
like($auto, qr/^CORSRefusedHost: 1$/m,    'mod_status: host');

my $page = get('/cors-status', undef, @at)->body;
like($page, qr{<h2[ ]id="require">.*?<tr><th[ ]scope="row">own\.example
    [ ]&lt;Location[ ]&quot;/plain&quot;&gt;[ ]<small>\S+:\d+</small></th>
    <td[^>]*>2</td><td[^>]*>1</td><td[^>]*>0</td></tr>}xs, 'page: counts');
like($page, qr{>no[ ]Origin</th>.*?Require[ ]cors:[ ]host[ ]<small>POST,[ ]Host:
    [ ]evil\.example</small></td>.*?write[ ]it[ ]as[ ]ServerName[ ]or
    [ ]ServerAlias}xs,
    'page: a refusal');
unlike($page =~ s/.*id="policies"//sr =~ s/id="require".*//sr, qr{/plain|/dry},
    'page: sections without a policy have no decisions');

# The log names the line.
my @log = grep { /cors:info.* request / } split /\n/, $server->log;
is(scalar @log, 7, 'a line for each');
like($log[0], qr{\ request\ refused\ \(foreign\):\ origin\ '\Q$evil\E',
    \ Sec-Fetch-Site\ '-',\ method\ 'POST',\ host\ 'own\.example',
    \ Require\ cors\ of\ own\.example\ <Location\ "/plain">
    \ \(\S+httpd\.conf:\d+\)\z}x, 'foreign');
like($log[2], qr{\ request\ refused\ \(host\):\ origin\ '-',\ .*
    host\ 'evil\.example'\ is\ not\ a\ name\ of\ this\ server:\ if\ it\ is,
    \ write\ it\ as\ ServerName\ or\ ServerAlias,\ Require\ cors\ of\ }x, 'host');
like($log[4], qr{\ request\ let\ through,\ though\ foreign\ \(foreign\):\ }x,
    'a dry run');

# What would be said, without counting it.
my @questions = (
    [ '/plain/x.txt', $evil, 'POST', 'refused, foreign: ', 403 ],
    [ '/plain/x.txt', 'http://own.example', 'POST',
        'granted, same-origin: ', 200 ],
    [ '/policy/x.txt', $origin, 'POST', 'granted, trusted: ', 200 ],
    [ '/policy/x.txt', $evil,   'GET',  'refused, foreign: ', 403 ],
    [ '/dry/x.txt',    $evil,   'GET',  'refused, foreign: ', 200 ],
    [ '/ht/x.txt',     $evil,   'GET',  'refused, foreign: ', 403 ],
    [ '/cors-status',  $evil,   'GET',  undef,                200 ],
);
for my $question (@questions) {
    my ($url, $from, $method, $says, $code) = @$question;
    my $text = get("/cors-status?url=$url&origin=$from&method=$method",
        undef, @at, host => 'own.example')->body;
    my ($require) = $text =~ /^require +(.*)/m;
    is(defined $require ? $require =~ s/: \K.*//r : undef, $says,
        "explained: $method $url from $from");
    my ($sent) = $text =~ /^status +.*?(\d+)$/m;
    is($sent, $code, 'its status');
    is($text =~ /^forward +the handler or backend does not see Origin$/m ? 1 : 0,
        $says && $says =~ /trusted/ ? 1 : 0, 'whether Origin is forwarded');
}
is_deeply(status($server->port)->{$_}, $status->{$_}, "$_ as before")
    for qw(policies refusals reports);

# Counts stay over a restart.
$server->serve("# A line more.\n$conf");
is_deeply([ map { $_->{require} || () } @{ status($server->port)->{policies} } ],
    [ map { $_->{require} || () } @{ $status->{policies} } ],
    'counts after a restart');
done_testing();
