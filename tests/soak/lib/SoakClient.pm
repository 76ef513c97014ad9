package SoakClient;

# One client of the soak test: makes requests up, sends them over HTTP/1.1
# (pipelined, on kept connections) or HTTP/2 (by nghttp), and checks each answer
# against the policies in force. What did not come is asked again, and counted.

use strict;
use warnings;

use File::Basename qw(dirname);
use lib dirname(__FILE__), dirname(__FILE__) . '/../../lib';

use Files qw(slurp spew);
use Http;
use Http::Response;
use SoakPolicy qw(expected counted paths origins_of);
use Time::HiRes qw(sleep time);

my $TIMEOUT = 30;

# For so many seconds after a restart kept connections may be closed, and after
# a kill break in the middle of an answer.
my $GRACE      = 25;
my $KILL_GRACE = 5;

sub new {
    my ($class, %arg) = @_;
    my $self = bless {
        %arg, todo => [], count => {}, sent => 0, http => undef,
    }, $class;
    srand $arg{seed};
    return $self;
}

# Makes so many requests; says how far it is by lines to the manager.
sub run {
    my ($self) = @_;
    my $answered = 0;
    while ($answered < $self->{quota}) {
        my $left  = $self->{quota} - $answered;
        my @batch = $self->next_batch($left);
        my $before = $self->state;
        my $got = $self->{protocol} eq 'h2c' ? $self->ask_h2c(\@batch)
            : $self->ask_h1(\@batch);
        my $after = $self->state;
        for my $i (0 .. $#batch) {
            my $answer = $got->[$i];
            if (!$answer) {
                $self->{count}{again}++;
                push @{ $self->{todo} }, $batch[$i];
                next;
            }
            $self->check($batch[$i], $answer,
                $before->{generations} . $after->{generations});
            $answered++;
        }
        $self->report if rand() < 0.05;
    }
    $self->report;
    return;
}

# What is asked again comes first.
sub next_batch {
    my ($self, $left) = @_;
    my $todo = $self->{todo};
    if ($self->{protocol} eq 'h2c') {
        return splice @$todo if @$todo;
        return $self->invent_alike($left < 60 ? $left : 1 + int rand 60);
    }
    my $want = 1 + int rand 8;
    $want = $left if $want > $left;
    push @$todo, $self->invent while @$todo < $want;
    return splice @$todo, 0, $want;
}

sub report {
    my ($self) = @_;
    print {$self->{to}} join(' ', 'count',
        map { "$_=$self->{count}{$_}" } sort keys %{ $self->{count} }), "\n";
    $self->{count} = {};
    return;
}

# What the manager last wrote: the generations that may answer, and when it
# last disturbed something.
sub state {
    my ($self) = @_;
    my ($generations, $time, $killed) = split ' ', slurp($self->{state});
    return { generations => $generations, time => $time, killed => $killed };
}

sub fault {
    my ($self, $what, $request, $answer) = @_;
    my $text = join "\n", $what, request_text($request),
        $answer ? $answer->{raw} : ();
    $text =~ s/([^ -~\n])/sprintf '\\x%02x', ord $1/ge;
    $text = substr($text, 0, 3000);
    $text =~ s/\n/\n    /g;
    $self->{count}{wrong}++;
    print {$self->{to}} map { "fault $_\n" } split /\n/, $text;
    return;
}

# ------------------------------------------------------------------- requests

sub pick { return $_[ int rand @_ ] }

sub invent {
    my ($self) = @_;
    my $path = pick(paths());
    my %request = (
        path => $path, method => pick(qw(OPTIONS OPTIONS OPTIONS GET GET HEAD)),
        id => $self->{number} . '-' . ++$self->{sent}, file => 'file.txt',
        status => 200,
    );
    $request{origin} = $self->invent_origin($path) if rand() < 0.9;
    if ($request{method} eq 'OPTIONS') {
        $request{acrm} = $self->invent_method if rand() < 0.95;
        $request{acrh} = $self->invent_names if rand() < 0.6;
        $request{body} = pick('x' x 200, "GET / HTTP/1.1\r\n\r\n", '')
            if rand() < 0.3;
        $request{chunked} = rand() < 0.5;
    }
    elsif (rand() < 0.2) {
        @request{qw(file status)} = ('missing.txt', 404);
    }
    return \%request;
}

sub invent_origin {
    my ($self, $path) = @_;
    my $kind = rand;
    my @known = origins_of($path);
    return pick(@known) if @known && $kind < 0.5;
    return pick(map { ("https://$_.regex.example") } qw(abc xyz a-b A))
        if $kind < 0.6;
    return 'https://o' . int(rand 2_400) . '.many.example' if $kind < 0.7;
    return pick('null', 'https://evil.example', 'http://a.example',
        'https://a.example.evil.example', 'https://xwild-a.example',
        'https://wild-a.example', 'https://x..wild-a.example',
        'https://x.wild-a.example:70000', 'https://' . 'x' x 64
            . '.wild-a.example', 'https://' . 'y.' x 100 . 'wild-b.example',
        'https://' . 'y.' x 125 . 'wild-b.example', 'https://a.example/',
        'https://a.example, https://a.example', 'HTTPS://A.EXAMPLE', '*');
}

sub invent_method {
    my ($self) = @_;
    return pick(qw(PUT PUT DELETE PATCH GET POST put TRACE * CONNECT),
        'PU T', 'PUT,DELETE', 'X' x 500);
}

sub invent_names {
    my ($self) = @_;
    return pick('x-api-key', 'content-type, x-api-key', 'X-API-KEY,,x-api-key',
        'authorization', 'x-other', 'x-a,x-b,x-c,X-A', '*', '', 'x api',
        ',' x 4000, ', ' x 2000 . 'x-api-key', 'x,' x 3000, 'y,' x 64,
        'z,' x 65, join(',', map { "x-n$_" } 1 .. 60), '"x"', 'x' x 3000);
}

sub host_of { return SoakPolicy::host_of($_[0]{path}) }

sub request_text {
    my ($request) = @_;
    my $bytes = "$request->{method} /$request->{path}/$request->{file}"
        . "?$request->{id} HTTP/1.1\r\nHost: " . host_of($request) . "\r\n";
    $bytes .= "$_->[0]: $_->[1]\r\n" for fields($request);
    my $body = $request->{body};
    return "$bytes\r\n" if !defined $body;
    return $bytes . 'Content-Length: ' . length($body) . "\r\n\r\n$body"
        if !$request->{chunked};
    return "${bytes}Transfer-Encoding: chunked\r\n\r\n"
        . (length $body ? sprintf("%x\r\n%s\r\n", length $body, $body) : '')
        . "0\r\n\r\n";
}

sub fields {
    my ($request) = @_;
    my @fields = (
        [ 'Origin',                         $request->{origin} ],
        [ 'Access-Control-Request-Method',  $request->{acrm} ],
        [ 'Access-Control-Request-Headers', $request->{acrh} ],
    );
    return grep { defined $_->[1] } @fields;
}

# -------------------------------------------------------------------- answers

my %IS_LIST = map { $_ => 1 } qw(vary access-control-allow-methods
    access-control-allow-headers access-control-expose-headers);

sub check {
    my ($self, $request, $answer, $generations) = @_;
    my %got = (status => $answer->{status});
    for my $line (@{ $answer->{lines} }) {
        my ($name, $value) = (lc $line->[0], $line->[1]);
        next if $name !~ /\A(?:access-control-.*|timing-allow-origin|vary)\z/;
        return $self->fault("$name twice", $request, $answer)
            if exists $got{$name};
        $got{$name} = $IS_LIST{$name}
            ? join ' ', sort map { lc } SoakPolicy::elements($value) : $value;
    }
    my $generation = $answer->value('X-Generation') || '';
    return $self->fault("generation $generation, not of $generations", $request,
        $answer)
        if !length $generation || index($generations, $generation) < 0;
    return $self->fault('the answer to another request', $request, $answer)
        if ($answer->value('X-Id') || '') ne $request->{id};

    my $want = expected($generation, $request);
    my %names = (%got, %$want);
    for my $name (sort keys %names) {
        my ($g, $w) = map { defined $_ ? $_ : '(none)' }
            $got{$name}, $want->{$name};
        return $self->fault("$name: wanted $w, got $g", $request, $answer)
            if $g ne $w;
    }
    $self->{count}{answered}++;
    my $counted = counted($generation, $request);
    $self->{count}{$counted}++ if $counted;
    $self->{count}{ $self->{protocol} }++;
    $self->{count}{
        $request->{method} eq 'OPTIONS'
        ? ($answer->{status} == 403 ? 'refused' : 'passed') : 'actual' }++;
    return;
}

# A connection broke. Nothing but a restart or a kill may be the reason, and
# in the middle of an answer only a kill.
sub broke {
    my ($self, $how) = @_;
    $self->{http}->close if $self->{http};
    $self->{http} = undef;
    sleep 0.2;
    my $state = $self->state;
    my $is_excused = $how eq 'cut off'
        ? time - $state->{killed} < $KILL_GRACE
        : time - $state->{time} < $GRACE || length $state->{generations} > 1;
    if (!$is_excused) {
        $self->{count}{lost}++;
        print {$self->{to}} "fault a connection broke: $how\n";
    }
    $self->{count}{ $how eq 'cut off' ? 'cut' : 'broken' }++;
    return;
}

# ------------------------------------------------------------------- HTTP/1.1

sub ask_h1 {
    my ($self, $batch) = @_;
    my @answers;
    $self->{http} ||= eval { Http->connect($self->{port}) };
    if (!$self->{http}) {
        $self->broke($@);
        return [];
    }
    $self->{http}->send(join '', map { request_text($_) } @$batch);
    for my $request (@$batch) {
        my $answer = $self->{http}->response($request->{method});
        if (defined $answer->error) {
            $self->broke($answer->error);
            last;
        }
        push @answers, $answer;
        if (lc($answer->value('Connection') || '') eq 'close') {
            $self->{count}{closed}++;
            $self->{http}->close;
            $self->{http} = undef;
            last;
        }
    }
    return \@answers;
}

# --------------------------------------------------------------------- HTTP/2

# nghttp asks for many paths at once on one connection, with the same fields;
# an empty field it cannot send.
sub invent_alike {
    my ($self, $count) = @_;
    my $first = $self->invent;
    delete $first->{acrh} if !length($first->{acrh} // '');
    my $host  = host_of($first);
    my @paths = grep { SoakPolicy::host_of($_) eq $host } paths();
    return map {
        my %like = %$first;
        $like{path} = pick(@paths);
        $like{id} = $self->{number} . '-' . ++$self->{sent};
        \%like;
    } 1 .. $count;
}

sub ask_h2c {
    my ($self, $batch) = @_;
    my $first  = $batch->[0];
    my @option = (
        qw(--no-dep -nv --timeout), $TIMEOUT,
        '-H', ":method: $first->{method}",
        '-H', ':authority: ' . host_of($first),
        map { ('-H', "$_->[0]: $_->[1]") } fields($first)
    );
    if (defined $first->{body}) {
        my $file = "$self->{dir}/body-$self->{number}";
        spew($file, $first->{body});
        push @option, '-d', $file;
    }
    my @urls = map {
        "http://127.0.0.1:$self->{port}/$_->{path}/$_->{file}?$_->{id}"
    } @$batch;
    open my $from, '-|', 'sh', '-c', 'exec nghttp "$@" 2>/dev/null', 'sh',
        @option, @urls or die "nghttp: $!\n";
    my $asked   = time;
    my $answers = read_nghttp($from);
    close $from;
    if (keys %$answers < @$batch) {
        time - $asked < $TIMEOUT
            ? $self->broke('an HTTP/2 request has no answer')
            : $self->{count}{stalled}++;
    }
    return [ map { $answers->{ $_->{id} } } @$batch ];
}

# What nghttp -v says of each stream: the answers, by the id that was asked
# for on their stream.
sub read_nghttp {
    my ($from) = @_;
    my $field = qr/recv \(stream_id=(\d+)(?:, sensitive)?\) (\S+): ?(.*)/;
    my (%id, %head, %answer, $sending);
    while (my $line = <$from>) {
        if ($line =~ /send HEADERS frame <.* stream_id=(\d+)>/) {
            $sending = $1;
        }
        elsif ($sending && $line =~ /^ +:path: \S+\?(\S+)/) {
            $id{$sending} = $1;
            undef $sending;
        }
        elsif ($line =~ $field) {
            $head{$1} .= $2 eq ':status' ? "HTTP/2 $3\r\n" : "$2: $3\r\n";
        }
        elsif ($line =~ /recv HEADERS frame <.* stream_id=(\d+)>/
            && defined $head{$1} && defined $id{$1})
        {
            my $text = "$head{$1}\r\n";
            $answer{ $id{$1} } = Http::Response->from_head(\$text);
            $answer{ $id{$1} }{raw} = "$head{$1}\r\n";
        }
    }
    return \%answer;
}

1;
