# What a dump says about the names of virtual hosts is a comment: pasted beside
# their own lines it changes no name.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use Test::More;

# Lines of a host, and the comments that the dump has of them.
my @hosts = (
    [ 'a name',                    'ServerName a.test',      'a.test' ],
    [ 'a name with a port',        'ServerName a.test:8443', 'a.test:8443' ],
    [ 'a name with a scheme',      'ServerName https://www.a.test:8443',
        'https://www.a.test:8443' ],
    [ 'no name',                   'CORSMaxAge 1' ],
    [ 'an alias only',             'ServerAlias b.test' ],
    [ 'the last of two names',     "ServerName a.test\nservername b.test",
        'b.test' ],
    [ 'a name made by a define',   "Define N c\nServerName \${N}.test",
        'c.test' ],
);
my $all = '';
for my $row (@hosts) {
    my ($name, $lines, @names) = @$row;
    my $host = "<VirtualHost *:1>\n$lines\nCORSAllowOrigin https://a.example\n"
        . "</VirtualHost>\n";
    named($name, $host, @names);
    $all .= $host;
}
named('all of them', $all, map { $_->[2] || () } @hosts);

done_testing();

sub named {
    my ($name, $config, @names) = @_;
    my $dump = dump_of($config);
    is_deeply([ $dump =~ /^(.*Server(?:Name|Alias).*)$/mg ],
        [ map { "    # ServerName $_" } @names ], $name);
    my $pasted = join '', grep { !/\A *#/ } split /^/, $dump;
    is(dump_places(dump_of($pasted)), dump_places($dump),
        "$name: pasted, and dumped again");
    return;
}
