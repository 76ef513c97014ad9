# Request hooks are there where the configuration, or a .htaccess file that it
# permits, can use them, and nowhere else: each once, under this module's name
# and after mod_setenvif and mod_headers, in whatever order modules are loaded;
# and so after each restart. mod_info lists the hooks.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use OwnServer;
use Test::More;

my $origin = 'https://app.example';
my $server = OwnServer->new;
my @at     = (port => $server->port);

# Answers preflights at header_parser.
my $policy = "CORSAllowOrigin $origin\n<Files \"no-such-file\">\n"
    . "CORSEngine On\n</Files>\n";
my $common = <<'CONF';
<Location "/server-info">
    CORSEngine Off
    SetHandler server-info
</Location>
<Directory "@dir@/www">
    SetEnvIf Access-Control-Request-Method . asked=yes
</Directory>
Header always set X-Asked %{asked}e
Header set Access-Control-Allow-Origin "https://old.example"
Header always set Access-Control-Allow-Origin "https://old.example"
CONF

# Without our line it says nothing of us.
(my $unused = $common) =~ s/^ *CORSEngine.*\n//m;

my @once = (
    'Translate Name', 'Map to Storage', 'Insert Filters', 'Insert Errors'
);

my %hooks =
    (policy => \@once, require => [ 'Insert Filters', 'Insert Errors' ]);

# Debian loads cors before headers and setenvif.
sub cors_first {
    my (@lines) = @_;
    return ((grep { /cors/ } @lines), grep { !/cors/ } @lines);
}

my @hosts = map { "<VirtualHost *:\@port\@>\nServerName $_.test\n" } qw(a b);

my $require = "<Location \"/x\">\nRequire cors\n</Location>\n";

# A configuration, and what needs hooks.
my @rows = (
    [ 'nothing of ours' => $unused ],
    [ 'a policy'        => $policy . $common, 'policy' ],
    [ 'nothing again'   => $unused ],
    [ 'a policy again'  => $policy . $common, 'policy' ],
    [ 'the same'        => $policy . $common, 'policy' ],
    [ 'Require cors'    => $unused . $require, 'require' ],
    [ 'both' => $policy . $common . $require, 'policy', 'require' ],
    [
        '.htaccess may hold one' =>
            "$unused<Directory \"\@dir\@/www/x\">\nAllowOverride FileInfo\n"
            . "</Directory>\n",
        'policy'
    ],
    [
        '.htaccess may hold Require' =>
            "$unused<Directory \"\@dir\@/www/x\">\nAllowOverride AuthConfig\n"
            . "</Directory>\n",
        'require'
    ],
    [
        'the same, by name' => "$unused<Directory \"\@dir\@/www/x\">\n"
            . "AllowOverrideList Require\n</Directory>\n",
        'require'
    ],
    [ '.htaccess may not' =>
            "$unused<Directory \"\@dir\@/www/x\">\nAllowOverride Limit\n"
            . "</Directory>\n" ],
    [ 'the second of two hosts' => "$unused$hosts[0]</VirtualHost>\n"
            . "$hosts[1]CORSMaxAge 1\n</VirtualHost>\n", 'policy' ],
    [ 'neither of two hosts' => "$unused$hosts[0]</VirtualHost>\n"
            . "$hosts[1]</VirtualHost>\n" ],
    [
        'in a file' =>
            "$unused<Files \"no-such-file\">\nCORSMaxAge 1\n</Files>\n",
        'policy'
    ],
);

for my $order (\&cors_first, undef) {
    my $loaded = $order ? 'loaded first' : 'loaded last';
    for my $row (@rows) {
        my ($name, $conf, @needs) = @$row;
        $server->serve($conf, order => $order, modules => ['info']);
        hooks_are("$loaded: $name", @needs);
        order_is("$loaded: $name") if $conf =~ /\ACORS/;
    }
}
reporting_are($_) for 'Off', 'On', 'ReportOnly', 'On';
$server->stop;
# (Restarts so close upon each other are too fast for the MPM and mod_cgid.)
my @logged = grep { !/\[(?:mpm_\w+|cgid):/ }
    $server->log =~ /.*:(?:warn|error|crit|alert|emerg)\].*/g;
is("@logged", '', 'nothing in the error log');
done_testing();

sub hooks_are {
    my ($name, @needs) = @_;
    my %want;
    $want{$_}++ for map { @{ $hooks{$_} } } @needs;
    my $page = get('/server-info?hooks', undef, @at)->body;
    my %count;
    for my $part (split /<dt>/, $page) {
        my ($hook) = $part =~ /\A<strong>(.*?):/ or next;
        $count{$hook} = () = $part =~ />mod_cors\.c</g;
    }
    my @wrong = grep { ($count{$_} || 0) != ($want{$_} || 0) } @once;
    is("@wrong", '', "$name: request hooks");
    return;
}

# What only reports need is there where some section says ReportOnly.
sub reporting_are {
    my ($engine) = @_;
    $server->serve("$common$policy<Location \"/x\">\nCORSEngine $engine\n"
            . "</Location>\n", modules => ['info']);
    my $page = get('/server-info?hooks', undef, @at)->body;
    for my $hook ('Fixups', 'Transaction Logging') {
        my ($part) = $page =~ /<strong>$hook:(.*?)(?:<dt>|\z)/s;
        my $count = () = $part =~ />mod_cors\.c</g;
        is($count, $engine eq 'ReportOnly' ? 1 : 0, "$engine: $hook");
    }
    return;
}

# The left-over lines lose, and SetEnvIf has seen the preflight.
sub order_is {
    my ($name) = @_;
    my $is = { origins => [$origin] };
    act_ok(get('/file.txt', $origin, @at), policy => $is, origin => $origin,
        name => "$name: GET");
    my $res = preflight('/file.txt', $origin, 'POST', undef, @at);
    pf_ok($res, policy => $is, origin => $origin, method => 'POST',
        name => "$name: preflight");
    is($res->value('X-Asked'), 'yes', "$name: SetEnvIf");
    act_ok(get('/missing', $origin, @at), policy => $is, origin => $origin,
        status => 404, name => "$name: 404");
    return;
}
