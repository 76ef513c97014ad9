#!/usr/bin/env perl
# Answers as its query says. Fields, joined by "&", with %XX and "+" decoded:
#
#     status=404        the Status
#     header=NAME:VALUE a header line, any number of them
#     body=TEXT         the body; without it, what the environment says of CORS
#     read=1            reads the request's body first
#     die=1             dies before it has answered
#
# Adds a line to the file that the environment variable WITNESS names, which
# shows that it ran.
use strict;
use warnings;

if ($ENV{WITNESS}) {
    open my $witness, '>>', $ENV{WITNESS} or die "$ENV{WITNESS}: $!\n";
    print {$witness} "$ENV{REQUEST_METHOD} $ENV{REQUEST_URI}\n";
    close $witness or die "$ENV{WITNESS}: $!\n";
}

my (%is, @headers);
for my $field (split /&/, $ENV{QUERY_STRING} || '') {
    my ($name, $value) = map { decoded($_) } split /=/, $field, 2;
    if ($name eq 'header') {
        push @headers, $value;
    }
    else {
        $is{$name} = $value;
    }
}
die "as asked\n" if $is{die};
if ($is{read}) {
    my $read = read STDIN, my $body, $ENV{CONTENT_LENGTH} || 1e6;
}

my $status = $is{status} || 200;
print "Status: $status Made by the script\n";
print map { "$_\n" } @headers;
if ($status eq '304') {
    print "\n";
    exit 0;
}
print "Content-Type: text/plain\n\n";
print defined $is{body} ? "$is{body}\n" : environment();

sub decoded {
    my ($text) = @_;
    $text =~ tr/+/ /;
    $text =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ge;
    return $text;
}

sub environment {
    return join '', map { "$_=" . (defined $ENV{$_} ? $ENV{$_} : '-') . "\n" }
        qw(REQUEST_METHOD CORS_ORIGIN REDIRECT_CORS_ORIGIN
        REDIRECT_REDIRECT_CORS_ORIGIN HTTP_X_CORS_ORIGIN);
}
