# C-10: what a request's policy is, where sections, hosts and the server each
# say something.
use strict;
use warnings;
use lib 'lib';

use CorsTest;
use File::Temp qw(tempdir);
use Files qw(spew);
use Httpd qw(confined free_port);
use Test::More;

my $origin = 'https://app.example';
my $named  = 'https://named.example';
my $match  = 'https://a.match.example';
my $evil   = 'https://evil.example';
my @host   = (host => 'merge.test');
my $vars   = vars();
my $port   = free_port();

my $mark = log_mark();
for_each_protocol {
    orders();
    parts();
    origins();
    replaced();
    switches();
};
log_clean($mark);

my $httpd = second_server();
for_each_protocol { server_policy() };
$httpd->stop;
done_testing();

# The section that has the last word, told by its Max-Age.
sub orders {
    my @order = (
        [ 'the host'                   => 'x.txt',              1 ],
        [ 'Directory'                  => 'dir/x.txt',          2 ],
        [ 'DirectoryMatch over Directory' => 'dir/matched/x.txt',  3 ],
        [ 'Files'                      => 'x.named',            4 ],
        [ 'Files over Directory'       => 'dir/x.named',        4 ],
        [ 'Files in Directory'         => 'dir/x.inside',       7 ],
        [ 'not that Location'          => 'dir/located.txt',    2 ],
        [ 'Location over Directory'    => 'dir/located/x.txt',  5 ],
        [ 'Location over Files'        => 'dir/located/x.named', 5 ],
        [ 'Location over Files in Directory' => 'dir/located/x.inside', 5 ],
        [ 'If over the host'           => 'x.txt?if',           6 ],
        [ 'If over Directory'          => 'dir/x.txt?if',       6 ],
        [ 'If over Files'              => 'dir/x.inside?if',    6 ],
        [ 'If over Location'           => 'dir/located/x.txt?if', 6 ],
    );
    for my $case (@order) {
        my ($name, $path, $age) = @$case;
        pf_ok(
            preflight("/merge/$path", $origin, 'GET', undef, @host),
            name   => "C-10 $name: $path",
            policy => { origins => [$origin], max_age => $age },
            origin => $origin,
            method => 'GET',
        );
    }
    return;
}

# Sections of all kinds that say different things, put together.
sub parts {
    my $policy = {
        origins     => [$origin],
        methods     => [qw(PUT DELETE GET)],
        headers     => [qw(x-one x-two x-three)],
        credentials => 1,
        expose      => ['X-Request-Id'],
        timing      => 1,
        max_age     => 1,
    };
    my %is = (policy => $policy, origin => $origin);
    pf_ok(preflight('/merge/all/all.txt', $origin, 'PUT', 'x-three', @host),
        %is, name => 'C-10 parts: preflight', method => 'PUT',
        headers => ['x-three']);
    act_ok(get('/merge/all/all.txt', $origin, @host), %is,
        name => 'C-10 parts: GET', body => "x\n");
    act_no(get('/merge/all/all.txt', $evil, @host), %is,
        name => 'C-10 parts: refused', body => "x\n");
    return;
}

# Which origins may read, and that is all of them.
sub origins {
    my %allowed = (
        '/merge/x.txt'         => [$origin],
        '/merge/match/x'       => [$match],
        '/merge/match/named/x' => [$named],
        '/merge/match/both/x'  => [ $named, $match ],
        '/merge/twice'         => [$origin],
        '/merge/off/origins/x' => [],
        '/merge/closed/x'      => [],
    );
    for my $target (sort keys %allowed) {
        my %is_allowed = map { $_ => 1 } @{ $allowed{$target} };
        for my $from ($origin, $named, $match, $evil) {
            my $res = get($target, $from, @host);
            is($res->value('Access-Control-Allow-Origin'),
                $is_allowed{$from} ? $from : undef,
                "C-10 $CorsTest::PROTOCOL: $target: $from");
        }
    }
    return;
}

sub replaced {
    my $outer = {
        origins     => [$origin],
        methods     => ['PUT'],
        headers     => ['x-one'],
        expose      => ['X-Request-Id'],
        credentials => 1,
        max_age     => 1,
    };
    my $inner =
        { origins => [$origin], methods => ['DELETE'], max_age => 1 };
    my @outer = (policy => $outer, origin => $origin);
    my @inner = (policy => $inner, origin => $origin);

    pf_ok(preflight('/merge/less/x', $origin, 'PUT', 'x-one', @host), @outer,
        name => 'C-10 lists', method => 'PUT', headers => ['x-one']);
    act_ok(get('/merge/less/x', $origin, @host), @outer, status => 404,
        name => 'C-10 lists: GET');
    pf_ok(preflight('/merge/less/none/x', $origin, 'DELETE', undef, @host),
        @inner, name => 'C-10 lists replaced', method => 'DELETE');
    pf_no(preflight('/merge/less/none/x', $origin, 'DELETE', 'x-one', @host),
        @inner, name => 'C-10 the outer headers are gone');
    pf_no(preflight('/merge/less/none/x', $origin, 'PUT', undef, @host),
        @inner, name => 'C-10 the outer methods are gone');
    act_ok(get('/merge/less/none/x', $origin, @host), @inner, status => 404,
        name => 'C-10 lists replaced: GET');

    # A second section for the same path is one more section.
    pf_ok(preflight('/merge/twice', $origin, 'PUT', undef, @host),
        policy => { origins => [$origin], methods => ['PUT'], max_age => 1 },
        origin => $origin, method => 'PUT',
        name => 'C-10 a second Location for the same path');
    return;
}

sub switches {
    no_cors(get('/merge/off/x', $origin, @host), name => 'C-10 Off',
        status => 404);
    no_cors(get('/merge/off/origins/x', $named, @host), status => 404,
        name => 'C-10 origins below Off');
    no_cors(preflight('/merge/off/x', $origin, 'GET', undef, @host),
        name => 'C-10 Off: preflight');
    act_ok(get('/merge/off/on/x', $origin, @host), status => 404,
        name => 'C-10 On below Off', policy => { origins => [$origin] },
        origin => $origin);
    act_no(get('/merge/closed/x', $origin, @host), status => 404,
        name => 'C-10 none', policy => { closed => 1 });
    pf_no(preflight('/merge/closed/x', $origin, 'GET', undef, @host),
        name => 'C-10 none: preflight', policy => { closed => 1 });
    act_ok(get('/merge/closed/open/x', $evil, @host), status => 404,
        name => 'C-10 * below none', policy => { any => 1 });
    return;
}

# ------------------------------------------- a server whose policy hosts have

sub server_policy {
    my %policy = (
        inherits => { origins => [$origin], max_age => 1 },
        adds     => { origins => [$origin], max_age => 1, methods => ['PUT'] },
        replaces => { origins => [$named],  max_age => 2 },
        off      => { inert   => 1 },
    );
    for my $host (sort keys %policy) {
        my @to = (host => "$host.test", port => $port);
        for my $path (qw(x section)) {
            my $policy = { %{ $policy{$host} } };
            $policy->{max_age} = 3 if $path eq 'section';
            my %is = (name => "the server's policy, $host, /$path",
                policy => $policy, status => 404);
            for my $from ($origin, $named) {
                my $res = get("/$path", $from, @to);
                if (grep { $_ eq $from } @{ $policy->{origins} || [] }) {
                    act_ok($res, %is, origin => $from);
                    pf_ok(preflight("/$path", $from, 'GET', undef, @to), %is,
                        origin => $from, method => 'GET', status => 204);
                }
                else {
                    act_no($res, %is);
                }
            }
        }
    }
    return;
}

sub second_server {
    my $dir = tempdir("$vars->{t_state}/merge.XXXXXX", CLEANUP => 1);
    spew("$dir/httpd.conf", <<"CONF");
Include "$vars->{modules_conf}"
@{[ confined($dir, $port) ]}
TypesConfig "$vars->{serverroot}/conf/mime.types"
DocumentRoot "$dir"
<IfModule http2_module>
    Protocols h2c http/1.1
</IfModule>

CORSAllowOrigin $origin
CORSMaxAge 1
<Location "/section">
    CORSMaxAge 3
</Location>
<VirtualHost *:$port>
    ServerName inherits.test
</VirtualHost>
<VirtualHost *:$port>
    ServerName adds.test
    CORSAllowMethods PUT
</VirtualHost>
<VirtualHost *:$port>
    ServerName replaces.test
    CORSAllowOrigin $named
    CORSMaxAge 2
</VirtualHost>
<VirtualHost *:$port>
    ServerName off.test
    CORSEngine Off
</VirtualHost>
CONF
    return Httpd->start(program => $vars->{httpd}, dir => $dir,
        port => $port);
}
