package CorsTest;

=head1 NAME

CorsTest - requests, checks of outcomes, and logs

=head1 SYNOPSIS

    use strict;
    use warnings;
    use lib 'lib';
    use Test::More;
    use CorsTest;

    my $origin = 'https://app.example';
    my $mark   = log_mark();

    for_each_protocol {
        act_ok(get('/actual/plain.txt', $origin),
            name => 'C-2', policy => 'PA', origin => $origin,
            body => "plain\n");
        pf_no(preflight('/actual/plain.txt', $origin, 'PATCH'),
            name => 'C-56', policy => 'PA');
    };
    log_clean($mark);
    done_testing();

The tests run in F<tests/http> (so C<use lib 'lib'> works), against one httpd.
The area NAME of the tests brings F<t/conf/NAME.conf.in>, which is included
at the end of the server configuration, and F<t/htdocs/NAME/>, which is served
under C</NAME/>. In a configuration file, C<@Port@>, C<@ServerRoot@>,
C<@DocumentRoot@>, C<@t_logs@> and C<@t_state@> (a directory that httpd may
write to) are replaced, and C<@port_WORD@> by a free port of its own, the same
one wherever the word stands and C<port('WORD')> in a test. A further port
needs its C<Listen 127.0.0.1:@port_WORD@>. Directives and sections outside a
C<< <VirtualHost> >> are inherited by every host; so an area puts its policies
into C<< <Location "/NAME/"> >>, or into its own
C<< <VirtualHost *:@Port@> >> with C<ServerName NAME.test>, which requests
reach with C<< host => 'NAME.test' >>.

=head1 REQUESTS

=over

=item request($method, $target, [name => value, ...], %opt)

Sends one request on a connection of its own and returns a response. The
header lines go out in the order given, a name as often as it stands there.
Over HTTP/1.1 they go out byte for byte. Options:

    host      the Host header (default: localhost); undef: none is sent
    port      the port (default: the main one)
    body      the request's body, with Content-Length
    chunked   true: the body goes out as one chunk instead
    version   1.0 or 1.1 (default)
    protocol  h1 or h2c (default: that of for_each_protocol, else h1)

=item get($target, $origin, %opt)

A GET; $origin may be undef. C<< headers => [...] >> adds header lines.

=item preflight($target, $origin, $method, $headers, %opt)

OPTIONS with Origin, Access-Control-Request-Method and -Headers. Each may be
undef (not sent), a string, or an array reference (one line for each value).
C<< headers => [...] >> adds header lines.

=item exchange($bytes, \@methods, %opt)

Sends the bytes as they are on one HTTP/1.1 connection and returns as many
responses as there are methods (which tell how each response is framed).
The last request should carry C<Connection: close>.

=item port($word)

The port that C<@port_WORD@> stands for; without a word, the main port.

=item for_each_protocol { ... };

Runs the block over HTTP/1.1 and over HTTP/2 (h2c, prior knowledge; not with
the prefork MPM, which cannot do it). Outcome checks put the protocol in front
of their name; other tests find it in C<$CorsTest::PROTOCOL> and in the
block's argument.

=back

=head1 RESPONSES

    status reason version body   as received, body decoded from its chunks
    lines             [[name, value], ...] header lines in order
    trailers          the same for the trailer section
    interim           responses with a 1xx status that came before
    extra             bytes after the response: must be ''
    error             what went wrong on the connection, or undef
    raw               the bytes received (h2c: header section and body)
    values($name)     the values of all lines of that name, one per line
    value($name)      their only value; undef if there is not exactly one line
    list($name)       their members, as RFC 9110 lists
    dump              status and header lines, for diagnostics

=head1 OUTCOMES

Each check is one test. It looks at the status, the body, the framing, and the
I<complete> set of Access-Control-*, Timing-Allow-Origin and Vary lines, each
of which may stand there once. Options:

    name        the test's name
    policy      PA, PW, PS, PX, P0 (PROTOCOL: "Policies"), or a hash reference
    origin      the Origin of the request
    status      act_*: default 200; pf_ok: default that of the policy, or 204
    body        string or regex; for pf_* always empty
    vary        [...] members that Vary has besides those of the policy
    vary_only   [...] the whole of Vary ([] for none)

=over

=item act_ok($res, %opt)

ACT-OK: the handler's response with Allow-Origin and its companions. For an
any-origin policy also without C<origin>.

=item act_no($res, %opt)

ACT-NO: the handler's response, and Vary only. Also for requests without
Origin.

=item pf_ok($res, method => 'PUT', headers => [names], %opt)

PF-OK: C<headers> are the names requested, none if left out.

=item pf_no($res, %opt)

PF-NO: 403, Content-Length 0, and nothing of the policy in it.

=item no_cors($res, %opt)

Inert: none of the headers, no Vary but C<vary>.

=item no_cors_star($res, %opt)

The same of the answer to C<OPTIONS *>, which is httpd's own. Over HTTP/2 it
refused the target as malformed from 2.4.55 to 2.4.70; of 2.5, which has had
either, both are taken.

=item cors_headers_are($res, { name => value or [members] }, %opt)

For everything else: the complete set, names in lower case. Checks the status
and the body only if told.

=back

A policy is a hash:

    any          true: CORSAllowOrigin *
    closed       true: CORSAllowOrigin none
    inert        true: no policy
    origins      [...] the listed origins (pf_no looks for them)
    credentials  true or false
    methods      [...], or '*'; left out: GET HEAD POST
    headers      [...] the names listed
    headers_any  true: * stands beside them
    expose       [...], or '*'
    max_age      seconds; left out: no header
    status       CORSPreflightStatus
    timing       true: CORSTimingAllowOrigin On

C<policy($name)> returns one of the named ones, to be varied:
C<< policy => { %{policy('PA')}, max_age => 0 } >>.

=head1 LOGS

=over

=item log_mark()

The present end of the logs.

=item log_lines($mark, $regex, $seconds)

The lines of the error log since then. With a regex, waits until a line matches
(20 seconds, or as told) and returns the lines that do.

=item access_log_lines($mark, $count)

The same of the access log, after waiting for that many lines. Each has the form

    METHOD target status verdict=V reason=R origin=O

where V and R are the notes cors-verdict and cors-reason and O is CORS_ORIGIN,
C<-> where there is none.

=item log_clean($mark, @allowed)

One test: since the mark, no line at level warn or above (of any module), save
those that match one of the regexes.

=back

=head1 FILES AND BACKENDS

=over

=item backend($word, $answer)

A backend on C<port($word)>, or on a port, that says the same to every request, as
it stands, and closes the connection; it ends with the test.

=item write_htdocs($path, $content)

Writes a file below the document root (C<NAME/x/.htaccess>), and returns its
whole path.

=item chmod_htdocs($mode, $path)

Changes the mode of a file or directory there.

=back

Requests, files and backends are recorded, for F<t/900_replay.t>.

=cut

use strict;
use warnings;

use CorsClient qw(
    request get preflight exchange port for_each_protocol vars record
);
use Exporter 'import';
use File::Basename qw(dirname);
use File::Path qw(make_path);
use Files qw(spew);
use Http::Response qw(quoted);
use IO::Socket::INET;
use POSIX ();
use Test::More ();
use Time::HiRes qw(sleep time);

our @EXPORT = qw(
    request get preflight exchange port for_each_protocol vars
    act_ok act_no pf_ok pf_no no_cors no_cors_star cors_headers_are policy
    log_mark log_lines access_log_lines log_clean
    write_htdocs chmod_htdocs backend
);

# The protocol that requests use: h1 or h2c.
*PROTOCOL = \$CorsClient::PROTOCOL;
our $PROTOCOL;

my @pa_origins = qw(
    https://app.example http://localhost:8080 http://[::1]:3000
    http://127.0.0.1:8080 https://xn--bcher-kva.example
);
my %POLICY = (
    P0 => { inert => 1 },
    PA => {
        origins     => \@pa_origins,
        credentials => 1,
        methods     => [qw(GET HEAD POST PUT DELETE)],
        headers     => [qw(content-type x-api-key authorization)],
        expose      => [qw(X-Request-Id ETag)],
        max_age     => 600,
    },
    PW => {
        any     => 1,
        methods => [qw(PUT)],
        headers => [qw(content-type)],
        expose  => [qw(X-Request-Id)],
    },
    PS => {
        origins     => ['https://*.example.com'],
        methods     => '*',
        headers_any => 1,
    },
    PX => {
        origins     => \@pa_origins,
        credentials => 1,
        methods     => '*',
        headers_any => 1,
        expose      => [qw(X-Request-Id ETag)],
        max_age     => 600,
    },
);

# ---------------------------------------------------------------- outcomes

my $COVERED = qr/\A(?:access-control-.*|timing-allow-origin|vary)\z/;

# Fields whose value is a list; the others are compared as one string.
my %IS_LIST = map { $_ => 1 } qw(
    vary access-control-allow-methods access-control-allow-headers
    access-control-expose-headers
);

sub policy {
    my ($policy) = @_;
    return $policy if ref $policy;
    return $POLICY{$policy} || die "no policy $policy\n";
}

sub act_ok {
    my ($res, %opt) = @_;
    my $policy = policy($opt{policy});
    my $origin = $policy->{any} ? '*' : $opt{origin};
    my %want   = ('access-control-allow-origin' => $origin);
    $want{'access-control-allow-credentials'} = 'true'
        if $policy->{credentials};
    $want{'access-control-expose-headers'} = members($policy->{expose})
        if $policy->{expose};
    $want{'timing-allow-origin'} = $origin if $policy->{timing};
    $want{vary} = varies($policy, \%opt, 'origin');
    return outcome($res, \%want, status => 200, %opt);
}

sub act_no {
    my ($res, %opt) = @_;
    my %want = (vary => varies(policy($opt{policy}), \%opt, 'origin'));
    return outcome($res, \%want, status => 200, %opt);
}

sub pf_ok {
    my ($res, %opt) = @_;
    my $policy = policy($opt{policy});
    my $asked  = $opt{headers} || [];
    my %want   = (
        'access-control-allow-origin'  => $policy->{any} ? '*' : $opt{origin},
        'access-control-allow-methods' => preflight_methods($policy, \%opt),
    );
    $want{'access-control-allow-credentials'} = 'true'
        if $policy->{credentials};
    $want{'access-control-allow-headers'} = preflight_headers($policy, $asked)
        if @$asked;
    $want{'access-control-max-age'} = $policy->{max_age}
        if defined $policy->{max_age};
    $want{vary} = preflight_varies($policy, \%opt);
    my $status = $policy->{status} || 204;
    return outcome($res, \%want, status => $status, body => '',
        %opt, framing => 1);
}

sub pf_no {
    my ($res, %opt) = @_;
    my $policy = policy($opt{policy});
    my %want   = (vary => preflight_varies($policy, \%opt));
    return outcome($res, \%want, status => 403, body => '',
        %opt, framing => 1, secret => secrets($policy));
}

sub no_cors {
    my ($res, %opt) = @_;
    my %want = (vary => varies({ inert => 1 }, \%opt));
    return outcome($res, \%want, %opt);
}

sub no_cors_star {
    my ($res, %opt) = @_;
    my ($httpd) = vars()->{version} =~ /\A([\d.]+)/;
    my $version    = version->parse($httpd);
    my $is_refused = $PROTOCOL eq 'h2c' && $version >= version->parse('2.4.55')
        && ($version < version->parse('2.4.71')
            || $version >= version->parse('2.5') && $res->status == 400);
    return no_cors($res, %opt,
        $is_refused ? (status => 400) : (status => 200, body => ''));
}

sub cors_headers_are {
    my ($res, $want, %opt) = @_;
    return outcome($res, $want, %opt);
}

sub members {
    my ($value) = @_;
    return ref $value ? $value : [$value];
}

sub varies {
    my ($policy, $opt, @depends) = @_;
    return $opt->{vary_only} if $opt->{vary_only};
    my $fixed = $policy->{any} || $policy->{closed} || $policy->{inert};
    return [ $fixed ? () : @depends, @{ $opt->{vary} || [] } ];
}

sub preflight_varies {
    my ($policy, $opt) = @_;
    return varies($policy, $opt) if $policy->{closed} || $policy->{inert};
    my $varies = varies($policy, $opt, 'origin');
    return $varies if $opt->{vary_only};
    return [
        @$varies,
        qw(access-control-request-method access-control-request-headers)
    ];
}

sub preflight_methods {
    my ($policy, $opt) = @_;
    my $methods = $policy->{methods} || [qw(GET HEAD POST)];
    return ref $methods ? $methods : [ $opt->{method} ];
}

sub preflight_headers {
    my ($policy, $asked) = @_;
    my %names = map { lc $_ => 1 } @{ $policy->{headers} || [] };
    if ($policy->{headers_any}) {
        $names{ lc $_ } = 1 for @$asked;
    }
    return [ keys %names ];
}

# What a refusal must not tell: the listed origins, methods and header names.
sub secrets {
    my ($policy) = @_;
    my @methods = ref $policy->{methods} ? @{ $policy->{methods} } : ();
    return [
        @{ $policy->{origins} || [] },
        @methods, @{ $policy->{headers} || [] }
    ];
}

sub outcome {
    my ($res, $want, %opt) = @_;
    my @problems = (
        header_problems($res, $want),
        body_problems($res, \%opt),
        $opt{framing} ? framing_problems($res) : (),
        secret_problems($res, $opt{secret} || []),
    );
    my $name = "$PROTOCOL: " . (defined $opt{name} ? $opt{name} : '');

    local $Test::Builder::Level = $Test::Builder::Level + 2;
    my $ok = Test::More::ok(!@problems, $name);
    Test::More::diag(join "\n", @problems, $res->dump) if !$ok;
    return $ok;
}

sub header_problems {
    my ($res, $want) = @_;
    my (%got, @problems);
    for my $line (@{ $res->lines }) {
        push @{ $got{ lc $line->[0] } }, $line->[1]
            if lc($line->[0]) =~ $COVERED;
    }
    my %want = map { lc $_ => $want->{$_} } keys %$want;
    delete $want{vary} if ref $want{vary} && !@{ $want{vary} };

    my %names = (%got, %want);
    for my $name (sort keys %names) {
        my @lines = @{ $got{$name} || [] };
        my $seen  = join '; ', map { "\"$_\"" } @lines;
        if (!exists $want{$name}) {
            push @problems, "unexpected $name: $seen";
        }
        elsif (@lines != 1) {
            push @problems, "$name: wanted one line, got " . @lines . ": $seen";
        }
        else {
            my $wanted = comparable($name, $want{$name});
            push @problems, "$name: wanted \"$wanted\", got $seen"
                if comparable($name, $lines[0]) ne $wanted;
        }
    }
    return @problems;
}

sub comparable {
    my ($name, $value) = @_;
    $value = '(undef)' if !defined $value;
    return $value if !$IS_LIST{$name};
    my @members = ref $value ? @$value : split /[ \t]*,[ \t]*/, $value, -1;
    @members = map { lc } @members if $name ne 'access-control-allow-methods';
    return join ', ', sort @members;
}

sub body_problems {
    my ($res, $opt) = @_;
    my @problems;
    push @problems, "connection: $res->{error}" if defined $res->{error};
    push @problems, 'bytes after the response: ' . quoted($res->extra)
        if length $res->extra;
    push @problems, "status: wanted $opt->{status}, got " . $res->status
        if defined $opt->{status} && $res->status ne $opt->{status};

    my $body = $opt->{body};
    return @problems if !defined $body;
    my $right = ref $body ? $res->body =~ $body : $res->body eq $body;
    push @problems, "body: wanted $body, got " . quoted($res->body) if !$right;
    return @problems;
}

sub framing_problems {
    my ($res) = @_;
    my @problems;
    for my $name (qw(Transfer-Encoding Content-Type Trailer)) {
        push @problems, "unexpected $name" if $res->values($name);
    }
    my $length = join ', ', $res->values('Content-Length');
    my $wanted = $res->status eq '204' ? '' : '0';
    push @problems, "Content-Length: wanted \"$wanted\", got \"$length\""
        if $length ne $wanted;
    return @problems;
}

sub secret_problems {
    my ($res, $secrets) = @_;
    my $told = join "\n", $res->body, map { $_->[1] } @{ $res->lines };
    return map { "it tells \"$_\"" }
        grep { $told =~ /(?<![\w-])\Q$_\E(?![\w-])/i } @$secrets;
}

# -------------------------------------------------------------------- logs

sub log_mark {
    my $dir = vars()->{t_logs};
    return { map { $_ => -s "$dir/$_" || 0 } qw(error_log access_log) };
}

sub log_tail {
    my ($mark, $log) = @_;
    open my $in, '<:raw', vars()->{t_logs} . "/$log" or return;
    seek $in, $mark->{$log}, 0;
    chomp(my @lines = <$in>);
    return @lines;
}

# Ends in a loop, as the next one does.
sub log_lines {    ## no critic (RequireFinalReturn)
    my ($mark, $regex, $seconds) = @_;
    return log_tail($mark, 'error_log') if !defined $regex;
    my $until = time + (defined $seconds ? $seconds : 20);
    while (1) {
        my @lines = grep { $_ =~ $regex } log_tail($mark, 'error_log');
        return @lines if @lines || time > $until;
        sleep 0.02;
    }
}

sub access_log_lines {    ## no critic (RequireFinalReturn)
    my ($mark, $count) = @_;
    my $until = time + 20;
    while (1) {
        my @lines = log_tail($mark, 'access_log');
        return @lines if @lines >= ($count || 0) || time > $until;
        sleep 0.02;
    }
}

sub log_clean {
    my ($mark, @allowed) = @_;
    my @lines;
    for my $line (log_lines($mark)) {
        next if $line =~ /\A\[[^\]]*\] \[[^:\]]*:(?:notice|info|debug|trace\d)\]/;
        push @lines, $line if !grep { $line =~ $_ } @allowed;
    }
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $ok = Test::More::ok(!@lines, 'nothing else in the error log');
    Test::More::diag(join "\n", @lines) if !$ok;
    return $ok;
}

# The backends that run.
my @backends;
END { my $status = $?; end_backends(); $? = $status }

sub end_backends {
    kill 'KILL', @backends;
    waitpid $_, 0 for splice @backends;
    return;
}

sub backend {
    my ($word, $answer) = @_;
    record(backend => $word, $answer);
    my $listen = IO::Socket::INET->new(
        LocalAddr => '127.0.0.1',
        LocalPort => $word =~ /\A\d+\z/ ? $word : port($word),
        Listen    => 5,
        ReuseAddr => 1,
    ) or die "cannot listen: $@\n";
    defined(my $pid = fork) or die "fork: $!\n";
    return push @backends, $pid if $pid;
    alarm 300;
    while (my $client = $listen->accept) {
        my $bytes = '';
        1 while $bytes !~ /\r\n\r\n/
            && sysread $client, $bytes, 4096, length $bytes;
        syswrite $client, $answer;
        close $client;
    }
    POSIX::_exit(0);
}

sub write_htdocs {
    my ($path, $content) = @_;
    record(write_htdocs => $path, $content);
    my $file = vars()->{documentroot} . "/$path";
    make_path(dirname($file));
    spew($file, $content);
    return $file;
}

sub chmod_htdocs {
    my ($mode, $path) = @_;
    record(chmod_htdocs => $mode, $path);
    my $file = vars()->{documentroot} . "/$path";
    chmod $mode, $file or die "$file: $!\n";
    return;
}

1;
