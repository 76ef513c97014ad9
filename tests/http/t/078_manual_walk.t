# The manual's way from a recipe of mod_headers to a policy, step by step: its
# recipe, its commands and its policy, and what it says that they print.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use CorsTest;
use Files qw(slurp spew);
use OwnServer;
use Test::More;
use Time::HiRes qw(sleep time);

my $manual = slurp('../../docs/mod_cors.md');
my ($walk) = $manual =~ /^## Coming from mod_headers\n(.*?)^## /ms;
my ($recipe, $policy) = $walk =~ /^```apache\n(.*?)^```$/gms;
my $app  = 'https://app.example.com';
my $evil = 'https://evilexample.com';
my @lines_of = split /\n/, $recipe;

# 1. Dump. The manual leaves lines and paths out, as "...".
my ($block) = $walk =~ /^(    # recipe in .*?)^\S/ms;
my $dump = dump_of($recipe);
like($dump, pattern($block), '1. the dump');
like($dump, qr/^# recipe in .*\n(?:#.*\n)*\z/m, '1. at its end, in comments');
my ($printed) = $dump =~ /^# policy:\n(.*)/ms;
is(join(' ', map { split } $printed =~ s/^#//mgr),
    join(' ', map { split } $policy =~ s/^ *CORSEngine .*\n//mr),
    '1. the policy is the one to paste');
in_htaccess_dump();

# 2. Paste, and 3. watch.
my $server = OwnServer->new;
my @at = (port => $server->port, host => 'api.example.net', protocol => 'h1');
$server->write('ht/x.txt', "x\n");
# The ETag of a file that has just been written is a weak one.
utime 1e9, 1e9, $server->dir . '/www/file.txt' or die "file.txt: $!\n";
serve('');
my %without = answers();
serve($policy);
my $mark = length $server->log;
is_deeply({ answers() }, \%without, '2. responses stay as they are');
reports_are($mark,
    qr/would-refuse: policy denies \(origin\)/ => [ 'GET', $evil ],
    qr/would-refuse: policy denies \(origin\)/ => [ 'PUT', $evil ],
    qr/would-refuse: policy denies \(origin\)/ => [ 'GET', 'http://example.com' ]);
like(join("\n", @{ configtest(with($policy))->{lines} }), qr/\ASyntax OK\z/,
    '2. configtest has nothing to say');
in_htaccess();
log_of_the_manual();

# 4. On, or the line taken out.
for my $on ($policy =~ s/ReportOnly/On/r, $policy =~ s/^ *CORSEngine .*\n//mr) {
    serve($on);
    act_ok(get('/file.txt', $app, @at), name => '4. allowed', origin => $app,
        policy => { origins => [$app], credentials => 1 });
    act_no(get('/file.txt', $evil, @at), name => '4. refused',
        policy => { origins => [$app] });
    is(preflight('/file.txt', $evil, 'PUT', undef, @at)->status, 204,
        '4. the RewriteRule comes first');
    my @warnings = map { s/.*?: //r } @{ configtest(with($on))->{lines} };
    is(scalar(grep { /has no effect where a CORS policy applies; remove it/ }
        @warnings), scalar(grep { /Allow-Origin/ } @lines_of),
        '5. configtest warns of each line with Access-Control-Allow-Origin')
        or diag explain \@warnings;
    unlike("@warnings", qr/RewriteRule/, '5. but not of the RewriteRule');
}
serve($policy);
is_deeply({ answers() }, \%without, '4. and back');

# 5. The recipe taken out.
my ($open) = $recipe =~ /\A(.*?ServerName \S+\n)/s;
my $rest = "$open$policy</VirtualHost>\n" =~ s/^ *CORSEngine .*\n//mr;
is(configtest($rest)->{message}, 'Syntax OK', '5. no warning is left');
unlike(dump_of($rest), qr/recipe/, '5. the dump shows no recipe');
$server->serve(at_port($rest));
act_ok(get('/file.txt', $app, @at), name => '5. allowed', origin => $app,
    policy => { origins => [$app], credentials => 1 });
pf_no(preflight('/file.txt', $evil, 'PUT', undef, @at), name => '5. refused',
    policy => { origins => [$app] });
pf_ok(preflight('/file.txt', $app, 'PUT', 'authorization', @at),
    name => '5. a preflight', origin => $app, method => 'PUT',
    headers => ['authorization'], policy => {
        origins => [$app], credentials => 1,
        methods => [qw(GET POST PUT DELETE)],
        headers => [qw(authorization content-type)],
    });
$server->stop;
done_testing();

# ------------------------------------------------------------------- helpers

# What the manual shows as a regular expression: "#     ..." stands for any lines,
# "..." for the file, which is another one here.
sub pattern {
    my ($text) = @_;
    $text =~ s/^    //mg;
    $text =~ s/\n+\z//;
    my $pattern = quotemeta $text;
    $pattern =~ s/\\#(?:\\ )+\\.\\.\\.\\\n/(?:#     .*\\n)+/g;
    $pattern =~ s/\\\((?:\\\.\\\.\\\.|\\\/\S*?)\\:(\d+)\\\)/\\(\\S+:$1\\)/g;
    return qr/^$pattern$/m;
}

# The recipe with lines behind its own.
sub with {
    my ($lines) = @_;
    return $recipe =~ s{(?=</VirtualHost>)}{$lines}r;
}

# On the port of the test's server.
sub at_port {
    my ($config) = @_;
    return "LogLevel cors:info\n" . $config =~ s/\*:443/*:\@port\@/r;
}

sub serve {
    my ($lines) = @_;
    $server->serve(at_port(with($lines)));
    return;
}

sub answers {
    my %answer;
    for my $from ($app, 'https://example.com', $evil, 'http://example.com',
        undef)
    {
        my $who = defined $from ? $from : 'no Origin';
        $answer{"GET $who"} = get('/file.txt', $from, @at)->{raw};
        next if $who =~ /\Ahttp:/;
        $answer{"PUT $who"} =
            preflight('/file.txt', $from, 'PUT', 'authorization', @at)->{raw};
    }
    s/^Date: .*\n//m for values %answer;
    return %answer;
}

# What has been reported since then, once there are as many: requests are logged
# after they have been answered, and not always in their order.
sub reports {
    my ($mark, $count) = @_;
    my ($until, @lines) = (time + 20);
    while (@lines < $count && time < $until) {
        sleep 0.01;
        @lines = substr($server->log, $mark) =~ /report-only: (.*\n)/g;
    }
    return @lines;
}

sub reports_are {
    my ($since, @want) = @_;
    my @lines = reports($since, @want / 2);
    while (my ($words, $of) = splice @want, 0, 2) {
        my ($method, $from) = @$of;
        my $what = $method eq 'GET' ? 'actual request' : 'preflight';
        my $pattern =
            qr/\A\Q$what\E $words.*origin '\Q$from\E', method '$method'/;
        is(scalar(grep { /$pattern/ } @lines), 1, "3. $what of $from");
        @lines = grep { !/$pattern/ } @lines;
    }
    is_deeply(\@lines, [], '3. and no other line');
    return;
}

# A .htaccess file, by the manual's command, its paths apart.
sub in_htaccess_dump {
    my ($command) = $walk =~ /^    httpd (-t .*)$/m;
    my $site = config_dir() . '/site';
    mkdir $site or die "$site: $!\n";
    spew("$site/.htaccess", join "\n", (map { s/\A +//r }
        grep { !/VirtualHost|ServerName/ } @lines_of), '');
    $command =~ s{/srv/www/site}{$site}g;
    my @words = map { s/\A'(.*)'\z/$1/r } $command =~ /('[^']*'|\S+)/g;
    shift @words;
    my $got  = configtest('', @words);
    my $said = $got->{message};
    like($said, qr{^# recipe in <Directory "\S*site"?/?"?> }m,
        '1. a .htaccess file, included') or diag $said;
    like($said, qr{^#     SetEnvIf Origin .* \(site/\.htaccess:1\)$}m,
        '1. its lines') or diag $said;
    like($said, qr/^#     CORSAllowOrigin https:\/\/\*\.example\.com/m,
        '1. and its policy');
    return;
}

# ReportOnly is for a <Directory> section of the configuration, not a .htaccess.
sub in_htaccess {
    $server->write('ht/.htaccess', $policy);
    my $allow = "<Directory \"\@dir\@/www/ht\">\nAllowOverride FileInfo\n%s"
        . "</Directory>\n";
    $server->serve(at_port(with(sprintf $allow, '')));
    is(get('/ht/x.txt', $evil, @at)->status, 500,
        '2. ReportOnly is not allowed in .htaccess');
    $server->write('ht/.htaccess', '');
    $server->serve(at_port(with(sprintf $allow, $policy)));
    my $before = length $server->log;
    is(get('/ht/x.txt', $evil, @at)->status, 200, '2. in the <Directory>');
    like((reports($before, 1))[0], qr/\Aactual request would-refuse/,
        '2. it reports');
    return;
}

# The line that the chapter on ReportOnly shows, from a recipe that echoes.
sub log_of_the_manual {
    my ($line) = $manual =~ /^ +(report-only: .*)/m;
    $server->serve(at_port(<<'CONF'));
<VirtualHost *:443>
    ServerName api.example
    SetEnvIf Origin "(.*)" from=$1
    <Location "/api/">
        CORSEngine ReportOnly
        CORSAllowOrigin https://app.example.com
        CORSAllowCredentials On
        Header always set Access-Control-Allow-Origin "%{from}e" env=from
        Header always set Access-Control-Allow-Credentials "true"
    </Location>
</VirtualHost>
CONF
    my @to = (@at, host => 'api.example');
    get('/api/', $app, @to);
    my $before = length $server->log;
    get('/api/', 'https://evil.example', @to, headers => [ Cookie => 'a=b' ]);
    my ($said) = map { chomp; "report-only: $_" } reports($before, 1);
    s{ \(/\S+:\d+\)\z}{}, s/\bapi\.example:\d+/api.example/, s/response \d+/response/
        for $line, $said;
    is($said, $line, 'the line of the manual');
    return;
}
