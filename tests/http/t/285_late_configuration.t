# Directives that mod_perl adds after the configuration has been checked: whether
# policies are final is found out again before requests come. A httpd of its own
# for each way of adding them, with mod_perl loaded before and after mod_cors.
use strict;
use warnings;
use lib 'lib';
use Apache::Test ();
use CorsTest;
use File::Basename qw(dirname);
use File::Path qw(make_path remove_tree);
use IO::Socket::INET;
use Test::More;
use Time::HiRes qw(sleep);

my $vars   = CorsTest::vars();
my $dir    = "$vars->{t_state}/late";
my $app    = 'https://app.example';
my $other  = 'https://other.example';
my $policy = "CORSAllowOrigin $app\n";
my $port   = free_port();
my $running;

END {
    my $status = $?;
    stop() if $running;
    $? = $status;
}

# What the files say, what is added, and the status of a preflight of each
# origin; httpd answers 200.
my @rows = (
    [
        'a directory is closed', $policy,
        "<Directory \"$dir/www/a\">", 'CORSAllowOrigin none', '</Directory>',
        403, 403
    ],
    [
        'a directory has other origins', $policy,
        "<Directory \"$dir/www/a\">", "CORSAllowOrigin $other",
        '</Directory>', 403, 204
    ],
    [
        'files have other origins', $policy,
        '<FilesMatch "txt$">', "CORSAllowOrigin $other", '</FilesMatch>',
        403, 204
    ],
    [
        'a directory is off', $policy,
        "<Directory \"$dir/www/a\">", 'CORSEngine Off', '</Directory>',
        200, 200
    ],
    [
        'a .htaccess file may switch off', $policy,
        "<Directory \"$dir/www/a\">", 'AllowOverride FileInfo',
        '</Directory>', 200, 200
    ],
    [
        'a path has other origins', $policy,
        '<Location "/a">', "CORSAllowOrigin $other", '</Location>', 403, 204
    ],
    [
        'a directory alone has a policy', '',
        "<Directory \"$dir/www/a\">", "CORSAllowOrigin $other",
        '</Directory>', 403, 204
    ],
    [
        'a path alone has a policy', '',
        '<Location "/a">', "CORSAllowOrigin $other", '</Location>', 403, 204
    ],
);

my %way = (
    PerlPostConfigRequire => "PerlPostConfigRequire \"$dir/required.pl\"\n",
    PerlPostConfigHandler =>
        "PerlSwitches -I$dir\nPerlPostConfigHandler Added\n",
);
my ($headers) = CorsClient::slurp($vars->{httpd_conf}) =~
    m{^LoadModule headers_module "(.*)"$}m;
my $perl = dirname($headers) . '/mod_perl.so';
die "httpd has no mod_perl ($perl)\n" if !-e $perl;
my $load    = "LoadModule perl_module \"$perl\"\n";
my $modules = "Include \"$vars->{httpd_conf}\"\n";
my %order   = (before => "$load$modules", after => "$modules$load");

for my $row (@rows) {
    for my $way (sort keys %way) {
        for my $order (sort keys %order) {
            my ($name, $config, @added) = @$row;
            my @wanted = splice @added, -2;
            serve("$order{$order}$config$way{$way}", @added);
            is(answer($app), $wanted[0], "$name: $way, mod_perl $order");
            is(answer($other), $wanted[1],
                "$name: $way, mod_perl $order: another origin");
            stop();
        }
    }
}
done_testing();

sub answer {
    my ($origin) = @_;
    return preflight('/a/file.txt', $origin, 'GET', undef, port => $port)
        ->status;
}

sub serve {
    my ($config, @added) = @_;
    remove_tree($dir);
    make_path("$dir/www/a");
    CorsClient::spew("$dir/www/a/file.txt",  "file\n");
    CorsClient::spew("$dir/www/a/.htaccess", "CORSEngine Off\n");
    my $lines = join ', ', map { "q{$_}" } @added;
    CorsClient::spew("$dir/required.pl", <<"PERL");
use Apache2::ServerUtil ();
Apache2::ServerUtil->server->add_config([$lines]);
1;
PERL
    CorsClient::spew("$dir/Added.pm", <<"PERL");
package Added;
use Apache2::ServerUtil ();
sub handler { \$_[3]->add_config([$lines]); return 0 }
1;
PERL
    CorsClient::spew("$dir/httpd.conf", $config . <<"CONF");
ServerName        localhost
Listen            127.0.0.1:$port
DefaultRuntimeDir "$dir"
PidFile           "$dir/pid"
Mutex             "file:$dir" default
ErrorLog          "$dir/error_log"
TypesConfig       "$vars->{serverroot}/conf/mime.types"
DocumentRoot      "$dir/www"
<IfModule cgid_module>
    ScriptSock    "$dir/cgid.sock"
</IfModule>
<Directory />
    AllowOverride None
</Directory>
CONF
    system($vars->{httpd}, '-d', $dir, '-f', "$dir/httpd.conf", '-k', 'start')
        == 0
        or die "httpd does not start\n";
    $running = 1;
    for (1 .. 500) {
        return if -s "$dir/pid" && connects();
        sleep 0.02;
    }
    die "httpd does not answer\n";
}

sub stop {
    my ($pid) = CorsClient::slurp("$dir/pid") =~ /(\d+)/;
    $running = 0;
    kill 'TERM', $pid;
    for (1 .. 500) {
        return if !-e "$dir/pid" && !connects();
        sleep 0.02;
    }
    die "httpd does not stop\n";
}

sub connects {
    return IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port);
}

sub free_port {
    my $socket = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1)
        or die "no free port: $@\n";
    return $socket->sockport;
}
