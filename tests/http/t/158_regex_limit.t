# Expressions with nested quantifiers: a hostile origin costs a bounded number
# of steps, is denied, and is logged once for each expression and minute.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use Test::More;

my $mark = log_mark();
my @host = (host => 'origins.test');
my $slow = qr/: it takes too many steps to tell; avoid nested quantifiers/;
my $long = 'https://' . 'a' x 60 . '.evil.com';

# Where, and an origin that matches, and the expression.
my %expression = (
    ''   => 'https://(([a-z0-9]+-?)+\.)*example\.com',
    '1/' => 'https://([a-z]+)+\.example\.com',
    '2/' => 'https://([a-z0-9]*)*-app\.example\.com',
    '3/' => 'https://(a|aa)+\.example\.com',
    '4/' => 'https://([a-z0-9-]+\.?)+example\.com',
);
my %matched = (
    ''   => 'https://a-b.c.example.com',
    '1/' => 'https://abc.example.com',
    '2/' => 'https://b7-app.example.com',
    '3/' => 'https://aaa.example.com',
    '4/' => 'https://a.b.example.com',
);

for my $at (sort keys %expression) {
    my $before = log_mark();
    (my $shown = $expression{$at}) =~ s/\\/\\\\/g;
    for my $time (1 .. 3) {
        act_no(get("/slow/$at", $long, @host),
            name => "$expression{$at}: denied, time $time", policy => {}, status => 404);
    }
    my @lines = log_lines($before, $slow);
    ok(is_once(@lines), "$expression{$at}: logged")
        or diag(scalar @lines);
    like($lines[0],
        qr/\[cors:warn\].* CORSAllowOriginMatch \Q$shown\E does not match origin '\Q$long\E'/,
        "$expression{$at}: the line");
    my @denied = log_lines($before, qr/denied \(origin not allowed\)/);
    is(scalar @denied, 3, "$expression{$at}: the reason is the origin");
    act_ok(get("/slow/$at", $matched{$at}, @host),
        name => "$expression{$at}: what it is meant for", policy => {},
        origin => $matched{$at}, status => 404);
}
act_ok(get('/slow/', 'https://app.example.com', @host),
    name => 'a pattern beside it', policy => {},
    origin => 'https://app.example.com', status => 404);

# One line a minute for all files that requests read.
my $dir = 'unsafe/x/slow';
write_htdocs("$dir/plain.txt", "plain\n");
write_htdocs("$dir/.htaccess", "CORSAllowOriginMatch $expression{'1/'}\n");
my $before = log_mark();
act_no(get("/$dir/plain.txt", $long, host => 'unsafe.test'),
    name => ".htaccess: time $_", policy => {}, body => "plain\n")
    for 1 .. 3;
my @lines = log_lines($before, $slow);
ok(is_once(@lines), '.htaccess: logged') or diag(scalar @lines);

log_clean($mark, $slow);
done_testing();

# Whether each process has logged a line, but for a minute that may begin in
# between.
sub is_once {
    my %of = map { /\[pid (\d+)/ => 1 } @_;
    return @_ && @_ <= 1 + keys %of;
}
