# Policies in .htaccess: where AllowOverride lets them count, how levels add up,
# and what an error in one does.
use strict;
use warnings;
use lib 'lib';

use CorsTest;
use Test::More;

my $outer = 'https://app.example';
my $inner = 'https://inner.example';
my @host  = (host => 'htaccess.test');
my $OUTER = { origins => [$outer] };
my $INNER = { origins => [$inner] };

# [AllowOverride, .htaccess, policy that is then in force]
my @accepted = (
    [ 'none',       "CORSAllowOrigin $inner",         $OUTER ],
    [ 'none',       'not even a directive',           $OUTER ],
    [ 'fileinfo',   "CORSAllowOrigin $inner",         $INNER ],
    [ 'fileinfo',   'CORSAllowOriginMatch "https://inner\.example"', $INNER ],
    [ 'fileinfo',   "CORSAllowOrigin https://x.example\nCORSAllowOrigin $inner",
        { origins => [ 'https://x.example', $inner ] } ],
    [ 'fileinfo',   'CORSEngine Off',                 { inert => 1 } ],
    [ 'fileinfo',   'CORSAllowOrigin none',           { closed => 1 } ],
    [ 'fileinfo',   'CORSAllowOrigin *',              { any => 1 } ],
    [ 'fileinfo',   '# nothing',                      $OUTER ],
    [ 'fileinfo',   "<Files \"*.txt\">\nCORSAllowOrigin $inner\n</Files>",
        $INNER ],
    [ 'fileinfo',   "<Files \"*.html\">\nCORSAllowOrigin $inner\n</Files>",
        $OUTER ],
    [ 'fileinfo',   "<If \"%{REQUEST_METHOD} != 'TRACE'\">\n"
            . "CORSAllowOrigin $inner\n</If>",        $INNER ],
    [ 'all',        "CORSAllowOrigin $inner",         $INNER ],
    [ 'list',       "CORSAllowOrigin $inner",         $INNER ],
    [ 'nonfatal',   "CORSAllowOrigin $inner",         $OUTER ],
    [ 'unknown',    "CORSAllowAnything\nCORSAllowOrigin $inner", $INNER ],
);

# [AllowOverride, .htaccess, what the log says]
my @refused = (
    [ 'authconfig', "CORSAllowOrigin $inner",
        'CORSAllowOrigin not allowed here' ],
    [ 'list',       'CORSMaxAge 5',           'CORSMaxAge not allowed here' ],
    [ 'list',       'CORSDangerouslyAllow insecure-origins',
        'CORSDangerouslyAllow cannot occur within htaccess files' ],
    [ 'all',        'CORSDangerouslyAllow insecure-origins',
        'CORSDangerouslyAllow not allowed here' ],
    [ 'fileinfo',   'CORSAllowAnything',
        "Invalid command 'CORSAllowAnything'" ],
    [ 'fileinfo',   "CORSAllowOrigin $inner/",      'CORSAllowOrigin ' ],
    [ 'fileinfo',   'CORSAllowOrigin * none',       'CORSAllowOrigin ' ],
    [ 'fileinfo',   'CORSAllowOriginMatch "("',     'CORSAllowOriginMatch ' ],
    [ 'fileinfo',   'CORSAllowMethods GET,PUT',     'CORSAllowMethods ' ],
    [ 'fileinfo',   'CORSMaxAge -1',                'CORSMaxAge ' ],
    [ 'fileinfo',   'CORSPreflight early',          'CORSPreflight ' ],
    [ 'all',        "<Limit GET>\nCORSAllowOrigin *\n</Limit>",
        'CORSAllowOrigin cannot occur within <Limit>' ],
    [ 'unknown',    'CORSMaxAge -1',                'CORSMaxAge ' ],
);

# Combinations that would hand out what belongs to a user, each with an origin
# that would get it, and one that is still right.
my @unsafe = (
    [ 'CORSAllowOrigin *',                        $inner ],
    [ 'CORSAllowOriginMatch ".*"',                $inner ],
    [ 'CORSAllowOriginMatch "https?://.+"',       $inner ],
    [ "CORSAllowOrigin null $inner",              'null', $inner ],
    [ "CORSAllowOrigin http://x.example $inner",  'http://x.example', $inner ],
    [ "CORSAllowOriginMatch http://x\\.example\nCORSAllowOrigin $inner",
        'http://x.example', $inner ],
    [ "CORSAllowOrigin https://*.com $inner",     'https://x.com', $inner ],
);

my $mark = log_mark();
for_each_protocol {
    my $number = 0;
    accepted($number++, @$_) for @accepted;
    refused($number++,  @$_) for @refused;
    unsafe($number++,   @$_) for @unsafe;
    levels();
};
log_clean(
    $mark,
    qr{\[core:alert\] .* /\S+/htaccess/\w+/\d+/\.htaccess: },
    qr/AH02295: CORSAllowOrigin in \.htaccess forbidden by AllowOverride/,
    qr/AH02296: Unknown directive corsallowanything/,
);
done_testing();

# As it stands in the name of a test.
sub on_one_line {
    my ($text) = @_;
    return join '; ', split /\n/, $text;
}

# Every case has a directory of its own.
sub directory {
    my ($override, $number, $text) = @_;
    my $path = "htaccess/$override/$number";
    write_htdocs("$path/.htaccess", "$text\n");
    write_htdocs("$path/file.txt",  "file\n");
    return "/$path/file.txt";
}

sub accepted {
    my ($number, $override, $text, $policy) = @_;
    my $target = directory($override, $number, $text);
    for my $from ($outer, $inner) {
        my %is = (
            name   => "$override: " . on_one_line($text) . ": $from",
            policy => $policy,
            origin => $from,
            body   => "file\n",
        );
        my $allowed = $policy->{any}
            || grep { $_ eq $from } @{ $policy->{origins} || [] };
        my $res   = get($target, $from, @host);
        my $asked = preflight($target, $from, 'GET', undef, @host);
        if ($allowed) {
            act_ok($res, %is);
            pf_ok($asked, %is, body => '', method => 'GET');
            next;
        }
        act_no($res, %is);
        if ($policy->{inert}) {
            no_cors($asked, %is, body => '', status => 200);
            next;
        }
        pf_no($asked, %is, body => '');
    }
    return;
}

# Nothing is known of such a request's policy: no header, and a word in the log.
sub refused {
    my ($number, $override, $text, $message) = @_;
    my $target = directory($override, $number, $text);
    for my $from ($outer, $inner, undef) {
        my $mark = log_mark();
        my $name = "$override: " . on_one_line($text) . ': '
            . (defined $from ? $from : 'no Origin');
        no_cors(get($target, $from, @host), name => $name, status => 500,
            body => "500\n");
        is(scalar(log_lines($mark, qr/\[core:alert\].*\.htaccess: \Q$message/)),
            1, "$name: an alert in the log");
    }
    no_cors(preflight($target, $outer, 'GET', undef, @host),
        name => "$override: " . on_one_line($text) . ': preflight',
        status => 500, body => "500\n");
    return;
}

sub unsafe {
    my ($number, $text, $from, $right) = @_;
    my $target =
        directory('fileinfo', $number, "$text\nCORSAllowCredentials On");
    my $policy = $text =~ /\ACORSAllowOrigin \*/
        ? { any => 1 }
        : { origins => ['https://secret.example'] };
    my $short = on_one_line($text);
    my %is    = (name => "C-32, C-46 unsafe: $short: $from", policy => $policy);

    my $mark = log_mark();
    act_no(get($target, $from, @host), %is, body => "file\n");
    pf_no(preflight($target, $from, 'GET', undef, @host), %is);
    my $said =
        qr/\[cors:info\].* denied \(unsafe policy\): origin '\Q$from'/;
    is(scalar(grep { $_ =~ $said } log_lines($mark)), 2, 'both in the log');
    like((access_log_lines($mark, 2))[1],
        qr/ verdict=denied reason=unsafe-policy origin=-\z/,
        'and in the access log');
    return if !defined $right;

    my $others = { origins => [$right], credentials => 1 };
    act_ok(get($target, $right, @host), policy => $others, origin => $right,
        name => "the other origins of: $short", body => "file\n");
    return;
}

# Each level adds to those above it, a Location has the last word.
sub levels {
    my %htaccess = (
        'located'         => "CORSAllowOrigin $inner\nCORSMaxAge 2",
        'located/a'       => 'CORSAllowMethods PUT',
        'located/a/b'     => "CORSMaxAge 3\nCORSAllowHeaders X-Test",
        'levels'          => "CORSAllowOrigin $inner\nCORSMaxAge 2",
        'levels/a'        => 'CORSAllowMethods PUT',
        'levels/a/b'      => "CORSMaxAge 3\nCORSAllowHeaders X-Test",
        'levels/a/b/c'    => 'CORSAllowCredentials On',
        'levels/a/b/c/d'  => "CORSAllowOrigin none",
        'levels/a/b/c/e'  => "CORSAllowHeaders none\nCORSMaxAge 0",
    );
    my @expected = (
        [ 'levels'         => 2, [], 0 ],
        [ 'levels/a'       => 2, ['PUT'], 0 ],
        [ 'levels/a/b'     => 3, ['PUT'], 0, ['x-test'] ],
        [ 'levels/a/b/c'   => 3, ['PUT'], 1, ['x-test'] ],
        [ 'levels/a/b/c/e' => 0, ['PUT'], 1 ],
        [ 'located'        => 5, [], 0 ],
        [ 'located/a/b'    => 5, ['PUT'], 0, ['x-test'] ],
    );
    for my $path (keys %htaccess) {
        write_htdocs("htaccess/fileinfo/$path/.htaccess", "$htaccess{$path}\n");
    }
    for my $case (@expected) {
        my ($path, $age, $methods, $credentials, $headers) = @$case;
        my $policy = {
            %$INNER,
            max_age     => $age,
            credentials => $credentials,
            $headers  ? (headers => $headers)  : (),
            @$methods ? (methods => $methods) : (),
        };
        my %is = (name => "levels: $path", policy => $policy, origin => $inner);
        my $target = "/htaccess/fileinfo/$path/x";
        pf_ok(preflight($target, $inner, 'GET', $headers, @host), %is,
            method => 'GET', headers => $headers);
        act_ok(get($target, $inner, @host), %is, status => 404);
        act_no(get($target, $outer, @host), %is, status => 404);
    }
    pf_no(preflight('/htaccess/fileinfo/levels/a/b/c/d/x', $inner, 'PUT', undef,
            @host),
        name => 'levels: none at the bottom', policy => { closed => 1 });
    return;
}
