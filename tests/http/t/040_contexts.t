# Where each directive may stand, and where not. CORSPreflight early has
# 082_early_or_not.t, and .htaccess files have 325_htaccess_contexts.t.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use Test::More;

my $origin = 'https://app.example';

sections();
limits();
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
