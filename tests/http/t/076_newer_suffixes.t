# A list of public suffixes that is newer than libpsl's own, as an update of the
# system brings it: its domains are denied, and httpd starts with a warning. A
# preloaded libpsl finds such a list.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use CorsTest;
use File::Temp qw(tempdir);
use Files qw(slurp spew);
use Httpd qw(load_modules load_module confined free_port);
use Test::More;

my $vars = vars();
my $dir  = tempdir("$vars->{t_state}/suffixes.XXXXXX", CLEANUP => 1);
my $own  = dump_of('');
preload_list("$dir/list.dat", <<'LIST');
// ===BEGIN ICANN DOMAINS===
com
co.uk
// ===BEGIN PRIVATE DOMAINS===
hosting.example
github.io
LIST

startup_rows(<<'ROWS');
== (libpsl) a domain that only the newer list has
CORSAllowCredentials On
CORSAllowOrigin https://*.hosting.example https://app.example
? CORSAllowOrigin https://*.hosting.example (conf:2) with CORSAllowCredentials
?   On (conf:1) is denied, by a newer list of public suffixes than libpsl's own:
?   anybody can register a name under that public suffix; write your own domain,
?   or accept the danger with CORSDangerouslyAllow public-suffixes

== (libpsl) with a port and a final dot
CORSAllowCredentials On
CORSAllowOrigin https://*.hosting.example.:*
? CORSAllowOrigin https://*.hosting.example.:* (conf:2) with
?   CORSAllowCredentials On (conf:1) is denied, by a newer list of public
?   suffixes than libpsl's own: anybody can register a name under that public
?   suffix; write your own domain, or accept the danger with
?   CORSDangerouslyAllow public-suffixes

== (libpsl) one that both have, after it
CORSAllowCredentials On
CORSAllowOrigin https://*.hosting.example https://*.github.io
? CORSAllowOrigin https://*.hosting.example (conf:2) with CORSAllowCredentials
?   On (conf:1) is denied, by a newer list of public suffixes than libpsl's own:
?   anybody can register a name under that public suffix; write your own domain,
?   or accept the danger with CORSDangerouslyAllow public-suffixes
! CORSAllowOrigin https://*.github.io (conf:2) with CORSAllowCredentials On
!   (conf:1): anybody can register a name under that public suffix; write your
!   own domain, or accept the danger with CORSDangerouslyAllow public-suffixes

== (libpsl) the danger is accepted
CORSAllowCredentials On
CORSAllowOrigin https://*.hosting.example
CORSDangerouslyAllow public-suffixes

== without credentials there is no danger
CORSAllowOrigin https://*.hosting.example

== below it anybody may have a wildcard
CORSAllowCredentials On
CORSAllowOrigin https://*.me.hosting.example
ROWS

my $source = has_libpsl()
    ? qr/libpsl [\d.]+, list of \d{4}-\d\d-\d\d in \Q$dir\E\/list\.dat/
    : qr/single labels only \(built without libpsl\)/;
like(dump_of(''), qr/\A# mod_cors \S+: .*; public suffixes: $source\n/,
    'the dump names the list and its date');

# In a httpd of its own.
my $port = free_port();
spew("$dir/httpd.conf", load_modules(@{$vars}{qw(httpd modules)},
        "mpm_$vars->{mpm}", qw(unixd authz_core))
        . load_module(@{$vars}{qw(httpd module)})
        . confined($dir, $port) . <<'CONF');
LogLevel cors:info
CORSAllowCredentials On
CORSAllowOrigin https://*.hosting.example https://app.example
CONF
my $httpd = Httpd->start(program => $vars->{httpd}, dir => $dir, port => $port);
for ([ 'https://app.example', 204 ],
    [ 'https://me.hosting.example', has_libpsl() ? 403 : 204 ])
{
    my ($origin, $status) = @$_;
    is(preflight('/', $origin, 'GET', undef, port => $port)->status, $status,
        "a preflight from $origin: $status");
}
$httpd->restart;
my $until = time + 20;
sleep 1 while said() < 2 && time < $until;
is(preflight('/', 'https://app.example', 'GET', undef, port => $port)->status,
    204, 'after a restart too');
$httpd->stop;
is(said(), 2, 'each start and restart logs version and list, once');
done_testing();

# How often.
sub said {
    my ($version) = $own =~ /\A# mod_cors (\S+):/;
    return scalar grep {
        /\[cors:info\] .* version \Q$version\E; public suffixes: $source$/
    } split /\n/, slurp("$dir/error_log");
}

sub preload_list {
    my ($list, $text) = @_;
    spew($list, $text);
    spew("$dir/list.c", <<"C");
#include <stddef.h>
void *psl_load_file(const char *);
void *psl_latest(const char *file) { (void)file; return psl_load_file("$list"); }
const char *psl_dist_filename(void) { return "$list"; }
C
    my $cc = $ENV{CC} || 'cc';
    system("$cc -shared -fPIC -o $dir/list.so $dir/list.c") == 0
        or die "$cc fails\n";
    $ENV{LD_PRELOAD} = join ' ', grep { $_ } $ENV{LD_PRELOAD}, "$dir/list.so";
    return;
}
