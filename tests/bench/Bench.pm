package Bench;

# The web servers that tests/bench/run and tests/bench/wall compare: one
# policy, said in each one's own way, and what it takes to start them, to ask
# them and to stop them.

use strict;
use warnings;

use Cwd qw(getcwd);
use Exporter qw(import);
use File::Path qw(make_path);
use IO::Socket::INET;
use POSIX ();
use Time::HiRes qw(sleep time);

our @EXPORT_OK = qw(
    $ORIGIN $ORIGIN_REGEX %POLICY %RECIPE %REQUEST
    setup httpd_program httpd_version build_floor write_httpd write_tree
    write_file slurp start stop connect_to ask cors_lines free_port output
);

our $ORIGIN = 'https://app.example.com';

# ---------------------------------------------------------------------------
# The policy, as directives of mod_cors and as a recipe of mod_headers,
# mod_setenvif and mod_rewrite, which tells preflights from other requests so
# that all parties, mod_floor.c too, send the same lines.

my $policy = <<'CONF';
CORSAllowOrigin https://app.example.com https://*.example.net
CORSAllowMethods GET POST PUT DELETE
CORSAllowHeaders Authorization Content-Type
CORSExposeHeaders ETag X-Request-Id
CORSAllowCredentials On
CORSMaxAge 600
CONF

our $ORIGIN_REGEX =
    '^https://(app\.example\.com|([a-z0-9-]+\.)+example\.net)$';

my $set_env = <<"CONF";
SetEnvIf Origin "$ORIGIN_REGEX" CORS_ORIGIN=\$0
CONF

my $headers = <<'CONF';
Header always set Access-Control-Allow-Origin %{CORS_ORIGIN}e env=CORS_ORIGIN
Header always set Access-Control-Allow-Credentials "true" env=CORS_ORIGIN
Header always merge Vary Origin
CONF

my $actual_headers = <<'CONF';
Header always set Access-Control-Expose-Headers "ETag, X-Request-Id" \
    env=!CORS_PREFLIGHT
CONF

my $preflight_headers = <<'CONF';
Header always set Access-Control-Allow-Methods "GET, POST, PUT, DELETE" \
    env=CORS_PREFLIGHT
Header always set Access-Control-Allow-Headers "Authorization, Content-Type" \
    env=CORS_PREFLIGHT
Header always set Access-Control-Max-Age "600" env=CORS_PREFLIGHT
Header always set Vary "Origin, Access-Control-Request-Method, \
Access-Control-Request-Headers" env=CORS_PREFLIGHT
CONF

my $rewrite = <<'CONF';
RewriteEngine On
RewriteCond %{REQUEST_METHOD} OPTIONS
RewriteRule ^ - [R=204,E=CORS_PREFLIGHT:1,L]
CONF

# The recipe as it is pasted most often: every line on every response.
my $pasted_headers = <<'CONF';
Header always set Access-Control-Allow-Origin %{CORS_ORIGIN}e env=CORS_ORIGIN
Header always set Access-Control-Allow-Credentials "true" env=CORS_ORIGIN
Header always set Access-Control-Allow-Methods "GET, POST, PUT, DELETE" \
    env=CORS_ORIGIN
Header always set Access-Control-Allow-Headers "Authorization, Content-Type" \
    env=CORS_ORIGIN
Header always set Access-Control-Expose-Headers "ETag, X-Request-Id" \
    env=CORS_ORIGIN
Header always set Access-Control-Max-Age "600" env=CORS_ORIGIN
Header always merge Vary Origin
CONF

our %POLICY = (
    plain    => $policy,
    early    => "${policy}CORSPreflight early\n",
    location => "<Location \"/api/\">\n$policy</Location>\n",
);

our %RECIPE = (
    plain => "$set_env$headers$actual_headers$preflight_headers$rewrite",
    pasted => $set_env . $pasted_headers . $rewrite =~ s{E=.*?,}{}r,

    # Only the Header lines are in the <Location>; RewriteRule does not work
    # there.
    location => "$set_env<Location \"/api/\">\n"
        . "$headers$actual_headers$preflight_headers</Location>\n"
        . $rewrite =~ s{\^ }{^/api/ }r,
);

# ---------------------------------------------------------------------------
# Requests, byte for byte.

our %REQUEST = (
    actual    => request('GET', Origin => $ORIGIN),
    preflight => preflight('content-type'),
);

sub request {
    my ($method, @headers) = @_;
    my $text = "$method /api/data.json HTTP/1.1\r\nHost: bench.example\r\n";
    while (my ($name, $value) = splice @headers, 0, 2) {
        $text .= "$name: $value\r\n";
    }
    return "$text\r\n";
}

sub preflight {
    my ($names) = @_;
    return request(
        'OPTIONS',
        'Origin'                         => $ORIGIN,
        'Access-Control-Request-Method'  => 'PUT',
        'Access-Control-Request-Headers' => $names
    );
}

# ---------------------------------------------------------------------------
# Programs and modules

my ($apxs, %query);

# Debian's default modules, and those that the recipe needs. All servers load
# all of them; those that are built into httpd, or not built at all, are left
# out.
my @modules = qw(
    unixd log_config access_compat alias auth_basic authn_core authn_file
    authz_core authz_host authz_user autoindex deflate dir env filter headers
    mime negotiation reqtimeout rewrite setenvif status
);

sub setup {
    ($apxs) = @_;
    for my $name (qw(LIBEXECDIR SBINDIR PROGNAME)) {
        $query{$name} = output($apxs, '-q', $name);
    }
    return;
}

sub output {
    my (@command) = @_;
    open my $pipe, '-|', @command or die "$command[0]: $!\n";
    my $text = do { local $/ = undef; <$pipe> };
    close $pipe or die "@command: failed\n";
    chomp $text;
    return $text;
}

sub httpd_program { return "$query{SBINDIR}/$query{PROGNAME}" }

sub httpd_version {
    my ($version) = output(httpd_program(), '-v') =~ m{Apache/(\S+)};
    return $version;
}

# Build a floor module from mod_floor.c next to this file; returns its path.
sub build_floor {
    my ($name, @defines) = @_;
    my $dir = getcwd() . "/floor/$name";
    make_path($dir);
    write_file("$dir/mod_floor.c",
        slurp(__FILE__ =~ s{[^/]+\z}{mod_floor.c}r));
    my $command = join ' ', "cd '$dir' &&", $apxs, '-c',
        (map { "-Wc,$_" } qw(-std=c99 -Wall -Wextra)),
        (map { "-D$_" } @defines), 'mod_floor.c';
    system("$command >build.log 2>&1") == 0
        or die "$command:\n", slurp("$dir/build.log");
    return "$dir/.libs/mod_floor.so";
}

sub module_lines {
    my ($mpm, @more) = @_;
    my $lines = '';
    for my $name ("mpm_$mpm", @modules) {
        my $file = "$query{LIBEXECDIR}/mod_$name.so";
        $lines .= "LoadModule ${name}_module $file\n" if -e $file;
    }
    while (my ($name, $file) = splice @more, 0, 2) {
        $lines .= "LoadModule ${name}_module $file\n";
    }
    return $lines;
}

# ---------------------------------------------------------------------------
# Servers

sub slurp {
    my ($path) = @_;
    open my $in, '<', $path or die "$path: $!\n";
    local $/ = undef;
    return scalar <$in>;
}

sub write_file {
    my ($path, $text) = @_;
    open my $out, '>', $path or die "$path: $!\n";
    print {$out} $text or die "$path: $!\n";
    close $out or die "$path: $!\n";
    return;
}

# The files that a server serves. They are old, so that ETag is strong from
# the first second on.
sub write_tree {
    my ($dir, $htaccess) = @_;
    make_path("$dir/htdocs/api");
    my $file = "$dir/htdocs/api/data.json";
    write_file($file, qq({"name": "value", "items": [1, 2, 3]}\n));
    write_file("$dir/htdocs/api/.htaccess", $htaccess) if defined $htaccess;
    utime 1_500_000_000, 1_500_000_000, $file or die "$file: $!\n";
    return;
}

# An httpd of its own below a directory; the port is given when it starts, by
# -C "Define PORT ...".
sub write_httpd {
    my (%server) = @_;
    my $root  = $server{root};
    my $lines = module_lines($server{mpm}, @{ $server{modules} });
    my $conf  = $server{conf} || '';
    write_tree($root, $server{htaccess});
    write_file("$root/mime.types", "application/json json\n");
    write_file("$root/httpd.conf", <<"CONF");
Define ROOT "$root"
ServerRoot "$root"
DefaultRuntimeDir "$root"
PidFile \${PORT}.pid
ErrorLog error.log
ServerName bench.example
Listen 127.0.0.1:\${PORT}
MaxKeepAliveRequests 0
KeepAliveTimeout 300
Timeout 300
$lines
TypesConfig mime.types
DocumentRoot "$root/htdocs"
<Directory />
    Options FollowSymLinks
    AllowOverride None
    Require all denied
</Directory>
<Directory "$root/htdocs">
    Options Indexes FollowSymLinks
    AllowOverride None
    Require all granted
</Directory>
$conf
CONF
    return;
}

sub free_port {
    my $socket = IO::Socket::INET->new(
        LocalAddr => '127.0.0.1',
        Listen    => 1,
    ) or die "no free port: $!\n";
    return $socket->sockport;
}

my %started;
for my $signal (qw(INT TERM HUP)) {
    $SIG{$signal} = sub {
        kill 'KILL', keys %started;
        POSIX::_exit(1);
    };
}

# Start a server in the foreground of a process of its own; its output goes to
# a file. Returns its process id.
sub start {
    my ($log, @command) = @_;
    defined(my $pid = fork) or die "fork: $!\n";
    if ($pid) {
        $started{$pid} = 1;
        return $pid;
    }
    $SIG{$_} = 'DEFAULT' for qw(INT TERM HUP);
    open STDIN,  '<', '/dev/null' or POSIX::_exit(126);
    open STDOUT, '>', $log        or POSIX::_exit(126);
    open STDERR, '>&', \*STDOUT   or POSIX::_exit(126);
    exec { $command[0] } @command
        or print {*STDERR} "$command[0]: $!\n";
    POSIX::_exit(127);
}

# Connect to a server that is starting: one connection in the end, however
# often it has to be tried. Returns undef if the server ends instead.
sub connect_to {
    my ($pid, $port, $seconds) = @_;
    my $end = time + $seconds;
    while (time < $end) {
        my $socket = IO::Socket::INET->new(
            PeerAddr => '127.0.0.1',
            PeerPort => $port,
        );
        return $socket if $socket;
        return if is_over($pid);
        sleep 0.01;
    }
    stop($pid);
    die "no server on port $port after $seconds seconds\n";
}

# A signal can arrive between httpd's test of its flag and its poll: repeat it.
sub stop {
    my ($pid) = @_;
    for my $try (1 .. 200) {
        kill $try < 100 ? 'TERM' : 'KILL', $pid if $try % 10 == 1;
        return if is_over($pid);
        sleep 0.05;
    }
    die "process $pid does not end\n";
}

sub is_over {
    my ($pid) = @_;
    return 0 if waitpid($pid, POSIX::WNOHANG()) == 0;
    delete $started{$pid};
    return 1;
}

# Ask once, on a connection that stays open. Returns the response's head.
sub ask {
    my ($socket, $request) = @_;
    my $rest = length $request;
    while ($rest > 0) {
        my $sent = syswrite $socket, $request, $rest, -$rest;
        die "write: $!\n" if !$sent;
        $rest -= $sent;
    }
    my ($buffer, $end) = ('', -1);
    while (($end = index $buffer, "\r\n\r\n") < 0) {
        more($socket, \$buffer);
    }
    my $head = substr $buffer, 0, $end + 2;
    my ($length) = $head =~ /^Content-Length: (\d+)\r$/mi;
    while (length $buffer < $end + 4 + ($length || 0)) {
        more($socket, \$buffer);
    }
    return $head;
}

sub more {
    my ($socket, $buffer) = @_;
    local $SIG{ALRM} = sub { die "no response after 60 seconds\n" };
    alarm 60;
    my $got = sysread $socket, ${$buffer}, 65536, length ${$buffer};
    alarm 0;
    die "the server closed the connection\n" if !$got;
    return;
}

# What two responses must have in common: the status, and each CORS and Vary
# line once, its elements in order and without case.
sub cors_lines {
    my ($head) = @_;
    my ($status) = $head =~ m{\AHTTP/1\.1 (\d+)};
    my @lines;
    for my $line (split /\r\n/, $head) {
        my ($name, $value) = $line =~ /\A(access-control-[^:]+|vary):\s*(.*)/i
            or next;
        push @lines, lc "$name: " . join ', ', sort split /\s*,\s*/, $value;
    }
    return join "\n", $status, sort @lines;
}

1;
