package Guard;

# What guards ask for: files, and the lists of them that the Makefile makes.

use strict;
use warnings;

use Exporter 'import';

our @EXPORT_OK = qw(slurp from_make);

sub slurp {
    my ($path) = @_;
    open my $in, '<', $path or die "$path: $!\n";
    local $/ = undef;
    my $text = <$in>;
    return defined $text ? $text : '';
}

# The words of a variable: SOURCES, HEADERS and ENGINE are names of files.
sub from_make {
    my ($name) = @_;
    defined $ENV{$name} or die "$name is not set: run `make guards`\n";
    return split ' ', $ENV{$name};
}

1;
