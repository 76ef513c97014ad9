# The first request of a redirect chain whose configuration says anything
# governs, also if it says Off or none; what it closed is not opened again.
use strict;
use warnings;
use lib 'lib';

use CorsTest;
use Test::More;

my $origin = 'https://app.example';
my $evil   = 'https://evil.example';
my @host   = (host => 'chains.test');

# The policies that a request of a chain can have; silent is none stated.
my %policy = (
    pa     => 'PA',
    open   => 'PW',
    none   => { closed => 1 },
    off    => { inert => 1 },
    silent => { inert => 1 },
    on     => { inert => 1 },
);
my @policies = sort keys %policy;

# Those that say nothing: CORSEngine On is the default.
my %is_silent = map { $_ => 1 } qw(silent on);

# How a request leads to the next, and the status that it ends with.
my %redirect  = (to => 200, missing => 404, forbidden => 403, denied => 403);
my $preflight = [ 'PUT', 'content-type' ];

my $mark = log_mark();
for_each_protocol {
    for my $first (@policies) {
        for my $next (@policies) {
            my $governs = $is_silent{$first} ? $next : $first;
            everyone("/chains/$first/$_/$next", $governs, $redirect{$_})
                for sort keys %redirect;
            preflights("/chains/$first/to/$next", $governs);
        }
        # Such a request is changed, not redirected, and so is the path that
        # httpd logs.
        my $governs = $is_silent{$first} ? 'open' : $first;
        everyone("/chains/$first/$_", $governs, 200, '/chains/open/page.txt')
            for qw(fallback/x index/);
    }
    long_chains();
    refused_preflights();
    unknown();
};
unreadable();
log_clean(
    $mark,
    qr/AH01630: client denied by server configuration/,
    qr{AH00035: access to /chains/locked/file\.txt denied .*locked},
    qr{AH00127: Cannot map GET /chains/x+ HTTP/\S+ to file},
    qr{AH00036: access to /chains/x+ failed},
    qr/\[core:alert\].* CORSAllowOrigin takes one or more values/,
);
done_testing();

# ------------------------------------------------------------------- chains

sub everyone {
    my ($target, $governs, $status, $logged) = @_;
    $logged = $target if !defined $logged;
    my %from = (allowed => $origin, refused => $evil, 'no Origin' => undef);
    for my $who (sort keys %from) {
        my $mark = log_mark();
        my $res  = get($target, $from{$who}, @host);
        my $name = "C-41 $target by $governs: $who";
        expect($res, $governs, $from{$who}, name => $name, status => $status,
            body => "page\n");

        my $reason = reason($governs, $from{$who});
        my $verdict =
            $reason eq '' ? '-' : $reason eq '-' ? 'allowed' : 'denied';
        my $shown = $verdict eq 'allowed' ? $from{$who} : '-';
        my $note  = $verdict eq 'denied' ? $reason : '-';
        is_deeply(
            [ access_log_lines($mark, 1) ],
            ["GET $logged $status verdict=$verdict reason=$note origin=$shown"],
            "$name: in the access log"
        );
        is(scalar(refusals($mark)), $verdict eq 'denied' ? 1 : 0,
            "$name: refusals in the error log");
    }
    return;
}

# The reason that is expected, '-' if allowed, '' if nothing is decided.
sub reason {
    my ($governs, $from) = @_;
    return '' if !defined $from || $governs =~ /\A(?:off|silent|on)\z/;
    return 'closed' if $governs eq 'none';
    return $governs eq 'open' || $from eq $origin ? '-' : 'origin';
}

sub expect {
    my ($res, $governs, $from, %opt) = @_;
    my $policy = $policy{$governs};
    return no_cors($res, %opt) if $governs =~ /\A(?:off|silent|on)\z/;
    return act_ok($res, %opt, policy => $policy, origin => $from)
        if $governs eq 'open' || reason($governs, $from) eq '-';
    return act_no($res, %opt, policy => $policy);
}

sub refusals {
    my ($mark) = @_;
    return grep { /\[cors:info\]/ } log_lines($mark);
}

# A preflight is answered by the first request that has a policy; with none
# it goes all the way to the handler, which knows OPTIONS.
sub preflights {
    my ($target, $governs) = @_;
    for my $from ($origin, $evil) {
        my $mark = log_mark();
        my $res  = preflight($target, $from, @$preflight, @host);
        my %is   = (
            name   => "preflight $target by $governs: $from",
            policy => $policy{$governs},
            origin => $from,
        );
        my $reason = reason($governs, $from);
        if ($reason eq '') {
            no_cors($res, %is, status => 200);
        }
        elsif ($reason eq '-') {
            pf_ok($res, %is, method => 'PUT', headers => ['content-type']);
        }
        else {
            pf_no($res, %is);
        }
        is(scalar(refusals($mark)), $reason =~ /\w/ ? 1 : 0,
            "$is{name}: refusals in the error log");
    }
    return;
}

sub long_chains {
    my %governs = (
        '/chains/silent/to/silent/pa'       => 'pa',
        '/chains/silent/to/pa/open'         => 'pa',
        '/chains/silent/to/on/pa'           => 'pa',
        '/chains/on/to/silent/none'         => 'none',
        '/chains/silent/to/off/open'        => 'off',
        '/chains/silent/to/none/open'       => 'none',
        '/chains/off/to/silent/open'        => 'off',
        '/chains/none/to/open/pa'           => 'none',
        '/chains/pa/to/none/off/open'       => 'pa',
        '/chains/open/to/silent/none'       => 'open',
        '/chains/silent/to/silent/silent'   => 'silent',
    );
    everyone($_, $governs{$_}, 200) for sort keys %governs;
    return;
}

# httpd makes a GET of what an error document is for; a preflight stays one.
sub refused_preflights {
    my @fields =
        qw(access-control-request-method access-control-request-headers);
    my %want = (
        pa => {
            'access-control-allow-origin'      => $origin,
            'access-control-allow-credentials' => 'true',
            'access-control-allow-methods' => [qw(GET HEAD POST PUT DELETE)],
            'access-control-max-age'       => 600,
            'vary'                         => [ 'origin', @fields ],
        },
        open => {
            'access-control-allow-origin'  => '*',
            'access-control-allow-methods' => ['PUT'],
            'vary'                         => \@fields,
        },
        none => {},
    );
    for my $next (sort keys %want) {
        cors_headers_are(
            preflight("/chains/silent/denied/$next", $origin, 'PUT', undef,
                @host),
            $want{$next},
            name   => "a preflight that is refused, then $next",
            status => 403,
            body   => "page\n",
        );
    }
    return;
}

# ------------------------------------- requests whose policy was never known

sub unknown {
    my @port = (port => port('chains'));
    act_ok(get('/chains/page.txt', $origin, @port),
        name => 'the policy of the host', policy => 'PA', origin => $origin,
        body => "page\n");
    for my $from ($origin, $evil, undef) {
        my $who = defined $from ? $from : 'no Origin';
        no_cors(get('/chains/' . 'x' x 300, $from, @port), status => 403,
            name => "a name too long: $who", body => "page\n");
        my $mark = log_mark();
        no_cors(get('/chains/unparsable/file.txt', $from, @port),
            status => 500, name => "an unparsable .htaccess: $who",
            body => "page\n");
        is(scalar(log_lines($mark, qr/\[core:alert\].*\.htaccess/)), 1,
            'an alert in the log');
    }
    no_cors(preflight('/chains/unparsable/file.txt', $origin, 'PUT', undef,
            @port),
        status => 500, name => 'preflight, an unparsable .htaccess',
        body => "page\n");

    my ($res) = exchange(
        "GET /chains/page.txt HTTP/1.1\r\nHost: chains.test\r\n"
            . "Origin: $origin\r\nno header\r\nConnection: close\r\n\r\n",
        ['GET'], @port
    );
    no_cors($res, status => 400, name => 'a bad header line');
    return;
}

sub unreadable {
    write_htdocs('chains/locked/file.txt', "x\n");
    chmod_htdocs(0, 'chains/locked');
    for_each_protocol {
        for my $from ($origin, $evil, undef) {
            my $who = defined $from ? $from : 'no Origin';
            no_cors(get('/chains/locked/file.txt', $from,
                    port => port('chains')),
                status => 403, name => "a directory of mode 0: $who",
                body => "page\n");
        }
    };
    chmod_htdocs(0755, 'chains/locked');
    return;
}
