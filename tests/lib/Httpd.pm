package Httpd;

# A httpd of one's own, on loopback. It runs in the foreground of a process of
# its own, and ends with the program that started it.
#
#   my $port  = free_port();
#   spew("$dir/httpd.conf",
#       load_modules($program, $modules, qw(mpm_event unixd authz_core))
#           . confined($dir, $port));
#   my $httpd = Httpd->start(program => $program, dir => $dir, port => $port);
#   $httpd->restart;
#   $httpd->stop;

use strict;
use warnings;

use Exporter 'import';
use Files qw(slurp);
use Http;
use IO::Socket::INET;
use POSIX ();
use Time::HiRes qw(sleep time);

our @EXPORT_OK = qw(version load_modules load_module confined free_port);

# The processes that run, and which process started each.
my %started;

$SIG{$_} = sub { exit 1 } for qw(INT TERM HUP);
END {
    my $status = $?;
    kill_started();
    $? = $status;
}

sub kill_started {
    my @left = grep { $started{$_}{starter} == $$ } keys %started;
    $_->stop for map { $started{$_} } @left;
    return;
}

sub version {
    my ($program) = @_;
    my ($version) = qx{"$program" -v} =~ m{Apache/(\S+)}
        or die "$program does not tell its version\n";
    return $version;
}

# LoadModule lines for those that are not built in.
sub load_modules {
    my ($program, $dir, @names) = @_;
    return join '', map { load_module($program, "$dir/mod_$_.so") } @names;
}

sub load_module {
    my ($program, $file) = @_;
    my ($name) = $file =~ m{/mod_(\w+)\.so\z} or die "$file is no module\n";
    my $source = "mod_$name.c" =~ s/\Amod_mpm_//r;
    return '' if qx{"$program" -l} =~ /^\s*\Q$source\E$/m;
    die "httpd has no mod_$name ($file)\n" if !-e $file;
    return qq{LoadModule ${name}_module "$file"\n};
}

# What keeps a httpd within its directory and port.
sub confined {
    my ($dir, $port) = @_;
    return <<"CONF";
Listen 127.0.0.1:$port
ServerName localhost
DefaultRuntimeDir "$dir"
PidFile "$dir/httpd.pid"
Mutex "file:$dir" default
ErrorLog "$dir/error_log"
<IfModule cgid_module>
    ScriptSock "$dir/cgid.sock"
</IfModule>
CONF
}

# By chance, so that programs that run at the same time hardly meet, and below
# those that the kernel gives to clients. What a program was given, used or not,
# those that it starts do not get.
$ENV{GIVEN_PORTS} ||= '';
my $seeded;

sub free_port {
    srand if !$seeded || $seeded != $$;
    $seeded = $$;
    for (1 .. 1_000) {
        my $port = 10_000 + int rand 20_000;
        next if " $ENV{GIVEN_PORTS} " =~ / $port /;
        $ENV{GIVEN_PORTS} .= " $port";
        return $port if IO::Socket::INET->new(LocalAddr => '127.0.0.1',
            LocalPort => $port, Listen => 1, ReuseAddr => 1);
    }
    die "no free port\n";
}

# Starts a server and waits until it answers, which is long after it takes
# connections; dies, with what it said, if it does not. Takes what launch() takes.
sub start {
    my ($class, %arg) = @_;
    my $self   = $class->launch(%arg);
    my $socket = $self->connection(60);
    my $http   = $socket && Http->over($socket);
    return $self
        if $http && $http->send("OPTIONS * HTTP/1.0\r\n\r\n")
        && $http->response('OPTIONS')->status;
    die "httpd does not start:\n", slurp($self->{log}, ''),
        slurp("$self->{dir}/error_log", '');
}

# program, dir and port. conf: the configuration ("DIR/httpd.conf"); log: where
# the server's output goes ("DIR/output"); arguments: more for the program;
# under: a command in front of it.
sub launch {
    my ($class, %arg) = @_;
    my $self = bless {
        conf => "$arg{dir}/httpd.conf", log => "$arg{dir}/output",
        arguments => [], under => [], %arg, starter => $$,
    }, $class;
    my @command = (@{ $self->{under} }, $self->{program},
        '-D', 'FOREGROUND', '-d', $self->{dir}, '-f', $self->{conf},
        @{ $self->{arguments} });
    defined($self->{pid} = fork) or die "fork: $!\n";
    if (!$self->{pid}) {
        # httpd sends signals to its whole group.
        setpgrp 0, 0;
        open STDIN,  '<', '/dev/null'   or POSIX::_exit(126);
        open STDOUT, '>', $self->{log}  or POSIX::_exit(126);
        open STDERR, '>&', \*STDOUT     or POSIX::_exit(126);
        { exec { $command[0] } @command }
        print {*STDERR} "$command[0]: $!\n";
        POSIX::_exit(127);
    }
    $started{ $self->{pid} } = $self;
    return $self;
}

sub pid  { return $_[0]{pid} }
sub port { return $_[0]{port} }

# A connection to a server that is starting: one in the end, however often it
# has to be tried. Returns undef if the server ends instead.
sub connection {
    my ($self, $seconds) = @_;
    my $until = time + $seconds;
    while (time < $until) {
        my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
            PeerPort => $self->{port});
        return $socket if $socket;
        return if $self->is_over;
        sleep 0.01;
    }
    die "no server on port $self->{port} after $seconds seconds\n";
}

# Makes it read its configuration again, and lets requests end; not with the
# signal HUP.
sub restart {
    my ($self, $signal) = @_;
    kill $signal || 'USR1', $self->{pid} or die "httpd is gone\n";
    return;
}

# A signal can arrive between httpd's test of its flag and its poll: repeat it.
sub stop {
    my ($self) = @_;
    for my $try (0 .. 400) {
        kill $try < 200 ? 'TERM' : 'KILL', $self->{pid} if $try % 20 == 0;
        return if $self->is_over;
        sleep 0.02;
    }
    die "httpd $self->{pid} does not end\n";
}

sub is_over {
    my ($self) = @_;
    return 0 if waitpid($self->{pid}, POSIX::WNOHANG()) == 0;
    delete $started{ $self->{pid} };
    return 1;
}

# The processes that it has started.
sub children {
    my ($self) = @_;
    my $pid = $self->{pid};
    return grep { length slurp("/proc/$_/cmdline", '') }
        split ' ', slurp("/proc/$pid/task/$pid/children", '');
}

1;
