package Bench;

# The web servers that tests/bench/run compares: one policy, said in each one's
# own way, and their files.

use strict;
use warnings;

use Cwd qw(getcwd);
use Exporter qw(import);
use File::Path qw(make_path);
use Files qw(slurp spew);
use Httpd qw(load_modules);

our @EXPORT_OK = qw(
    $ORIGIN %POLICY %RECIPE %REQUIRE %REQUEST
    setup httpd_program build_floor write_httpd cors_lines output
);

our $ORIGIN = 'https://app.example.com';

# ---------------------------------------------------------------------------
# The policy, as directives of mod_cors and as a recipe of mod_headers,
# mod_setenvif and mod_rewrite, which tells preflights from other requests so
# that all parties, mod_floor.c too, send the same lines.

my $policy = <<'CONF';
CORSAllowOrigin https://app.example.com https://*.example.net
CORSAllowMethods GET POST PUT DELETE
CORSAllowHeaders Authorization Content-Type
CORSExposeHeaders ETag X-Request-Id
CORSAllowCredentials On
CORSMaxAge 600
CONF

my $origin_regex =
    '^https://(app\.example\.com|([a-z0-9-]+\.)+example\.net)$';

my $set_env = <<"CONF";
SetEnvIf Origin "$origin_regex" CORS_ORIGIN=\$0
CONF

my $headers = <<'CONF';
Header always set Access-Control-Allow-Origin %{CORS_ORIGIN}e env=CORS_ORIGIN
Header always set Access-Control-Allow-Credentials "true" env=CORS_ORIGIN
Header always merge Vary Origin
CONF

my $actual_headers = <<'CONF';
Header always set Access-Control-Expose-Headers "ETag, X-Request-Id" \
    env=!CORS_PREFLIGHT
CONF

my $preflight_headers = <<'CONF';
Header always set Access-Control-Allow-Methods "GET, POST, PUT, DELETE" \
    env=CORS_PREFLIGHT
Header always set Access-Control-Allow-Headers "Authorization, Content-Type" \
    env=CORS_PREFLIGHT
Header always set Access-Control-Max-Age "600" env=CORS_PREFLIGHT
Header always set Vary "Origin, Access-Control-Request-Method, \
Access-Control-Request-Headers" env=CORS_PREFLIGHT
CONF

my $rewrite = <<'CONF';
RewriteEngine On
RewriteCond %{REQUEST_METHOD} OPTIONS
RewriteRule ^ - [R=204,E=CORS_PREFLIGHT:1,L]
CONF

# The recipe as it is pasted most often: every line on every response.
my $pasted_headers = <<'CONF';
Header always set Access-Control-Allow-Origin %{CORS_ORIGIN}e env=CORS_ORIGIN
Header always set Access-Control-Allow-Credentials "true" env=CORS_ORIGIN
Header always set Access-Control-Allow-Methods "GET, POST, PUT, DELETE" \
    env=CORS_ORIGIN
Header always set Access-Control-Allow-Headers "Authorization, Content-Type" \
    env=CORS_ORIGIN
Header always set Access-Control-Expose-Headers "ETag, X-Request-Id" \
    env=CORS_ORIGIN
Header always set Access-Control-Max-Age "600" env=CORS_ORIGIN
Header always merge Vary Origin
CONF

our %POLICY = (
    plain    => $policy,
    early    => "${policy}CORSPreflight early\n",
    location => "<Location \"/api/\">\n$policy</Location>\n",
);

our %RECIPE = (
    plain => "$set_env$headers$actual_headers$preflight_headers$rewrite",
    pasted => $set_env . $pasted_headers . $rewrite =~ s{E=.*?,}{}r,

    # Only the Header lines are in the <Location>; RewriteRule does not work
    # there.
    location => "$set_env<Location \"/api/\">\n"
        . "$headers$actual_headers$preflight_headers</Location>\n"
        . $rewrite =~ s{\^ }{^/api/ }r,
);

# Foreign requests refused: by the module, and by the rules that are pasted for
# it; and a section that lets all in.
my $section = "<Location \"/api/\">\nAuthMerging And\nRequire %s\n</Location>\n";

our %REQUIRE = (
    cors    => sprintf($section, 'cors'),
    granted => sprintf($section, 'all granted'),
    vary    => qq{Header always merge Vary "Sec-Fetch-Site, Origin"\n},
    recipe  => <<'CONF',
RewriteEngine On
RewriteCond %{HTTP:Sec-Fetch-Site} !^(same-origin|none)?$
RewriteCond %{HTTP:Origin} !^(https://bench\.example)?$
RewriteRule ^/api/ - [F]
CONF
);

# ---------------------------------------------------------------------------
# Requests, byte for byte.

our %REQUEST = (
    actual    => request('GET', Origin => $ORIGIN),
    preflight => preflight('content-type'),
    own       => request('GET', 'Sec-Fetch-Site' => 'same-origin'),
    trusted   => request('GET', Origin => $ORIGIN,
        'Sec-Fetch-Site' => 'cross-site'),
);

sub request {
    my ($method, @headers) = @_;
    my $text = "$method /api/data.json HTTP/1.1\r\nHost: bench.example\r\n";
    while (my ($name, $value) = splice @headers, 0, 2) {
        $text .= "$name: $value\r\n";
    }
    return "$text\r\n";
}

sub preflight {
    my ($names) = @_;
    return request(
        'OPTIONS',
        'Origin'                         => $ORIGIN,
        'Access-Control-Request-Method'  => 'PUT',
        'Access-Control-Request-Headers' => $names
    );
}

# ---------------------------------------------------------------------------
# Programs and modules

my ($apxs, %query);

# Debian's default modules, and those that the recipe needs. All servers load
# all of them; those that are built into httpd, or not built at all, are left
# out.
my @modules = qw(
    unixd log_config access_compat alias auth_basic authn_core authn_file
    authz_core authz_host authz_user autoindex deflate dir env filter headers
    mime negotiation reqtimeout rewrite setenvif status
);

sub setup {
    ($apxs) = @_;
    for my $name (qw(LIBEXECDIR SBINDIR PROGNAME)) {
        $query{$name} = output($apxs, '-q', $name);
    }
    return;
}

sub output {
    my (@command) = @_;
    open my $pipe, '-|', @command or die "$command[0]: $!\n";
    my $text = do { local $/ = undef; <$pipe> };
    close $pipe or die "@command: failed\n";
    chomp $text;
    return $text;
}

sub httpd_program { return "$query{SBINDIR}/$query{PROGNAME}" }

# Build a floor module from mod_floor.c next to this file; returns its path.
sub build_floor {
    my ($name, @defines) = @_;
    my $dir = getcwd() . "/floor/$name";
    make_path($dir);
    spew("$dir/mod_floor.c",
        slurp(__FILE__ =~ s{[^/]+\z}{mod_floor.c}r));
    my $command = join ' ', "cd '$dir' &&", $apxs, '-c',
        (map { "-Wc,$_" } qw(-std=c99 -Wall -Wextra)),
        (map { "-D$_" } @defines), 'mod_floor.c';
    system("$command >build.log 2>&1") == 0
        or die "$command:\n", slurp("$dir/build.log");
    return "$dir/.libs/mod_floor.so";
}

sub module_lines {
    my ($mpm, @more) = @_;
    my $dir   = $query{LIBEXECDIR};
    my $lines = load_modules(httpd_program(), $dir,
        grep { -e "$dir/mod_$_.so" } "mpm_$mpm", @modules);
    while (my ($name, $file) = splice @more, 0, 2) {
        $lines .= "LoadModule ${name}_module $file\n";
    }
    return $lines;
}

# ---------------------------------------------------------------------------
# Servers

# The files that a server serves. They are old, so that ETag is strong from
# the first second on.
sub write_tree {
    my ($dir, $htaccess) = @_;
    make_path("$dir/htdocs/api");
    my $file = "$dir/htdocs/api/data.json";
    spew($file, qq({"name": "value", "items": [1, 2, 3]}\n));
    spew("$dir/htdocs/api/.htaccess", $htaccess) if defined $htaccess;
    utime 1_500_000_000, 1_500_000_000, $file or die "$file: $!\n";
    return;
}

# An httpd of its own below a directory; the port is given when it starts, by
# -C "Define PORT ...".
sub write_httpd {
    my (%server) = @_;
    my $root  = $server{root};
    my $lines = module_lines($server{mpm}, @{ $server{modules} });
    my $conf  = $server{conf} || '';
    write_tree($root, $server{htaccess});
    spew("$root/mime.types", "application/json json\n");
    spew("$root/httpd.conf", <<"CONF");
Define ROOT "$root"
ServerRoot "$root"
DefaultRuntimeDir "$root"
PidFile \${PORT}.pid
ErrorLog error.log
ServerName bench.example
Listen 127.0.0.1:\${PORT}
MaxKeepAliveRequests 0
KeepAliveTimeout 300
Timeout 300
$lines
TypesConfig mime.types
DocumentRoot "$root/htdocs"
<Directory />
    Options FollowSymLinks
    AllowOverride None
    Require all denied
</Directory>
<Directory "$root/htdocs">
    Options Indexes FollowSymLinks
    AllowOverride None
    Require all granted
</Directory>
$conf
CONF
    return;
}

# What two responses must have in common: the status, and each CORS and Vary
# line once, its elements in order and without case.
sub cors_lines {
    my ($response) = @_;
    my @lines;
    for my $line (@{ $response->lines }) {
        my ($name, $value) = @$line;
        push @lines, lc "$name: " . join ', ', sort split /\s*,\s*/, $value
            if $name =~ /\A(?:access-control-.*|vary)\z/i;
    }
    return join "\n", $response->status, sort @lines;
}

1;
