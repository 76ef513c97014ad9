# A flood of invented origins, from one client and from a thousand: the refusals
# that were known before stay in the table and in the log, the log has sixty
# lines a minute at most, every request is counted, and nothing grows. The
# server's clock is set, because refusals are established by a minute.
use strict;
use warnings;
use lib 'lib';
use CorsStatus qw(counts status);
use CorsTest;
use Files qw(slurp spew);
use IO::Select;
use IO::Socket::INET;
use List::Util qw(max sum);
use OwnServer;
use POSIX qw(strftime);
use Test::More;

my $FLOOD  = 20_000;
my $server = OwnServer->new;
my $clock  = $server->dir . '/clock';
my $pids   = $server->dir . '/pids';
my ($start, $sent) = (0, 0);

# The first second of a minute, and of a window of budgets, to come.
my $now   = time;
my $first = $now - $now % 960 + 960;

# Two libraries that are preloaded do not go together: a sanitizer has a script
# in httpd's place.
my $httpd     = vars()->{httpd};
my $is_script = -T $httpd && slurp($httpd) =~ /LD_PRELOAD/;
my ($library) = qx(faketime -f +0 sh -c 'echo "\$LD_PRELOAD"') =~ /(\S+)/;
set_clock(0);
$server->serve(<<"CONF", modules => ['remoteip'], under => $is_script ? [] : [ 'env',
LogLevel warn cors:info
MaxKeepAliveRequests 0
<IfModule !mpm_prefork_module>
    # So that each has worked before anything is measured.
    ThreadsPerChild 8
</IfModule>
CustomLog "$pids" %P
RemoteIPHeader X-Forwarded-For
RemoteIPInternalProxy 127.0.0.1
<Location "/cors-status">
    SetHandler cors-status
    CORSStatus On
</Location>
<Location "/api">
    CORSAllowOrigin https://app.example
</Location>
CONF
    "LD_PRELOAD=$library", "FAKETIME_TIMESTAMP_FILE=$clock",
    'FAKETIME_NO_CACHE=1', 'FAKETIME_DONT_FAKE_MONOTONIC=1' ]);

# Not where a sanitizer is preloaded instead: what is left then is that the log
# is bounded, all is counted, and no descriptor is left open.
my $has_clock = status($server->port)->{since}
    ge strftime('%Y-%m-%dT%H:%M:%S', gmtime $first);

# Asked by people's own browsers, and again a minute later.
my @known = map { "https://known$_.example" } 1 .. 15;
for my $at (0, 61) {
    set_clock($at);
    ask([ map { [ "192.0.2.$_", $known[ $_ - 1 ] ] } 1 .. @known ]);
}

my @floods = (
    [ 'one client', sub { '192.0.2.200' } ],
    [ 'a thousand', sub { join '.', '198.18', $_[0] / 250 % 4, $_[0] % 250 } ],
);
my $number = 1;
flood('the first of all', sub { '192.0.2.200' }, 960, 2_000);
for my $flood (@floods) {
    my @before = processes();
    flood(@$flood, ++$number * 960, $FLOOD);
    no_growth($flood->[0], \@before, [ processes() ]);
}
my %minutes;
$minutes{$_}++ for $server->log =~ /^\[(.*:\d\d):\S+ \d+\] \[cors:info\] .* denied /mg;
is_deeply([ grep { $minutes{$_} > 60 } keys %minutes ], [],
    'sixty lines a minute at most');
cmp_ok(scalar keys %minutes, '>=', $has_clock ? 5 : 1, 'where there are any');
$server->stop;
done_testing();

# Invented origins, among them what was known before, and what is new but asked
# twice.
sub flood {
    my ($name, $client, $at, $count) = @_;
    my $end = length $server->log;
    my $new = 'https://new' . $number . '.example';
    set_clock($at);
    for my $part (1 .. 20) {
        my @requests = map { [ $client->($_), invented() ] }
            1 .. $count / 20;
        ask(\@requests);
        ask([ [ '192.0.2.99', $known[ $part - 6 ] ] ]) if $part > 5;
        ask([ ([ '192.0.2.100', $new ]) x 2 ])         if $part == 20;
    }
    my $status = status($server->port);
    is(sum(values %{ counts($status) }), $sent, "$name: all are counted");
    return if !$has_clock;
    my %count  = map { $_->{origin} => $_->{count} } @{ $status->{refusals} };
    is_deeply([ grep { !$count{$_} } @known, $new ], [],
        "$name: what was known is there, and what is asked again");
    is_deeply([ map { $count{$_} } @known ], [ ($number + 2) x @known ],
        "$name: and well counted");
    my @lines  = substr($server->log, $end) =~ /\[cors:info\].* origin '([^']*)'/g;
    my %logged = map { $_ => 1 } @lines;
    is_deeply([ grep { !$logged{$_} } @known, $new ], [],
        "$name: they are logged");
    cmp_ok(scalar @lines, '<=', 60, "$name: sixty lines");
    cmp_ok(scalar @lines, '>=', 40, "$name: but not much fewer");
    return;
}

sub invented {
    return sprintf 'https://%08x%08x.invented.example', rand 2**32, rand 2**32;
}

# Pairs of client and origin, in requests whose answers have no bodies:
# preflights, of invented origins actual requests too.
sub ask {
    my ($requests) = @_;
    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
        PeerPort => $server->port) or die "connect: $@\n";
    my @left = @$requests;
    while (my @some = splice @left, 0, 20) {
        my $bytes = '';
        for my $request (@some) {
            my ($client, $origin) = @$request;
            my $is_actual = $origin =~ /invented/ && $sent % 2;
            $bytes .= ($is_actual ? 'HEAD' : 'OPTIONS') . " /api/x HTTP/1.1\r\n"
                . "Host: localhost\r\nX-Forwarded-For: $client\r\n"
                . "Origin: $origin\r\nAccess-Control-Request-Method: PUT\r\n\r\n";
            $sent++;
        }
        print {$socket} $bytes;
        my $answers = '';
        until ((() = $answers =~ /\r\n\r\n/g) == @some) {
            IO::Select->new($socket)->can_read(60) or die "timed out\n";
            sysread $socket, $answers, 65536, length $answers
                or die "closed\n";
        }
    }
    return;
}

sub set_clock {
    my ($at) = @_;
    spew("$clock.new", sprintf "%+d\n", $first + $at - time);
    rename "$clock.new", $clock or die "$clock: $!\n";
    return if !$sent;

    # While a thread reads a new clock, those beside it may see the old one: so
    # each process reads it before anything is asked.
    my $before = length slurp($pids);
    while (1) {
        my %has_read = map { $_ => 1 } split ' ', substr slurp($pids), $before;
        last if !grep { !$has_read{$_} } answering();
        get('/file.txt', undef, port => $server->port, protocol => 'h1');
    }
    return;
}

# The children that answer requests: all but the daemon of mod_cgid, which has a
# single thread.
sub answering {
    my %threads = map { $_ => scalar(() = glob "/proc/$_/task/*") }
        $server->children;
    my $most = max(values %threads);
    return grep { $threads{$_} == $most } keys %threads;
}

# Of each child: process, kB of its own, open descriptors.
sub processes {
    return map {
        my ($kilobytes) = slurp("/proc/$_/status", '') =~ /^RssAnon:\s+(\d+)/m;
        [ $_, $kilobytes, scalar(() = glob "/proc/$_/fd/*") ]
    } $server->children;
}

# To keep the invented refusals would take 8 MB.
sub no_growth {
    my ($name, $before, $after) = @_;
    my %before = map { $_->[0] => $_ } @$before;
    my ($seen, $grown) = (0, 0);
    for my $now (@$after) {
        my $then = $before{ $now->[0] } or next;
        $seen++;
        $grown += $now->[1] - $then->[1];
        cmp_ok($now->[2] - $then->[2], '<', 8,    "$name: descriptors");
    }
    ok($seen, "$name: a child was there before and after");
    cmp_ok($grown, '<', 4096, "$name: memory, in kB") if $has_clock;
    return;
}
