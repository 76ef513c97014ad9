package Guard;

# What guards ask for: the lists of files that the Makefile makes.

use strict;
use warnings;

use Exporter 'import';

our @EXPORT_OK = qw(from_make);

# The words of a variable: SOURCES, HEADERS and ENGINE are names of files.
sub from_make {
    my ($name) = @_;
    defined $ENV{$name} or die "$name is not set: run `make guards`\n";
    return split ' ', $ENV{$name};
}

1;
