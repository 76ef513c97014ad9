package SoakPolicy;

# What the server of the soak test allows: two generations of the same paths,
# as configuration and as a model that says what each answer must be.

use strict;
use warnings;

use Exporter 'import';

our @EXPORT_OK = qw(configuration small htaccess expected counted paths
    origins_of);

# Restarts read these lines too; memory that a reload does not free shows.
my $MANY = 2_000;

my @COMMON = (headers => [qw(X-Api-Key Content-Type)], expose => ['X-Id']);
my %POLICY = (
    A => {
        loc => {
            @COMMON,
            origins => [ 'https://a.example', 'https://*.wild-a.example:*' ],
            methods => [qw(GET PUT)], credentials => 1, max_age => 600,
        },
        early => { @COMMON, origins => ['https://a.example'],
            methods => '*', headers_any => 1 },
        any   => { @COMMON, any => 1, methods => [qw(PUT)] },
        regex => { @COMMON, regex => 'https://[a-m]+\.regex\.example',
            methods => [qw(PATCH)] },
        none  => { closed => 1 },
        guard => { @COMMON, require => 1,
            origins => [ 'https://a.example', 'https://*.wild-a.example' ] },
        many  => { @COMMON, many => 1,
            origins => ['https://*.many-a.example'] },
        ht    => { @COMMON, origins => ['https://ht.example'],
            methods => [qw(PUT)], max_age => 60 },
        dir   => { @COMMON, origins => ['https://dir-a.example'] },
    },
    B => {
        loc => {
            @COMMON,
            origins => [ 'https://b.example', 'https://*.wild-b.example' ],
            methods => [qw(GET DELETE)], credentials => 1, max_age => 5,
        },
        early => { @COMMON, origins => [ 'https://a.example', 'null' ],
            methods => [qw(PUT)], headers_any => 1, status => 200 },
        any   => { @COMMON, any => 1, methods => [qw(DELETE)] },
        regex => { @COMMON, regex => 'https://[n-z]+\.regex\.example',
            methods => [qw(PATCH)] },
        none  => { @COMMON, origins => ['https://a.example'] },
        guard => { @COMMON, require => 1, origins => ['https://b.example'] },
        many  => { @COMMON, many => 1,
            origins => ['https://*.many-b.example'] },
        ht    => { @COMMON, origins => ['https://ht.example'],
            methods => [qw(PUT)], max_age => 61 },
        dir   => { @COMMON, origins => ['https://dir-b.example'] },
    },
);

sub paths { return (sort(keys %{ $POLICY{A} }), 'plain') }

# .htaccess names the origins and methods; the server says the rest.
my %IS_FILE = map { $_ => 1 } qw(ht dir);

sub host_of {
    my ($path) = @_;
    return $IS_FILE{$path} ? 'files.test' : 'final.test';
}

# Origins worth trying on a path, of both generations.
sub origins_of {
    my ($path) = @_;
    return if $path eq 'plain';
    return map { s/\*\./sub./r =~ s/:\*/:8443/r }
        map { @{ $POLICY{$_}{$path}{origins} || [] } } qw(A B);
}

sub configuration {
    my ($generation, %at) = @_;
    my $policies = $POLICY{$generation};
    my $final = join '', map { section("Location \"/$_/\"", $policies->{$_}) }
        grep { !$IS_FILE{$_} } sort keys %$policies;
    $final =~ s{(<Location "/early/">\n)}{$1    CORSPreflight early\n};
    my $dir = section("Directory \"$at{htdocs}/dir\"", $policies->{dir});
    my $max_age = $policies->{ht}{max_age};
    return <<"CONF";
$at{modules}LoadModule cors_module "$at{module}"
ServerName soak.test
ServerRoot "$at{root}"
DefaultRuntimeDir "$at{root}"
PidFile "$at{root}/httpd.pid"
Mutex "file:$at{root}" default
Listen 127.0.0.1:$at{port}
ErrorLog "$at{root}/error_log"
LogLevel warn authz_core:crit
DocumentRoot "$at{htdocs}"
TypesConfig /dev/null
Protocols h2c http/1.1
KeepAlive On
KeepAliveTimeout 15
MaxKeepAliveRequests 0
Timeout 30
GracefulShutdownTimeout 20
StartServers 2
ServerLimit 8
ThreadLimit 32
ThreadsPerChild 16
MinSpareThreads 1
MaxSpareThreads 128
MaxRequestWorkers 128
H2MinWorkers 2
H2MaxWorkers 8

Header always set X-Generation "$generation"
Header always set X-Id "expr=%{QUERY_STRING}"
<Directory />
    AllowOverride None
    Require all denied
</Directory>
<Directory "$at{htdocs}">
    Require all granted
</Directory>
<VirtualHost *:$at{port}>
    ServerName final.test
$final
</VirtualHost>
<VirtualHost *:$at{port}>
    ServerName files.test
$dir
    <Directory "$at{htdocs}/ht">
        AllowOverride FileInfo
        CORSAllowHeaders X-Api-Key Content-Type
        CORSExposeHeaders X-Id
        CORSMaxAge $max_age
    </Directory>
</VirtualHost>
<VirtualHost *:$at{port}>
    ServerName status.test
    <Location "/cors-status">
        SetHandler cors-status
        CORSStatus On
    </Location>
</VirtualHost>
CONF
}

# The same server with so few threads that each is warm soon; without the
# module if told so.
sub small {
    my ($with_module, %at) = @_;
    my %size = (
        StartServers => 1, ServerLimit => 1, ThreadLimit => 8,
        ThreadsPerChild => 8, MaxSpareThreads => 8, MaxRequestWorkers => 8,
        H2MinWorkers => 4, H2MaxWorkers => 4,
    );
    my $conf = configuration('A', %at);
    for my $name (keys %size) {
        $conf =~ s/^\Q$name\E \d+$/$name $size{$name}/m
            or die "no $name in the configuration\n";
    }
    $conf =~ s/^ *(?:CORS|Require cors|LoadModule cors_module).*\n//mg
        if !$with_module;
    return $conf;
}

sub htaccess {
    return "CORSAllowOrigin https://ht.example\nCORSAllowMethods PUT\n";
}

sub section {
    my ($head, $policy) = @_;
    my @lines;
    push @lines, 'CORSAllowOrigin *' if $policy->{any};
    push @lines, 'CORSAllowOrigin none' if $policy->{closed};
    push @lines, map { "CORSAllowOrigin $_" } @{ $policy->{origins} || [] };
    push @lines, map { "CORSAllowOrigin https://o$_.many.example" } 1 .. $MANY
        if $policy->{many};
    push @lines, "CORSAllowOriginMatch $policy->{regex}" if $policy->{regex};
    my $methods = $policy->{methods};
    push @lines, 'CORSAllowMethods ' . (ref $methods ? "@$methods" : $methods)
        if $methods;
    push @lines, "CORSAllowHeaders @{ $policy->{headers} }"
        . ($policy->{headers_any} ? ' *' : '') if $policy->{headers};
    push @lines, "CORSExposeHeaders @{ $policy->{expose} }"
        if $policy->{expose};
    push @lines, 'CORSAllowCredentials On' if $policy->{credentials};
    push @lines, "CORSMaxAge $policy->{max_age}" if $policy->{max_age};
    push @lines, "CORSPreflightStatus $policy->{status}" if $policy->{status};
    push @lines, 'CORSForwardOrigin Off', 'AuthMerging And', 'Require cors'
        if $policy->{require};
    my ($name) = split ' ', $head;
    return join '', map { "    $_\n" } "<$head>", (map { "    $_" } @lines),
        "</$name>";
}

# ------------------------------------------------------------------- the model

my $LABEL = qr/[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?/;

# What an answer must be: its status, and every header of CORS and Vary, lists
# as sorted words. The request: path, method, origin, acrm, acrh, and the
# status that it has where CORS does not answer.
sub expected {
    my ($generation, $request) = @_;
    my $policy = $POLICY{$generation}{ $request->{path} };
    my $origin = $request->{origin};
    my $is_preflight = $request->{method} eq 'OPTIONS'
        && defined $origin && defined $request->{acrm};
    return { status => $request->{status} } if !$policy;
    return { status => $is_preflight ? 403 : $request->{status} }
        if $policy->{closed};

    my %want = (status => $request->{status});
    my @vary = $policy->{any} ? () : 'origin';
    push @vary, qw(access-control-request-headers access-control-request-method)
        if $is_preflight;
    my $is_matched = $policy->{any} || (defined $origin
            && matches($policy, $origin));
    if ($policy->{require} && !$is_preflight) {
        push @vary, 'sec-fetch-site';
        $want{status} = 403 if defined $origin && !$is_matched;
    }
    $want{vary} = words(@vary) if @vary;
    if ($is_preflight) {
        $want{status} = 403;
        return \%want if !$is_matched || !method_passes($policy, $request)
            || !headers_pass($policy, $request);
        preflight_headers(\%want, $policy, $request);
    }
    elsif ($is_matched && $policy->{expose}) {
        $want{'access-control-expose-headers'} = words(@{ $policy->{expose} });
    }
    return \%want if !$is_matched;
    $want{'access-control-allow-origin'} = $policy->{any} ? '*' : $origin;
    $want{'access-control-allow-credentials'} = 'true'
        if $policy->{credentials};
    return \%want;
}

# As what the server counts it; undef if as nothing.
sub counted {
    my ($generation, $request) = @_;
    return if !defined $request->{origin}
        || !$POLICY{$generation}{ $request->{path} };
    my $is_preflight = $request->{method} eq 'OPTIONS'
        && defined $request->{acrm};
    my $want = expected($generation, $request);
    return ($is_preflight ? 'preflight' : 'actual')
        . ($want->{'access-control-allow-origin'} ? '_allowed' : '_denied');
}

sub preflight_headers {
    my ($want, $policy, $request) = @_;
    my $methods = $policy->{methods} || [qw(GET HEAD POST)];
    my @asked = elements($request->{acrh});
    $want->{status} = $policy->{status} || 204;
    $want->{'access-control-allow-methods'} =
        ref $methods ? words(@$methods) : lc $request->{acrm};
    $want->{'access-control-max-age'} = $policy->{max_age}
        if $policy->{max_age};
    $want->{'access-control-allow-headers'} = words(@{ $policy->{headers} },
        $policy->{headers_any} ? @asked : ()) if @asked;
    return;
}

sub words {
    my %words = map { lc $_ => 1 } @_;
    return join ' ', sort keys %words;
}

sub elements {
    my ($list) = @_;
    return grep { length } map { s/\A[ \t]+|[ \t]+\z//gr }
        split /,/, defined $list ? $list : '';
}

sub matches {
    my ($policy, $origin) = @_;
    return $origin =~ /\A$policy->{regex}\z/ if $policy->{regex};
    return 1 if $policy->{many}
        && $origin =~ m{\Ahttps://o([1-9][0-9]*)\.many\.example\z}
        && $1 <= $MANY;
    for my $pattern (@{ $policy->{origins} }) {
        if ($pattern !~ /\*/) {
            return 1 if $origin eq $pattern;
            next;
        }
        my ($suffix, $port) = $pattern =~ m{\Ahttps://\*(\.[^:]+)(:\*)?\z};
        my $ports = $port ? qr/(?::([1-9][0-9]{0,4}))?/ : qr/()/;
        my $hosts = qr/(?:$LABEL\.)*$LABEL\Q$suffix\E/;
        next if $origin !~ m{\Ahttps://($hosts)$ports\z};
        return 1 if length $1 <= 253 && (!$2 || ($2 <= 65535 && $2 != 443));
    }
    return 0;
}

my $TOKEN = qr/[!#\$%&'*+.^_`|~0-9A-Za-z-]+/;

sub method_passes {
    my ($policy, $request) = @_;
    my $asked   = $request->{acrm};
    my $methods = $policy->{methods} || [];
    return 0 if $asked !~ /\A$TOKEN\z/;
    return 1 if $asked =~ /\A(?:GET|HEAD|POST)\z/;
    return 0 if $asked =~ /\A(?:CONNECT|TRACE|TRACK)\z/i;
    return $asked ne '*' if !ref $methods;
    return scalar grep { $_ eq $asked } @$methods;
}

sub headers_pass {
    my ($policy, $request) = @_;
    my @asked = elements($request->{acrh});
    my %listed = map { lc $_ => 1 } @{ $policy->{headers} || [] };
    return 0 if @asked > 64;
    for my $name (@asked) {
        return 0 if $name !~ /\A$TOKEN\z/;
        next if $listed{ lc $name };
        return 0 if !$policy->{headers_any} || $name eq '*'
            || lc $name eq 'authorization';
    }
    return 1;
}

1;
