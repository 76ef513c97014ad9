# Where each directive may stand in .htaccess files: FileInfo or a list of
# directives allows it, and CORSDangerouslyAllow and CORSStatus nothing does.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use CorsTest;
use Test::More;

my $origin = 'https://app.example';
my $count  = 0;
my $mark   = log_mark();
my @nowhere    = qw(CORSDangerouslyAllow CORSStatus);
my @everywhere = grep { !/\A(?:@{[ join '|', @nowhere ]})\z/ } sort keys %VALUE;

for my $directive (@everywhere) {
    my $line = "$directive $VALUE{$directive}";
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

refused('fileinfo', 'CORSEngine ReportOnly',
    'CORSEngine cannot occur within htaccess files; its reports are for the'
        . ' server\'s administrator: write On or Off, or ReportOnly in a'
        . ' <Directory> of the server\'s configuration',
    'cannot report');
allowed('fileinfo', "CORSEngine On\nCORSAllowOrigin $origin",
    'can be On', $origin);

for my $directive (@nowhere) {
    my $line = "$directive $VALUE{$directive}";
    allowed('none', $line, 'is not read');
    refused($_, $line, "$directive not allowed here", "is refused with $_")
        for qw(fileinfo others);
    my $message = "$directive cannot occur within htaccess files";
    refused('nowhere', $line, $message, 'is refused with AllowOverrideList');
    refused('nowhere', "<$_->[0]>\n$line\n</$_->[1]>",
        $message, "is refused with AllowOverrideList in <$_->[1]>")
        for [ 'Files *', 'Files' ], [ 'If "true"', 'If' ];
}

log_clean($mark, qr{\[core:alert\] .*/contexts/\S*/\.htaccess: });
done_testing();

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
