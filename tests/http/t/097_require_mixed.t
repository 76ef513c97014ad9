# Adding "Require cors" lets nobody in who was kept out before, unless httpd says
# so: sections of the server and .htaccess files mixed, with sections in sections,
# AuthMerging, mod_access_compat, and what AllowOverride passes over.  What a real
# httpd answers with such lines and without them; one section alone is
# 094_require_opens_nothing.t's.
use strict;
use warnings;
use lib qw(lib ../lib);

use Digest::SHA qw(sha1_base64);
use Files qw(slurp);
use Http;
use MIME::Base64 qw(encode_base64);
use OwnServer;
use Test::More;

my $server = OwnServer->new;
my $port   = $server->port;
my $http;

# The same configurations each time; SEED= tries others, BASES= as many.
srand($ENV{SEED} || 15);
my $bases = $ENV{BASES} || 100;

my $password = 'Authorization: Basic ' . encode_base64('me:secret', '');
my @requests = map { my $method = $_; map { [ $method, $_ ] } '', "$password\r\n" }
    qw(GET POST);
my $passwords = $server->write('passwords', 'me:{SHA}' . sha1_base64('secret')
        . "=\n");

sub one_of { return $_[ rand @_ ] }

# ------------------------------------------------------------------------
# What a configuration is made of. All of it may apply to HOST/d/e/f.
# ------------------------------------------------------------------------

my @sections = map { [ split /\|/ ] } (
    'Directory "@dir@/www/HOST"', 'Directory "@dir@/www/HOST/d"',
    'Directory "@dir@/www//HOST/d/e"', 'Directory "@dir@/www/HOST/*"',
    'Directory "@dir@/www/[~h]*"', 'Directory "@dir@/www/./HOST/*/"',
    'DirectoryMatch "/d$"', 'DirectoryMatch "/d/e"', 'Directory ~ "/d/"',
    'Files "f"', 'FilesMatch "^f"', 'Location "/"', 'Location "/HOST/d"',
    'LocationMatch "/d/"', 'Location "/HOST/d/e/f"', 'If "true"', 'Else',
    q{If "%{REQUEST_METHOD} == 'GET'"},
    'Directory "@dir@/www/HOST"|Files "f"',
    'Directory "@dir@/www/HOST/d"|If "true"',
    'Directory "@dir@/www/HOST/d/e"|Files "f"|If "true"',
    'Location "/HOST"|If "true"', 'Files "f"|If "true"',
    'If "true"|If "true"',
    q{Location "/HOST/d"|If "%{REQUEST_METHOD} == 'POST'"},
);
my @files = ('HOST', 'HOST/d', 'HOST/d/e');
my @in_files = map { [ split /\|/ ] } ('', '', '', 'Files "f"',
    'FilesMatch "^f"', 'If "true"', q{If "%{REQUEST_METHOD} == 'GET'"},
    'Files "f"|If "true"', 'If "true"|If "true"');

my @merging = ('', '', 'AuthMerging And', 'AuthMerging Or', 'AuthMerging Off');
my @locks = ('', '', '', 'Require all granted', 'Require all granted',
    'Require all denied', 'Require ip 10', 'Require ip 127',
    'Require valid-user', 'Require user nobody',
    "<Limit POST>\nRequire valid-user\n</Limit>",
    "<Limit POST>\nRequire all granted\n</Limit>",
    "<LimitExcept POST>\nRequire ip 10\n</LimitExcept>",
    "<RequireAll>\nRequire ip 127\nRequire valid-user\n</RequireAll>",
    "<RequireAny>\nRequire ip 10\nRequire valid-user\n</RequireAny>",
    "<RequireAll>\n<Limit GET>\nRequire ip 10\n</Limit>\n</RequireAll>",
    "<RequireAll>\nAuthMerging Or\nRequire ip 10\n</RequireAll>",
    'AuthzSendForbiddenOnFailure On', 'AuthType None', 'Satisfy Any',
    'Satisfy All', "Satisfy Any\nOrder deny,allow\nDeny from all",
    "Order deny,allow\nDeny from all", "Order allow,deny\nAllow from 10");
my @overrides = ('AllowOverride All', 'AllowOverride All',
    'AllowOverride AuthConfig Limit', 'AllowOverride AuthConfig',
    "AllowOverride Nonfatal=Override\nAllowOverrideList Require AuthMerging",
    "AllowOverride Nonfatal=All\nAllowOverrideList Require",
    "AllowOverride Nonfatal=Override\n"
        . 'AllowOverrideList Require AuthMerging <Files <RequireAll <Limit',
    "AllowOverride Nonfatal=Override Limit\n"
        . 'AllowOverrideList Require <RequireAll <RequireAny');

my $all = "<RequireAll>\n%s\nRequire cors\n</RequireAll>";
my @new = ('Require cors', ("AuthMerging And\nRequire cors") x 2,
    "Require all granted\nRequire cors", "Require cors\nRequire all granted",
    "AuthMerging Off\nRequire cors",
    "AuthMerging And\n<RequireAny>\nRequire cors\n</RequireAny>",
    sprintf($all, "AuthMerging And\nRequire all granted"),
    map({ "AuthMerging And\n" . sprintf $all, $_ } 'Require all granted',
        'Require not ip 10'));

# A section of the server, or lines of a .htaccess file.
sub part {
    my ($text) = @_;
    return rand > 0.4
        ? { sections => one_of(@sections), text => $text }
        : { sections => one_of(@in_files), text => $text,
            file => one_of(@files) };
}

sub part_text {
    my ($part) = @_;
    my $text = "$part->{text}\n";
    for my $section (reverse @{ $part->{sections} }) {
        my ($name) = $section =~ /\A(\w+)/;
        $text = "<$section>\n$text</$name>\n";
        $text = "<If \"false\">\n</If>\n$text" if $name eq 'Else';
    }
    return $text;
}

# The part with the line among its own. In the server's sections, where an error
# ends it all, only beside what may refuse anybody.
sub added_to {
    my ($part) = @_;
    my ($merging, $lock) = $part->{text} =~ /\A(.*?)\n(.*)\z/s;
    my @ways = ([ $merging, 'Require cors', $lock ],
        [ $merging, $lock, 'Require cors' ],
        [ 'AuthMerging And', $lock, 'Require cors' ]);
    # A list that does not have <RequireAll> would drop the lock itself.
    if (!$part->{file}) {
        return if $lock !~ /\A<?Require(?! all granted)/ || $lock =~ /Limit|Or/;
        @ways = ([ $merging, sprintf $all, $lock ]);
    }
    return { %$part, text => join "\n", @{ one_of(@ways) } };
}

my (@hosts, @line_of);
my $conf = '';

sub add_host {
    my ($base, $front, @parts) = @_;
    my $name = 'h' . @hosts;
    my $text = "<VirtualHost *:$port>\nServerName $name.test\n"
        . "<Directory \"\@dir\@/www\">\n$front</Directory>\n"
        . join('', map { part_text($_) } grep { !$_->{file} } @parts)
        . "</VirtualHost>\n";
    $text =~ s/HOST/$name/g;
    my %text_of;
    $text_of{ $_->{file} =~ s/HOST/$name/r } .= part_text($_)
        for grep { $_->{file} } @parts;
    $server->write("$name/d/e/f", "file\n");
    $server->write("$_/.htaccess", $text_of{$_}) for keys %text_of;
    my $host = { name => $name, base => $base, text => join '', $text,
        map { "--- $_/.htaccess\n$text_of{$_}" } sort keys %text_of };
    push @hosts, $host;
    push @line_of, ($host) x ($text =~ tr/\n//);
    $conf .= $text;
    return $name;
}

sub with {
    my ($at, $count, $new, @parts) = @_;
    splice @parts, $at, $count, $new;
    return @parts;
}

for (1 .. $bases) {
    my $front = one_of(@overrides) . "\n";
    $front .= "AuthType Basic\nAuthName test\nAuthUserFile \"$passwords\"\n"
        if rand > 0.3;
    my @parts = map { part(one_of(@merging) . "\n" . one_of(@locks)) }
        1 .. 1 + int rand 5;
    my $base = add_host(undef, $front, @parts);
    for (1 .. 6) {
        my @with = @parts;
        @with = with(int rand @with + 1, 0, part(one_of(@new)), @with)
            for 1 .. one_of(1, 1, 1, 2);
        add_host($base, $front, @with);
    }
    for my $at (0 .. $#parts) {
        my ($new) = added_to($parts[$at]) or next;
        add_host($base, $front, with($at, 1, $new, @parts));
    }
}

# ------------------------------------------------------------------------

$server->write('hosts.conf', $conf =~ s/\@dir\@/$server->dir/ger);
$server->serve(<<"CONF");
MaxKeepAliveRequests 0
KeepAliveTimeout 60
<VirtualHost *:$port>
    ServerName localhost
</VirtualHost>
# Line numbers of what follows are counted from here.
Include "\@dir\@/www/hosts.conf"
CONF
$http = Http->connect($port);

sub status {
    my ($name, $request) = @_;
    my ($method, $header) = @$request;
    my $length = $method eq 'POST' ? "Content-Length: 0\r\n" : '';
    $http->send("$method /$name/d/e/f HTTP/1.1\r\nHost: $name.test\r\n"
            . "$header$length\r\n");
    my $res = $http->response($method);
    $http = Http->connect($port)
        if lc(join '', $res->values('Connection')) =~ /close/;
    return $res->status;
}

# Warnings name the line of Require cors first.
for my $line (split /\n/, slurp($server->dir . '/output')) {
    my ($number) = $line =~ /\ARequire cors \(\S+\/hosts\.conf:(\d+)\)/ or next;
    $line_of[ $number - 1 ]{warning} = $line;
}

# 500 is an error in a .htaccess file, or AuthType without Require.
my (%before, %count);
my $opened = 0;
for my $host (@hosts) {
    my @status = map { status($host->{name}, $_) } @requests;
    if (!$host->{base}) {
        $before{ $host->{name} } = \@status;
        next;
    }
    my $before = $before{ $host->{base} };
    my $is_opened = grep { $before->[$_] =~ /\A40[13]\z/
            && $status[$_] !~ /\A(?:40[13]|500)\z/ } 0 .. $#requests;
    $count{errors}++ if grep { $_ == 500 } @status;
    if ($host->{warning}) {
        $count{warned}++;
        $count{right}++ if $is_opened;
        next;
    }
    $count{quiet}++;
    $is_opened and $opened++ < 3
        and diag("before: @$before, after: @status\n$host->{text}");
}
is($opened, 0, 'nobody gets in without an error or a warning');
cmp_ok($count{quiet},  '>', 3 * $bases, "by $count{quiet} additions");
cmp_ok($count{errors}, '>', $bases, "$count{errors} of all are errors");
cmp_ok($count{right}, '>', $bases / 10,
    "$count{right} of $count{warned} that are warned of do let somebody in");
$server->stop;
done_testing();
