# Virtual hosts that come from the same lines, of a file that is included more
# than once or of a macro: each is checked and shown by itself.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use Files qw(spew);
use Test::More;

my $dir  = config_dir();

spew("$dir/host.inc", <<'CONF');
<VirtualHost *:1>
    ServerName ${NAME}.test
    <Location "/api">
        CORSAllowOrigin ${ORIGIN}
        CORSAllowCredentials On
    </Location>
</VirtualHost>
CONF
spew("$dir/nested.inc", <<"CONF");
Include "$dir/host.inc"
<VirtualHost *:1>
    ServerName beside.test
</VirtualHost>
CONF
spew("$dir/policy.inc", <<'CONF');
CORSAllowOrigin ${ORIGIN}
CORSAllowCredentials On
CONF

my $any = 'any site could read responses with the visitor\'s credentials; list'
    . ' the origins, or write CORSAllowCredentials Off';
my $null = 'any page can give itself the origin null; leave it out, or write'
    . ' CORSAllowCredentials Off';
my $with = 'with CORSAllowCredentials On';

errors_are(
    'two of three hosts are unsafe: the last',
    hosts('host.inc', a => 'https://a.example', b => '*', c => 'null'),
    "CORSAllowOrigin * (host.inc:4) $with (host.inc:5): $any",
    "CORSAllowOrigin null (host.inc:4) $with (host.inc:5): $null"
);
errors_are(
    'two of three hosts are unsafe: the first',
    hosts('host.inc', a => '*', b => 'null', c => 'https://c.example'),
    "CORSAllowOrigin * (host.inc:4) $with (host.inc:5): $any",
    "CORSAllowOrigin null (host.inc:4) $with (host.inc:5): $null"
);
errors_are(
    'the same, included by an included file, with other hosts between',
    hosts('nested.inc', a => 'null', b => 'https://b.example', c => '*'),
    "CORSAllowOrigin * (host.inc:4) $with (host.inc:5): $any",
    "CORSAllowOrigin null (host.inc:4) $with (host.inc:5): $null"
);
errors_are(
    'hosts with a policy that is included',
    join('', map { "Define ORIGIN $_->[1]\n<VirtualHost *:1>\n"
        . "ServerName $_->[0].test\nInclude \"$dir/policy.inc\"\n"
        . "</VirtualHost>\n" }
        [ a => 'https://a.example' ], [ b => '*' ], [ c => 'null' ]),
    "CORSAllowOrigin * (policy.inc:1) $with (policy.inc:2): $any",
    "CORSAllowOrigin null (policy.inc:1) $with (policy.inc:2): $null"
);

my $macro = <<'CONF';
<Macro Host $name $origin>
    <VirtualHost *:1>
        ServerName $name.test
        CORSAllowOrigin $origin
        CORSAllowCredentials On
    </VirtualHost>
</Macro>
CONF
errors_are(
    'hosts of a macro, two of three unsafe',
    "${macro}Use Host a https://a.example\nUse Host b *\nUse Host c null\n",
    map {
        my ($line, $origin, $why) = @$_;
        my $place = "macro 'host' (defined on line 1 of \"conf\") used on line"
            . " $line of \"conf\"";
        "CORSAllowOrigin $origin ($place:3) $with ($place:4): $why"
    } [ 9, '*', $any ], [ 10, 'null', $null ]
);

# The dump shows each its own.
my %origin = map { $_ => "https://$_.example" } qw(a b c);
for my $file (qw(host.inc nested.inc)) {
    my $dump = dump_of(hosts($file, %origin));
    is(shown($dump), join("\n", map { "$_: $origin{$_}" } sort keys %origin),
        "$file, dumped");
}
is(shown(dump_of($macro . join '', map { "Use Host $_ $origin{$_}\n" } 
            sort keys %origin)),
    join("\n", map { "$_: $origin{$_}" } sort keys %origin),
    'a macro, dumped');

my $mixed = "<VirtualHost *:1>\nServerName first.test\n</VirtualHost>\n"
    . hosts('host.inc', a => $origin{a})
    . "<VirtualHost *:1>\nServerName d.test\nCORSAllowOrigin https://d.example\n"
    . "</VirtualHost>\n"
    . hosts('nested.inc', b => $origin{b});
is(shown(dump_of($mixed)),
    "a: $origin{a}\nb: $origin{b}\nd: https://d.example",
    'among other hosts, dumped');

done_testing();

# A file included once for each host, with its name and origin.
sub hosts {
    my ($file, @hosts) = @_;
    my $config = '';
    my %origin_of = @hosts;
    for my $name (sort keys %origin_of) {
        $config .= "Define NAME $name\nDefine ORIGIN $origin_of{$name}\n"
            . "Include \"$dir/$file\"\n";
    }
    return $config;
}

sub errors_are {
    my ($name, $config, @errors) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    startup_is($config, [ map { "! $_" } @errors ], $name);
    return;
}

# "NAME: ORIGIN" of each host with a policy.
sub shown {
    my ($dump) = @_;
    my ($name, @shown);
    for my $line (split /\n/, $dump) {
        $name = $1 if $line =~ /# ServerName (\w+)\.test/;
        push @shown, "$name: $1" if $line =~ /^ +CORSAllowOrigin (.*)/;
    }
    my @sorted = sort @shown;
    return join "\n", @sorted;
}
