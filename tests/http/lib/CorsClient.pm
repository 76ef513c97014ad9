package CorsClient;

# Requests over HTTP/1.1 and HTTP/2, with every header line kept apart. What
# each function does stands in CorsTest.pm, which exports them.

use strict;
use warnings;

use Exporter 'import';
use FindBin;
use lib "$FindBin::Bin/../../lib";

use Files qw(slurp);
use Http;
use Http::Response;
use Storable qw(store_fd);
use Time::HiRes qw(sleep time);
use WWW::Curl::Easy;

our @EXPORT_OK =
    qw(request get preflight exchange port for_each_protocol vars record);

our $PROTOCOL = 'h1';

my $TIMEOUT = 20;

# What tests/http/run knows of the server.
my %vars;

sub vars {
    %vars = map { split / /, $_, 2 } split /\n/, slurp('t/state/vars')
        if !%vars;
    return \%vars;
}

sub port {
    my ($word) = @_;
    return vars()->{port} if !defined $word;
    return vars()->{"port_$word"}
        || die "no configuration file says \@port_$word\@\n";
}

# No "local": CorsTest shares the variable. The prototype lets callers write a
# block.
sub for_each_protocol(&) {    ## no critic (ProhibitSubroutinePrototypes)
    my ($block) = @_;
    my $before = $PROTOCOL;
    for my $protocol (vars()->{mpm} eq 'prefork' ? 'h1' : qw(h1 h2c)) {
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
    my $port = $opt{port} || port();
    record(exchange => $bytes, $methods, port => $port);
    my $http = Http->connect($port);
    $http->send($bytes);
    my @responses = map { $http->response($_) } @$methods;
    $responses[-1]{extra} = $http->rest
        if @responses && $responses[-1]->status ne '101';
    $http->close;
    return @responses;
}

# HTTP/2 by libcurl, which keeps repeated lines apart. It cannot send what
# HTTP/2 has no form for: control bytes, blanks around a value. Told the length,
# it may leave before the stream has ended, and mod_cache then does not store
# what it has sent; nghttp2 compares the length all the same.
sub request_h2c {
    my ($method, $target, $lines, $opt) = @_;
    my $port  = $opt->{port} || port();
    record(request_h2c => $method, $target, [@$lines],
        { port => $port, body => $opt->{body} });
    my $path  = $target eq '*' ? '/' : $target;
    my @lines = ('User-Agent:', 'Accept:');
    my @left  = @$lines;
    while (my ($name, $value) = splice @left, 0, 2) {
        $value =~ s/\A[ \t]+|[ \t]+\z//g;
        push @lines, length $value ? "$name: $value" : "$name;";
    }
    push @lines, 'Content-Type:'
        if defined $opt->{body} && !grep { /\Acontent-type[:;]/i } @lines;

    my ($head, $body) = ('', '');
    my $curl = WWW::Curl::Easy->new;
    my @settings = (
        CURLOPT_URL,                   "http://127.0.0.1:$port$path",
        CURLOPT_PATH_AS_IS,            1,
        CURLOPT_HTTP_VERSION,          CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE,
        CURLOPT_NOPROXY,               '*',
        CURLOPT_TIMEOUT,               $TIMEOUT,
        CURLOPT_IGNORE_CONTENT_LENGTH, 1,
        CURLOPT_HTTPHEADER,            \@lines,
        CURLOPT_WRITEHEADER,           \$head,
        CURLOPT_WRITEDATA,             \$body,
        $method eq 'HEAD'
        ? (CURLOPT_NOBODY, 1)
        : (CURLOPT_CUSTOMREQUEST, $method),
        $target eq '*' ? (CURLOPT_REQUEST_TARGET, '*') : (),
    );
    push @settings, CURLOPT_POSTFIELDSIZE, length $opt->{body},
        CURLOPT_POSTFIELDS, $opt->{body}
        if defined $opt->{body};
    while (my ($option, $value) = splice @settings, 0, 2) {
        $curl->setopt($option, $value);
    }

    my $mark   = -s clients_log();
    my $failed = $curl->perform;
    my $client = $curl->getinfo(CURLINFO_LOCAL_PORT);
    undef $curl;    # ends the connection
    await_log($port, $client, $mark) if !$failed;
    my $raw = $head . $body;
    my $res = Http::Response->from_head(\$head);
    $res->{body}     = $body;
    $res->{raw}      = $raw;
    $res->{error}    = 'curl: ' . WWW::Curl::Easy->new->strerror($failed)
        if $failed;
    $res->{trailers} = Http::Response::parse_lines($head);
    return $res;
}

# Whether a port is one of the server that the tests share.
sub is_shared {
    my ($port) = @_;
    my $vars = vars();
    return grep { /\Aport/ && $vars->{$_} eq $port } keys %$vars;
}

# Keeps for t/900_replay.t what a test does with servers and their files: the name
# of a function and its arguments. Each test begins with its own name. Those that
# run beside others (see run) would write at the same time, and are left out.
my $is_recording;
sub record {
    my @call = @_;
    return if $0 =~ m{\bt/0(?!00)};
    open my $out, '>>:raw', vars()->{recorded}
        or die vars()->{recorded}, ": $!\n";
    store_fd([ test => $0 ], $out) if !$is_recording++;
    store_fd(\@call, $out);
    close $out or die vars()->{recorded}, ": $!\n";
    return;
}

sub clients_log { return vars()->{t_logs} . '/clients_log' }

# Over HTTP/2 httpd may send an answer before it logs the request. (Over
# HTTP/1.1 the connection ends after that, and the end is waited for.) A server
# of a test's own has no such log.
sub await_log {
    my ($port, $client, $mark) = @_;
    return if !is_shared($port);
    my $until = time + 20;
    while (substr(slurp(clients_log()), $mark) !~ /^$client$/m) {
        die "a request is not in clients_log\n" if time > $until;
        sleep 0.001;
    }
    return;
}

1;
