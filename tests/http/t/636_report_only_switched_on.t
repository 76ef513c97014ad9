# What ReportOnly says that On would change is what On does change: the same requests
# go to the same server with the one and with the other, and a browser, which is
# written down here once more, judges both responses.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use Files qw(slurp);
use OwnServer;
use Test::More;
use Time::HiRes qw(sleep time);

my $app    = 'https://app.example';
my $evil   = 'https://evil.example';
my $server = OwnServer->new;
my @at     = (port => $server->port, protocol => 'h1');

# Says what its query asks for, line by line.
my $script = <<'CGI';
#!/bin/sh
IFS='&'
for line in $QUERY_STRING; do echo "${line%%=*}: ${line#*=}"; done
printf 'Content-Type: text/plain\n\nx\n'
CGI
chmod oct '755', $server->write("$_/x.cgi", $script)
    for qw(any kept passed both always backend);
chmod oct '755', $server->write('any/nph-x.cgi',
    "#!/bin/sh\nprintf 'HTTP/1.0 200 OK\\r\\nX-Is: NPH\\r\\nContent-Length: 2\\r\\n\\r\\nx\\n'\n");
chmod oct '755', $server->write('basic/nph-x.cgi', "#!/bin/sh\n");
chmod oct '755', $server->write('any/broken.cgi', "#!/bin/sh\nexit 1\n");
$server->write("$_/x.txt", "x\n")
    for qw(any basic denied fixed echo star rewrite kept passed early only bad);
$server->write('bad/.htaccess', "Nonsense\n");
$server->write('front/index.html', "front\n");
$server->write('front/.htaccess', "FallbackResource /front/index.html\n");
$server->write('errors/403.html', "forbidden\n");
$server->write('locked/x.txt', "x\n");
$server->write('passwords', "u:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=\n");
chmod oct('0'), $server->dir . '/www/locked';

my $site = <<'CONF';
CustomLog "@dir@/reports" "%U %{X-Number}i %{cors-verdict}n %{cors-report}n"
ErrorDocument 403 /errors/403.html
Redirect 302 /moved /any/x.txt
RewriteEngine On
RewriteRule "^/bad$" "-" [F]
RewriteRule "^/gone$" "-" [G]
RewriteCond "%{REQUEST_METHOD}" "OPTIONS"
RewriteRule "^/first" "-" [R=204]
RewriteRule "^/front-of" "/any/x.txt" [PT]
<Directory "@dir@/www">
    Options ExecCGI FollowSymLinks
    AddHandler cgi-script .cgi
    FallbackResource disabled
</Directory>
<DirectoryMatch "/www/(front|bad)$">
    AllowOverride @override@
</DirectoryMatch>
<Location "/">
    CORSEngine @engine@
    CORSAllowOrigin https://app.example
    CORSAllowMethods PUT
    CORSAllowHeaders X-A
    CORSAllowCredentials On
    CORSPreflight @preflight@
</Location>
<Location "/basic">
    AuthType Basic
    AuthName "x"
    AuthBasicProvider file
    AuthUserFile "@dir@/www/passwords"
    Require valid-user
</Location>
<Location "/denied">
    Require all denied
    Header always set Access-Control-Allow-Origin "*"
</Location>
<Location "/only">
    Require method GET
</Location>
<Location "/fixed">
    Header always set Access-Control-Allow-Origin "https://app.example"
    Header always set Access-Control-Allow-Credentials "true"
    Header always set Access-Control-Allow-Methods "PUT"
</Location>
<Location "/echo">
    Header always set Access-Control-Allow-Origin "expr=%{HTTP:Origin}"
    Header always set Access-Control-Allow-Credentials "true"
    Header always set Access-Control-Allow-Methods "PUT, DELETE"
    Header always set Access-Control-Allow-Headers "X-A"
    Header always merge Vary Origin
</Location>
<Location "/star">
    CORSAllowOrigin *
    CORSAllowCredentials Off
    Header always set Access-Control-Allow-Origin "*"
</Location>
<Location "/rewrite">
    RewriteEngine On
    RewriteCond "%{REQUEST_METHOD}" "OPTIONS"
    RewriteRule "" "-" [R=204,L]
    Header always set Access-Control-Allow-Origin "*"
</Location>
<Location "/front-of">
    CORSAllowOrigin https://evil.example
</Location>
<Location "/kept">
    CORSBackendHeaders keep
</Location>
<LocationMatch "^/(both|pair)">
    CORSBackendHeaders keep
    CORSPreflight pass
    Header always set Access-Control-Allow-Origin "*"
</LocationMatch>
<Location "/passed">
    CORSPreflight pass
</Location>
ProxyPass "/proxied" "http://127.0.0.1:@port@/backend" disablereuse=on
ProxyPass "/pair" "http://127.0.0.1:@port@/backend" disablereuse=on
ProxyPass "/nobody" "http://127.0.0.1:9" disablereuse=on retry=0
<Location "/backend">
    CORSEngine Off
</Location>
CONF

# Where .htaccess files are read, CORSPreflight early cannot be.
my %override = (answer => 'FileInfo', early => 'None');
for my $preflight (sort keys %override) {
    my $text = $site =~ s/\@preflight\@/$preflight/r
        =~ s/\@override\@/$override{$preflight}/r;
    my @requests = requests($preflight eq 'early' ? () : script_targets());
    my %answer;
    for my $engine (qw(ReportOnly On)) {
        $server->serve($text =~ s/\@engine\@/$engine/gr);
        $answer{$engine} = answers(@requests);
    }
    for my $i (0 .. $#requests) {
        my ($now, $then) = map { $answer{$_}[$i] } qw(ReportOnly On);
        my $note = $now->{note} =~ s/,.*//r;
        next if $note eq '-' && is_unseen($now->{res}, $then);
        my $want = $now->{reads} == $then->{reads} ? 'same'
            : $now->{reads} ? 'would-refuse' : 'would-allow';
        is($note, $want, "$preflight: @{ $requests[$i] }")
            or diag($now->{res}->dump, $then->{res}->dump);
    }
}
chmod oct('755'), $server->dir . '/www/locked';
$server->stop;
done_testing();

# ------------------------------------------------------------------ requests

sub requests {
    my (@more) = @_;
    my @requests;
    for my $target (
        (map { "/$_/x.txt" } qw(any basic denied fixed echo star rewrite kept
            passed only bad locked)),
        qw(/any/missing /any/broken.cgi /any /bad /gone /first /front-of
            /front/missing /moved /nobody /any/nph-x.cgi /basic/nph-x.cgi
            /any/x%2fy /any/../../x),
        @more)
    {
        for my $from ($app, $evil) {
            push @requests, [ GET => $target, Origin => $from ],
                [ GET => $target, Origin => $from, Cookie => 'a=b' ],
                map { [ OPTIONS => $target, Origin => $from,
                    'Access-Control-Request-Method'  => $_->[0],
                    'Access-Control-Request-Headers' => $_->[1] ] }
                [ 'PUT', 'x-a' ], [ 'PUT', 'x-b' ], [ 'DELETE', '' ];
        }
    }
    return @requests;
}

sub script_targets {
    my $own = 'Access-Control-Allow-Origin=https://app.example'
        . '&Access-Control-Allow-Credentials=true';
    my @lines = (
        '', $own, "$own&Status=404",
        'Access-Control-Allow-Origin=https://evil.example'
            . '&Access-Control-Allow-Methods=PUT,DELETE'
            . '&Access-Control-Allow-Headers=X-A,X-B',
        'Access-Control-Allow-Origin=*&Access-Control-Allow-Methods=*'
            . '&Access-Control-Allow-Headers=*',
        'Access-Control-Allow-Origin=*,*',
    );
    return (map { "/pair/x.cgi?$_" } $lines[0], $lines[4]),
        map { my $dir = $_; map { "/$dir/x.cgi?$_" } @lines }
        qw(any kept passed both proxied);
}

# What On does not see either, or the manual says is not seen.
sub is_unseen {
    my ($res, $then) = @_;
    return $then->{verdict} eq '-' || ($res->value('X-Is') || '') eq 'NPH';
}

sub answers {
    my (@requests) = @_;
    my $log    = $server->dir . '/reports';
    my $before = length slurp($log, '');
    my @answers;
    for my $i (0 .. $#requests) {
        my ($method, $target, @headers) = @{ $requests[$i] };
        my $res = request($method, $target, [ @headers, 'X-Number' => $i ], @at);
        push @answers, { res => $res, reads => reads($requests[$i], $res) };
    }
    my %logged;
    my $until = time + 10;
    while (keys %logged < @requests && time < $until) {
        my $lines = substr slurp($log), $before;
        $logged{$1} = [ $2, $3 ]
            while $lines =~ m{^(?!/backend)\S+ (\d+) (\S+) (.*)}mg;
        sleep 0.01;
    }
    @{ $answers[$_] }{qw(verdict note)} = @{ $logged{$_} } for 0 .. $#requests;
    return \@answers;
}

# ------------------------------------------------------------------- Fetch

sub joined {
    my ($res, $name) = @_;
    my @values = $res->values($name);
    return @values ? join ', ', @values : undef;
}

# Returns 1 or 0.
sub reads {
    my ($request, $res) = @_;
    my ($method, undef, %header) = @$request;
    my $includes = $header{Cookie} || $header{Authorization};
    my $allowed  = joined($res, 'Access-Control-Allow-Origin') // '';
    return 0 if !($allowed eq '*' && !$includes) && $allowed ne $header{Origin};
    return 0
        if $includes
        && (joined($res, 'Access-Control-Allow-Credentials') // '') ne 'true';
    my $asked = $header{'Access-Control-Request-Method'};
    return 1 if $method ne 'OPTIONS' || !$asked;
    return 0 if $res->status !~ /\A2/;
    my %method = map { $_ => 1 } split /\s*,\s*/,
        joined($res, 'Access-Control-Allow-Methods') // '';
    return 0 if !$method{$asked} && $asked !~ /\A(?:GET|HEAD|POST)\z/
        && !$method{'*'};
    my %name = map { lc, 1 } split /\s*,\s*/,
        joined($res, 'Access-Control-Allow-Headers') // '';
    for my $name (split /,/, $header{'Access-Control-Request-Headers'} // '') {
        return 0 if !$name{$name} && !$name{'*'};
    }
    return 1;
}
