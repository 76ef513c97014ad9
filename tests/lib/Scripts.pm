package Scripts;

# Where the scripts of this repository are: its shell scripts, and its Perl
# programs, modules and tests.

use strict;
use warnings;

use Exporter 'import';
use File::Find qw(find);

our @EXPORT_OK = qw(shell_scripts perl_scripts);

sub shell_scripts {
    return scripts(sub { $_[1] =~ m{\A#!.*\bsh\b} });
}

sub perl_scripts {
    return scripts(sub {
        $_[0] =~ /\.(?:pm|t)\z/ || $_[1] =~ m{\A#!.*\bperl\b};
    });
}

# The files of which is_one says so, asked with a name and a first line.
sub scripts {
    my ($is_one) = @_;
    my @files;
    find({ no_chdir => 1, wanted => sub { push @files, $_ if -f } },
        grep { -d } qw(.ci conf debian packaging tests));
    return grep { $is_one->($_, first_line($_)) } sort @files;
}

sub first_line {
    my ($file) = @_;
    open my $in, '<', $file or die "$file: $!\n";
    my $line = <$in>;
    return defined $line ? $line : '';
}

1;
