# Where each directive may stand, and where not; .htaccess files are in
# 325_htaccess_contexts.t.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use Test::More;

my $origin = 'https://app.example';

sections();
limits();
early();
done_testing();

# Each section takes every directive.
sub sections {
    my $lines = join '', map { "$_ $VALUE{$_}\n" } sort keys %VALUE;
    my @open = (
        'VirtualHost *:1',     'Directory /',
        'DirectoryMatch /x',   'Location /x',
        'LocationMatch ^/x',   'Files x.html',
        'FilesMatch x$',       'If "true"',
        'Proxy http://x.test', 'IfModule cors_module',
    );
    config_ok($lines, 'every directive in the server configuration');
    for my $open (@open) {
        my ($close) = split ' ', $open;
        config_ok("<$open>\n$lines</$close>\n", "every directive in <$open>");
    }
    config_ok("<If \"false\">\n</If>\n<ElseIf \"false\">\n$lines</ElseIf>\n"
            . "<Else>\n$lines</Else>\n",
        'every directive in <ElseIf> and <Else>');
    config_ok("<Directory />\n<Files x>\n<If \"true\">\n${lines}</If>\n"
            . "</Files>\n</Directory>\n",
        'every directive in nested sections');
    return;
}

# httpd would apply what stands in <Limit> to every method.
sub limits {
    for my $directive (sort keys %VALUE) {
        for my $limit ('Limit POST', 'LimitExcept GET') {
            my ($close) = split ' ', $limit;
            config_error(
                "<Location /x>\n<$limit>\n$directive $VALUE{$directive}\n"
                    . "</$close>\n</Location>\n",
                "$directive cannot occur within <Limit> or <LimitExcept>"
                    . ' section',
                "$directive in <$limit>"
            );
        }
    }
    return;
}

# An early answer is given before these sections are looked at.
sub early {
    my $line = "CORSAllowOrigin $origin\nCORSPreflight early\n";
    for my $open ('VirtualHost *:1', 'Location /x', 'LocationMatch ^/x') {
        my ($close) = split ' ', $open;
        config_ok("<$open>\n$line</$close>\n", "early in <$open>");
    }
    for my $open ('Directory /', 'Files x.html', 'If "true"') {
        my ($close) = split ' ', $open;
        config_error("<$open>\n$line</$close>\n",
            "CORSPreflight cannot occur within <$close> section;"
                . ' early acts before this context is known, write answer',
            "early in <$open>");
    }
    return;
}
