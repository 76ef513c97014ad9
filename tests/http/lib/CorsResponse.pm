package CorsResponse;

# A response as it came over the wire. The fields are described in CorsTest.pm.

use strict;
use warnings;

use Exporter 'import';

our @EXPORT_OK = qw(quoted);

sub blank {
    my ($class) = @_;
    return bless {
        status => 0, reason => '', version => '', lines => [], body => '',
        trailers => [], interim => [], extra => '', raw => '',
    }, $class;
}

# Reads one response; an error on the way ends up in {error}.
sub read {
    my ($class, $stream, $method) = @_;
    my $self = $class->blank;
    $stream->{taken} = '';
    my $complete = eval {
        while (1) {
            my $head = $stream->until("\r\n\r\n");
            die "the server closed the connection\n" if !length $head;
            my $part = $class->from_head(\$head);
            if ($part->{status} !~ /\A1/ || $part->{status} eq '101') {
                $part->{interim} = $self->{interim};
                $self = $part;
                last;
            }
            push @{ $self->{interim} }, $part;
        }
        $self->read_body($stream, $method);
        1;
    };
    chomp($self->{error} = $@) if !$complete;
    $self->{raw} = $stream->{taken};
    return $self;
}

# Extensions after the size are left alone (RFC 9112, 7.1.1).
sub chunk_size {
    my ($line) = @_;
    my ($size) = $line =~ /\A([0-9A-Fa-f]+)[\s;]/;
    die "a malformed chunk size\n" if !defined $size;
    return hex $size;
}

sub read_body {
    my ($self, $stream, $method) = @_;
    return if $method eq 'HEAD' || $self->{status} =~ /\A(?:1..|204|304)\z/;
    my ($length) = $self->values('Content-Length');
    if (lc join(',', $self->values('Transfer-Encoding')) eq 'chunked') {
        while ((my $size = chunk_size($stream->until("\r\n"))) > 0) {
            $self->{body} .= $stream->bytes($size);
            $stream->until("\r\n");
        }
        my $trailer = '';
        while ((my $line = $stream->until("\r\n")) ne "\r\n") {
            die "the trailer section ends early\n" if !length $line;
            $trailer .= $line;
        }
        $self->{trailers} = parse_lines($trailer);
    }
    elsif (defined $length) {
        $self->{body} = $stream->bytes($length);
    }
    else {
        $self->{body} = $stream->all;
    }
    return;
}

# Takes the last header section that starts in the text, and what follows an
# interim one (as curl writes them), off its front.
sub from_head {
    my ($class, $text) = @_;
    my $self = $class->blank;
    my @interim;
    while ($$text =~ s{\A(HTTP/\S+)[ ](\d{3})[ ]?([^\r\n]*)\r\n
                       ((?:[^\r\n][^\n]*\n)*)\r\n}{}x)
    {
        push @interim, $self if $self->{status};
        $self = $class->blank;
        @$self{qw(version status reason)} = ($1, $2, $3);
        $self->{lines} = parse_lines($4);
    }
    $self->{interim} = \@interim;
    $self->{error} = 'not a response: ' . quoted($$text)
        if !$self->{status};
    return $self;
}

sub parse_lines {
    my ($text) = @_;
    my @lines;
    for my $line (split /\r\n/, $text) {
        my ($name, $value) = split /:/, $line, 2;
        next if !defined $value;
        $value =~ s/\A[ \t]+|[ \t]+\z//g;
        push @lines, [ $name, $value ];
    }
    return \@lines;
}

sub status   { return $_[0]{status} }
sub reason   { return $_[0]{reason} }
sub version  { return $_[0]{version} }
sub lines    { return $_[0]{lines} }
sub body     { return $_[0]{body} }
sub trailers { return $_[0]{trailers} }
sub interim  { return $_[0]{interim} }
sub extra    { return $_[0]{extra} }
sub error    { return $_[0]{error} }
sub raw      { return $_[0]{raw} }

sub values {
    my ($self, $name) = @_;
    return map { $_->[1] } grep { lc $_->[0] eq lc $name } @{ $self->{lines} };
}

sub value {
    my ($self, $name) = @_;
    my @values = $self->values($name);
    return @values == 1 ? $values[0] : undef;
}

sub list {
    my ($self, $name) = @_;
    return grep { length }
        map { split /[ \t]*,[ \t]*/ } $self->values($name);
}

sub dump {
    my ($self) = @_;
    return join "\n", "$self->{version} $self->{status} $self->{reason}",
        map { "$_->[0]: $_->[1]" } @{ $self->{lines} };
}

sub quoted {
    my ($bytes) = @_;
    my $text = length $bytes > 300 ? substr($bytes, 0, 300) . '...' : $bytes;
    $text =~ s/([^ -~\n])/sprintf '\\x%02x', ord $1/ge;
    return "\"$text\"";
}

# Bytes from a socket, each read bounded in time; of use to CorsResponse only.
package CorsResponse::Stream;    ## no critic (ProhibitMultiplePackages)

use IO::Select;

sub new {
    my ($class, $socket, $timeout) = @_;
    return bless {
        select  => IO::Select->new($socket),
        socket  => $socket,
        timeout => $timeout,
        buffer  => '',
    }, $class;
}

sub fill {
    my ($self) = @_;
    $self->{select}->can_read($self->{timeout}) or die "timed out\n";
    my $got = sysread $self->{socket}, $self->{buffer}, 65536,
        length $self->{buffer};
    die "read: $!\n" if !defined $got;
    return $got;
}

# Up to and including the end mark; what there is where the stream ends first.
sub until {
    my ($self, $mark) = @_;
    my $at;
    while (($at = index $self->{buffer}, $mark) < 0) {
        return $self->take(length $self->{buffer}) if !$self->fill;
    }
    return $self->take($at + length $mark);
}

sub bytes {
    my ($self, $count) = @_;
    while (length $self->{buffer} < $count) {
        $self->fill or die "the body ends early\n";
    }
    return $self->take($count);
}

sub take {
    my ($self, $count) = @_;
    my $taken = substr $self->{buffer}, 0, $count, '';
    $self->{taken} .= $taken;
    return $taken;
}

sub all {
    my ($self) = @_;
    1 while $self->fill;
    return $self->take(length $self->{buffer});
}

# What is left on a connection that the server closes; a reset is an end too.
sub rest {
    my ($self) = @_;
    my $rest = eval { $self->all };
    return defined $rest ? $rest : $self->{buffer};
}

1;
