# Where preflights are answered is found out anew when the configuration is read
# again, for each virtual host by itself. A httpd of its own, gracefully
# restarted.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use Files qw(slurp spew);
use Httpd qw(confined free_port);
use Test::More;
use Time::HiRes qw(sleep time);

my $vars   = vars();
my $dir    = tempdir("$vars->{t_state}/restarts.XXXXXX", CLEANUP => 1);
my $port   = free_port();
my $origin = 'https://app.example';
my $count  = 0;
my $httpd;

for my $host (qw(a b)) {
    make_path("$dir/www/$host");
    spew("$dir/www/$host/file.txt",  "$host\n");
    spew("$dir/www/$host/.htaccess", "CORSEngine Off\n");
    spew("$dir/www/$host/.open",     "CORSAllowOrigin $origin\n");
}

# Each host has the directory www/HOST; .htaccess files switch the policy off.
# Lines of the hosts, and who answers the preflight: "final", "late" (with the
# header of the directory), or httpd, which the .htaccess file has left it to.
my $over = '<Directory "@dir@/www/%s">' . "\n%s\n</Directory>\n";
my @configurations = (
    [ 'no override', a => '', b => '', 'final', 'final' ],
    [
        'AllowOverride FileInfo for one host',
        a => sprintf($over, 'a', 'AllowOverride FileInfo'),
        b => '',
        'httpd', 'final'
    ],
    [
        'AllowOverride FileInfo for the other',
        a => '',
        b => sprintf($over, 'b', 'AllowOverride FileInfo'),
        'final', 'httpd'
    ],
    [
        'AllowOverride without FileInfo',
        a => sprintf($over, 'a', 'AllowOverride AuthConfig Limit'),
        b => sprintf($over, 'b', 'AllowOverride None'),
        'final', 'final'
    ],
    [
        'AllowOverrideList for one host',
        a => '',
        b => sprintf($over, 'b', 'AllowOverrideList CORSEngine'),
        'final', 'httpd'
    ],
    [
        'AllowOverride elsewhere in a host',
        a => sprintf($over, 'none', 'AllowOverride All'),
        b => '',
        'late', 'final'
    ],
    [
        'a policy in a directory of one host',
        a => '',
        b => sprintf($over, 'none', 'CORSMaxAge 1'),
        'final', 'late'
    ],
    [
        'AllowOverride in the main server',
        main => sprintf($over, 'a', 'AllowOverride FileInfo'),
        'httpd', 'late'
    ],
    [
        'AllowOverride in a Location',
        a => "<Location />\nAllowOverride All\n</Location>\n",
        'final', 'final'
    ],
    [
        'another AccessFileName, no override',
        main => "AccessFileName .policy\n",
        'final', 'final'
    ],
    [
        'another AccessFileName, which is there',
        main => "AccessFileName .htaccess.other .htaccess\n",
        a    => sprintf($over, 'a', 'AllowOverride FileInfo'),
        'httpd', 'final'
    ],
    [
        'another AccessFileName, which is not there',
        main => "AccessFileName .policy\n",
        a    => sprintf($over, 'a', 'AllowOverride FileInfo'),
        'late', 'final'
    ],
    [ 'no override again', 'final', 'final' ],

    # Not a directive of ours but in .htaccess files.
    [
        '.htaccess files alone, of the first host',
        policy => '',
        main   => "AccessFileName .open\n",
        a      => sprintf($over, 'a', 'AllowOverride FileInfo'),
        'late', 'httpd'
    ],
    [
        '.htaccess files alone, of the second host',
        policy => '',
        main   => "AccessFileName .open\n",
        b      => sprintf($over, 'b', 'AllowOverride FileInfo'),
        'httpd', 'late'
    ],
);

for my $row (@configurations) {
    my ($name, @rest) = @$row;
    my @wanted = splice @rest, -2;
    my %lines  = @rest;
    configure(%lines);
    $httpd ? $httpd->restart
        : ($httpd = Httpd->start(program => $vars->{httpd}, dir => $dir,
            port => $port));
    arrived();
    is(answers('a'), $wanted[0], "$name: the first host");
    is(answers('b'), $wanted[1], "$name: the second host");
}
my @bad = grep { /:(?:error|crit|alert|emerg)\]/ || /exit signal/ }
    grep { !/\/www\/a\/\.htaccess: CORSEngine not allowed here/ }
    split /\n/, slurp("$dir/error_log");
is("@bad", '', 'nothing else in the error log');
$httpd->stop;
done_testing();

sub answers {
    my ($host) = @_;
    my $res = preflight("/file.txt", $origin, 'GET', undef,
        host => "$host.test", port => $port);
    return 'httpd' if $res->status eq '200' && $res->values('Allow');
    return 'status ' . $res->status if $res->status ne '204';
    return $res->values('X-Directory') ? 'late' : 'final';
}

sub configure {
    my (%lines) = @_;
    $count++;
    my $hosts = '';
    for my $host (qw(a b)) {
        my $lines = $lines{$host} || '';
        $hosts .= "<VirtualHost *:$port>\nServerName $host.test\n"
            . "DocumentRoot \"$dir/www/$host\"\n$lines</VirtualHost>\n";
    }
    my $main   = $lines{main} || '';
    my $policy = $lines{policy};
    $policy = "CORSAllowOrigin $origin" if !defined $policy;
    # Daemons of mod_cgid would race for their socket.
    my $modules = slurp($vars->{modules_conf}) =~ s/^LoadModule cgid_.*\n//mr;
    my $conf = <<"CONF";
$modules
@{[ confined($dir, $port) ]}
TypesConfig "$vars->{serverroot}/conf/mime.types"
DocumentRoot "$dir/www"
<Directory />
    AllowOverride None
</Directory>
<Directory "$dir/www">
    Header always set X-Directory yes
</Directory>
Header always set X-Configuration $count
$policy
$main
$hosts
CONF
    $conf =~ s/\@dir\@/$dir/g;
    spew("$dir/httpd.conf", $conf);
    return;
}

# Wait for the configuration to be in force.
sub arrived {
    my $until = time + 20;
    while (time < $until) {
        my $res = eval { get('/file.txt', undef, port => $port) };
        return
            if $res && join(',', $res->values('X-Configuration')) eq $count;
        sleep 0.05;
    }
    die "configuration $count does not arrive\n";
}
