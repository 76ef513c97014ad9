# httpd -t -D DUMP_CORS: the whole text.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use Test::More;

my $suffixes = dump_of('');
my ($version, $source) =
    $suffixes =~ s/\A# mod_cors (\S+): effective policies; public suffixes: (.*)\n//
    ? ($1, $2)
    : ('', '');
my $head =
    "# mod_cors $version: effective policies; public suffixes: $source\n";
my $none = 'single labels only (built without libpsl)';
like($version, qr/\A\d+\.\d+\.\d+\z/, 'the version');
my $date    = qr/list of \d{4}-\d\d-\d\d/;
my @sources = (
    qr/libpsl [\d.]+, its own $date/, qr/libpsl [\d.]+, $date in \S+/,
    quotemeta $none
);
like($source, qr/\A(?:@{[ join '|', @sources ]})\z/,
    'where public suffixes come from');
is($suffixes,
    "\n# main server\n# preflights are answered at map_to_storage\n",
    'without a policy');

dump_is('each directive, in the order of the manual', <<'CONF', <<'DUMP');
CORSDangerouslyAllow public-suffixes insecure-origins
CORSDebug On
CORSTimingAllowOrigin On
CORSBackendHeaders keep
CORSPreflightStatus 200
CORSPreflight early
CORSMaxAge 10min
CORSAllowCredentials On
CORSExposeHeaders X-Request-Id ETag
CORSAllowHeaders X-Token * Authorization
CORSAllowMethods PUT patch
CORSAllowOriginMatch https://app[0-9]+\.example
CORSAllowOrigin https://b.example https://*.a.example:*
CORSEngine on
CONF

# main server
# preflights are answered at map_to_storage
CORSEngine On
CORSAllowOrigin https://b.example https://*.a.example:*
CORSAllowOriginMatch "https://app[0-9]+\\.example"
CORSAllowMethods PUT patch
CORSAllowHeaders * X-Token Authorization
CORSExposeHeaders X-Request-Id ETag
CORSAllowCredentials On
CORSMaxAge 600
CORSPreflight early
CORSPreflightStatus 200
CORSBackendHeaders keep
CORSTimingAllowOrigin On
CORSDebug On
CORSDangerouslyAllow insecure-origins public-suffixes
DUMP

# Alone and in a host of its own; a regular expression comes quoted.
my @names = sort keys %VALUE;
my $all   = dump_of(join '', map {
    "<VirtualHost *:1>\n$_ $VALUE{$_}\n</VirtualHost>\n"
} @names);
is_deeply([ $all =~ /^    (CORS\w+) /mg ], \@names, 'each directive is shown');

dump_is('keywords, and what is not set is not shown', <<'CONF', <<'DUMP');
CORSAllowOrigin *
<Location "/a">
    CORSAllowOrigin none
    CORSAllowMethods *
    CORSAllowHeaders *
    CORSExposeHeaders *
    CORSPreflight PASS
</Location>
<Location "/b">
    CORSAllowHeaders none
    CORSExposeHeaders none
    CORSDangerouslyAllow none
</Location>
CONF

# main server
# preflights are answered at map_to_storage
CORSAllowOrigin *
<Location "/a">
    # conf:2
    CORSAllowOrigin none
    CORSAllowMethods *
    CORSAllowHeaders *
    CORSExposeHeaders *
    CORSPreflight pass
</Location>
<Location "/b">
    # conf:9
    # CORSAllowOrigin *
    CORSAllowHeaders none
    CORSExposeHeaders none
    CORSDangerouslyAllow none
</Location>
DUMP

dump_is('a word that was written twice', <<'CONF', <<'DUMP');
CORSAllowOrigin https://a.example null
CORSAllowMethods PUT PUT GET
CORSAllowHeaders X-Token x-token
CORSExposeHeaders ETag etag
CONF

# main server
# preflights are answered at map_to_storage
CORSAllowOrigin https://a.example null
CORSAllowMethods PUT GET
CORSAllowHeaders X-Token
CORSExposeHeaders ETag
DUMP

dump_is('regular expressions in quotes where they need them', <<'CONF', <<'DUMP');
CORSAllowOriginMatch https://a\.example "https://b\.example"
CORSAllowOriginMatch "https://c[ ]?\.example" "https://(d\"|e)\.example"
CORSAllowOriginMatch https://f'?\.example 'https://g"?\.example' https://h#i
CORSAllowOriginMatch https://j$ (?i)https://k\d{1,3} https://l\\?
CONF

# main server
# preflights are answered at map_to_storage
CORSAllowOriginMatch "https://a\\.example" "https://b\\.example" "https://c[ ]?\\.example" "https://(d\"|e)\\.example" "https://f'?\\.example" "https://g\"?\\.example" https://h#i https://j$ "(?i)https://k\\d{1,3}" "https://l\\?"
DUMP

dump_is('nested sections, and sections without a policy', <<'CONF', <<'DUMP');
<Directory "/srv">
    Options FollowSymLinks
    <Files "a">
        Require all granted
        CORSAllowOrigin https://a.example
    </Files>
    <FilesMatch "b$">
        Require all granted
    </FilesMatch>
    <If "%{HTTP:X} == 'a b'">
        CORSMaxAge 1
        <If "true">
            CORSMaxAge 2
        </If>
    </If>
</Directory>
<Directory "/srv/www">
    Options FollowSymLinks
</Directory>
CONF

# main server
# preflights are answered at header_parser: CORSAllowOrigin https://a.example (conf:5)
<Directory "/srv">
    # conf:1
    <Files "a">
        # conf:3
        CORSAllowOrigin https://a.example
    </Files>
    <If "%{HTTP:X} == 'a b'">
        # conf:10
        CORSMaxAge 1
        <If "true">
            # conf:12
            CORSMaxAge 2
        </If>
    </If>
</Directory>
DUMP

dump_is('virtual hosts, in the order in which they were written',
    <<'CONF', <<'DUMP');
<VirtualHost *:1>
    ServerName a.test
    CORSAllowOrigin https://a.example
    <Location "/a">
        CORSMaxAge 1
    </Location>
</VirtualHost>
<VirtualHost *:1 127.0.0.1:2>
    ServerName b.test
    ServerAlias c.test
    <Files "b">
        CORSAllowOrigin https://b.example
    </Files>
</VirtualHost>
<VirtualHost *:1>
    ServerName d.test
</VirtualHost>
CONF

# main server
# preflights are answered at map_to_storage

<VirtualHost *:1>
    # conf:1
    # ServerName a.test
    # preflights are answered at map_to_storage
    CORSAllowOrigin https://a.example
    <Location "/a">
        # conf:4
        # CORSAllowOrigin https://a.example
        CORSMaxAge 1
    </Location>
</VirtualHost>

<VirtualHost *:1 127.0.0.1:2>
    # conf:8
    # ServerName b.test
    # preflights are answered at header_parser: CORSAllowOrigin https://b.example (conf:12)
    <Files "b">
        # conf:11
        CORSAllowOrigin https://b.example
    </Files>
</VirtualHost>

<VirtualHost *:1>
    # conf:15
    # ServerName d.test
    # preflights are answered at map_to_storage
</VirtualHost>
DUMP

dump_is('what a host inherits, merged over its own policy',
    <<'CONF', <<'DUMP');
CORSAllowOrigin https://a.example
CORSAllowMethods PUT
<Location "/a">
    CORSMaxAge 1
    <If "true">
        CORSMaxAge 2
    </If>
</Location>
<VirtualHost *:1>
    ServerName a.test
    CORSAllowOrigin https://b.example
    <Location "/b">
        CORSMaxAge 3
    </Location>
</VirtualHost>
CONF

# main server
# preflights are answered at header_parser: CORSMaxAge 2 (conf:6)
CORSAllowOrigin https://a.example
CORSAllowMethods PUT
<Location "/a">
    # conf:3
    # CORSAllowOrigin https://a.example
    # CORSAllowMethods PUT
    CORSMaxAge 1
    <If "true">
        # conf:5
        # CORSAllowOrigin https://a.example
        # CORSAllowMethods PUT
        CORSMaxAge 2
    </If>
</Location>

<VirtualHost *:1>
    # conf:9
    # ServerName a.test
    # preflights are answered at header_parser: CORSMaxAge 2 (conf:6)
    CORSAllowOrigin https://b.example
    # CORSAllowMethods PUT
    <Location "/b">
        # conf:12
        # CORSAllowOrigin https://b.example
        # CORSAllowMethods PUT
        CORSMaxAge 3
    </Location>
    # <Location "/a">
    #     # conf:3
    #     CORSAllowOrigin https://b.example
    #     CORSAllowMethods PUT
    #     CORSMaxAge 1
    #     <If "true">
    #         # conf:5
    #         CORSAllowOrigin https://b.example
    #         CORSAllowMethods PUT
    #         CORSMaxAge 2
    #     </If>
    # </Location>
</VirtualHost>
DUMP

dump_is('what a macro makes', <<'CONF', <<'DUMP');
<Macro Site $name>
    <VirtualHost *:1>
        ServerName $name.test
        CORSAllowOrigin https://$name.example
    </VirtualHost>
</Macro>
Use Site a
Use Site b
CONF

# main server
# preflights are answered at map_to_storage

<VirtualHost *:1>
    # macro 'site' (defined on line 1 of "conf") used on line 7 of "conf":1
    # ServerName a.test
    # preflights are answered at map_to_storage
    CORSAllowOrigin https://a.example
</VirtualHost>

<VirtualHost *:1>
    # macro 'site' (defined on line 1 of "conf") used on line 8 of "conf":1
    # ServerName b.test
    # preflights are answered at map_to_storage
    CORSAllowOrigin https://b.example
</VirtualHost>
DUMP

# Twenty to a line.
for my $count (1, 19, 20, 21, 40, 41, 100) {
    my @origins = map { "https://o$_.example" } 1 .. $count;
    my $config = join '', map { "CORSAllowOrigin $_\n" } @origins;
    my @lines;
    while (my @part = splice @origins, 0, 20) {
        push @lines, "CORSAllowOrigin @part\n";
    }
    my $dump = dump_of($config);
    is(join('', grep { /^CORS/ } split /^/, $dump), join('', @lines),
        "$count origins");
}

# Not without the define, and not where the configuration is refused.
for my $args ([], [ '-D', 'DUMP_VHOSTS' ], [ '-D', 'dump_cors' ]) {
    my $got = configtest("CORSAllowOrigin https://a.example\n", @$args);
    is((grep { /CORS/ } @{ $got->{lines} }), 0, "no dump with @$args");
}
my $got = configtest("CORSAllowOrigin *\nCORSAllowCredentials On\n",
    '-D', 'DUMP_CORS');
is($got->{exit}, 1, 'a refused configuration is not dumped: exit status');
is((grep { /\A#/ } @{ $got->{lines} }), 0, 'a refused configuration is not dumped');

done_testing();

sub dump_is {
    my ($name, $config, $wanted) = @_;
    my $dump = dump_of($config);
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    is($dump, "$head$wanted", $name);
    is(dump_of($config), $dump, "$name: the same again");
    return;
}
