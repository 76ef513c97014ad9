package Files;

# Whole files.

use strict;
use warnings;

use Exporter 'import';

our @EXPORT_OK = qw(slurp spew);

# What a file holds. Where it cannot be read, the text that is given instead;
# without one, dies.
sub slurp {
    my ($path, $instead) = @_;
    if (!open my $in, '<:raw', $path) {
        die "$path: $!\n" if !defined $instead;
        return $instead;
    }
    else {
        local $/ = undef;
        my $text = <$in>;
        return defined $text ? $text : '';
    }
}

# Writes a file. Who reads it meanwhile has all of it, or what it held before.
sub spew {
    my ($path, $text) = @_;
    open my $out, '>:raw', "$path.new" or die "$path.new: $!\n";
    print {$out} $text or die "$path.new: $!\n";
    close $out or die "$path.new: $!\n";
    rename "$path.new", $path or die "$path: $!\n";
    return;
}

1;
