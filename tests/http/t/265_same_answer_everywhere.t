# Answered at map_to_storage or at header_parser: the same status, headers and
# Vary, also for URLs that are moved to another policy.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use PreflightCases;
use Test::More;

my $app   = 'https://app.example';
my $other = 'https://other.example';
my $mark  = log_mark();

# Which hosts answer where.
my $vars  = vars();
my @dump  = split /^/, qx{"$vars->{httpd}" -d "$vars->{serverroot}" \\
    -f "$vars->{conf}" -t -D DUMP_CORS 2>&1};
my ($name, %point) = '';
for my $line (@dump) {
    $name = $1 if $line =~ /\A    # ServerName (\S+)/;
    $point{$name} = $1 if $line =~ /preflights are answered at (\w+)/;
}
is($point{$_}, 'map_to_storage', "$_ answers at map_to_storage")
    for qw(policies.test provable.test);
is($point{$_}, 'header_parser', "$_ answers at header_parser")
    for qw(files.test override.test late.test);

# The checklist, where .htaccess files are in the way.
my %where = (host => 'override.test');
origin_preflights(%where);
method_preflights(%where);
header_preflights(%where);
answer_preflights(%where);

my %usual = (methods => ['PUT'], headers => ['X-Token'], max_age => 600);
my %other = (
    %usual,
    origins     => [$other],
    methods     => ['DELETE'],
    credentials => 1
);
my %deep = (%usual, any => 1);

# Path, policy, method that it allows; or "closed" or "inert".
my @urls = (
    [ '/answering/files/file.txt',      \%usual, 'PUT' ],
    [ '/answering/none.txt',            \%usual, 'PUT' ],
    [ '/answering',                     'inert' ],
    [ '/answering/',                    \%usual, 'PUT' ],
    [ '/answering/files',               \%usual, 'PUT' ],
    [ '/answering/other/file.txt',      \%other, 'DELETE' ],
    [ '//answering//other//file.txt',   \%other, 'DELETE' ],
    [ '/answering/x/../other/file.txt', \%other, 'DELETE' ],
    [ '/answering/%6fther/file.txt',    \%other, 'DELETE' ],
    [ '/answering/Other/file.txt',      \%usual, 'PUT' ],
    [ '/answering/passed/file.txt',     \%other, 'DELETE' ],
    [ '/answering/silent/file.txt',     \%other, 'DELETE' ],
    [ '/answering/other/away/file.txt', 'closed' ],
    [ '/answering/file/file.txt',       \%usual, 'PUT' ],
    [ '/answering/alias/file.txt',      \%usual, 'PUT' ],
    [ '/answering/none/file.txt',       'closed' ],
    [ '/answering/deep/x',              \%deep, 'PUT' ],
    [ '/answering/deep/one/x', { %deep, methods => ['PATCH'], status => 200 },
        'PATCH' ],
    [ '/answering/perdir/file.txt',     \%usual, 'PUT' ],
    [ '/answering/off/file.txt',        'inert' ],
    [ '/open/file.txt',             \%other, 'DELETE' ],
    [ '/answering/override/file.txt',   \%usual, 'PUT' ],
    [ '/nothing',                   'inert' ],
);

for_each_protocol {
    my ($protocol) = @_;
    for my $host (qw(provable.test late.test)) {
        for my $row (@urls) {
            my ($path, $policy, $method) = @$row;
            my %opt  = (name => "$host: $path");
            my @ask  = (host => $host);
            if ($policy eq 'inert') {
                no_cors(preflight($path, $app, 'PUT', undef, @ask), %opt);
                next;
            }
            if ($policy eq 'closed') {
                pf_no(preflight($path, $app, 'PUT', undef, @ask), %opt,
                    policy => { closed => 1 });
                next;
            }
            my $origin = $policy->{origins} ? $other : $app;
            $opt{policy} = $policy;
            pf_ok(preflight($path, $origin, $method, 'x-token', @ask), %opt,
                origin => $origin, method => $method, headers => ['x-token']);
            pf_no(preflight($path, $origin, 'LINK', 'x-token', @ask), %opt,
                name => "$host: $path, another method");
            pf_no(preflight($path, $origin, $method, 'x-other', @ask), %opt,
                name => "$host: $path, another header");
            pf_no(preflight($path, 'https://evil.example', $method, undef,
                    @ask), %opt, name => "$host: $path, another origin")
                if !$policy->{any};
        }
    }

    # Byte for byte, but for what mod_headers adds in a directory.
    for my $row (@urls) {
        for my $origin ($app, $other, 'https://evil.example', 'null') {
            my @answers = map { told($_, $row->[0], $origin) }
                qw(provable.test late.test);
            is($answers[0], $answers[1],
                "$protocol: $row->[0], $origin: the same from both");
        }
    }
};

log_clean($mark);
done_testing();

sub told {
    my ($host, $path, $origin) = @_;
    my $res = preflight($path, $origin, 'PUT', 'x-token', host => $host);
    return join "\n", $res->status, sort map { "$_->[0]: $_->[1]" }
        grep { $_->[0] =~ /\A(?:access-control-.*|vary|timing.*)\z/i }
        @{ $res->lines };
}
