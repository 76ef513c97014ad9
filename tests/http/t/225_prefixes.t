# Prefixes in CORSAllowHeaders: what a preflight may ask for, and what the
# answer lists: the names, and of those that a prefix matches the requested.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use Test::More;

my $app  = 'https://app.example';
my @host = (host => 'names.test');

# Below which path, what is requested, and the members of Allow-Headers; none
# if the preflight is denied.
my @rows = (
    [ 'prefix', 'x-amz-date', [qw(content-type x-amz-date)] ],
    [
        'prefix',
        'content-type,x-amz-date,x-amz-meta-a,x-goog-acl',
        [qw(content-type x-amz-date x-amz-meta-a x-goog-acl)]
    ],
    [
        'prefix', 'X-Amz-Date, x-amz-date,x-AMZ-date ,X-GOOG-a',
        [qw(content-type x-amz-date x-goog-a)]
    ],
    [ 'prefix', 'content-type',        [qw(content-type)] ],
    [ 'prefix', undef,                 [] ],
    [ 'prefix', ', ,',                 [] ],
    [ 'prefix', 'x-amz-' ],
    [ 'prefix', 'x-amz' ],
    [ 'prefix', 'x-amzn-date' ],
    [ 'prefix', 'x-amz-date,x-other' ],
    [ 'prefix', 'x-other,x-amz-date' ],
    [ 'prefix', 'x-amz-a/b' ],
    [ 'prefix', 'x-amz-a b' ],
    [ 'prefix', "x-amz-\xfc" ],
    [ 'prefix', '*' ],
    [ 'prefix', 'authorization' ],
    [ 'prefix', join(',', map { "x-amz-$_" } 1 .. 64),
        [ 'content-type', map { "x-amz-$_" } 1 .. 64 ] ],
    [ 'prefix', join(',', map { "x-amz-$_" } 1 .. 65) ],
    [ 'prefix', 'x-amz-' . 'a' x 4000,
        [ 'content-type', 'x-amz-' . 'a' x 4000 ] ],
    [ 'only', 'x-amz-a,x-amz-b', [qw(x-amz-a x-amz-b)] ],
    [ 'only', undef,             [] ],
    [ 'only', 'content-type' ],
    [ 'any', 'x-amz-a,x-foo,x-amz-a', [qw(x-amz-a x-foo)] ],
    [ 'any', 'authorization' ],
    [ 'any', 'authorization-x',       ['authorization-x'] ],
);

my $mark = log_mark();
for_each_protocol {
    for my $row (@rows) {
        my ($at, $requested, $listed) = @$row;
        my $shown = defined $requested ? substr $requested, 0, 60 : 'nothing';
        my $res   = preflight("/names/$at/files/plain.txt", $app, 'PUT',
            $requested, @host);
        my %policy = (
            any         => $at eq 'any',
            credentials => $at eq 'prefix',
            methods     => ['PUT'],
            headers     => $listed,
        );
        my %opt = (
            name   => "$at: $shown",
            policy => \%policy,
            origin => $app
        );
        if ($listed) {
            pf_ok($res, %opt, headers => $listed);
        }
        else {
            pf_no($res, %opt);
        }
    }
    debug();
    passed();
};
log_clean($mark);
done_testing();

# The lists that the browser's console compares hold what passed, and no prefix.
sub debug {
    my %want = (
        'access-control-allow-origin'  => $app,
        'access-control-allow-methods' => ['PUT'],
        'access-control-allow-headers' => [qw(content-type x-amz-a x-amz-b)],
        vary => [
            qw(origin access-control-request-method
                access-control-request-headers)
        ],
    );
    cors_headers_are(
        preflight('/names/debug/files/plain.txt', $app, 'PUT',
            'x-amz-a,x-other,x-amz-b', @host),
        \%want, status => 204, name => 'debug: a denied name among others'
    );
    return;
}

# What the answer would have carried.
sub passed {
    my %want = (
        'access-control-allow-origin'  => $app,
        'access-control-allow-methods' => ['PUT'],
        'access-control-allow-headers' => ['x-amz-a'],
        vary => [
            qw(origin access-control-request-method
                access-control-request-headers)
        ],
    );
    cors_headers_are(
        preflight('/names/pass/cgi', $app, 'PUT', 'x-amz-a', @host),
        \%want,
        status => 200,
        name   => 'passed: neither a prefix nor what is exposed'
    );
    return;
}
