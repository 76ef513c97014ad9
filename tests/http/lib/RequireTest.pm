package RequireTest;

=head1 NAME

RequireTest - tables of requests, and what "Require cors" finds out about them

=head1 SYNOPSIS

    my $server = OwnServer->new;
    require_server($server, { exact => 'CORSAllowOrigin https://app.example' });
    require_rows($server, <<'ROWS');
    POST https://app.example cross-site - exact trusted: its list
    ROWS

    my ($res, $notes) = require_ask($server, 'POST', '/exact/script',
        [ 'Sec-Fetch-Site' => 'cross-site' ]);

=head1 DESCRIPTION

C<require_server> serves, for each policy NAME, a script under C</NAME/>, behind
C<Require cors>, and under C</NAME!/>, behind C<Require cors isolated>; for HEAD a
file, because over HTTP/2 httpd now and then breaks off what scripts answer to it.
Further sections may follow. The host's names are site.example, www.site.example and
*.alias.example; it listens on a port other than 80.

A row is

    METHOD ORIGIN SITE MORE POLICY FINDING: why

ORIGIN and SITE (Sec-Fetch-Site) are C<-> where there is no such line, C<''> for
an empty one, and more than one line with C<&> between them; C<_> is a blank, and
C<\xNN> a byte. MORE is C<->, or, separated by commas,

    MODE/DEST     Sec-Fetch-Mode and Sec-Fetch-Dest, either may be missing
    upgrade       Upgrade: websocket
    asks          Access-Control-Request-Method: POST
    host=HOST     Host (site.example is usual; empty: no line, HTTP/1.0)
    url=URL       the target is that, in front of the path

FINDING is the note cors-foreign, C<off> if nothing has asked. Refused are the
findings host and foreign, with 403 and the notes that say so; all else has status
200, or C<FINDING=STATUS>. A row is asked over HTTP/1.1, and over h2c if HTTP/2 can
say the same.

C<require_ask> asks a server whose configuration has C<notes_format()>, and returns
the response and what the log then says: the status, C<foreign=FINDING> and, where
it was refused, C<verdict=denied reason=REASON>. Of requests with the variable
C<inner>, which the server sends to itself, it says nothing.

=cut

use strict;
use warnings;

use CorsTest;
use Exporter 'import';
use Files qw(slurp);
use Test::More;
use Time::HiRes qw(sleep time);

our @EXPORT = qw(require_server require_conf require_rows require_ask
    notes_format notes_of);

my $count = 0;

sub require_server {
    my ($server, $policies, $more) = @_;
    chmod oct '755', $server->write('answer.cgi', <<'CGI');
#!/bin/sh
echo Content-Type: text/plain
echo
echo through
CGI
    $server->serve(require_conf($policies, $more));
    return;
}

sub require_conf {
    my ($policies, $more) = @_;
    my $sections = join '', map {
        my $policy = $policies->{$_};
        map { "<Location \"/$_->[0]/\">\n$policy\nRequire cors $_->[1]\n</Location>\n" }
            [ $_, '' ], [ "$_!", 'isolated' ]
    } sort keys %$policies;
    return <<"CONF" . ($more || '');
@{[ notes_format() ]}
AliasMatch "^/[^/]+/file\$" "\@dir\@/www/file.txt"
ScriptAliasMatch "^/(?!htaccess/)[^/]+/script\$" "\@dir\@/www/answer.cgi"
<Directory "\@dir\@/www">
    Options +ExecCGI
</Directory>
<VirtualHost *:\@port\@>
    ServerName site.example
    ServerAlias www.site.example *.alias.example
    $sections
</VirtualHost>
CONF
}

sub notes_format {
    return <<'CONF';
LogFormat "%{X-Row}i %>s foreign=%{cors-foreign}n verdict=%{cors-verdict}n reason=%{cors-reason}n" notes
CustomLog "@dir@/notes_log" notes env=!inner
<IfModule http2_module>
    Protocols h2c http/1.1
</IfModule>
CONF
}

sub require_ask {
    my ($server, $method, $target, $lines, %opt) = @_;
    my $id  = 'row' . ++$count;
    my $res = request($method, $target, [ 'X-Row' => $id, @$lines ],
        port => $server->port, %opt);
    return ($res, notes_of($server, $id));
}

sub require_rows {
    my ($server, $text) = @_;
    my @rows = map { row($_) } grep { /\S/ && !/^\s*#/ } split /\n/, $text;
    for_each_protocol {
        for my $row (@rows) {
            next if $CorsTest::PROTOCOL eq 'h2c' && !$row->{is_for_h2};
            my ($res, $notes) = require_ask($server,
                @$row{qw(method target lines)},
                host => $row->{host}, version => $row->{version});
            is(join(' ', $res->error // (), $res->status, $notes),
                "$row->{status} $row->{status} $row->{notes}",
                "$CorsTest::PROTOCOL: $row->{text}");
        }
    };
    return scalar @rows;
}

# What the log says of a request: its status, and what was found. The verdict, if
# nothing was refused, is about reading, and left out.
sub notes_of {
    my ($server, $id) = @_;
    my $until = time + 30;
    while (time < $until) {
        my $log = slurp($server->dir . '/notes_log');
        if ($log =~ /^\Q$id\E (.*)$/m) {
            my $notes = $1;
            $notes =~ s/ verdict=.*//
                if $notes !~ / verdict=denied reason=(?:host|foreign)\z/;
            return $notes;
        }
        sleep 0.005;
    }
    return 'not logged';
}

sub row {
    my ($text) = @_;
    my ($method, $origin, $site, $more, $policy, $finding, $status) =
        $text =~ /^\s*(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+([\w-]+)(?:=(\d+))?:/
        or die "not a row: $text\n";
    my $is_refused = $finding eq 'host' || $finding eq 'foreign';
    my $noted      = $finding eq 'off' ? '-' : $finding;
    my %row = (
        text      => $text =~ s/\s+/ /gr,
        method    => $method,
        target    => "/$policy/" . ($method eq 'HEAD' ? 'file' : 'script'),
        host      => 'site.example',
        version   => '1.1',
        lines     => [ lines(Origin => $origin), lines('Sec-Fetch-Site' => $site) ],
        is_for_h2 => 1,
        status    => $status || ($is_refused ? 403 : 200),
        notes     => "foreign=$noted"
            . ($is_refused ? " verdict=denied reason=$finding" : ''),
    );
    add_more(\%row, $_) for grep { $_ ne '-' } split /,/, $more;
    return \%row;
}

sub add_more {
    my ($row, $more) = @_;
    if ($more eq 'upgrade') {
        push @{ $row->{lines} }, Connection => 'Upgrade, close',
            Upgrade => 'websocket';
        $row->{is_for_h2} = 0;
    }
    elsif ($more eq 'asks') {
        push @{ $row->{lines} }, 'Access-Control-Request-Method' => 'POST';
    }
    elsif ($more =~ /\Ahost=(.*)\z/) {
        $row->{host} = length $1 ? bytes($1) : undef;
        @$row{qw(version is_for_h2)} = ('1.0', 0) if !length $1;
    }
    elsif ($more =~ /\Aurl=(.*)\z/) {
        $row->{target}    = $1 . $row->{target};
        $row->{is_for_h2} = 0;
    }
    elsif ($more =~ m{\A(.*)/(.*)\z}) {
        push @{ $row->{lines} }, lines('Sec-Fetch-Mode' => $1 || '-'),
            lines('Sec-Fetch-Dest' => $2 || '-');
    }
    else {
        die "not known: $more\n";
    }
    return;
}

sub lines {
    my ($name, $values) = @_;
    return if $values eq '-';
    return map { ($name => $_ eq "''" ? '' : bytes($_)) } split /&/, $values;
}

sub bytes {
    my ($text) = @_;
    return $text =~ tr/_/ /r =~ s/\\x([0-9a-f]{2})/chr hex $1/egr;
}

1;
