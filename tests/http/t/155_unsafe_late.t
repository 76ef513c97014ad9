# Unsafe policies whose parts stand in different places, one of them unknown
# when httpd starts: refused at request time, with the reason in the log.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use CorsTest;
use Test::More;

my $app   = 'https://app.example';
my $clear = 'http://app.example';
my $evil  = 'https://evil.example';
my $on    = 'CORSAllowCredentials On';
my $count = 0;
my $mark  = log_mark();

# Place, .htaccess file, file; origins that are allowed, and unsafe.
my @rows = (
    [ 'credentials', 'CORSAllowOrigin *', '', [], [ $app, $evil, 'null' ] ],
    [ 'credentials', 'CORSAllowOriginMatch .*', '', [], [ $app, $evil ] ],
    [ 'credentials', 'CORSAllowOriginMatch https://[^/]+', '', [],
        [ $app, $evil ] ],
    [ 'credentials', 'CORSAllowOriginMatch https://app\.example', '', [$app],
        [] ],
    [ 'credentials', "CORSAllowOrigin null $app", '', [$app], ['null'] ],
    [ 'credentials', "CORSAllowOrigin $clear $app", '', [$app], [$clear] ],
    [ 'credentials', "CORSAllowOriginMatch https?://app\\.example", '', [$app],
        [$clear] ],
    [ 'credentials', 'CORSAllowOrigin https://*.example', '', [], [$app] ],
    [ 'credentials', "CORSAllowOrigin https://*.example $app", '', [$app],
        [$evil] ],
    [ 'credentials', "<Files *>\nCORSAllowOrigin *\n</Files>", '', [],
        [$app] ],
    [ 'credentials', "<If \"true\">\nCORSAllowOrigin *\n</If>", '', [],
        [$app] ],

    # Locations are merged after .htaccess files, <If> after them.
    [ 'any',    $on, '', [], [ $app, $evil ] ],
    [ 'match',  $on, '', [], [ $app, $evil ] ],
    [ 'null',   $on, '', [$app], ['null'] ],
    [ 'clear',  $on, '', [$app], [$clear] ],
    [ 'suffix', $on, '', [], [$app] ],
    [ 'any',    "$on\nCORSAllowOrigin $app", '', [], [$app] ],
    [ 'any', "<If \"true\">\n$on\nCORSAllowOrigin $app\n</If>", '', [$app],
        [] ],

    # What is accepted in the server holds in .htaccess files.
    [ 'lifted', "CORSAllowOrigin $clear $app", '', [ $clear, $app ], [] ],
    [ 'lifted', 'CORSAllowOrigin https://*.example', '', [$app], [] ],
    [ 'lifted', "CORSAllowOrigin null $app", '', [$app], ['null'] ],
    [ 'lifted', 'CORSAllowOrigin *', '', [], [$app] ],

    # Directory, Files and .htaccess.
    [ 'files', $on, '', [], [$app] ],
    [ 'files', "$on\nCORSAllowOrigin $app", '', [$app], [] ],

    # Nothing comes from a .htaccess file.
    [ 'siblings', '', '', [], [ $app, $evil ] ],
    [ 'mixed',    '', '', [], [ $app, $evil ] ],
    [ 'mixed',    '', 'clear.txt', [], [ $clear, $app ] ],
    [ 'ifs',      '', 'clear.txt', [$app], [$clear] ],
);

for my $row (@rows) {
    my ($at, $lines, $file, $allowed, $unsafe) = @$row;
    my $dir = "unsafe_late/$at" . ($lines ? '/' . ++$count : '');
    $file ||= 'file.txt';
    (my $name = join ' ', $at, $lines, $file) =~ s/\n/ /g;
    write_htdocs("$dir/$file", "file\n");
    write_htdocs("$dir/.htaccess", "$lines\n") if $lines;
    for my $origin (@$allowed) {
        judge("/$dir/$file", $origin, "$name: $origin", 1);
    }
    judge("/$dir/$file", $_, "$name: $_", 0) for @$unsafe;
}
# Wildcards under public suffixes, by the same list as at start-up.
my $path = 'unsafe_late/credentials/suffixes';
write_htdocs("$path/file.txt",  "file\n");
write_htdocs("$path/.htaccess", 'CORSAllowOrigin https://*.github.io'
        . " https://*.my.github.io https://*.com https://*.example.com\n");
my %allowed = (
    'https://app.github.io'    => !has_libpsl(),
    'https://a.app.github.io'  => !has_libpsl(),
    'https://a.my.github.io'   => 1,
    'https://app.com'          => 0,
    'https://www.example.com'  => 1,
    'https://a.b.example.com'  => 1,
    'https://github.io'        => 0,
);
for my $origin (sort keys %allowed) {
    my $res = get("/$path/file.txt", $origin, host => 'unsafe_late.test');
    is(join(',', $res->values('Access-Control-Allow-Origin')),
        $allowed{$origin} ? $origin : '', "at request time: $origin");
}

log_clean($mark);
done_testing();

sub judge {
    my ($path, $origin, $name, $is_allowed) = @_;
    my @host   = (host => 'unsafe_late.test');
    my $before = log_mark();
    my $actual = get($path, $origin, @host);
    my $asked  = preflight($path, $origin, 'GET', undef, @host);
    my $acao   = $is_allowed ? $origin : '';
    is($actual->status, 200, "$name: GET");
    for my $res ([ 'GET', $actual ], [ 'preflight', $asked ]) {
        is(join(', ', $res->[1]->values('Access-Control-Allow-Origin')),
            $acao, "$name: $res->[0]: Allow-Origin");
        is(
            join(', ', $res->[1]->values('Access-Control-Allow-Credentials')),
            $is_allowed ? 'true' : '',
            "$name: $res->[0]: Allow-Credentials"
        );
    }
    is($asked->status, $is_allowed ? 204 : 403, "$name: preflight");
    is(
        join(', ', $asked->values('Access-Control-Allow-Methods')),
        $is_allowed
        ? ($path =~ m{/files/} ? 'GET' : 'GET, HEAD, POST')
        : '',
        "$name: preflight: Allow-Methods"
    );

    my @logged = $is_allowed
        ? grep { /\[cors:info\]/ } log_lines($before)
        : log_lines($before, qr/\[cors:info\] .*denied \(unsafe policy\):/);
    is(scalar @logged, $is_allowed ? 0 : 2, "$name: logged");
    return if $is_allowed;
    my $why = qr/denied \(unsafe policy\): origin '\Q$origin\E', method 'GET'/;
    like($logged[0], qr/actual request $why/,
        "$name: the line for the GET");
    like($logged[1], qr/preflight $why/,
        "$name: the line for the preflight");
    return;
}
