package Http;

# A connection over HTTP/1.1, on loopback: bytes go out as they are, each header
# line that comes back is kept apart, and every wait is bounded.
#
#   my $http = Http->connect($port);
#   $http->send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
#   my $response = $http->response('GET');

use strict;
use warnings;

use Http::Response;
use IO::Select;
use IO::Socket::INET;

my $TIMEOUT = 60;

sub connect {
    my ($class, $port) = @_;
    my $socket = IO::Socket::INET->new(
        PeerAddr => '127.0.0.1',
        PeerPort => $port,
        Timeout  => $TIMEOUT,
    ) or die "cannot connect: $@\n";
    return $class->over($socket);
}

# The same over a connection that there is.
sub over {
    my ($class, $socket) = @_;
    return bless { socket => $socket, select => IO::Select->new($socket),
        buffer => '', taken => '' }, $class;
}

sub close {
    my ($self) = @_;
    return close $self->{socket};
}

# Returns false where the other side has closed the connection.
sub send {
    my ($self, $bytes) = @_;
    local $SIG{PIPE} = 'IGNORE';
    my $at = 0;
    while ($at < length $bytes) {
        my $sent = syswrite $self->{socket}, $bytes, length($bytes) - $at, $at;
        return 0 if !defined $sent;
        $at += $sent;
    }
    return 1;
}

# The next response, to a request with that method. What goes wrong on the way
# ends up in its "error": "closed" in front of a response, "cut off" in it.
sub response {
    my ($self, $method) = @_;
    $self->{taken} = '';
    my $response = Http::Response->new;
    my $complete = eval {
        while (1) {
            my $head = $self->until("\r\n\r\n");
            my $part = Http::Response->from_head(\$head);
            if ($part->{status} !~ /\A1/ || $part->{status} eq '101') {
                $part->{interim} = $response->{interim};
                $response = $part;
                last;
            }
            push @{ $response->{interim} }, $part;
        }
        $self->body($response, $method);
        1;
    };
    chomp($response->{error} = $@) if !$complete;
    $response->{raw} = $self->{taken};
    return $response;
}

sub body {
    my ($self, $response, $method) = @_;
    return if $method eq 'HEAD'
        || $response->{status} =~ /\A(?:1..|204|304)\z/;
    my ($length) = $response->values('Content-Length');
    if (lc join(',', $response->values('Transfer-Encoding')) eq 'chunked') {
        while ((my $size = chunk_size($self->until("\r\n"))) > 0) {
            $response->{body} .= $self->bytes($size);
            $self->until("\r\n");
        }
        my $trailer = '';
        while ((my $line = $self->until("\r\n")) ne "\r\n") {
            $trailer .= $line;
        }
        $response->{trailers} = Http::Response::parse_lines($trailer);
    }
    elsif (defined $length) {
        $response->{body} = $self->bytes($length);
    }
    else {
        1 while $self->fill;
        $response->{body} = $self->take(length $self->{buffer});
    }
    return;
}

# Extensions after the size are left alone (RFC 9112, 7.1.1).
sub chunk_size {
    my ($line) = @_;
    my ($size) = $line =~ /\A([0-9A-Fa-f]+)[\s;]/;
    die "a malformed chunk size\n" if !defined $size;
    return hex $size;
}

# What is left on a connection that the server closes; a reset is an end too.
sub rest {
    my ($self) = @_;
    eval { 1 while $self->fill };
    return $self->take(length $self->{buffer});
}

sub until {
    my ($self, $mark) = @_;
    my $at;
    while (($at = index $self->{buffer}, $mark) < 0) {
        $self->more;
    }
    return $self->take($at + length $mark);
}

sub bytes {
    my ($self, $count) = @_;
    while (length $self->{buffer} < $count) {
        $self->more;
    }
    return $self->take($count);
}

sub more {
    my ($self) = @_;
    return if $self->fill;
    my $is_between = !length($self->{taken} . $self->{buffer});
    $self->take(length $self->{buffer});
    die $is_between ? "closed\n" : "cut off\n";
}

sub fill {
    my ($self) = @_;
    $self->{select}->can_read($TIMEOUT) or die "timed out\n";
    my $got = sysread $self->{socket}, $self->{buffer}, 65536,
        length $self->{buffer};
    die "read: $!\n" if !defined $got;
    return $got;
}

sub take {
    my ($self, $count) = @_;
    my $taken = substr $self->{buffer}, 0, $count, '';
    $self->{taken} .= $taken;
    return $taken;
}

1;
