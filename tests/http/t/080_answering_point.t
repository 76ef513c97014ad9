# Where preflights are answered: at map_to_storage if nothing that httpd merges
# later can change a policy, else at header_parser; the dump names the line.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use CorsClient qw(vars);
use Files qw(slurp spew);
use Test::More;

point_rows(<<'ROWS');
== nothing
= main: map_to_storage

== policies of the server and of sections by URL
CORSAllowOrigin https://a.example
<Location "/a">
    CORSMaxAge 1
</Location>
<LocationMatch "^/b">
    CORSMaxAge 2
</LocationMatch>
<VirtualHost *:1>
    ServerName a.test
    CORSAllowOrigin https://b.example
    <location "/c">
        corsmaxage 3
    </location>
</VirtualHost>
= main: map_to_storage
= a.test: map_to_storage

== Debian's apache2.conf and a policy in a Location
Timeout 300
KeepAlive On
HostnameLookups Off
<Directory />
	Options FollowSymLinks
	AllowOverride None
	Require all denied
</Directory>
<Directory /usr/share>
	AllowOverride None
	Require all granted
</Directory>
<Directory /var/www/>
	Options Indexes FollowSymLinks
	AllowOverride None
	Require all granted
</Directory>
AccessFileName .htaccess
<FilesMatch "^\.ht">
	Require all denied
</FilesMatch>
<VirtualHost *:1>
	ServerName a.test
	ServerAdmin webmaster@localhost
	DocumentRoot /var/www/html
	<Location "/api/">
		CORSAllowOrigin https://app.example
	</Location>
</VirtualHost>
= main: map_to_storage
= a.test: map_to_storage

== a Directory
<Directory "/srv">
    CORSMaxAge 1
</Directory>
= main: header_parser: CORSMaxAge 1 (conf:2)

== a Directory by a pattern
<Directory ~ "^/srv">
    CORSMaxAge 1
</Directory>
= main: header_parser: CORSMaxAge 1 (conf:2)

== a DirectoryMatch
<DirectoryMatch "^/srv">
    CORSEngine On
</DirectoryMatch>
= main: header_parser: CORSEngine On (conf:2)

== Files
<Files "a">
    CORSEngine Off
</Files>
= main: header_parser: CORSEngine Off (conf:2)

== FilesMatch
<FilesMatch "a$">
    CORSAllowHeaders none
</FilesMatch>
= main: header_parser: CORSAllowHeaders none (conf:2)

== If
<If "true">
    CORSDebug On
</If>
= main: header_parser: CORSDebug On (conf:2)

== ElseIf
<If "true">
    Header set X-A b
</If>
<ElseIf "true">
    CORSDebug On
</ElseIf>
= main: header_parser: CORSDebug On (conf:5)

== Else
<If "true">
    Header set X-A b
</If>
<Else>
    CORSPreflightStatus 200
</Else>
= main: header_parser: CORSPreflightStatus 200 (conf:5)

== Proxy
<Proxy "http://a.test/">
    CORSPreflight pass
</Proxy>
= main: header_parser: CORSPreflight pass (conf:2)

== ProxyMatch
<ProxyMatch "^http:">
    CORSBackendHeaders keep
</ProxyMatch>
= main: header_parser: CORSBackendHeaders keep (conf:2)

== names in another case
<dIRECTORY "/srv">
    corsmaxage 1
</dIRECTORY>
= main: header_parser: CORSMaxAge 1 (conf:2)

== what is dangerous is a directive like any other
<Files "a">
    CORSDangerouslyAllow none
</Files>
= main: header_parser: CORSDangerouslyAllow none (conf:2)

== If in a Location
<Location "/a">
    CORSAllowOrigin https://a.example
    <If "true">
        CORSMaxAge 1
    </If>
</Location>
= main: header_parser: CORSMaxAge 1 (conf:4)

== Else in a LocationMatch
<LocationMatch "^/a">
    <If "true">
        Header set X-A b
    </If>
    <Else>
        CORSMaxAge 1
    </Else>
</LocationMatch>
= main: header_parser: CORSMaxAge 1 (conf:6)

== If in If
<If "true">
    <If "true">
        CORSMaxAge 1
    </If>
</If>
= main: header_parser: CORSMaxAge 1 (conf:3)

== Files in a Directory
<Directory "/srv">
    <Files "a">
        CORSMaxAge 1
    </Files>
</Directory>
= main: header_parser: CORSMaxAge 1 (conf:3)

== sections without a CORS directive
<Directory "/srv">
    Options FollowSymLinks
    <Files "a">
        Header set X-CORSMaxAge 1
    </Files>
</Directory>
<If "true">
    SetEnv CORSMaxAge 1
</If>
<Proxy "http://a.test/">
    Header set CORSAllowOrigin *
</Proxy>
= main: map_to_storage

== the first of several lines
<Location "/a">
    CORSAllowOrigin https://a.example
</Location>
<Files "a">
    CORSMaxAge 1
    CORSMaxAge 2
</Files>
<Directory "/srv">
    AllowOverride All
    CORSMaxAge 3
</Directory>
= main: header_parser: CORSMaxAge 1 (conf:5)

== a long line is cut
<Files "a">
    CORSAllowHeaders X-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa X-bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
</Files>
= main: header_parser: CORSAllowHeaders X-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa X-bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb...
=   (conf:2)

== in a virtual host: not the others, not the main server
<VirtualHost *:1>
    ServerName a.test
    <Directory "/srv">
        CORSMaxAge 1
    </Directory>
</VirtualHost>
<VirtualHost *:1>
    ServerName b.test
    CORSAllowOrigin https://b.example
</VirtualHost>
= main: map_to_storage
= a.test: header_parser: CORSMaxAge 1 (conf:4)
= b.test: map_to_storage

== in the main server, before the virtual host
<Directory "/srv">
    CORSMaxAge 1
</Directory>
<VirtualHost *:1>
    ServerName a.test
</VirtualHost>
= main: header_parser: CORSMaxAge 1 (conf:2)
= a.test: header_parser: CORSMaxAge 1 (conf:2)

== in the main server, after the virtual host
<VirtualHost *:1>
    ServerName a.test
</VirtualHost>
<FilesMatch "a">
    CORSMaxAge 1
</FilesMatch>
= main: header_parser: CORSMaxAge 1 (conf:5)
= a.test: header_parser: CORSMaxAge 1 (conf:5)

== in the main server and in one host
<VirtualHost *:1>
    ServerName a.test
    <If "true">
        CORSMaxAge 1
    </If>
</VirtualHost>
<VirtualHost *:1>
    ServerName b.test
</VirtualHost>
<Proxy "http://a.test/">
    CORSMaxAge 2
</Proxy>
= main: header_parser: CORSMaxAge 2 (conf:11)
= a.test: header_parser: CORSMaxAge 1 (conf:4)
= b.test: header_parser: CORSMaxAge 2 (conf:11)

== two hosts of one line
<VirtualHost *:1 *:2>
    ServerName a.test
    <Files "a">
        CORSMaxAge 1
    </Files>
</VirtualHost>
= main: map_to_storage
= a.test: header_parser: CORSMaxAge 1 (conf:4)

== IfModule and IfDefine are no sections
<IfModule cors_module>
    <IfModule !no_such_module>
        CORSAllowOrigin https://a.example
        <Location "/a">
            <IfDefine !NOT_DEFINED>
                CORSMaxAge 1
            </IfDefine>
        </Location>
    </IfModule>
    <VirtualHost *:1>
        ServerName a.test
        CORSMaxAge 2
    </VirtualHost>
</IfModule>
= main: map_to_storage
= a.test: map_to_storage

== sections in IfModule and IfDefine
<IfModule cors_module>
    <VirtualHost *:1>
        ServerName a.test
        <IfDefine !NOT_DEFINED>
            <Directory "/srv">
                <IfModule headers_module>
                    CORSMaxAge 1
                </IfModule>
            </Directory>
        </IfDefine>
    </VirtualHost>
</IfModule>
= main: map_to_storage
= a.test: header_parser: CORSMaxAge 1 (conf:7)

== first in a section that begins with IfModule
<Directory "/srv">
    <IfModule headers_module>
        CORSMaxAge 1
    </IfModule>
    Options FollowSymLinks
</Directory>
= main: header_parser: CORSMaxAge 1 (conf:3)

== IfVersion, IfFile
<IfVersion >= 2.4>
    <IfFile "/">
        <Files "a">
            CORSMaxAge 1
        </Files>
    </IfFile>
</IfVersion>
= main: header_parser: CORSMaxAge 1 (conf:4)

== what IfDefine and IfModule leave out
<IfDefine NOT_DEFINED>
    <Directory "/srv">
        CORSMaxAge 1
        AllowOverride All
    </Directory>
</IfDefine>
<IfModule no_such_module>
    <Files "a">
        CORSMaxAge 1
    </Files>
</IfModule>
= main: map_to_storage

== a macro that is not used
<Macro Late>
    <Directory "/srv">
        CORSMaxAge 1
    </Directory>
</Macro>
= main: map_to_storage

== a macro used outside of hosts
<Macro Late $path>
    <Directory "$path">
        CORSMaxAge 1
    </Directory>
</Macro>
<VirtualHost *:1>
    ServerName a.test
</VirtualHost>
Use Late /srv
= main: header_parser: CORSMaxAge 1 (macro 'late' (defined on line 1 of "conf")
=   used on line 9 of "conf":2)
= a.test: header_parser: CORSMaxAge 1 (macro 'late' (defined on line 1 of
=   "conf") used on line 9 of "conf":2)

== a macro used in one host
<Macro Late $path>
    <Directory "$path">
        CORSMaxAge 1
    </Directory>
</Macro>
<VirtualHost *:1>
    ServerName a.test
    Use Late /srv
</VirtualHost>
<VirtualHost *:1>
    ServerName b.test
</VirtualHost>
= main: map_to_storage
= a.test: header_parser: CORSMaxAge 1 (macro 'late' (defined on line 1 of
=   "conf") used on line 8 of "conf":2)
= b.test: map_to_storage

== a macro used in a section, and in a Location
<Macro Policy>
    CORSMaxAge 1
</Macro>
<VirtualHost *:1>
    ServerName a.test
    <Files "a">
        Use Policy
    </Files>
</VirtualHost>
<VirtualHost *:1>
    ServerName b.test
    CORSAllowOrigin https://b.example
    <Location "/a">
        Use Policy
    </Location>
</VirtualHost>
= main: map_to_storage
= a.test: header_parser: CORSMaxAge 1 (macro 'policy' (defined on line 1 of
=   "conf") used on line 7 of "conf":1)
= b.test: map_to_storage

== hosts made by a macro, one of them with a section
<Macro Host $name $section>
    <VirtualHost *:1>
        ServerName $name.test
        <$section "/srv">
            CORSMaxAge 1
        </$section>
    </VirtualHost>
</Macro>
Use Host a Directory
Use Host b Location
= main: map_to_storage
= a.test: header_parser: CORSMaxAge 1 (macro 'host' (defined on line 1 of
=   "conf") used on line 9 of "conf":4)
= b.test: map_to_storage

== two hosts in one macro
<Macro Hosts>
    <VirtualHost *:1>
        ServerName a.test
        <Files "a">
            CORSMaxAge 1
        </Files>
    </VirtualHost>
    <VirtualHost *:1>
        ServerName b.test
    </VirtualHost>
</Macro>
Use Hosts
= main: map_to_storage
= a.test: header_parser: CORSMaxAge 1 (macro 'hosts' (defined on line 1 of
=   "conf") used on line 12 of "conf":4)
= b.test: map_to_storage

== a macro in a macro
<Macro Policy>
    CORSMaxAge 1
</Macro>
<Macro Late>
    <If "true">
        Use Policy
    </If>
</Macro>
<VirtualHost *:1>
    ServerName a.test
    Use Late
</VirtualHost>
= main: map_to_storage
= a.test: header_parser: CORSMaxAge 1 (macro 'policy' (defined on line 1 of
=   "conf") used on line 2 of "macro 'late' (defined on line 4 of "conf") used
=   on line 11 of "conf"":1)

== AllowOverride All
<Directory "/srv">
    AllowOverride All
</Directory>
= main: header_parser: AllowOverride All (conf:2)

== AllowOverride FileInfo, among others, in whatever case
<Directory "/srv">
    allowoverride Limit fileinfo Indexes
</Directory>
= main: header_parser: AllowOverride Limit fileinfo Indexes (conf:2)

== AllowOverride FileInfo and some options
<Directory "/srv">
    AllowOverride Options=Indexes,MultiViews FileInfo
</Directory>
= main: header_parser: AllowOverride Options=Indexes,MultiViews FileInfo
=   (conf:2)

== AllowOverride Options FileInfo
<Directory "/srv">
    AllowOverride Options FileInfo
</Directory>
= main: header_parser: AllowOverride Options FileInfo (conf:2)

== AllowOverride of everything else
<Directory "/srv">
    AllowOverride AuthConfig Indexes Limit Options Options=Indexes
    AllowOverride AuthConfig Indexes Limit Options Nonfatal=All
</Directory>
= main: map_to_storage

== AllowOverride Nonfatal
<Directory "/a">
    AllowOverride Nonfatal=All
</Directory>
<Directory "/b">
    AllowOverride Nonfatal=Override
</Directory>
<Directory "/c">
    AllowOverride Nonfatal=Unknown
</Directory>
= main: map_to_storage

== AllowOverride Nonfatal and FileInfo
<Directory "/a">
    AllowOverride FileInfo Nonfatal=Override
</Directory>
= main: header_parser: AllowOverride FileInfo Nonfatal=Override (conf:2)

== AllowOverride None
<Directory "/">
    AllowOverride None
    AllowOverrideList None
</Directory>
= main: map_to_storage

== AllowOverride: the last line of a section counts
<Directory "/srv">
    AllowOverride All
    AllowOverride None
</Directory>
= main: map_to_storage

== AllowOverride: the line that counts is named
<Directory "/srv">
    AllowOverride All
    AllowOverride None
</Directory>
<Directory "/a">
    AllowOverride FileInfo
</Directory>
= main: header_parser: AllowOverride FileInfo (conf:6)

== AllowOverride: one directory is enough
<Directory "/">
    AllowOverride None
</Directory>
<Directory "/srv/a">
    AllowOverride FileInfo
</Directory>
<Directory "/srv">
    AllowOverride None
</Directory>
= main: header_parser: AllowOverride FileInfo (conf:5)

== AllowOverride: None in a host does not take it back
<VirtualHost *:1>
    ServerName a.test
    <Directory "/srv">
        AllowOverride None
    </Directory>
</VirtualHost>
<Directory "/srv">
    AllowOverride FileInfo
</Directory>
= main: header_parser: AllowOverride FileInfo (conf:8)
= a.test: header_parser: AllowOverride FileInfo (conf:8)

== AllowOverride: before the host
<Directory "/srv">
    AllowOverride All
</Directory>
<VirtualHost *:1>
    ServerName a.test
    CORSAllowOrigin https://a.example
</VirtualHost>
= main: header_parser: AllowOverride All (conf:2)
= a.test: header_parser: AllowOverride All (conf:2)

== AllowOverride: in one host
<VirtualHost *:1>
    ServerName a.test
    <Directory "/srv">
        AllowOverride All
    </Directory>
</VirtualHost>
<VirtualHost *:1>
    ServerName b.test
</VirtualHost>
= main: map_to_storage
= a.test: header_parser: AllowOverride All (conf:4)
= b.test: map_to_storage

== AllowOverride: in the main server and in a host, the host's line comes first
<VirtualHost *:1>
    ServerName a.test
    <Directory "/srv">
        AllowOverride All
    </Directory>
</VirtualHost>
<Directory "/srv">
    AllowOverride FileInfo
</Directory>
= main: header_parser: AllowOverride FileInfo (conf:8)
= a.test: header_parser: AllowOverride All (conf:4)

== AllowOverride: in an IfModule, a DirectoryMatch after it
<IfModule cors_module>
    <Directory ~ "^/srv">
        AllowOverride None
    </Directory>
    <DirectoryMatch "^/srv">
        AllowOverride None
    </DirectoryMatch>
    <Directory "/srv">
        AllowOverride FileInfo
    </Directory>
</IfModule>
= main: header_parser: AllowOverride FileInfo (conf:9)

== AllowOverride: by a macro
<Macro Site $path>
    <Directory "$path">
        AllowOverride All
    </Directory>
</Macro>
<VirtualHost *:1>
    ServerName a.test
    Use Site /srv
</VirtualHost>
= main: map_to_storage
= a.test: header_parser: AllowOverride All (macro 'site' (defined on line 1 of
=   "conf") used on line 8 of "conf":2)

== AllowOverrideList with one of ours
<Directory "/srv">
    AllowOverride None
    AllowOverrideList Redirect CORSAllowOrigin ErrorDocument
</Directory>
= main: header_parser: AllowOverrideList Redirect CORSAllowOrigin ErrorDocument
=   (conf:3)

== AllowOverrideList with one of ours, in whatever case
<Directory "/srv">
    AllowOverrideList corsengine
</Directory>
= main: header_parser: AllowOverrideList corsengine (conf:2)

== AllowOverrideList without ours
<Directory "/srv">
    AllowOverride None
    AllowOverrideList Redirect ErrorDocument Header
</Directory>
= main: map_to_storage

== AllowOverrideList None
<Directory "/srv">
    AllowOverrideList None
</Directory>
= main: map_to_storage

== AllowOverrideList: the last line counts
<Directory "/srv">
    AllowOverrideList CORSAllowOrigin
    AllowOverrideList None
</Directory>
= main: map_to_storage

== AllowOverrideList in one host
<VirtualHost *:1>
    ServerName a.test
</VirtualHost>
<VirtualHost *:1>
    ServerName b.test
    <Directory "/srv">
        AllowOverrideList CORSMaxAge
    </Directory>
</VirtualHost>
= main: map_to_storage
= a.test: map_to_storage
= b.test: header_parser: AllowOverrideList CORSMaxAge (conf:7)

== AllowOverrideList and AllowOverride: the one that counts
<Directory "/a">
    AllowOverride AuthConfig
    AllowOverrideList CORSMaxAge
</Directory>
<Directory "/b">
    AllowOverride FileInfo
</Directory>
= main: header_parser: AllowOverrideList CORSMaxAge (conf:3)

== AccessFileName alone
AccessFileName .policy
<VirtualHost *:1>
    ServerName a.test
    AccessFileName .cors .htaccess
</VirtualHost>
= main: map_to_storage
= a.test: map_to_storage

== AccessFileName and AllowOverride
<VirtualHost *:1>
    ServerName a.test
    AccessFileName .cors
    <Directory "/srv">
        AllowOverride FileInfo
    </Directory>
</VirtualHost>
= main: map_to_storage
= a.test: header_parser: AllowOverride FileInfo (conf:5)

== mod_userdir alone
UserDir public_html
= main: map_to_storage

== mod_userdir as Debian has it
UserDir public_html
UserDir disabled root
<Directory /home/*/public_html>
    AllowOverride FileInfo AuthConfig Limit Indexes
    Options MultiViews Indexes SymLinksIfOwnerMatch IncludesNoExec
    Require method GET POST OPTIONS
</Directory>
<VirtualHost *:1>
    ServerName a.test
</VirtualHost>
= main: header_parser: AllowOverride FileInfo AuthConfig Limit Indexes (conf:4)
= a.test: header_parser: AllowOverride FileInfo AuthConfig Limit Indexes
=   (conf:4)

== mod_userdir without FileInfo
UserDir public_html
<Directory /home/*/public_html>
    AllowOverride AuthConfig Limit Indexes
</Directory>
= main: map_to_storage

== an inner section that says nothing of overriding
<Directory "/srv">
    AllowOverride None
    <Files "a">
        Require all granted
    </Files>
</Directory>
<Directory "/srv/a">
    Options FollowSymLinks
</Directory>
= main: map_to_storage
ROWS

# httpd itself warns that AllowOverride is useless there.
for my $section ('Location "/a"', 'LocationMatch "^/a"', 'Files "a"') {
    my ($close) = split ' ', $section;
    my $useless = "<$section>\nAllowOverride All\n</$close>\n";
    my @all     = (
        $useless,
        "<VirtualHost *:1>\nServerName a.test\n$useless</VirtualHost>\n"
    );
    for my $config (@all) {
        my @points = points_of($config);
        is(join(' ', grep { !/: map_to_storage\z/ } @points), '',
            "AllowOverride All in <$section> does not matter")
            or diag $config;
        my ($point) = points_of("$config<Directory /srv>\n"
                . "AllowOverride FileInfo\n</Directory>\n");
        my $line = 2 + ($config =~ tr/\n//);
        is($point, "main: header_parser: AllowOverride FileInfo (conf:$line)",
            "AllowOverride All in <$section> is not the one that is named")
            or diag $config;
    }
}

# Included files have names and lines of their own.
my $dir     = config_dir();
my %include = (
    'late.inc'     => "\n<Directory /srv>\n    CORSMaxAge 1\n</Directory>\n",
    'policy.inc'   => "# a policy\nCORSMaxAge 1\n",
    'override.inc' => "<Directory /srv>\n    AllowOverride All\n</Directory>\n",
    'host.inc'     => "<VirtualHost *:1>\n    ServerName a.test\n"
        . "    Include \"$dir/policy.inc\"\n</VirtualHost>\n",
);
for my $file (sort keys %include) {
    spew("$dir/$file", $include{$file});
}
my $late     = 'header_parser: CORSMaxAge 1 (late.inc:3)';
my $override = 'header_parser: AllowOverride All (override.inc:2)';
my @included = (
    [ 'a section', 'Include "%s/late.inc"', "main: $late" ],
    [ 'an override', 'IncludeOptional "%s/overr*.inc"', "main: $override" ],
    [
        'a policy in a section',
        "<If \"true\">\nInclude \"%s/policy.inc\"\n</If>",
        'main: header_parser: CORSMaxAge 1 (policy.inc:2)'
    ],
    [
        'a policy in a Location',
        "<Location /a>\nInclude \"%s/policy.inc\"\n</Location>",
        'main: map_to_storage'
    ],
    [
        'a section in a host',
        "<VirtualHost *:1>\nServerName a.test\nInclude \"%s/late.inc\"\n"
            . '</VirtualHost>',
        'main: map_to_storage', "a.test: $late"
    ],
    [
        'a host, and a section after it',
        "Include \"%s/host.inc\"\nInclude \"%s/late.inc\"",
        "main: $late", "a.test: $late"
    ],
    [
        'a host with a policy',
        'Include "%s/host.inc"',
        'main: map_to_storage',
        'a.test: map_to_storage'
    ],
    [ 'nothing', 'IncludeOptional "%s/none*.inc"', 'main: map_to_storage' ],
);
for my $row (@included) {
    my ($what, $config, @wanted) = @$row;
    $config =~ s/%s/$dir/g;
    is(join("\n", points_of("$config\n")), join("\n", @wanted),
        "included: $what");
}

# Configuration that mod_perl makes stands nowhere in the files.
my $modules = vars()->{modules};
if (-e "$modules/mod_perl.so") {
    my $perl  = "LoadModule perl_module $modules/mod_perl.so\n";
    my @points = points_of("${perl}CORSAllowOrigin https://a.example\n<Perl>\n"
            . "\$Directory{'/srv'} = { CORSMaxAge => 1 };\n</Perl>\n");
    like("@points", qr/\Amain: header_parser: \S/, 'a Directory made by <Perl>');

    my $dump = dump_of("$perl<Perl>\n\$VirtualHost{'*:1'} = { ServerName => "
            . "'p.test', CORSAllowOrigin => 'https://a.example' };\n</Perl>\n"
            . "<Location /a>\nCORSMaxAge 1\n</Location>\n");
    is(() = $dump =~ /^# main server$/mg, 1, 'a VirtualHost made by <Perl>');
}

done_testing();
