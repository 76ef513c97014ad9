# What an answer at map_to_storage leaves out and what it must not change.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use Test::More;

my $app    = 'https://app.example';
my %policy = (methods => ['PUT'], headers => ['X-Token'], max_age => 600);
my @allow  = (policy => \%policy, origin => $app);
my $mark   = log_mark();

write_htdocs('answering/closed/file.txt', "closed\n");
chmod_htdocs(0, 'answering/closed');

for_each_protocol {
    my ($protocol) = @_;
    for my $host (qw(provable.test late.test)) {
        my $is_final = $host eq 'provable.test';
        my @at       = (host => $host);

        # Header always of a <Directory>.
        my $res = preflight('/answering/files/file.txt', $app, 'PUT', undef, @at);
        pf_ok($res, @allow, method => 'PUT', name => "$host: a file");
        is(join(',', $res->values('X-Directory')), $is_final ? '' : 'yes',
            "$protocol: $host: the directory's headers");
        $res = get('/answering/files/file.txt', $app, @at);
        act_ok($res, @allow, name => "$host: GET", body => "files\n");
        is(join(',', $res->values('X-Directory')), 'yes',
            "$protocol: $host: the directory's headers on GET");

        # What directory_walk refuses.
        my $long = '/answering/files/' . 'x' x 300;
        for my $path ('/answering/closed/file.txt', $long) {
            my $what = $path eq $long ? 'a long name' : 'a closed directory';
            $res = preflight($path, $app, 'PUT', undef, @at);
            if ($is_final) {
                pf_ok($res, @allow, method => 'PUT', name => "$host: $what");
            }
            else {
                is($res->status, 403, "$protocol: $host: $what");
            }
            is(get($path, $app, @at)->status, 403,
                "$protocol: $host: $what, GET");
        }

        # <Location> was merged once, and its AllowOverride stays useless.
        my %requests = (
            'a preflight' => [ PUT => 'OPTIONS' ],
            'a preflight that is denied' => [ PATCH => 'OPTIONS' ],
            'OPTIONS'     => [ undef, 'OPTIONS' ],
            'GET'         => [ undef, 'GET' ],
            'a GET that is no preflight' => [ PUT => 'GET' ],
        );
        for my $what (sort keys %requests) {
            my ($asked, $method) = @{ $requests{$what} };
            for my $place (qw(override pass)) {
                $res = request($method, "/answering/$place/file.txt",
                    [ Origin => $app,
                        defined $asked
                        ? ('Access-Control-Request-Method' => $asked)
                        : () ], @at);
                my $name = "$protocol: $host: $place: $what";
                is(scalar(() = $res->values('X-Htaccess')), 0,
                    "$name: .htaccess is not read");
                my @always = $res->values('X-Location-Always');
                is("@always", 'once', "$name: Header always add, once");
                my @once = $res->values('X-Location');
                is("@once",
                    $place eq 'override' && $what =~ /\Aa preflight/
                    ? '' : 'once',
                    "$name: Header add, once");
            }
        }

        # pass is never answered here.
        $res = preflight('/answering/pass/file.txt', $app, 'PUT', undef, @at);
        is($res->status, 200, "$protocol: $host: pass: httpd's own answer");
        ok(scalar($res->values('Allow')), "$protocol: $host: pass: its Allow");
        $res = preflight('/answering/pass/file.txt', $app, 'PATCH', undef, @at);
        is($res->status, 200, "$protocol: $host: pass, denied");
    }
};

chmod_htdocs(0755, 'answering/closed');
log_clean($mark, qr/\[core:(?:error|crit)\] .*(?:answering\/closed|x{200})/,
    qr/AH00127|AH00036|AH00035|AH00132/);
done_testing();
