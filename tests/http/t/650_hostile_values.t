# Every byte in every field of a request, as far as httpd lets it through: page,
# JSON, metrics and explanations stay well-formed, and show of it printable
# ASCII alone.
use strict;
use warnings;
use lib 'lib';
use CorsStatus qw(status);
use CorsTest;
use HTML::Parser;
use Http;
use OwnServer;
use Test::More;

my $origin = 'https://app.example';
my $server = OwnServer->new;
my @at     = (port => $server->port, protocol => 'h1');

# What a value is around the byte: it would end text, tags, strings and labels.
my ($front, $back) = (q{a<x>"}, q{'&lt;\\"><b>});

# Fields, as the request is with a value in each.
my %fields = (
    origin  => sub { preflight_of(origin => $_[0]) },
    method  => sub { preflight_of(asked => $_[0]) },
    names   => sub { preflight_of(asked => 'PUT', names => $_[0]) },
    host    => sub { preflight_of(host => $_[0]) },
    client  => sub { preflight_of(client => $_[0]) },
    path    => sub { preflight_of(path => "/api/$_[0]") },
    encoded => sub { preflight_of(path => '/api/' . encoded($_[0])) },
    query   => sub { preflight_of(path => "/api/?$_[0]secret") },
    verb    => sub { bytes_of($_[0], '/api/x', Origin => 'https://evil.example') },
);
my %elements = map { $_ => 1 } qw(a body button caption div form h1 h2 head html
    input label link meta p small style table tbody td th thead time title tr);

# Bytes that are another matter where httpd is told to let more through.
my %bytes = (Strict => [ 0 .. 255 ], Unsafe => [ 0 .. 32, 127, 255 ]);
my (%sent, %seen);
$sent{$_} = 1 for $origin, 'https://evil.example';
for my $mode (sort keys %bytes) {
    $server->serve(<<"CONF", modules => ['remoteip']);
HttpProtocolOptions $mode
RemoteIPHeader X-Forwarded-For
RemoteIPInternalProxy 127.0.0.1
<Location "/cors-status">
    SetHandler cors-status
    CORSStatus On
</Location>
<Location "/api">
    CORSAllowOrigin  $origin
    CORSAllowMethods PUT
</Location>
<Location "/a<x>'\\"&amp;\xe9\\\\">
    CORSAllowOrigin $origin
</Location>
CONF
    fields_ok($mode, $_) for sort keys %fields;
}
cmp_ok(scalar keys %seen, '>', 128, 'most origins were there when asked for');
explained_ok($_) for qw(url origin method headers);
$server->stop;
done_testing();

sub fields_ok {
    my ($mode, $field) = @_;
    my @faults;
    my $step = $field eq 'origin' ? 32 : 128;
    for my $byte (@{ $bytes{$mode} }) {
        my $value = $front . chr($byte) . $back;
        my $http  = Http->connect($server->port);
        $http->send($fields{$field}->($value));
        $http->response('OPTIONS');
        $sent{ printable($value) } = 1 if $field eq 'origin';
        push @faults, faults() if $byte % $step == $step - 1;
    }
    is_deeply(\@faults, [], "$mode, $field");
    return;
}

# What is wrong with what is shown.
sub faults {
    my $status = status($server->port);
    my @faults = (page_faults(get('/cors-status', undef, @at)->body),
        metrics_faults(get('/cors-status?metrics', undef, @at)->body));
    for my $refusal (@{ $status->{refusals} }) {
        push @faults, map { "JSON: $_" } grep { /[^ -~]|secret/ } %$refusal;
        push @faults, "nobody sent $refusal->{origin}"
            if !$sent{ $refusal->{origin} };
        $seen{ $refusal->{origin} } = 1;
    }
    return @faults;
}

# Tags that are none of the page's, or do not close each other.
sub page_faults {
    my ($page) = @_;
    my (@open, @faults);
    push @faults, 'page: another byte' if $page =~ /[^\n -~]/;
    push @faults, 'page: the query'    if $page =~ /secret/;
    HTML::Parser->new(
        api_version => 3,
        start_h     => [
            sub {
                my ($tag, $attributes) = @_;
                push @faults, "page: <$tag>" if !$elements{$tag};
                push @faults, map { "page: $_" }
                    grep { /^on|[^a-z-]/ } keys %$attributes;
                push @open, $tag if $tag !~ /\A(?:meta|link|input)\z/;
            },
            'tagname, attr'
        ],
        end_h => [
            sub {
                my $last = pop @open;
                push @faults, "page: </$_[0]>" if !$last || $last ne $_[0];
            },
            'tagname'
        ],
        comment_h => [ sub { push @faults, 'page: a comment' } ],
    )->parse($page)->eof;
    return (@faults, map { "page: <$_> is open" } @open);
}

# By the grammar of the text format, with the labels that there are.
sub metrics_faults {
    my ($metrics) = @_;
    my $string = qr/"(?:[^"\\\n]|\\[\\"n])*"/;
    my $label  = qr/[a-z]\w*=$string/;
    my $line   = qr/\A\#[ ](?:HELP|TYPE)[ ]\w+[ ][ -~]+\z
                   |\A\w+(?:\{$label(?:,$label)*\})?[ ]\d+\z/x;
    return map { "metrics: $_" }
        ((grep { $_ !~ $line } split /\n/, $metrics),
        $metrics =~ /\n\z/ ? () : 'no end', $metrics =~ /([^\n -~])/);
}

# In a query, which is explained; nothing of it is counted.
sub explained_ok {
    my ($field) = @_;
    my %query = (url => '/api/x', origin => $origin, method => 'PUT',
        headers => 'x-a');
    my @faults;
    for my $byte (0 .. 255) {
        my $value = ($field eq 'url' ? '/api/' : '') . $front . chr($byte) . $back;
        $value =~ s/[<>&"' ]//g if $field eq 'method';
        local $query{$field} = $value;
        my $res = get('/cors-status?' . join('&',
            map { "$_=" . encoded($query{$_}) } sort keys %query), undef, @at);
        my $type = $res->value('Content-Type');
        push @faults, "$byte: $type" if $type ne 'text/plain; charset=us-ascii';
        push @faults, "$byte: another byte" if $res->body =~ /[^\n -~]/;
        push @faults, "$byte: " . $res->status
            if $res->status ne '400' && ($res->status ne '200' || !$byte);
    }
    is_deeply(\@faults, [], "explained: $field");
    return;
}

sub encoded {
    my ($value) = @_;
    return $value =~ s/([^\w.-])/sprintf '%%%02x', ord $1/ger;
}

sub printable {
    my ($value) = @_;
    return $value =~ s/([^ -~])/sprintf '\\x%02x', ord $1/ger;
}

# Each from a client of its own, for none may bring many.
my $clients;

sub preflight_of {
    my (%with) = (host => 'localhost', path => '/api/x', asked => 'PATCH',
        client => sprintf('198.18.%d.%d', ++$clients / 250 % 250, $clients % 250),
        origin => $origin, @_);
    return bytes_of('OPTIONS', $with{path}, Host => $with{host},
        Origin => $with{origin}, 'X-Forwarded-For' => $with{client},
        'Access-Control-Request-Method' => $with{asked},
        defined $with{names}
        ? ('Access-Control-Request-Headers' => $with{names}) : ());
}

sub bytes_of {
    my ($method, $target, @headers) = @_;
    my $bytes = "$method $target HTTP/1.1\r\nConnection: close\r\n";
    push @headers, Host => 'localhost'
        if !grep { !($_ & 1) && $headers[$_] eq 'Host' } 0 .. $#headers;
    while (my ($name, $value) = splice @headers, 0, 2) {
        $bytes .= "$name: $value\r\n";
    }
    return "$bytes\r\n";
}
