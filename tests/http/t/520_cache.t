# mod_cache_disk keeps a response for each Origin, and never gives one page
# what was made for another.
use strict;
use warnings;
use lib 'lib';

use CorsTest;
use File::Path qw(make_path);
use Test::More;

my @allowed = ('https://app.example', 'http://localhost:8080');
my @refused = ('https://evil.example', 'https://app.example.evil.example');
my @origins = ($allowed[0], $refused[0], undef, $allowed[1], $refused[1]);
my $state   = vars()->{t_state};

# The policy of the host, and sections that say something else.
my %policy = (
    pa  => 'PA',
    any => { %{ policy('PW') }, max_age => 600 },
    off => { inert => 1 },
);
my %body = (
    'file.txt' => qr/\Afile\n\z/,
    'cgi'      => qr/^REQUEST_METHOD=GET$/m,
);

make_path("$state/cache-quick", "$state/cache-late");
my $mark = log_mark();
for_each_protocol {
    for my $host (qw(quick late)) {
        for my $policy (sort keys %policy) {
            fetch_all($host, $policy, $_) for sort keys %body;
        }
    }
};
log_clean($mark);
done_testing();

# Each origin's response is stored, then served, in another order, then
# compared with what the client has.
sub fetch_all {
    my ($host, $policy, $resource) = @_;
    my $target = "/cache/$policy/$resource?$CorsTest::PROTOCOL"
        . '&header=Cache-Control:max-age=600&header=ETag:%22v1%22';
    my @is = ($host, $policy, $resource);
    my (%stored, $seen);
    for my $from (@origins) {
        my $res  = get($target, $from, host => "cache-$host.test");
        my $made = $policy eq 'pa' || !$seen++;
        check($res, 200, $from, 'stored', @is);
        like($res->value('X-Cache') || '', $made ? qr/\AMISS / : qr/\AHIT /,
            'X-Cache');
        $stored{ who($from) } = $res;
    }
    for my $from (reverse(@origins), @origins) {
        my $was = $stored{ who($from) };
        my $res = get($target, $from, host => "cache-$host.test");
        check($res, 200, $from, 'served', @is);
        like($res->value('X-Cache') || '', qr/\AHIT /, 'X-Cache');
        is($res->body, $was->body, 'the body that was stored');

        $res = get($target, $from, host => "cache-$host.test",
            headers => [ 'If-None-Match' => $was->value('ETag') ]);
        check($res, 304, $from, 'not modified', @is);
    }
    return;
}

sub who { return defined $_[0] ? $_[0] : 'no Origin' }

sub check {
    my ($res, $status, $from, $what, $host, $policy, $resource) = @_;
    my %opt = (
        name   => "$host handler, $policy, $resource, $what: " . who($from),
        policy => $policy{$policy},
        status => $status,
        body   => $status == 304 ? '' : $body{$resource},
    );
    return act_ok($res, %opt, origin => $from)
        if $policy eq 'any'
        || $policy eq 'pa' && grep { $_ eq who($from) } @allowed;
    return act_no($res, %opt);
}
