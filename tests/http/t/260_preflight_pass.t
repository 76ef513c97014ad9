# CORSPreflight pass: the handler or backend answers, and its response gets
# what the module's own answer would have carried.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use Test::More;

my $app  = 'https://app.example';
my $evil = 'https://evil.com';
my @host = (host => 'policies.test');
my $both = 'content-type,x-api-key';
my %pa   = %{ policy('PA') };
my @vary = qw(access-control-request-method access-control-request-headers);
my $mark = log_mark();

my %allowed = (
    'access-control-allow-origin'      => $app,
    'access-control-allow-credentials' => 'true',
    'access-control-allow-methods'     => $pa{methods},
    'access-control-max-age'           => 600,
);

# Where it goes, the status, a body, and members of Vary made there.
my @places = (
    [ 'files/plain.txt',  200, '',                    [] ],
    [ 'files/none.txt',   200, '',                    [] ],
    [ 'cgi/answer',       200, "made by a script\n",  [] ],
    [ 'cgi/answer?Status:+404', 404, "made by a script\n", [] ],
    [
        'cgi/answer?Access-Control-Allow-Origin:+*'
            . '&Access-Control-Allow-Methods:+*'
            . '&Access-Control-Allow-Headers:+*'
            . '&Access-Control-Max-Age:+7&Vary:+Accept',
        200, "made by a script\n", ['accept']
    ],
    [ 'proxy/plain.txt',   200, '',          ['x-backend'] ],
    [ 'auth/plain.txt',    401, qr/401/,     [] ],
    [ 'methods/plain.txt', 405, qr/405/,     [] ],
);

for_each_protocol {
    for my $row (@places) {
        my ($path, $status, $body, $vary) = @$row;
        passed($path, $status, $body, $vary);
    }

    # The any-origin policy.
    my $res = preflight('/pwpass/files/plain.txt', $evil, 'PUT', undef, @host);
    cors_headers_are(
        $res,
        {
            'access-control-allow-origin'  => '*',
            'access-control-allow-methods' => ['PUT'],
            vary                           => \@vary,
        },
        name   => 'any origin',
        status => 200
    );
    $res = preflight('/pwpass/files/plain.txt', $evil, 'DELETE', undef, @host);
    cors_headers_are($res, { vary => \@vary }, name => 'any origin, denied',
        status => 200);

    # Requests that are no preflights.
    my %ok = (policy => 'PA', origin => $app);
    act_ok(request('OPTIONS', '/pass/files/plain.txt', [ Origin => $app ],
            @host), %ok, name => 'OPTIONS that is no preflight', body => '');
    act_ok(get('/pass/files/plain.txt', $app, @host), %ok, name => 'GET',
        body => "plain\n");
    act_no(get('/pass/files/plain.txt', $evil, @host), %ok,
        name => 'GET, denied', body => "plain\n");
};

my @ran = log_lines($mark, qr/a preflight reached the script/);
ok(@ran, 'the script has seen preflights');
log_clean(
    $mark,
    qr/a preflight reached the script/,
    qr{\[allowmethods:error\] .* AH01623: client method denied},
);
done_testing();

sub passed {
    my ($path, $status, $body, $made) = @_;
    my $vary = [ 'origin', @vary, @$made ];
    my %opt  = (name => "pass: $path", status => $status, body => $body);

    cors_headers_are(preflight("/pass/$path", $app, 'PUT', undef, @host),
        { %allowed, vary => $vary }, %opt);
    cors_headers_are(
        preflight("/pass/$path", $app, 'PUT', $both, @host),
        {
            %allowed,
            'access-control-allow-headers' => $pa{headers},
            vary                           => $vary
        },
        %opt
    );
    my @denied = (
        [ $evil,  'PUT',   undef ],
        [ 'null', 'PUT',   $both ],
        [ $app,   'PATCH', undef ],
        [ $app,   'put',   undef ],
        [ $app,   '',      undef ],
        [ $app,   'PUT',   'x-evil' ],
        [ $app,   'PUT',   'x y' ],
    );
    for my $row (@denied) {
        cors_headers_are(preflight("/pass/$path", @$row, @host),
            { vary => $vary }, %opt,
            name => join ' ', "pass, denied: $path:",
            map { defined() ? $_ : () } @$row);
    }
    return;
}
