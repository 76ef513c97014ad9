package Release;

# The release as its users have it: unpacked from its tarball, in a path with a
# blank, without the repository.

use strict;
use warnings;

use Exporter 'import';
use File::Temp qw(tempdir);

our @EXPORT_OK = qw(unpacked make_in apxs);

# What make was told here is not what is tested.
delete @ENV{qw(MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES V CI CHECK TESTS)};
delete @ENV{qw(CC CPPFLAGS CFLAGS LDFLAGS LTFLAGS SOURCE_DATE_EPOCH)};

# A directory with what is in a tarball; that of `make packaging`, if none is named.
sub unpacked {
    my ($tarball) = (@_, $ENV{TARBALL});
    my $dir = tempdir('mod cors.XXXXXX', TMPDIR => 1, CLEANUP => 1);
    system('tar', '-xf', $tarball, '-C', $dir, '--strip-components=1') == 0
        or die "$tarball cannot be unpacked\n";
    return $dir;
}

# What make says in a directory, and its status.
sub make_in {
    my ($dir, @arguments) = @_;
    open my $out, '-|', 'sh', '-c', 'exec make -C "$@" 2>&1', 'sh', $dir,
        @arguments or die "make: $!\n";
    my $output = do { local $/ = undef; <$out> };
    close $out or $! == 0 or die "make: $!\n";
    return ($output, $? >> 8);
}

sub apxs {
    my ($name) = @_;
    chomp(my $value = qx{$ENV{APXS} -q $name});
    return $value;
}

1;
