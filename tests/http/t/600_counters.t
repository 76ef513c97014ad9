# What is counted: each decision on a request with an Origin once, by policy and
# reason, over restarts, by all processes; shown as JSON, as metrics and by
# mod_status, alike.
use strict;
use warnings;
use lib 'lib';
use CorsStatus qw(counts section status);
use CorsTest;
use OwnServer;
use Test::More;

my $origin = 'https://app.example';
my $evil   = 'https://evil.example';
my $server = OwnServer->new;
my @at     = (port => $server->port, protocol => 'h1');
my $status = <<'CONF';
<Location "/cors-status">
    SetHandler cors-status
    CORSStatus On
    CORSAllowOrigin none
</Location>
<Location "/server-status">
    SetHandler server-status
</Location>
CONF
my $policy = <<"CONF";
<Location "/api">
    CORSAllowOrigin  $origin
    CORSAllowMethods PUT
</Location>
<Location "/none">
    CORSAllowOrigin none
</Location>
<Directory "\@dir\@/www/ht">
    AllowOverride FileInfo
</Directory>
CONF

$server->write('api/x.txt', "x\n");
$server->write('none/x.txt', "x\n");
$server->write('ht/x.txt', "x\n");
$server->write('ht/.htaccess', "CORSAllowOrigin $origin\n");
$server->serve("$status$policy");

# Requests and what they are counted as; those without Origin not at all.
my @requests = (
    [ GET => '/api/x.txt', $origin, undef, undef, '/api actual allowed -' ],
    [ GET => '/api/x.txt', undef,   undef, undef, undef ],
    [ GET => '/api/x.txt', $evil,   undef, undef, '/api actual denied origin' ],
    [ GET => '/api/nil',   $evil,   undef, undef, '/api actual denied origin' ],
    [ OPTIONS => '/api/x.txt', $origin, 'PUT', undef,
        '/api preflight allowed -' ],
    [ OPTIONS => '/api/x.txt', $evil, 'PUT', undef,
        '/api preflight denied origin' ],
    [ OPTIONS => '/api/x.txt', $origin, 'PATCH', undef,
        '/api preflight denied method' ],
    [ OPTIONS => '/api/x.txt', $origin, 'PUT', 'x-a',
        '/api preflight denied header' ],
    [ OPTIONS => '/api/x.txt', $origin, 'P T', undef,
        '/api preflight denied malformed' ],
    [ OPTIONS => '/none/x.txt', $origin, 'PUT', undef,
        '/none preflight denied closed' ],
    [ GET => '/none/x.txt', $origin, undef, undef,
        '/none actual denied closed' ],
    [ GET => '/ht/x.txt', $evil, undef, undef,
        '.htaccess files actual denied origin' ],
    [ OPTIONS => '/ht/x.txt', $origin, 'GET', undef,
        '.htaccess files preflight allowed -' ],
);
my %want;

for my $round (1 .. 3) {
    ask(@$_) for @requests;
    is_deeply(counted(), \%want, "round $round");
}

# The same in another order of lines, so that files and lines differ.
$server->serve("# two\n# lines\n$policy$status");
is_deeply(counted(), \%want, 'a graceful restart with an edited file');
ask(@$_) for @requests;
is_deeply(counted(), \%want, 'and after it');
$server->serve("$status$policy<Location /new>\nCORSAllowOrigin *\n</Location>");
$policy .= "<Location /new>\nCORSAllowOrigin *\n</Location>\n";
ask(GET => '/new', $evil, undef, undef, '/new actual allowed -');
is_deeply(counted(), \%want, 'a section more');

# Metrics and mod_status.
my ($type, $metrics) = shown('/cors-status?metrics');
is($type, 'text/plain; version=0.0.4', 'the type of the metrics');
my %metric;
while ($metrics =~ /^httpd_cors_decisions_total\{policy="([^"]*|(?:[^"\\]|\\.)*)",kind="(\w+)",verdict="(\w+)",reason="([-\w]+)"\} (\d+)$/mg) {
    my ($policy, $what, $count) = ($1, "$2 $3 $4", $5);
    $policy =~ s/\\(.)/$1/g;
    $metric{ section($policy) . " $what" } = $count if $count;
}
is_deeply(\%metric, \%want, 'the metrics');
($type, $metrics) = shown('/cors-status?metrics',
    [ Accept => 'application/openmetrics-text; version=1.0.0' ]);
is($type, 'application/openmetrics-text; version=1.0.0; charset=utf-8',
    'the type of OpenMetrics');
like($metrics, qr/^# TYPE httpd_cors_decisions counter\n(?:.*\n)*# EOF\n\z/m,
    'and their form');

my (undef, $auto) = shown('/server-status?auto');
my %sum;
for my $what (keys %want) {
    my ($kind, $verdict, $reason) = $what =~ /(\w+) (\w+) ([-\w]+)\z/;
    $sum{ 'CORS' . ucfirst($kind) . ucfirst $verdict } += $want{$what};
    $sum{ 'CORSDenied' . ucfirst $reason } += $want{$what} if $reason ne '-';
}
my %line = $auto =~ /^(CORS\w+): (\d+)$/mg;
is_deeply({ map { $_ => $line{$_} } grep { $line{$_} } keys %line }, \%sum,
    'mod_status ?auto');
my (undef, $page) = shown('/server-status');
like($page, qr{<td>CORSPreflightAllowed</td><td align="right">\d+</td>},
    'mod_status');
unlike("$page$auto", qr/evil/, 'which shows nobody\'s data');

$server->stop;
done_testing();

sub ask {
    my ($method, $target, $from, $asked, $headers, $counted) = @_;
    my @headers;
    push @headers, Origin => $from if defined $from;
    push @headers, 'Access-Control-Request-Method' => $asked if defined $asked;
    push @headers, 'Access-Control-Request-Headers' => $headers
        if defined $headers;
    request($method, $target, \@headers, @at);
    $want{$counted}++ if defined $counted;
    return;
}

sub shown {
    my ($target, $headers) = @_;
    my $res = request('GET', $target, $headers || [], @at);
    return ($res->value('Content-Type'), $res->body);
}

sub counted { return counts(status($server->port)) }
