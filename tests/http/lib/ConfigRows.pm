package ConfigRows;

=head1 NAME

ConfigRows - tables of accepted and refused values of a directive

=head1 SYNOPSIS

    config_rows('CORSMaxAge', <<'ROWS');
    # C-80 the greatest age
    + 86400
    - 86401
        no browser keeps an answer longer than a day; write "86400"
    ROWS

=head1 DESCRIPTION

A row that starts with C<+> is accepted, and C<httpd -t> prints nothing about
it (beside a C<CORSAllowOrigin>, without which most directives do nothing). One
that starts with C<-> is refused, with exactly the message in the lines below
it: the name of the directive, the value in quotes, a colon and the text. Where
the value that is quoted is not the whole row, the text starts with it, in quotes; where the message quotes no value, the text starts with
the directive's name. A line that starts with C<#> is the title of the rows
below it.

A message that ends in C<write "VALUE"> promises that this value will do:
that is one more test.

In rows and messages, C<< <x*63> >> stands for 63 times C<x>, C<< <\xe9> >>
for that byte.

=cut

use strict;
use warnings;

use CorsTest qw(config_error config_ok);
use Exporter 'import';

our @EXPORT = qw(config_rows);

sub config_rows {
    my ($directive, $text) = @_;
    my $rest = $directive =~ /\ACORSAllowOrigin/
        ? ''
        : "CORSAllowOrigin https://app.example\n";
    for my $row (parse($text)) {
        my ($sign, $value, $message, $title) = @$row;
        my $line = "$directive $value";
        my $name = join ' ', grep { length } $title, shown($line);
        if ($sign eq '+') {
            config_ok("$rest$line\n", "$name is accepted");
            next;
        }
        $message = qq{"$value": $message} if $message !~ /\A(?:"|$directive)/;
        $message = "$directive $message" if $message !~ /\A$directive/;
        config_error("$rest$line\n", $message, "$name is refused");
        config_ok("$rest$directive $1\n", "$title $directive $1, as told")
            if $message =~ /; write "([^"]*)"\z/;
    }
    return;
}

sub parse {
    my ($text) = @_;
    my @rows;
    my $title = '';
    for my $line (split /\n/, $text) {
        if ($line =~ /\A# ?(.*)/) {
            $title = $1;
        }
        elsif ($line =~ /\A([-+])(?: (.*))?\z/) {
            push @rows, [ $1, expand(defined $2 ? $2 : ''), '', $title ];
        }
        elsif ($line =~ /\A +(.*)/ && @rows && $rows[-1][0] eq '-') {
            $rows[-1][2] .= (length $rows[-1][2] ? ' ' : '') . expand($1);
        }
        elsif ($line =~ /\S/) {
            die "not a row: $line\n";
        }
    }
    return @rows;
}

sub expand {
    my ($text) = @_;
    $text =~ s/<([^<>]*)\*(\d+)>/$1 x $2/ge;
    $text =~ s/<\\x([0-9a-f]{2})>/chr hex $1/ge;
    return $text;
}

sub shown {
    my ($text) = @_;
    $text =~ s/([^ -~])/sprintf '\\x%02x', ord $1/ge;
    return length $text > 90 ? substr($text, 0, 87) . '...' : $text;
}

1;
