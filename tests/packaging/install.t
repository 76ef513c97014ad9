# make install and uninstall, below a DESTDIR with a blank, whatever the umask: in
# Debian's layout, in Fedora's, and in that of a httpd from its source.
use strict;
use warnings;
use lib 'tests/lib';
use File::Find qw(find);
use File::Temp qw(tempdir);
use Files qw(slurp spew);
use Release qw(unpacked make_in apxs);
use Test::More;

my $dir     = unpacked();
my $modules = apxs('LIBEXECDIR');
my $etc     = apxs('SYSCONFDIR');
my $above   = $etc =~ s{/conf\z}{}r;

my @layouts = (
    [ 'debian', "$etc/mods-available/cors.load", "$etc/mods-available/cors.conf" ],
    [ 'fedora', "$above/conf.modules.d/10-cors.conf", "$above/conf.d/cors.conf" ],
    [ 'httpd',  undef,                              "$etc/extra/cors.conf" ],
);
for (@layouts) {
    my ($layout, $load, $conf) = @$_;
    my $root = tempdir('de st.XXXXXX', TMPDIR => 1, CLEANUP => 1);
    my @arguments = ("DESTDIR=$root", "LAYOUT=$layout", 'DOCDIR=/doc');
    my $mask = umask 077;
    my ($output, $status) = make_in($dir, 'install', @arguments);
    umask $mask;
    is($status, 0, "$layout: installed") or diag($output);

    my %files = map { $_ => 1 } files($root);
    for my $file ("$modules/mod_cors.so", $conf, $load ? $load : (),
        map { "/doc/$_" } qw(README.md CHANGES docs/mod_cors.md
            docs/messages.md conf/cors.conf conf/recipes/webdav-share.conf))
    {
        ok(delete $files{$file}, "$layout: $file");
    }
    is((grep { !m{\A/doc/} } keys %files), 0, "$layout: and no more");
    is(join(' ', unreadable($root)), '', "$layout: all can be read by all");
    is(slurp("$root$load"), "LoadModule cors_module $modules/mod_cors.so\n",
        "$layout: the module is loaded from where it is") if $load;
    is(join(' ', broken_links($root)), '', "$layout: each link leads somewhere");

    spew("$root$conf", "# mine\n");
    make_in($dir, 'install', @arguments);
    is(slurp("$root$conf"), "# mine\n", "$layout: an edited cors.conf is kept");
    ok(-e "$root$conf.new", "$layout: and the new one put beside it");

    ($output) = make_in($dir, 'uninstall', @arguments);
    is(join(' ', files($root)), '', "$layout: uninstalled");
    is($output =~ /LoadModule line/ ? 1 : 0, $load ? 0 : 1,
        "$layout: told to take out the line where it was written by hand");
}

if ("$etc:$modules" eq '/etc/apache2:/usr/lib/apache2/modules') {
    my $root = tempdir(CLEANUP => 1);
    make_in($dir, 'install', "DESTDIR=$root");
    is(slurp("$root/etc/apache2/mods-available/cors.load", ''),
        slurp('conf/cors.load'), 'an empty DESTDIR gets the layout of Debian');
}
done_testing();

sub files {
    my ($root) = @_;
    my @files;
    find({ no_chdir => 1, wanted => sub { push @files, $_ if -f } }, $root);
    return sort map { substr $_, length $root } @files;
}

sub unreadable {
    my ($root) = @_;
    my @closed;
    find({ no_chdir => 1, wanted => sub {
        my $mode = (stat)[2] & 0777;
        push @closed, $_ if $_ ne $root && $mode != (-d || /\.so\z/ ? 0755 : 0644);
    } }, $root);
    return @closed;
}

sub broken_links {
    my ($root) = @_;
    my @broken;
    for my $page (grep { /\.md\z/ } files($root)) {
        my ($folder) = $page =~ m{\A(.*)/};
        push @broken, map { "$page: $_" } grep { !-e "$root$folder/$_" }
            slurp("$root$page") =~ /\]\(([^)#:]+)(?:#[^)]*)?\)/g;
    }
    return @broken;
}
