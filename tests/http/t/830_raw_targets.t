# Versions and request targets on the raw socket.
use strict;
use warnings;
use lib 'lib';

use CorsTest;
use Test::More;

my $app   = 'https://app.example';
my $evil  = 'https://evil.example';
my @hosts = qw(raw.test raw-early.test raw-files.test);
my $mark  = log_mark();

for my $host (@hosts) {
    targets($host);
    asterisk($host);
    old($host);
}
log_clean($mark, qr/AH10244: invalid URI path/);
done_testing();

sub preflight_for {
    my ($line, $host, $origin, @more) = @_;
    return join "\r\n", $line, defined $host ? "Host: $host" : (),
        "Origin: $origin", 'Access-Control-Request-Method: PUT', @more, '', '';
}

sub next_request {
    my ($host) = @_;
    return "GET /raw/next.txt HTTP/1.1\r\nHost: $host\r\nOrigin: $app\r\n"
        . "Connection: close\r\n\r\n";
}

sub next_ok {
    my ($res, $name) = @_;
    act_ok($res, policy => 'PA', origin => $app, body => "next\n",
        name => "$name: the next request");
    is($res->extra, '', "$name: and no more");
    return;
}

# Forms of one path, and some that are none.
sub targets {
    my ($host) = @_;
    my @same = (
        '/raw/x', "http://$host/raw/x", "HTTP://$host/raw/x",
        'http://raw.test:80/raw/x', '/raw/./x', '/raw/y/../x', '/raw/%78',
        '/%72aw/x', '/raw/x?Origin:%20https://evil.example', '//raw/x',
        '/other/../raw/x', '/raw/x%20y', "/raw/x\@$evil",
    );
    for my $target (@same) {
        for my $origin ($app, $evil) {
            my $name = "$host: $target from $origin";
            my $line = "OPTIONS $target HTTP/1.1";
            my ($answer, $next) = exchange(
                preflight_for($line, $host, $origin) . next_request($host),
                [qw(OPTIONS GET)]);
            $origin eq $app
                ? pf_ok($answer, policy => 'PA', origin => $app,
                    method => 'PUT', name => $name)
                : pf_no($answer, policy => 'PA', name => $name);
            next_ok($next, $name);
        }
    }
    for my $target ('/raw/%00', '/raw/%2', '/raw/../../x', '/raw/%2fx', 'raw/x',
        'ftp://raw.test/raw/x', 'raw.test:80', '')
    {
        my $name = "$host: \"$target\"";
        my ($answer, $next) = exchange(
            preflight_for("OPTIONS $target HTTP/1.1", $host, $evil)
                . next_request($host), [qw(OPTIONS GET)]);
        like($answer->status, qr/\A40[0345]\z/, "$name: refused");
        is(scalar($answer->values("Access-Control-Allow-$_")), 0,
            "$name: nothing is allowed")
            for qw(Origin Methods Headers);
        next_ok($next, $name) if $next->status;
    }
    return;
}

# "OPTIONS *" is about the server, which no policy covers; in whatever form.
sub asterisk {
    my ($host) = @_;
    for my $target ('*', "http://$host") {
        my $name = "$host: OPTIONS $target";
        my ($answer, $next) = exchange(
            preflight_for("OPTIONS $target HTTP/1.1", $host, $app,
                'Content-Length: 3', '', 'abc') =~ s/\r\n\r\n\z//r
                . next_request($host), [qw(OPTIONS GET)]);
        no_cors($answer, name => $name);
        next_ok($next, $name);
    }
    return;
}

sub old {
    my ($host) = @_;
    my $line = 'OPTIONS /raw/x HTTP/1.0';
    for my $origin ($app, $evil) {
        my $name = "$host: HTTP/1.0 from $origin";
        my $check = sub {
            my ($res, $what) = @_;
            return $origin eq $app
                ? pf_ok($res, policy => 'PA', origin => $app, method => 'PUT',
                    name => "$name, $what")
                : pf_no($res, policy => 'PA', name => "$name, $what");
        };
        my ($answer) =
            exchange(preflight_for($line, $host, $origin), ['OPTIONS']);
        $check->($answer, 'closed');
        is($answer->extra, '', "$name: and no more");

        ($answer, my $next) = exchange(
            preflight_for($line, $host, $origin, 'Connection: keep-alive')
                . next_request($host), [qw(OPTIONS GET)]);
        $check->($answer, 'kept alive');
        # Without a length an old client waits for the end.
        $answer->status eq '204' && !$next->status
            ? is($next->raw, '', "$name: the end")
            : next_ok($next, $name);
    }

    # HTTP/0.9 has no header lines, so there is nothing to refuse or allow.
    for my $line ('OPTIONS /raw/x', 'GET /raw/next.txt', 'OPTIONS *') {
        my ($answer) = exchange("$line\r\n", ['GET']);
        unlike($answer->raw, qr/Access-Control-Allow/,
            "$host: $line, no version");
    }
    for my $version (qw(HTTP/1.2 HTTP/2.0 HTTP/9.9 HTP/1.1 HTTP/1.1x)) {
        my ($answer, $next) = exchange(
            preflight_for("OPTIONS /raw/x $version", $host, $evil)
                . next_request($host), [qw(OPTIONS GET)]);
        my $name = "$host: $version";
        like($answer->status, qr/\A(?:40[03]|505)\z/, "$name: refused");
        is(scalar($answer->values('Access-Control-Allow-Origin')), 0,
            "$name: nothing is allowed");
        next_ok($next, $name) if $next->status;
    }
    return;
}
