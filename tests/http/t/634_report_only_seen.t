# What CORSEngine ReportOnly sees of responses that come from mod_cache, and of
# those over HTTP/2: the note, the line in the log and the counts.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use Files qw(slurp);
use JSON::PP qw(decode_json);
use OwnServer;
use Test::More;
use Time::HiRes qw(sleep time);

my $app    = 'https://app.example';
my $evil   = 'https://evil.example';
my $server = OwnServer->new;
my @at     = (port => $server->port);

chmod oct '755', $server->write('any.cgi', <<'CGI');
#!/bin/sh
printf 'Content-Type: text/plain\nCache-Control: max-age=600\nETag: "v"\n'
printf 'Access-Control-Allow-Origin: *\n\nx\n'
CGI

my $lines = <<'CONF';
    CORSEngine ReportOnly
    CORSAllowOrigin https://app.example
    CORSAllowMethods PUT
CONF
my %policy = (
    host    => $lines,
    section => "<Location \"/x\">\n$lines</Location>\n",
);

my $site = <<'CONF';
LogLevel cors:debug
CustomLog "@dir@/reports" "%U %{cors-report}n"
<IfModule http2_module>
    Protocols h2c http/1.1
</IfModule>
<Directory "@dir@/www">
    Options ExecCGI
    AddHandler cgi-script .cgi
</Directory>
<Location "/cors-status">
    SetHandler cors-status
    CORSStatus On
</Location>
CONF
for my $where (sort keys %policy) {
    for my $quick (qw(On Off)) {
        my $name = "$where-$quick";
        mkdir $server->dir . "/$name" or die "$name: $!\n";
        $site .= <<"CONF";
<VirtualHost *:\@port\@>
    ServerName $name.test
    CacheRoot "\@dir\@/$name"
    CacheEnable disk "/x"
    CacheQuickHandler $quick
    CacheHeader On
    CacheMinFileSize 1
    AliasMatch "^/x" "\@dir\@/www/any.cgi"
$policy{$where}
</VirtualHost>
CONF
    }
}
$server->serve($site);

# The same for a page of ours, which is allowed, and for a stranger's.
my %report = ($app => 'same', $evil => 'would-refuse');
my %sum;
for_each_protocol {
    for my $where (sort keys %policy) {
        for my $quick (qw(On Off)) {
            my @to   = (@at, host => "$where-$quick.test");
            my $name = "$CorsTest::PROTOCOL, policy in the $where, "
                . "CacheQuickHandler $quick";
            asked("$name: stored", qr/MISS/, $evil, 1, @to);
            # A hit of the quick handler comes before any policy is known.
            my $is_seen = $quick eq 'Off';
            asked("$name: $_", qr/HIT/, $_, $is_seen, @to) for $evil, $app;
            asked("$name: not modified", qr/HIT/, $evil, 0, @to,
                headers => [ 'If-None-Match' => '"v"' ]);
            asked("$name: past the cache", qr/MISS/, $app, 1, @to,
                headers => [ 'Cache-Control' => 'no-cache' ]);
        }
    }
};

my $json = decode_json(get('/cors-status?json', undef, @at)->body);
my %count;
$count{ $_->{report} } += $_->{count}
    for map { @{ $_->{reports} || [] } } @{ $json->{policies} };
is_deeply({ map { $_ => $count{$_} } grep { $count{$_} } keys %count }, \%sum,
    'the counts of cors-status');
$server->stop;
done_testing();

sub asked {
    my ($name, $cache, $origin, $is_seen, @to) = @_;
    my $logged = length $server->log;
    my $before = @{ notes() };
    my $res    = get("/x?$CorsTest::PROTOCOL", $origin, @to);
    my $want   = $is_seen ? $report{$origin} : '-';
    like($res->value('X-Cache'), $cache, "$name: X-Cache") or diag($res->dump);
    is($res->version, $CorsTest::PROTOCOL eq 'h2c' ? 'HTTP/2' : 'HTTP/1.1',
        "$name: the protocol");
    # Over HTTP/2 the answer may come before the line.
    my $until = time + 10;
    sleep 0.01 while @{ notes() } == $before && time < $until;
    is(notes()->[-1], $want, "$name: the note");
    my ($line) = substr($server->log, $logged) =~ /report-only: (.*?):/;
    is($line, $is_seen ? "actual request $want" : undef, "$name: the line");
    $sum{$want}++ if $is_seen;
    return;
}

sub notes { return [ slurp($server->dir . '/reports', '') =~ m{^/x (.*)}gm ] }
