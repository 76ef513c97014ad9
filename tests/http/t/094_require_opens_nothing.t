# Adding "Require cors" lets nobody in who was kept out before, unless httpd says
# so: hundreds of configurations, with such a line wherever it can stand, and what
# a real httpd answers with it and without it.
#
# First the lines of one section, in .htaccess files, whose errors end nothing but
# the request; then sections of all kinds over one another, a virtual host each.
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

# The same configurations each time; SEED= tries others.
srand($ENV{SEED} || 15);

my $port   = $server->port;
my $http;

# With and without a password, by two methods. All come from 127.0.0.1: what
# wants 10.0.0.0/8 denies them.
my $password = 'Authorization: Basic ' . encode_base64('me:secret', '');
my @requests = map { my $method = $_; map { [ $method, $_ ] } '', "$password\r\n" }
    qw(GET POST);

my $passwords = $server->write('passwords', 'me:{SHA}' . sha1_base64('secret')
        . "=\n");
$server->write('d/f', "file\n");
my $auth = <<"CONF";
    AuthType Basic
    AuthName test
    AuthUserFile "$passwords"
CONF

# ------------------------------------------------------------------------
# Lines of one section: a node is a line, or [directive, node...].
# ------------------------------------------------------------------------

my @outer = (
    '',
    'Require all granted',
    'Require ip 10',
    'Require valid-user',
    "<RequireAny>\nRequire ip 10\nRequire valid-user\n</RequireAny>",
);

my @leaves = ('Require ip 10', 'Require ip 127', 'Require valid-user',
    'Require user nobody', 'Require all granted', 'Require all denied',
    'Require method POST', 'Require expr false', 'Require expr true');
my @negatives = ('Require not ip 127', 'Require not ip 10',
    'Require not method POST');

sub one_of { return $_[ rand @_ ] }

sub tree {
    my ($depth) = @_;
    my $kind = $depth > 0 ? int rand 10 : 9;
    return one_of(@leaves) if $kind > 4;
    my $count = 1 + int rand 3;
    return [ 'Limit POST', map { tree($depth - 1) } 1 .. $count ]
        if $kind == 0;
    return [ 'RequireAny', map { tree($depth - 1) } 1 .. $count ]
        if $kind < 3;
    my @negative = rand > 0.7 ? one_of(@negatives)
        : rand > 0.8 ? [ 'RequireNone', map { tree(0) } 1 .. $count ] : ();
    return [ 'RequireAll', (map { tree($depth - 1) } 1 .. $count), @negative ];
}

sub text {
    my ($node) = @_;
    return "$node\n" if !ref $node;
    my ($directive, @inner) = @$node;
    my ($name) = $directive =~ /(\w+)/;
    return join '', "<$directive>\n", map({ text($_) } @inner), "</$name>\n";
}

# All the ways to put a node into a list of nodes, or the lists inside: between
# them, and into one <RequireAll> with each of them.
sub insertions {
    my ($new, @nodes) = @_;
    my @all;
    for my $at (0 .. @nodes) {
        push @all, [ @nodes[ 0 .. $at - 1 ], $new, @nodes[ $at .. $#nodes ] ];
        next if $at == @nodes || $nodes[$at] =~ /^Auth/;
        push @all, [ @nodes[ 0 .. $at - 1 ],
            [ 'RequireAll', $new, $nodes[$at] ], @nodes[ $at + 1 .. $#nodes ] ];
        next if !ref $nodes[$at];
        my ($directive, @inner) = @{ $nodes[$at] };
        push @all, map { [ @nodes[ 0 .. $at - 1 ], [ $directive, @$_ ],
                @nodes[ $at + 1 .. $#nodes ] ] } insertions($new, @inner);
    }
    return @all;
}

# Where DESIGN says that either is to be enough.
sub is_meant {
    my (@nodes) = @_;
    return scalar grep {
        my ($directive, @inner) = @$_;
        my $text = "\n" . join "\n", @inner;
        is_meant(@inner)
            || $directive eq 'RequireAny' && $text =~ /\nRequire cors/
            && $text =~ /\nRequire expr/;
    } grep { ref } @nodes;
}

my $cors = 'Require cors';
my @additions = ($cors, [ 'RequireAny', $cors ],
    [ 'RequireAll', $cors, 'Require all granted' ],
    [ 'RequireAll', $cors, 'Require not ip 10' ]);

my (@bases, @variants);
for my $base (0 .. 99) {
    my @nodes = map { tree(2) } 1 .. int rand 4;
    push @nodes, 'AuthMerging ' . one_of(qw(And And Or Off)) if rand > 0.4;
    my $outer = int rand @outer;
    my $path  = "o$outer/b$base";
    push @bases, $path;
    $server->write("$path/.htaccess", join '', map { text($_) } @nodes);
    my @all = insertions(one_of(@additions), @nodes);
    for my $n (0 .. $#all) {
        next if is_meant(@{ $all[$n] });
        my $text = join '', map { text($_) } @{ $all[$n] };
        $server->write("$path-$n/.htaccess", $text);
        push @variants, [ $path, "$path-$n", "$outer[$outer]\n---\n$text" ];
    }
}

# ------------------------------------------------------------------------
# Sections: all of them apply to /d/f.
# ------------------------------------------------------------------------

my @sections = ('Directory "@dir@/www"', 'Directory "@dir@/www/d"',
    'DirectoryMatch "/d"', 'Files "f"', 'FilesMatch "^f"', 'Location "/"',
    'Location "/d"', 'LocationMatch "^/d/"', 'Location "/d/f"', 'If "true"');
my @locks = ('', 'Require all granted', 'Require ip 10', 'Require valid-user', 'Require all denied',
    'Require all granted', 'Require ip 127',
    "<Limit POST>\nRequire valid-user\n</Limit>",
    "Satisfy Any\nOrder deny,allow\nDeny from all");

# Parts of a virtual host: [section, text].
sub host {
    my @parts;
    for my $section (@sections) {
        next if rand > 0.2;
        my $text = one_of('', '', '', 'AuthMerging And', 'AuthMerging Or')
            . "\n" . one_of(@locks);
        push @parts, [ $section, $text ];
    }
    # In any order, as the files of a server are.
    return sort { $a->[2] <=> $b->[2] } map { [ @$_, rand ] } @parts;
}

sub part_text {
    my ($section, $text) = @{ $_[0] };
    my ($name) = $section =~ /(\w+)/;
    return "<$section>\n$text\n</$name>\n";
}

# What may be added without an error in its own section.
my @new = ('Require cors', "AuthMerging And\nRequire cors",
    "Require all granted\nRequire cors",
    "AuthMerging And\nRequire all granted\nRequire cors");

my (@hosts, $conf, @line_of);
$conf = '';
for my $base (0 .. 129) {
    my @parts = host();
    add_host("b$base", undef, @parts);
    for my $n (0 .. 3) {
        my $at = int rand @parts + 1;
        add_host("b$base-$n", "b$base", @parts[ 0 .. $at - 1 ],
            [ one_of(@sections), one_of(@new) ], @parts[ $at .. $#parts ]);
    }
    for my $at (grep { $parts[$_][1] =~ /\A.*\nRequire (?!all granted)/ }
            0 .. $#parts) {
        my ($section, $text) = @{ $parts[$at] };
        $text =~ s{\n(.*)}{\n<RequireAll>\nRequire cors\n$1\n</RequireAll>}s;
        add_host("b$base-at$at", "b$base", @parts[ 0 .. $at - 1 ],
            [ $section, $text ], @parts[ $at + 1 .. $#parts ]);
    }
}

sub add_host {
    my ($name, $base, @parts) = @_;
    my $text = "<VirtualHost *:$port>\nServerName $name.test\n"
        . "<Directory \"\@dir\@/www\">\n$auth</Directory>\n"
        . join('', map { part_text($_) } @parts) . "</VirtualHost>\n";
    my $host = { name => $name, base => $base, text => $text };
    push @hosts, $host;
    push @line_of, ($host) x ($text =~ tr/\n//);
    $conf .= $text;
    return;
}

# ------------------------------------------------------------------------

my $front = <<"CONF";
MaxKeepAliveRequests 0
KeepAliveTimeout 60
<VirtualHost *:$port>
ServerName localhost
<Directory "\@dir\@/www">
    AllowOverride None
</Directory>
CONF
for my $n (0 .. $#outer) {
    $front .= "<Directory \"\@dir\@/www/o$n\">\n    AllowOverride AuthConfig\n"
        . ($outer[$n] ? $auth : '') . "$outer[$n]\n</Directory>\n";
}
$front .= "</VirtualHost>\n";
# Line numbers of what follows are counted from here.
$server->write('hosts.conf', $conf =~ s/\@dir\@/$server->dir/ger);
$server->serve("$front\nInclude \"\@dir\@/www/hosts.conf\"");
$http = Http->connect($port);

sub status {
    my ($host, $path, $request) = @_;
    my ($method, $header) = @$request;
    my $length = $method eq 'POST' ? "Content-Length: 0\r\n" : '';
    $http->send("$method $path HTTP/1.1\r\nHost: $host\r\n$header$length\r\n");
    my $res = $http->response($method);
    $http = Http->connect($port)
        if lc(join '', $res->values('Connection')) =~ /close/;
    return $res->status;
}

# The file need not be there: 404 and 405 come after access control.
sub are_in {
    my ($host, $path) = @_;
    return map { status($host, $path, $_) !~ /\A(?:401|403|500)\z/ } @requests;
}

sub opened {
    my ($before, $after) = @_;
    return scalar grep { $after->[$_] && !$before->[$_] } 0 .. $#requests;
}

my %in_before = map { $_ => [ are_in('localhost', "/$_/f") ] } @bases;
my $opened    = 0;
for my $variant (@variants) {
    my ($base, $path, $text) = @$variant;
    my @in = are_in('localhost', "/$path/f");
    opened($in_before{$base}, \@in) and $opened++ < 3 and diag("opened:\n$text");
}
is($opened, 0, "lines: nobody gets in by one of " . @variants . ' additions');
my $log = $server->log;
my $refused = () = $log =~ /\.htaccess: Require (?:not )?cors/g;
cmp_ok($refused, '>', 100, "many of which are refused");
my @open = grep { grep { $_ } @{ $in_before{ $_->[0] } } } @variants;
cmp_ok(scalar @open, '>', 100, 'and many of whose files let somebody in');

# Warnings name the line of Require cors first.
for my $line (split /\n/, slurp($server->dir . '/output')) {
    my ($number) = $line =~ /\ARequire cors \(\S+\/hosts\.conf:(\d+)\)/ or next;
    $line_of[ $number - 1 ]{warning} = $line;
}
%in_before = ();
my ($quiet, $warned, $right) = (0, 0, 0);
$opened = 0;
for my $host (@hosts) {
    my @in = are_in("$host->{name}.test", '/d/f');
    if (!$host->{base}) {
        $in_before{ $host->{name} } = \@in;
        next;
    }
    my $is_opened = opened($in_before{ $host->{base} }, \@in);
    if ($host->{warning}) {
        $warned++;
        $right++ if $is_opened;
        next;
    }
    $quiet++;
    $is_opened and $opened++ < 3 and diag("opened:\n$host->{text}");
}
is($opened, 0, 'sections: nobody gets in without a warning');
cmp_ok($quiet, '>', 100, "by $quiet additions");
cmp_ok($right, '>', 50, "$right of $warned that are warned of do let somebody in");
$server->stop;
done_testing();
