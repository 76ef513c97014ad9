# C-41: what httpd does inside to make a response (SSI, MultiViews,
# DirectoryIndex, Action) neither doubles a header nor brings another policy in.
use strict;
use warnings;
use lib 'lib';

use CorsTest;
use Test::More;

my $origin = 'https://app.example';
my $evil   = 'https://evil.example';
my @host   = (host => 'sub.test');
my %policy = (
    pa   => 'PA',
    open => 'PW',
    none => { closed => 1 },
    off  => { inert  => 1 },
);

# [name, path, body, members of Vary, header lines of the request, status]
my @negotiated = qw(negotiate accept-language);
my @resources  = (
    [ 'SSI', 'page.shtml', qr/\Apage\npart\n+part\n+script\n+part\n+end\n\z/ ],
    [ 'DirectoryIndex', 'dir/', "index\n" ],
    [ 'DirectorySlash', 'dir', qr/moved/i, [], [], 301 ],
    [
        'MultiViews', 'views/page', "deutsch\n", \@negotiated,
        [ 'Accept-Language' => 'de' ]
    ],
    [
        'MultiViews, nothing acceptable', 'views/page', qr/page\.html\.de/,
        \@negotiated, [ 'Accept-Language' => 'fr' ], 406
    ],
    [ 'Action', 'acted.txt', qr{^REQUEST_METHOD=GET\n} ],
);

my $mark = log_mark();
for_each_protocol {
    for my $resource (@resources) {
        everyone($_, @$resource) for sort keys %policy;
    }
};
log_clean($mark, qr/AH00690: no acceptable variant/);
done_testing();

sub everyone {
    my ($governs, $what, $path, $body, $vary, $headers, $status) = @_;
    my $policy = $policy{$governs};
    for my $from ($origin, $evil, undef) {
        my $mark = log_mark();
        my $res  = get("/sub/$governs/$path", $from, @host,
            headers => $headers || []);
        my $who = defined $from ? $from : 'no Origin';
        my %opt = (
            name   => "C-41 $what under $governs: $who",
            policy => $policy,
            status => $status || 200,
            body   => $body,
            vary   => $vary,
        );
        my $is_open = $governs eq 'open';
        if ($is_open || $governs eq 'pa' && $who eq $origin) {
            act_ok($res, %opt, origin => $from);
        }
        else {
            act_no($res, %opt);
        }
        my $refused = $governs eq 'none' && defined $from
            || $governs eq 'pa' && $who eq $evil;
        is(scalar(grep { /\[cors:info\]/ } log_lines($mark)),
            $refused ? 1 : 0, "$opt{name}: refusals in the log");
    }
    return;
}
