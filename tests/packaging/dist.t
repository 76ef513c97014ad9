# The release: the same bytes whoever packs it, nothing in it that does not belong
# there, one version everywhere.
use strict;
use warnings;
use lib 'tests/lib';
use Files qw(slurp);
use Release qw(unpacked make_in);
use Test::More;

my $dir = unpacked();

my ($version) = slurp('mod_cors_version.h') =~ /CORS_VERSION "(\d+\.\d+\.\d+)"/;
like(slurp('CHANGES'),
    qr/\AChanges with mod_cors \Q$version\E \(\d{4}-\d\d-\d\d\)\n/,
    'CHANGES begins with the version, and is dated');

# At another time, with other rights, by nobody in particular.
system("chmod -R go-rwx '$dir'; find '$dir' -exec touch {} +");
my $mask = umask 077;
my ($output) = make_in($dir, 'dist', 'TZ=Asia/Tokyo', 'LC_ALL=C');
umask $mask;
my $again = "$dir/build/mod_cors-$version.tar.gz";
ok(slurp($again) eq slurp($ENV{TARBALL}),
    'a tarball that is made of what a tarball holds is the same')
    or diag($output);

my %found = map { s{\A[^/]*/}{}r => 1 } grep { !m{/\z} }
    split /\n/, qx{tar -tf "$again"};
if (-e '.git') {
    my @wrong = grep { -e && !m{\Adebian/} && !delete $found{$_} } split /\0/,
        qx{git ls-files -z --cached --others --exclude-standard};
    is(join(' ', @wrong), '', 'it has all files but debian/');
    is(join(' ', sort keys %found), '', 'and no other');
}
done_testing();
