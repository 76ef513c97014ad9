# Large configurations: configtest ends in time, and the dump shows them whole.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use Test::More;

# Seconds of processor time that any of this may take; what is quadratic takes
# minutes.
my $LIMIT = 20;

# A hundred thousand origins, 50 to a line.
my @origins = map { "https://o$_.example" } 1 .. 100_000;
my $config  = join '', map {
    'CORSAllowOrigin ' . join(' ', @origins[ 50 * $_ .. 50 * $_ + 49 ]) . "\n"
} 0 .. @origins / 50 - 1;
my $section = "<Location \"/a\">\n$config</Location>\n";

in_time('100,000 origins', sub { startup_is($section, [], 'Syntax OK') });
my $dump = in_time('100,000 origins, dumped', sub { dump_of($section) });
my @shown = map { split } $dump =~ /^    CORSAllowOrigin (.*)$/mg;
is("@shown[0 .. 9]", "@origins[0 .. 9]", 'the first of them');
ok("@shown" eq "@origins", 'all of them, in order');
is(() = $dump =~ /^    CORSAllowOrigin /mg, 5_000, '20 to a line');

# With what is to be looked for in each.
my $unsafe = "CORSAllowCredentials On\nCORSAllowOrigin https://*.o9.example.org"
    . " https://*.app.test\n$config";
in_time('100,000 origins beside wildcards',
    sub { startup_is($unsafe, [], 'Syntax OK, with credentials') });
in_time(
    '100,000 origins, the last of them unsafe',
    sub {
        startup_is(
            "${unsafe}CORSAllowOrigin null\n",
            [
                '! CORSAllowOrigin null (conf:2003) with'
                    . ' CORSAllowCredentials On (conf:1): any page can give'
                    . ' itself the origin null; leave it out, or write'
                    . ' CORSAllowCredentials Off'
            ],
            'it is found'
        );
    }
);

# Inherited by many hosts.
my $hosts = join '', map {
    "<VirtualHost *:1>\nServerName h$_.test\n"
        . "<Location \"/h\">\nCORSMaxAge $_\n</Location>\n</VirtualHost>\n"
} 1 .. 500;
in_time('100,000 origins for 500 hosts',
    sub { startup_is($config . $hosts, [], 'Syntax OK for all') });

# Many hosts with a section each.
$hosts = join '', map {
    "<VirtualHost *:1>\nServerName h$_.test\n<Location \"/h\">\n"
        . "CORSAllowOrigin https://h$_.example\n</Location>\n</VirtualHost>\n"
} 1 .. 2_000;
$dump = in_time('2,000 hosts', sub { dump_of($hosts) });
is(() = $dump =~ /^<VirtualHost /mg, 2_000, 'all are shown');

# Wildcards, and sections.
my $wildcards = join '', map { "CORSAllowOrigin https://*.w$_.example\n" }
    1 .. 10_000;
$dump = in_time('10,000 wildcards', sub { dump_of($wildcards) });
is(() = $dump =~ m{ https://\*\.w\d+\.example}g, 10_000, 'all are shown');

my $sections = join '', map {
    "<Location \"/s$_/\">\nCORSAllowOrigin https://s$_.example\n</Location>\n"
} 1 .. 3_000;
$dump = in_time('3,000 sections', sub { dump_of($sections) });
is(() = $dump =~ /^<Location /mg, 3_000, 'all are shown');

my $covered = join '', map { "CORSAllowOrigin https://a.c$_.example"
    . " https://*.c$_.example\n" } 1 .. 200;
in_time(
    '200 origins that have no effect',
    sub {
        startup_is($covered,
            [ map { "? CORSAllowOrigin https://a.c$_.example (conf:$_) has no"
                . " effect: https://*.c$_.example covers it" }
                1 .. 200 ],
            'each is told');
    }
);

done_testing();

sub in_time {
    my ($name, $work) = @_;
    my $before = spent();
    my $result = $work->();
    my $taken  = spent() - $before;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    ok($taken < $LIMIT, "$name: in time") or diag "$taken s";
    note "$name: $taken s";
    return $result;
}

# Seconds that the processes which have ended took.
sub spent {
    my (undef, undef, $user, $system) = times;
    return $user + $system;
}
