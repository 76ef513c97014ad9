# Wildcards under public suffixes, with credentials: by libpsl's list where the
# module was built with it, else single labels only. The dump says which.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use Test::More;

my $text = 'anybody can register a name under that public suffix; write your'
    . ' own domain, or accept the danger with CORSDangerouslyAllow'
    . ' public-suffixes';

my $dump = dump_of('');
my $none = 'single labels only (built without libpsl)';
like($dump, qr/\A# mod_cors \d\S*: .*; public suffixes: (?:libpsl \d[\d.]*, .*|\Q$none\E)\n/,
    'the first line of the dump tells the source');

# Suffixes by any list, those by libpsl's, and domains that are none.
my @single  = qw(com example test co uk zz invalid com. xn--p1ai);
my @listed  = qw(
    github.io co.uk com.br s3.amazonaws.com blogspot.com herokuapp.com
    github.io. appspot.com kawasaki.jp a.ck xn--55qx5d.cn
);
my @domains = qw(
    example.com my.github.io example.co.uk www.ck city.kawasaki.jp github.com
    io.github example.com. notgithub.io localhost app.localhost
);

my @hosts;
for my $suffix (@single) {
    judge($suffix, 1);
}
for my $suffix (@listed) {
    judge($suffix, has_libpsl());
}
for my $domain (@domains) {
    judge($domain, 0);
}
hosts_are(@hosts);

startup_rows(<<'ROWS');
== (libpsl) a listed suffix, credentials around it
CORSAllowCredentials On
<Location "/a">
    CORSAllowOrigin https://app.example https://*.github.io
</Location>
! CORSAllowOrigin https://*.github.io (conf:3) with CORSAllowCredentials On
!   (conf:1): anybody can register a name under that public suffix; write your
!   own domain, or accept the danger with CORSDangerouslyAllow public-suffixes

== (libpsl) a listed suffix, by any port
<VirtualHost *:1>
    CORSAllowCredentials On
    CORSAllowOrigin https://*.github.io:*
</VirtualHost>
! CORSAllowOrigin https://*.github.io:* (conf:3) with CORSAllowCredentials On
!   (conf:2): ...

== (libpsl) the other danger is accepted
CORSAllowCredentials On
CORSAllowOrigin https://*.github.io
CORSDangerouslyAllow insecure-origins
! CORSAllowOrigin https://*.github.io (conf:2) with CORSAllowCredentials On
!   (conf:1): ...

== an exact origin that is a public suffix
CORSAllowCredentials On
CORSAllowOrigin https://github.io https://com https://*.example.com
ROWS

# No message proposes what spans registrable domains.
startup_rows(<<'ROWS') if has_libpsl();
== a wildcard with a piece of a suffix: none is proposed
CORSAllowOrigin https://*co.uk
!1 CORSAllowOrigin "https://*co.uk": would match look-alikes such as
!   evilexample.com; a wildcard stands for whole labels

== the like without a scheme
CORSAllowOrigin *.github.io
!1 CORSAllowOrigin "*.github.io": has no scheme; an origin is
!   scheme://host[:port]

== the like with a slash
CORSAllowOrigin https://*.co.uk/
!1 CORSAllowOrigin "https://*.co.uk/": ends in a slash; an origin has no path

== a part of what one registers
CORSAllowOrigin https://*-shop.co.uk
!1 CORSAllowOrigin "https://*-shop.co.uk": would match look-alikes such as
!   evilexample.com; a wildcard stands for whole labels

== a wildcard alone where customers have names
CORSAllowOrigin https://app.*.netlify.app
!1 CORSAllowOrigin "https://app.*.netlify.app": a host wildcard is a single *.
!   before a domain: https://*.example.com
ROWS

done_testing();

sub judge {
    my ($domain, $is_suffix) = @_;
    my $what     = $is_suffix ? 'a public suffix' : 'not a public suffix';
    my $wildcard = "CORSAllowOrigin https://*.$domain\n";
    my $unsafe   = "! CORSAllowOrigin https://*.$domain (conf:1) with"
        . " CORSAllowCredentials On (conf:2): $text";
    push @hosts, [ "${wildcard}CORSAllowCredentials On\n",
        [ $is_suffix ? $unsafe : () ], "$domain: $what" ];
    push @hosts,
        [
            "${wildcard}CORSAllowCredentials On\n"
                . "CORSDangerouslyAllow public-suffixes\n",
            [], "$domain: the danger is accepted"
        ],
        [ $wildcard, [], "$domain: no credentials" ]
        if $is_suffix;
    return;
}
