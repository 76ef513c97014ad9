package CorsClient;

# Requests over HTTP/1.1 and HTTP/2, with every header line kept apart. What
# each function does stands in CorsTest.pm, which exports them.

use strict;
use warnings;

use CorsResponse;
use Exporter 'import';
use File::Temp ();
use IO::Socket::INET;
use Time::HiRes qw(sleep time);

our @EXPORT_OK = qw(
    request get preflight exchange port for_each_protocol vars slurp spew
);

our $PROTOCOL = 'h1';

my $TIMEOUT = 20;

# What Apache::Test knows of the server. Asked late, so that the files of the
# tests compile where there is none.
my $vars;

sub vars {
    require Apache::Test;
    return $vars ||= Apache::Test::vars();
}

sub port {
    my ($word) = @_;
    return vars()->{port} if !defined $word;
    my $port = vars()->{ lc "port_$word" };
    die "no configuration file says \@port_$word\@\n" if !$port;
    return $port;
}

# No "local": CorsTest shares the variable. The prototype lets callers write a
# block.
sub for_each_protocol(&) {    ## no critic (ProhibitSubroutinePrototypes)
    my ($block) = @_;
    my $before = $PROTOCOL;
    for my $protocol (vars()->{mpm_name} eq 'prefork' ? 'h1' : qw(h1 h2c)) {
        $PROTOCOL = $protocol;
        $block->($protocol);
    }
    $PROTOCOL = $before;
    return;
}

sub request {
    my ($method, $target, $headers, %opt) = @_;
    my @lines = @{ $headers || [] };
    my $host  = exists $opt{host} ? $opt{host} : 'localhost';
    unshift @lines, Host => $host if defined $host;

    return request_h2c($method, $target, \@lines, \%opt)
        if ($opt{protocol} || $PROTOCOL) eq 'h2c';

    my $version = $opt{version} || '1.1';
    my $body    = defined $opt{body} ? $opt{body} : '';
    if ($opt{chunked}) {
        push @lines, 'Transfer-Encoding' => 'chunked';
        $body = sprintf "%x\r\n%s\r\n0\r\n\r\n", length $body, $body;
    }
    elsif (defined $opt{body}) {
        push @lines, 'Content-Length' => length $body;
    }
    push @lines, Connection => 'close'
        if !grep { !($_ & 1) && lc $lines[$_] eq 'connection' } 0 .. $#lines;

    my $bytes = "$method $target HTTP/$version\r\n";
    while (my ($name, $value) = splice @lines, 0, 2) {
        $bytes .= "$name: $value\r\n";
    }
    my ($response) = exchange("$bytes\r\n$body", [$method], %opt);
    return $response;
}

sub get {
    my ($target, $origin, %opt) = @_;
    my $headers = delete $opt{headers} || [];
    return request('GET', $target, [ repeated(Origin => $origin), @$headers ],
        %opt);
}

sub preflight {
    my ($target, $origin, $method, $names, %opt) = @_;
    my $headers = delete $opt{headers} || [];
    return request(
        'OPTIONS', $target,
        [
            repeated(Origin => $origin),
            repeated('Access-Control-Request-Method' => $method),
            repeated('Access-Control-Request-Headers' => $names),
            @$headers,
        ],
        %opt
    );
}

sub repeated {
    my ($name, $value) = @_;
    return map { ($name => $_) } ref $value ? @$value : grep { defined } $value;
}

sub exchange {
    my ($bytes, $methods, %opt) = @_;
    my $socket = IO::Socket::INET->new(
        PeerAddr => '127.0.0.1',
        PeerPort => $opt{port} || port(),
        Timeout  => $TIMEOUT,
    ) or die "cannot connect: $@\n";
    $socket->autoflush(1);
    local $SIG{PIPE} = 'IGNORE';
    print {$socket} $bytes;

    my $stream = CorsResponse::Stream->new($socket, $TIMEOUT);
    my @responses = map { CorsResponse->read($stream, $_) } @$methods;
    $responses[-1]{extra} = $stream->rest
        if @responses && $responses[-1]->status ne '101';
    close $socket;
    return @responses;
}

# HTTP/2 by curl, which keeps repeated lines apart. It cannot send what HTTP/2
# has no form for: control bytes, blanks around a value. Told the length, it may
# leave before the stream has ended, and mod_cache then does not store what it
# has sent; nghttp2 compares the length all the same.
sub request_h2c {
    my ($method, $target, $lines, $opt) = @_;
    my $dir  = File::Temp->newdir;
    my $port = $opt->{port} || port();
    my $path = $target eq '*' ? '/' : $target;
    my @arg  = (
        qw(curl --silent --show-error --http2-prior-knowledge --path-as-is),
        '--ignore-content-length',
        '--globoff', '--noproxy', '*', '--max-time', $TIMEOUT,
        '--dump-header', "$dir/head", '--output', "$dir/body",
        '--stderr', "$dir/stderr", '--write-out', '%{local_port}',
        '--header', 'User-Agent:', '--header', 'Accept:',
    );
    push @arg, $method eq 'HEAD' ? '--head' : ('--request', $method);
    push @arg, '--request-target', '*' if $target eq '*';
    if (defined $opt->{body}) {
        spew("$dir/request", $opt->{body});
        push @arg, '--data-binary', "\@$dir/request";
        push @arg, '--header', 'Content-Type:'
            if !grep { lc eq 'content-type' } @$lines;
    }
    my @left = @$lines;
    while (my ($name, $value) = splice @left, 0, 2) {
        $value =~ s/\A[ \t]+|[ \t]+\z//g;
        push @arg, '--header', length $value ? "$name: $value" : "$name;";
    }

    my $mark = length slurp(clients_log());
    open my $from, '-|', @arg, "http://127.0.0.1:$port$path"
        or die "curl: $!\n";
    my $client = <$from>;
    close $from;
    my $exit = $? >> 8;
    await_log($port, $client, $mark) if !$exit;
    my $head = slurp("$dir/head");
    my $res  = CorsResponse->from_head(\$head);
    $res->{body} = slurp("$dir/body") if $method ne 'HEAD';
    $res->{raw}  = slurp("$dir/head") . $res->{body};
    $res->{error} = "curl: exit $exit: " . slurp("$dir/stderr") if $exit;
    $res->{trailers} = CorsResponse::parse_lines($head);
    return $res;
}

sub clients_log { return vars()->{t_logs} . '/clients_log' }

# Over HTTP/2 httpd may send an answer before it logs the request. (Over
# HTTP/1.1 the connection ends after that, and the end is waited for.) A server
# of a test's own has no such log, which shows once.
my %is_unlogged;

sub await_log {
    my ($port, $client, $mark) = @_;
    return if $is_unlogged{$port};
    my $until = time + 5;
    while (substr(slurp(clients_log()), $mark) !~ /^$client$/m) {
        return $is_unlogged{$port} = 1 if time > $until;
        sleep 0.005;
    }
    return;
}

sub slurp {
    my ($path) = @_;
    open my $in, '<:raw', $path or return '';
    local $/ = undef;
    return scalar <$in>;
}

sub spew {
    my ($path, $content) = @_;
    open my $out, '>:raw', $path or die "$path: $!\n";
    print {$out} $content;
    close $out or die "$path: $!\n";
    return;
}

1;
