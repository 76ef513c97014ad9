package Http::Response;

# A response as it came over the wire. The fields are described in CorsTest.pm.

use strict;
use warnings;

use Exporter 'import';

our @EXPORT_OK = qw(quoted);

sub new {
    my ($class) = @_;
    return bless {
        status => 0, reason => '', version => '', lines => [], body => '',
        trailers => [], interim => [], extra => '', raw => '',
    }, $class;
}

# Takes the last header section that starts in the text, and what follows an
# interim one (as curl writes them), off its front.
sub from_head {
    my ($class, $text) = @_;
    my $self = $class->new;
    my @interim;
    while ($$text =~ s{\A(HTTP/\S+)[ ](\d{3})[ ]?([^\r\n]*)\r\n
                       ((?:[^\r\n][^\n]*\n)*)\r\n}{}x)
    {
        push @interim, $self if $self->{status};
        $self = $class->new;
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

1;
