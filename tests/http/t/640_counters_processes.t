# Every decision is counted once, whichever process makes it: four children at
# the same time, those before and after restarts, an old one that finishes late,
# and one that is killed.
use strict;
use warnings;
use lib 'lib';
use CorsStatus qw(status counts);
use CorsTest;
use Files qw(slurp);
use Http;
use OwnServer;
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep);

my $EACH   = 60;            # of each kind of request, by each client
my $origin = 'https://app.example';
my $evil   = 'https://evil.example';
my $server = OwnServer->new;
my $dir    = $server->dir;
my @policies = (<<"API", <<"STAR");
<Location "/api">
    CORSAllowOrigin  $origin
    CORSAllowMethods PUT
</Location>
API
<Location "/star">
    CORSAllowOrigin *
</Location>
STAR
my @kinds = (
    [ GET     => '/api/x',  $origin, undef,   '/api actual allowed -' ],
    [ GET     => '/api/x',  $evil,   undef,   '/api actual denied origin' ],
    [ GET     => '/star/x', $evil,   undef,   '/star actual allowed -' ],
    [ OPTIONS => '/api/x',  $origin, 'PUT',   '/api preflight allowed -' ],
    [ OPTIONS => '/api/x',  $origin, 'PATCH', '/api preflight denied method' ],
    [ OPTIONS => '/star/x', $evil,   'A B', '/star preflight denied malformed' ],
);
my %want;
my $generation = 0;

configure();
load('four children', sub { });
my %pids = map { $_ => 1 } split ' ', slurp("$dir/pids");
cmp_ok(scalar keys %pids, '>=', 4, 'as many have answered');

load('over graceful restarts', sub { configure() for 1 .. 4 });

configure(signal => 'HUP');
is_deeply(counted(), \%want, 'a hard restart');
load('after it', sub { });

# The child that reads it has the configuration of before.
my $before  = $generation;
my $request = Http->connect($server->port);
$request->send("GET /api/x HTTP/1.1\r\nHost: localhost\r\nOrigin: $evil\r\n");
await_read($request);
configure();
is_deeply(counted(), \%want, 'a request that is not complete');
$request->send("Connection: close\r\n\r\n");
is($request->response('GET')->value('X-Generation'), $before,
    'an old child answers it');
$want{'/api actual denied origin'}++;
is_deeply(counted(), \%want, 'and counts it');

end($server->children);
is_deeply(counted(), \%want, 'all children are killed');
load('after that', sub { });

# What is killed may have counted, and not answered.
my %least = %want;
my $lost  = load(undef, sub {
    for (1 .. 3) {
        sleep 0.1;
        end($server->children);
    }
});
my $now = counted();
my ($counted, $answered) = (0, 0);
$counted  += $now->{$_} - $least{$_} for keys %least;
$answered += $want{$_} - $least{$_}  for keys %least;
note("$lost without an answer, ", $counted - $answered, ' of them counted');
cmp_ok($counted, '>=', $answered, 'killed while they work: none is missing');
cmp_ok($counted, '<=', $answered + $lost, 'and none is counted twice');
unlike($server->log, qr/exit signal (?!Killed)/, 'no child has crashed');

$server->stop;
done_testing();

# Lines and sections stand elsewhere each time.
sub configure {
    my (%opt) = @_;
    $generation++;
    @policies = reverse @policies;
    $server->serve("# a line\n" x ($generation % 3) . <<"CONF", %opt);
<IfModule mpm_prefork_module>
    StartServers 4
    MinSpareServers 4
</IfModule>
<IfModule !mpm_prefork_module>
    ServerLimit 8
    StartServers 4
    ThreadsPerChild 4
    MinSpareThreads 16
    MaxSpareThreads 32
    MaxRequestWorkers 32
</IfModule>
CustomLog "$dir/pids" "%P"
Header always set X-Generation $generation
<Location "/cors-status">
    SetHandler cors-status
    CORSStatus On
</Location>
@policies
CONF
    return;
}

sub counted { return counts(status($server->port)) }

# Until a child has accepted the connection and taken what was sent: nothing of
# it is left in the server's socket.
sub await_read {
    my ($http) = @_;
    my $port = sprintf '%04X', $http->{socket}->sockport;
    sleep 0.01
        while slurp('/proc/net/tcp') !~ /^ *\d+: \S+ \S+:$port 01 \S+:0{8} /m;
    return;
}

# Until they are gone, they may answer; and those that follow take a while.
sub end {
    my @pids = @_;
    kill 'KILL', @pids;
    sleep 0.01 while grep { length slurp("/proc/$_/cmdline", '') } @pids;
    return $server->await;
}

sub load {
    my ($name, $meanwhile) = @_;
    my @clients = map { client($_) } 1 .. 4;
    $meanwhile->();
    my $lost = 0;
    for my $client (@clients) {
        my $from = $client->{from};
        while (my $line = readline $from) {
            my ($kind, $answered) = split ' ', $line;
            $want{ $kinds[$kind][4] } += $answered;
            $lost += $EACH - $answered;
        }
        waitpid $client->{pid}, 0;
    }
    if (defined $name) {
        is($lost, 0, "$name: all requests are answered");
        is_deeply(counted(), \%want, "$name: exact sums");
    }
    return $lost;
}

# Says how many requests of each kind were answered.
sub client {
    my ($number) = @_;
    pipe my $from, my $to or die "pipe: $!\n";
    defined(my $pid = fork) or die "fork: $!\n";
    return { pid => $pid, from => $from } if $pid;
    my @answered = (0) x @kinds;
    for my $i (0 .. $EACH * @kinds - 1) {
        my $kind = ($i + $number) % @kinds;
        $answered[$kind]++ if eval { ask($kinds[$kind]) };
    }
    syswrite $to, join '', map { "$_ $answered[$_]\n" } 0 .. $#kinds;
    POSIX::_exit(0);
}

sub ask {
    my ($kind) = @_;
    my ($method, $target, $from, $asked) = @$kind;
    my $http = Http->connect($server->port);
    $http->send("$method $target HTTP/1.1\r\nHost: localhost\r\n"
        . "Origin: $from\r\nConnection: close\r\n"
        . (defined $asked ? "Access-Control-Request-Method: $asked\r\n" : '')
        . "\r\n");
    return !defined $http->response($method)->error;
}
