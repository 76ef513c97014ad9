# Directives that mod_perl adds after the configuration has been checked: whether
# policies are final is found out again before requests come. A httpd of its own
# for each way of adding them, with mod_perl loaded before and after mod_cors.
#
# Needs mod_perl.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use Files qw(spew);
use OwnServer;
use Test::More;

my $app    = 'https://app.example';
my $other  = 'https://other.example';
my $policy = "CORSAllowOrigin $app\n";

# What the files say, what is added, and the status of a preflight of each
# origin; httpd answers 200.
my @rows = (
    [
        'a directory is closed', $policy,
        "<Directory \"\@dir\@/www/a\">", 'CORSAllowOrigin none', '</Directory>',
        403, 403
    ],
    [
        'a directory has other origins', $policy,
        "<Directory \"\@dir\@/www/a\">", "CORSAllowOrigin $other",
        '</Directory>', 403, 204
    ],
    [
        'files have other origins', $policy,
        '<FilesMatch "txt$">', "CORSAllowOrigin $other", '</FilesMatch>',
        403, 204
    ],
    [
        'a directory is off', $policy,
        "<Directory \"\@dir\@/www/a\">", 'CORSEngine Off', '</Directory>',
        200, 200
    ],
    [
        'a .htaccess file may switch off', $policy,
        "<Directory \"\@dir\@/www/a\">", 'AllowOverride FileInfo',
        '</Directory>', 200, 200
    ],
    [
        'a path has other origins', $policy,
        '<Location "/a">', "CORSAllowOrigin $other", '</Location>', 403, 204
    ],
    [
        'a directory alone has a policy', '',
        "<Directory \"\@dir\@/www/a\">", "CORSAllowOrigin $other",
        '</Directory>', 403, 204
    ],
    [
        'a path alone has a policy', '',
        '<Location "/a">', "CORSAllowOrigin $other", '</Location>', 403, 204
    ],
);

my %way = (
    PerlPostConfigRequire => "PerlPostConfigRequire \"\@dir\@/required.pl\"\n",
    PerlPostConfigHandler =>
        "PerlSwitches -I\@dir\@\nPerlPostConfigHandler Added\n",
);
my %order = (before => undef, after => \&perl_last);

for my $row (@rows) {
    for my $way (sort keys %way) {
        for my $order (sort keys %order) {
            my ($name, $config, @added) = @$row;
            my @wanted = splice @added, -2;
            my $server = server_that_adds(@added);
            $server->serve($config . $way{$way},
                modules => ['perl'], order => $order{$order});
            my @got = map { answer($server, $_) } $app, $other;
            is($got[0], $wanted[0], "$name: $way, mod_perl $order");
            is($got[1], $wanted[1],
                "$name: $way, mod_perl $order: another origin");
            $server->stop;
        }
    }
}
done_testing();

sub perl_last {
    my (@lines) = @_;
    return ((grep { !/perl/ } @lines), grep { /perl/ } @lines);
}

sub answer {
    my ($server, $origin) = @_;
    return preflight('/a/file.txt', $origin, 'GET', undef,
        port => $server->port)->status;
}

sub server_that_adds {
    my (@added) = @_;
    my $server = OwnServer->new;
    my $dir    = $server->dir;
    $server->write('a/file.txt',  "file\n");
    $server->write('a/.htaccess', "CORSEngine Off\n");
    my $lines = join ', ', map { "q{$_}" } map { s/\@dir\@/$dir/r } @added;
    spew("$dir/required.pl", <<"PERL");
use Apache2::ServerUtil ();
Apache2::ServerUtil->server->add_config([$lines]);
1;
PERL
    spew("$dir/Added.pm", <<"PERL");
package Added;
use Apache2::ServerUtil ();
sub handler { \$_[3]->add_config([$lines]); return 0 }
1;
PERL
    return $server;
}
