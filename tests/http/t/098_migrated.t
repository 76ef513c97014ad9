# Recipes of mod_headers and the policies that the dump proposes for them, in two
# virtual hosts each: where the dump says "exact", a browser sees no difference
# on any request; where it names a difference, there is one.
use strict;
use warnings;
use lib 'lib';

use CorsTest;
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use Files qw(slurp spew);
use Httpd qw(confined free_port);
use RecipeCases;
use Test::More;

my $vars = vars();
my $dir  = tempdir("$vars->{t_state}/migrated.XXXXXX", CLEANUP => 1);
my $port = free_port();
my @cases = grep { defined $_->{policy} && $_->{dump} !~ /^recipe in/m }
    grep { $_->{config} !~ /<VirtualHost/ } recipe_cases("$dir/www");

# What the recipes' sections are about.
my @files = qw(x.txt a.woff a.css a.gif api/x.txt a/x.txt);
make_path(map { "$dir/www/$_" } qw(api a));
spew("$dir/www/$_", "x\n") for @files;

spew("$dir/httpd.conf", server_conf());
my $httpd = Httpd->start(program => $vars->{httpd}, dir => $dir,
    port => $port);

my ($exact, $requests) = (0, 0);
for my $number (0 .. $#cases) {
    my $case = $cases[$number];
    my @hosts = ("r$number.test", "p$number.test");
    my @pairs = map { compared($_, @hosts) } requests_for($case);
    my @unlike = grep { $_->{recipe} ne $_->{policy} } @pairs;
    if ($case->{is_exact}) {
        $exact++;
        $requests += @pairs;
        cmp_ok(scalar @pairs, '>=', 20, "$case->{title}: requests");
        cmp_ok(scalar(grep { $_->{recipe} =~ /^yes/ } @pairs), '>', 0,
            "$case->{title}: some are let in");
        is(join('', map { "$_->{what}: $_->{recipe} / $_->{policy}\n" } @unlike),
            '', "$case->{title}: alike");
        timing($case, @hosts);
    }
    differences($case, @hosts);
}
cmp_ok($exact, '>=', 10, "$exact exact ones, $requests requests");
$httpd->stop;
done_testing();

# ------------------------------------------------------------- requests

# [file, origin, method, headers, credentials]; no method: a plain GET.
sub requests_for {
    my ($case) = @_;
    my @requests;
    for my $origin (origins_for($case)) {
        for my $credentials (0, 1) {
            push @requests, map { [ $_, $origin, undef, undef, $credentials ] }
                @files;
            push @requests, map { [ $_->[0], $origin, @{$_}[ 1, 2 ],
                    $credentials ] } (
                [ $files[0], 'GET', 'x-none' ], [ $files[0], 'PUT' ],
                [ $files[0], 'GET', 'content-type' ],
                [ $files[0], 'DELETE', 'authorization,content-type' ],
                [ $files[0], 'PATCH' ], [ $files[0], 'PURGE' ],
                [ $files[0], 'POST', 'x-requested-with' ],
                [ $files[1], 'PUT' ], [ $files[4], 'DELETE' ],
            );
        }
    }
    return @requests;
}

# Those of the policy, some for each wildcard, and their neighbours.
sub origins_for {
    my ($case) = @_;
    my %seen;
    my @origins = ('https://evil.example', 'http://b.test:81', 'null',
        'app://a.test', 'http://localhost:3000', 'http://localhost:4000');
    for my $pattern ($case->{policy} =~ m{\bhttps?://[^\s"()\\\[]+}g) {
        for my $lead ($pattern =~ s{://\K\*\.}{} ? ('a.', 'b.c.', '') : '') {
            my $base = $pattern =~ s{://}{://$lead}r;
            my $host = $base =~ s{:\*\z}{}r;
            push @origins, $host, $host =~ s{://}{://evil}r, "$host:8443",
                "$host.evil.example", $host =~ s{://}{://sub.}r,
                $host =~ s{\Ahttps}{http}r, $host =~ s{\Ahttp:}{https:}r,
                $host =~ s{://[^.]+\K\.}{x}r;
        }
    }
    push @origins, 'https://site.example', 'https://a-b.site.example',
        'https://pr-7.a.example', 'https://pr-7.a.example.evil',
        'https://pr-7.b.example'
        if $case->{policy} =~ /Match/;
    return grep { !$seen{$_}++ && !/:\d+:/ } @origins;
}

sub compared {
    my ($request, @hosts) = @_;
    my ($file, $origin, $method, $headers, $credentials) = @$request;
    my @seen = map { seen($_, @$request) } @hosts;
    my $what = join ' ', $method ? "preflight $method" : 'GET', $file,
        "from $origin", $headers ? "with $headers" : (),
        $credentials ? 'and credentials' : ();
    return { what => $what, recipe => $seen[0], policy => $seen[1] };
}

# What a browser makes of a response: "no", or "yes" with all that script gets to
# see of it. Fetch, 4.8 and 4.9.
my %response;

sub seen {
    my ($host, $file, $origin, $method, $headers, $credentials) = @_;
    my $key = join ' ', map { defined $_ ? $_ : '' } @_[ 0 .. 4 ];
    my $response = $response{$key} ||= $method
        ? preflight("/$file", $origin, $method, $headers, port => $port,
            host => $host)
        : get("/$file", $origin, port => $port, host => $host);
    return 'no' if !is_readable($response, $origin, $credentials);
    return 'yes ' . join ',', map { lc }
        sort $response->list('Access-Control-Expose-Headers')
        if !$method;
    return passes($response, $method, $headers, $credentials)
        ? 'yes ' . join ',', $response->list('Access-Control-Max-Age')
        : 'no';
}

sub is_readable {
    my ($response, $origin, $credentials) = @_;
    my @allowed = $response->values('Access-Control-Allow-Origin');
    return @allowed == 1
        && ($allowed[0] eq $origin || ($allowed[0] eq '*' && !$credentials))
        && (!$credentials || join(',',
                $response->values('Access-Control-Allow-Credentials'))
            eq 'true');
}

sub passes {
    my ($response, $method, $headers, $credentials) = @_;
    return 0 if $response->status !~ /\A2/;
    return 0 if grep { /\S\s+\S/ }
        $response->list('Access-Control-Allow-Methods'),
        $response->list('Access-Control-Allow-Headers');
    my %method = map { $_ => 1 }
        $response->list('Access-Control-Allow-Methods'), qw(GET HEAD POST);
    my %header = map { lc($_) => 1 }
        $response->list('Access-Control-Allow-Headers');
    return 0 if !$method{$method} && ($credentials || !$method{'*'});
    return !grep {
        !$header{$_}
            && ($credentials || !$header{'*'} || $_ eq 'authorization')
    } split /,/, defined $headers ? $headers : '';
}

# What images without an Origin, and those with one, may be timed by.
sub timing {
    my ($case, @hosts) = @_;
    return if $case->{policy} !~ /CORSTiming/;
    for my $origin (undef, 'https://a.example') {
        my @got = map { join '|', get("/$files[0]", $origin, port => $port,
                host => $_)->values('Timing-Allow-Origin') } @hosts;
        is($got[1], $got[0], "$case->{title}: Timing-Allow-Origin, "
                . ($origin || 'no Origin'));
    }
    return;
}

# ----------------------------------------------------------- differences

# What the dump says of origins and preflights is so.
sub differences {
    my ($case, @hosts) = @_;
    my $name = $case->{title};
    my ($file) = grep { !$case->{section} || is_in($case->{section}, $_) } @files;
    my $both = sub {
        my ($origin) = @_;
        return join ' ', map { s/ .*//sr }
            map { seen($_, $file, $origin, undef, undef, 0) } @hosts;
    };
    for my $origin ($case->{dump} =~ /today it also lets in (\S+)/g) {
        is($both->($origin), 'yes no', "$name: $origin");
    }
    for my $origin ($case->{dump} =~ /never worked for (\S+), say/g) {
        is($both->($origin), 'no yes', "$name: $origin");
    }
    for my $origin (map { split ' ' }
        $case->{dump} =~ /left out, as insecure with credentials: (http\S*:.*)/g) {
        like($both->($origin =~ s/\*\./a./r =~ s/:\*//r), qr/no\z/,
            "$name: $origin");
    }
    if ($case->{dump} =~ /whose origin is null/) {
        is($both->('null'), 'no yes', "$name: null");
    }
    for my $origin ($case->{dump} =~ /(\S+) is not let in today/g) {
        is($both->($origin), 'no yes', "$name: $origin");
    }
    if ($case->{dump} =~ /no preflight passes today/) {
        my ($origin) = $case->{policy} =~ m{(https://\S+)};
        my @got = map { seen($_, $file, $origin || 'https://a.test', 'GET',
                undef, 0) =~ s/ .*//r } @hosts;
        is("@got", 'no yes', "$name: preflights");
    }
    return;
}

sub is_in {
    my ($section, $file) = @_;
    my ($regex) = $section =~ /\A<FilesMatch "(.*)">/;
    return $regex ? $file =~ /$regex/
        : $section =~ /\A<Location "(.*)">/ ? "/$file" =~ m{\A\Q$1\E(?:(?<=/)|/)} : 1;
}

# ---------------------------------------------------------------- server

sub server_conf {
    my $load = slurp($vars->{modules_conf});
    my $hosts = join '', map { hosts_of($_) } 0 .. $#cases;
    return <<"CONF";
$load
@{[ confined($dir, $port) ]}
TypesConfig "$vars->{serverroot}/conf/mime.types"
DocumentRoot "$dir/www"
<Directory />
    AllowOverride None
    Require       all denied
</Directory>
<Directory "$dir/www">
    Options       FollowSymLinks
    Require       all granted
</Directory>
$hosts
CONF
}

# The policy stands in the section that the recipe is in.
sub hosts_of {
    my ($number) = @_;
    my $case    = $cases[$number];
    my $section = $case->{section};
    my $policy  = $case->{policy};
    my ($kind)  = defined $section ? $section =~ /\A<(\w+)/ : ();
    $policy = "$section\n$policy</$kind>\n" if $kind;
    return <<"CONF";
<VirtualHost *:$port>
    ServerName r$number.test
$case->{config}
</VirtualHost>
<VirtualHost *:$port>
    ServerName p$number.test
$policy
</VirtualHost>
CONF
}
