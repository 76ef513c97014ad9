# Where each directive may stand, and where not.
use strict;
use warnings;
use lib 'lib';
use Apache::Test ();
use CorsTest;
use Test::More;

my $origin     = 'https://app.example';
my %directives = (
    CORSEngine            => 'On',
    CORSAllowOrigin       => $origin,
    CORSAllowOriginMatch  => 'https://app\.example',
    CORSAllowMethods      => 'PUT',
    CORSAllowHeaders      => 'X-Token',
    CORSExposeHeaders     => 'ETag',
    CORSAllowCredentials  => 'On',
    CORSMaxAge            => '600',
    CORSPreflight         => 'pass',
    CORSPreflightStatus   => '200',
    CORSBackendHeaders    => 'keep',
    CORSTimingAllowOrigin => 'On',
    CORSDebug             => 'On',
    CORSDangerouslyAllow  => 'insecure-origins',
);
my @everywhere = grep { $_ ne 'CORSDangerouslyAllow' } sort keys %directives;
my $count = 0;
my $mark  = log_mark();

sections();
limits();
early();
htaccess();
log_clean($mark, qr{\[core:alert\] .*/contexts/\S*/\.htaccess: });
done_testing();

# Each section takes every directive.
sub sections {
    my $lines = join '', map { "$_ $directives{$_}\n" } sort keys %directives;
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
    for my $directive (sort keys %directives) {
        for my $limit ('Limit POST', 'LimitExcept GET') {
            my ($close) = split ' ', $limit;
            config_error(
                "<Location /x>\n<$limit>\n$directive $directives{$directive}\n"
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
                . ' early answers before this context is known; write answer',
            "early in <$open>");
    }
    return;
}

sub htaccess {
    for my $directive (@everywhere) {
        my $line = "$directive $directives{$directive}";
        allowed('none',     $line, 'is not read');
        allowed('fileinfo', $line, 'is allowed by FileInfo');
        allowed('fileinfo', "<Files *>\n$line\n</Files>",
            'is allowed in <Files>');
        allowed('fileinfo', "<If \"true\">\n$line\n</If>",
            'is allowed in <If>');
        refused('others', $line, "$directive not allowed here",
            'is refused without FileInfo');
        refused('fileinfo', "<Limit GET>\n$line\n</Limit>",
            "$directive cannot occur within <Limit> or <LimitExcept> section",
            'is refused in <Limit>');
    }

    allowed('list', "CORSAllowOrigin $origin\nCORSAllowMethods PUT",
        'is allowed by AllowOverrideList', $origin);
    allowed('fileinfo', "CORSAllowOrigin $origin\nCORSAllowCredentials Off",
        'works with FileInfo', $origin);
    allowed('fileinfo', "<If \"true\">\nCORSAllowOrigin $origin\n</If>",
        'works in <If>', $origin);
    refused('fileinfo', "CORSAllowOrigin $origin/",
        qq{CORSAllowOrigin "$origin/": ends in a slash; an origin has no path;}
            . qq{ write "$origin"},
        'is judged as in the server configuration');

    refused('fileinfo', 'CORSPreflight early',
        'CORSPreflight cannot occur within htaccess files;'
            . ' early answers before this context is known; write answer',
        'cannot answer early');

    my $danger = 'CORSDangerouslyAllow insecure-origins';
    allowed('none', $danger, 'is not read');
    for my $kind (qw(fileinfo others)) {
        refused($kind, $danger, 'CORSDangerouslyAllow not allowed here',
            "is refused with $kind");
    }
    my $message = 'CORSDangerouslyAllow cannot occur within htaccess files';
    refused('danger', $danger, $message, 'is refused with AllowOverrideList');
    refused('danger', "<$_->[0]>\n$danger\n</$_->[1]>",
        $message, "is refused with AllowOverrideList in <$_->[1]>")
        for [ 'Files *', 'Files' ], [ 'If "true"', 'If' ];
    return;
}

# A .htaccess file with these lines, in a directory where overrides are of a
# kind, does no harm; with an origin, it allows that origin.
sub allowed {
    my ($kind, $lines, $what, $allowed) = @_;
    my $res = ask($kind, $lines);
    (my $name = ".htaccess $what: $lines") =~ s/\n/ /g;
    if ($allowed) {
        act_ok($res, name => $name, policy => { origins => [$origin] },
            origin => $origin, body => "ok\n");
        return;
    }
    is($res->status, 200, $name);
    return;
}

# httpd answers 500 and logs the message.
sub refused {
    my ($kind, $lines, $message, $what) = @_;
    my $before = log_mark();
    (my $name = ".htaccess $what: $lines") =~ s/\n/ /g;
    no_cors(ask($kind, $lines), name => $name, status => 500);

    my ($line) = log_lines($before, qr/\[core:alert\]/);
    $line = '' if !defined $line;
    like($line, qr{/\.htaccess: \Q$message\E\z}, "$name is logged");
    return;
}

sub ask {
    my ($kind, $lines) = @_;
    my $path = "contexts/$kind/" . ++$count;
    write_htdocs("$path/ok.txt",    "ok\n");
    write_htdocs("$path/.htaccess", "$lines\n");
    return get("/$path/ok.txt", $origin, host => 'contexts.test');
}
