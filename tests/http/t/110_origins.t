# Which Origin an actual request may have: part B of the checklist. The
# preflights of the same origins are in PreflightCases.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use OriginCases;
use Test::More;

my $app  = 'https://app.example';
my @host = (host => 'policies.test');
my $mark = log_mark();

for_each_protocol {
    my ($protocol) = @_;
    for my $case (origin_cases()) {
        next if $case->{h1} && $protocol ne 'h1';
        my $res = get("/$case->{at}/files/plain.txt", $case->{origin}, @host);
        my %opt = (
            name   => $case->{name},
            policy => $case->{policy},
            body   => "plain\n"
        );
        defined $case->{echo}
            ? act_ok($res, %opt, origin => $case->{echo})
            : act_no($res, %opt);
    }

    my @form = ('Content-Type' => 'application/x-www-form-urlencoded');
    for my $case (
        [ 'C-34 a POST of the same origin', 'http://policies.test' ],
        [ 'C-35 a cross-site form POST',    'https://evil.com' ],
        )
    {
        my ($name, $origin) = @$case;
        act_no(
            request('POST', '/pa/cgi/answer', [ Origin => $origin, @form ],
                @host, body => 'a=1&b=2'),
            name => $name, policy => 'PA', body => "made by a script\n"
        );
    }
};

too_long();
control_bytes();
not_logged_in_full();
log_clean($mark);
done_testing();

# httpd refuses these while it reads them, and then nothing is touched.
sub too_long {
    my $origin = 'https://' . 'a' x 8992;
    no_cors(get('/pa/files/plain.txt', $origin, @host),
        name => 'C-26 an Origin of 9000 bytes', status => 400);
    no_cors(preflight('/pa/files/plain.txt', $origin, 'PUT', undef, @host),
        name => 'C-26 preflight: an Origin of 9000 bytes', status => 400);
    return;
}

sub control_bytes {
    my @origins = (
        map({ $app . chr } 0x00, 0x01, 0x0b, 0x7f),
        map({ $app . chr($_) . '.evil.com' } 0x00, 0x01, 0x0b, 0x0d, 0x7f)
    );
    for my $origin (@origins) {
        (my $shown = $origin) =~ s/([^ -~])/sprintf '\\x%02x', ord $1/ge;
        no_cors(get('/pa/files/plain.txt', $origin, @host),
            name => "C-25 $shown", status => 400);
        no_cors(preflight('/pa/files/plain.txt', $origin, 'PUT', undef, @host),
            name => "C-25 preflight: $shown", status => 400);

        # Unsafe: httpd refuses some of them all the same.
        my @port = (port => port('policies_unsafe'));
        my $get  = get('/pa/files/plain.txt', $origin, @host, @port);
        my $pf =
            preflight('/pa/files/plain.txt', $origin, 'PUT', undef, @host,
            @port);
        if ($get->status == 400) {
            like($origin, qr/[\x00\x0b\r]/, "C-25 unsafe, refused: $shown");
            no_cors($get, name => "C-25 unsafe: $shown");
            no_cors($pf,  name => "C-25 unsafe preflight: $shown",
                status => 400);
            next;
        }
        act_no($get, name => "C-25 unsafe: $shown", policy => 'PA',
            body => "plain\n");
        pf_no($pf, name => "C-25 unsafe preflight: $shown", policy => 'PA');
    }
    return;
}

sub not_logged_in_full {
    my @lines = log_lines($mark, qr/\(origin not allowed\): origin '\S*a{80}/);
    ok(@lines, 'C-26 long origins are logged');
    is(scalar(grep { /a{101}/ } @lines), 0, 'C-26 but not in full');
    return;
}
