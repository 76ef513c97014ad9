# How the module is built: in a path with a blank, by many jobs, with a packager's
# flags, reproducibly; with clang, without pkg-config, without libpsl; and for a
# httpd that is older than it needs.
use strict;
use warnings;
use lib 'tests/lib';
use Digest::SHA;
use File::Temp qw(tempdir);
use Files qw(spew);
use Httpd qw(load_modules confined);
use Release qw(unpacked make_in apxs);
use Test::More;

my $modules = apxs('LIBEXECDIR');
my $httpd   = join '/', apxs('sbindir'), apxs('progname');

my (%digest, $output);
for (1, 2) {
    my $dir = unpacked();
    my $map = $dir =~ s/ /?/gr;
    local $ENV{SOURCE_DATE_EPOCH} = 1;
    ($output, my $status) = make_in($dir, '-j4', 'CPPFLAGS=-DONE -DTWO',
        'CFLAGS=-fdebug-prefix-map=x=y -g0', 'LDFLAGS=-Wl,--hash-style=gnu');
    is($status, 0, 'a build with flags') or diag($output);
    my $module = Digest::SHA->new(256)->addfile(module($dir))->hexdigest;
    $digest{$module}++;
}
is_deeply([ values %digest ], [2], 'two builds in two places are the same');

my @compiled = grep { /-c \S+\.c\b/ && /-fPIC/ } split /\n/, $output;
cmp_ok(scalar @compiled, '>', 10, 'commands are shown, in a package build');
is((grep { !/-DONE -DTWO -fdebug-prefix-map=x=y -g0/ } @compiled), 0,
    'each has CPPFLAGS and CFLAGS');
is((grep { /-shared .*-Wl,--hash-style=gnu/ } split /\n/, $output), 1,
    'linking has LDFLAGS');

# pkg-config says that there is no libpsl.
my $bin = tempdir(CLEANUP => 1);
spew("$bin/pkg-config", "#!/bin/sh\nexit 1\n");
chmod 0755, "$bin/pkg-config";
my $dir = unpacked();
{
    local $ENV{PATH} = "$bin:$ENV{PATH}";
    my ($text, $status) = make_in($dir, 'CC=clang', 'V=1',
        'CPPFLAGS=-DOLDEST_PATCH_OF_2_4=999');
    is($status, 0, 'a build with clang, without pkg-config') or diag($text);
    unlike($text, qr/Built without libpsl/, 'libpsl is found all the same');
    like(qx{readelf -d "$dir/build/module/.libs/mod_cors.so"}, qr/libpsl\.so/,
        'and linked');
    ($text, $status) = make_in($dir, 'PSL=no', 'CC=clang');
    is($status, 0, 'without libpsl');
    unlike(qx{readelf -d "$dir/build/module/.libs/mod_cors.so"}, qr/libpsl/,
        'it is not linked');
    ($text, $status) = make_in($dir, 'PSL=', 'CC=clang',
        'CPPFLAGS=-DOLDEST_PATCH_OF_2_4=999');
    like($text, qr/^Built without libpsl: /m, 'where there is none, make says so');
}

spew("$bin/conf", load_modules($httpd, $modules, qw(mpm_event authz_core))
        . qq{LoadModule cors_module "} . module($dir) . qq{"\n}
        . confined($bin, 1));
my $said = qx{"$httpd" -t -f "$bin/conf" 2>&1};
isnt($?, 0, 'an older httpd than is needed does not start');
my ($patch) = qx{"$httpd" -v} =~ m{Apache/2\.4\.(\d+)};
my $needed = 'httpd 2.4.%d or later is needed; this is %d.%d.%d';
my $text = sprintf $needed, 999, 2, 4, $patch;
like($said, qr/ \Q$text\E$/m, 'and says why');

for my $task (qw(all install uninstall check test demo)) {
    my ($text, $status) = make_in($dir, $task, 'APXS=/no/such/apxs',
        "DESTDIR=$bin");
    ok($status && $text =~ m{^APXS=/no/such/apxs: there is no such program$}m,
        "make $task: a mistyped APXS is named");
}
done_testing();

sub module {
    my ($in) = @_;
    return "$in/build/module/.libs/mod_cors.so";
}
