package ConfigTest;

=head1 NAME

ConfigTest - what httpd -t says about a configuration, and what it dumps

=head1 SYNOPSIS

    config_rows('CORSMaxAge', <<'ROWS');
    # C-80 the greatest age
    + 86400
    - 86401
        no browser keeps an answer longer than a day; write "86400"
    ROWS

    startup_rows(<<'ROWS');
    == credentials in a section, any origin around it
    CORSAllowOrigin *
    <Location "/a">
        CORSAllowCredentials On
    </Location>
    ! CORSAllowOrigin * (conf:1) with CORSAllowCredentials On (conf:3): any
    !   site could read ...
    ROWS

    point_rows(<<'ROWS');
    == a policy in a directory
    <Directory "/srv">
        CORSMaxAge 1
    </Directory>
    = main: header_parser: CORSMaxAge 1 (conf:2)
    ROWS

=head1 DESCRIPTION

None of these touches the server of the other tests: each program that uses this
module has a directory of its own.

=head2 Values of a directive

A row that starts with C<+> is accepted, and C<httpd -t> prints nothing about
it (beside a C<CORSAllowOrigin>, without which most directives do nothing). One
that starts with C<-> is refused, with exactly the message in the lines below
it: the name of the directive, the value in quotes, a colon and the text. Where
the value that is quoted is not the whole row, the text starts with it, in
quotes; where the message quotes no value, the text starts with the directive's
name. Without lines below it, the message is that of the next row. A line that
starts with C<#> is the title of the rows below it.

A message that ends in C<write "VALUE"> promises that this value will do:
that is one more test.

In rows and messages, C<< <x*63> >> stands for 63 times C<x>, C<< <\xe9> >>
for that byte.

=head2 Configurations

A row starts with its title and a configuration. What C<httpd -t> has to print
about it comes below:

    ! MESSAGE             an error about the whole configuration
    !3 MESSAGE            a syntax error on line 3
    ? MESSAGE             a warning
    = HOST: POINT         point_rows: where preflights are answered ("main" is
                          the main server, others go by their ServerName)

Three blanks continue a message. One that ends in C<...> goes on as the one
before it does, from the colon behind the directives or the semicolon of a
syntax error. C<conf> stands for the configuration's file. Without errors httpd
has to say C<Syntax OK>; nothing else may be printed. A title with C<(libpsl)>
tells that the messages come only with libpsl.

=head2 Functions

=over

=item configtest($config, @arguments)

Runs C<httpd -t>, with further arguments, on a server with the modules of the
tests and the configuration. Returns a hash: C<exit>, C<lines> (all that was
printed, without log prefixes) and, of a syntax error, its C<line>; C<message>
is the error alone.

=item config_error($config, $message, $name), config_ok($config, $name)

One test: the configuration is refused, with exactly that message; or it is
accepted, and httpd prints "Syntax OK" and no more.

=item configs_ok([$config, $name], ...)

The same of many that do not know each other, at the price of one C<httpd -t>.

=item startup_is($config, [messages], $name)

One row of C<startup_rows>.

=item hosts_are([$config, [messages], $name], ...)

The same of many that do not know each other, each in a virtual host of one
configuration, whose lines count from 1.

=item dump_of($config), dump_places($dump), points_of($config)

The text of the dump; what stays the same when a dump is dumped again: all but
files, lines and names of hosts, and which of several directives is the first;
where preflights are answered, as C<point_rows> wants it.

=item has_libpsl(), row_count(), config_dir()

Whether the module was built with libpsl; how many configurations have been
judged; the directory of the configuration's file.

=back

=cut

use strict;
use warnings;

use CorsClient qw(vars);
use Exporter 'import';
use File::Temp qw(tempdir);
use Files qw(slurp spew);
use FindBin;
use Test::More ();

our @EXPORT_OK = qw(parse_configs);
our @EXPORT = qw(
    config_rows startup_rows point_rows configtest config_ok config_error
    configs_ok startup_is dump_of dump_places points_of has_libpsl row_count
    config_dir hosts_are %VALUE
);

# A value that each directive takes wherever it may stand: that of the annotated
# configuration, but for what would not go with the others.
our %VALUE = (
    (map { /^ *#(CORS\w+) +(.*)/ ? ($1 => $2) : () }
        split /\n/, slurp("$FindBin::Bin/../../../conf/cors.conf")),
    CORSPreflight => 'pass',
);

my $count = 0;
my ($dir, $libpsl);

# How many configurations have been judged.
sub row_count {
    return $count;
}

# Made with the first configuration.
sub config_dir {
    return $dir if defined $dir;
    my $vars = vars();
    $dir = tempdir("$vars->{t_state}/configtest.XXXXXX", CLEANUP => 1);
    spew("$dir/httpd.conf", <<"CONF");
Include "$vars->{modules_conf}"
ServerName localhost
Listen 127.0.0.1:$vars->{port}
DefaultRuntimeDir "$dir"
DocumentRoot "$vars->{documentroot}"
ErrorLog "$dir/error_log"
Include "$dir/conf"
CONF
    return $dir;
}

sub configtest {
    my ($config, @args) = @_;
    my ($vars, $dir) = (vars(), config_dir());
    spew("$dir/conf", $config);
    my @command = ($vars->{httpd}, '-t', '-d', $vars->{serverroot},
        '-f', "$dir/httpd.conf", @args);
    defined(my $pid = open my $from, '-|') or die "fork: $!\n";
    if (!$pid) {
        open STDERR, '>&', \*STDOUT;
        exec { $command[0] } @command;
        die "$command[0]: $!\n";
    }
    my $output = do { local $/ = undef; <$from> };
    close $from;
    my $exit = $? >> 8;
    $output =~ s{\Q$dir\E/}{}g;
    $output =~ s/^\[[^\]]*\] \[\S+:\w+\] \[pid [^\]]*\] //mg;
    my @lines = split /\n/, $output;
    my %got = (exit => $exit, lines => \@lines, message => join "\n", @lines);
    @got{qw(line message)} = ($1, $2)
        if $output =~ /Syntax error on line (\d+) of \S+:\n(.*)\n\z/s;
    return \%got;
}

sub config_error {
    my ($config, $message, $name) = @_;
    my $got = configtest($config);
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $right = Test::More::ok($got->{exit} && $got->{message} eq $message,
        $name);
    Test::More::diag("wanted: $message\n   got: $got->{message}\n",
        "  exit: $got->{exit}")
        if !$right;
    return $right;
}

sub config_ok {
    my ($config, $name) = @_;
    my $got = configtest($config);
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $right = Test::More::ok(
        !$got->{exit} && "@{ $got->{lines} }" eq 'Syntax OK', $name);
    Test::More::diag("exit $got->{exit}: ", join "\n", @{ $got->{lines} })
        if !$right;
    return $right;
}

# One test for each pair of a configuration and a name. All are tried at once,
# in a virtual host each; where httpd says anything, one by one.
sub configs_ok {
    my (@pairs) = @_;
    my $got = configtest(join '',
        map { "<VirtualHost *:1>\n$_->[0]</VirtualHost>\n" } @pairs);
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    return map { config_ok(@$_) } @pairs
        if $got->{exit} || "@{ $got->{lines} }" ne 'Syntax OK';
    return map { Test::More::pass($_->[1]) } @pairs;
}

sub config_rows {
    my ($directive, $text) = @_;
    my $rest = $directive =~ /\ACORSAllowOrigin/
        ? ''
        : "CORSAllowOrigin https://app.example\n";
    my @accepted;
    for my $row (parse_rows($text)) {
        my ($sign, $value, $message, $title) = @$row;
        my $line = "$directive $value";
        my $name = join ' ', grep { length } $title, shown($line);
        if ($sign eq '+') {
            push @accepted, [ "$rest$line\n", "$name is accepted" ];
            next;
        }
        $message = qq{"$value": $message} if $message !~ /\A(?:"|$directive)/;
        $message = "$directive $message" if $message !~ /\A$directive/;
        config_error("$rest$line\n", $message, "$name is refused");
        push @accepted, [ "$rest$directive $1\n",
            "$title $directive $1, as told" ]
            if $message =~ /; write "([^"]*)"\z/;
    }
    return configs_ok(@accepted);
}

sub parse_rows {
    my ($text) = @_;
    my @rows;
    my $title = '';
    for my $line (split /\n/, $text) {
        if ($line =~ /\A# ?(.*)/) {
            $title = $1;
        }
        elsif ($line =~ /\A([-+])(?: (.*))?\z/) {
            push @rows, [ $1, expand(defined $2 ? $2 : ''), '', $title ];
        }
        elsif ($line =~ /\A +(.*)/ && @rows && $rows[-1][0] eq '-') {
            $rows[-1][2] .= (length $rows[-1][2] ? ' ' : '') . expand($1);
        }
        elsif ($line =~ /\S/) {
            die "not a row: $line\n";
        }
    }
    for my $n (reverse 0 .. $#rows) {
        next if $rows[$n][0] eq '+' || length $rows[$n][2];
        $rows[$n][2] = ($rows[ $n + 1 ] || [])->[2]
            || die "no message: $rows[$n][1]\n";
    }
    return @rows;
}

sub expand {
    my ($text) = @_;
    $text =~ s/<([^<>]*)\*(\d+)>/$1 x $2/ge;
    $text =~ s/<\\x([0-9a-f]{2})>/chr hex $1/ge;
    return $text;
}

sub shown {
    my ($text) = @_;
    $text =~ s/([^ -~])/sprintf '\\x%02x', ord $1/ge;
    return length $text > 90 ? substr($text, 0, 87) . '...' : $text;
}

sub startup_is {
    my ($config, $messages, $name) = @_;
    $count++;
    my $said = configtest($config);
    my ($got, $exit) = @$said{qw(lines exit)};
    my @errors = grep { /\A!/ } @$messages;
    my @want   = map { wanted($_) } @$messages;
    push @want, 'Syntax OK' if !@errors;
    push @want, 'AH00014: Configuration check failed'
        if grep { /\A! / } @errors;
    my $right = (join("\n", sort @$got) eq join "\n", sort @want)
        && (@errors ? $exit == 1 : $exit == 0);

    local $Test::Builder::Level = $Test::Builder::Level + 1;
    Test::More::ok($right, $name)
        or Test::More::diag("wanted:\n", map({ "    $_\n" } @want),
        "got (exit $exit):\n", map({ "    $_\n" } @$got), $config);
    return $right;
}

# The same of many that do not know each other, each in a virtual host of one
# configuration: to each belongs what cites one of its lines.
sub hosts_are {
    my (@rows) = @_;
    $count += @rows;
    my ($text, @host_of, %said) = ('', undef);
    for my $row (@rows) {
        my $host = "<VirtualHost *:1>\n$row->[0]</VirtualHost>\n";
        push @host_of, ([ $row, scalar @host_of ]) x $host =~ tr/\n//;
        $text .= $host;
    }
    my $got = configtest($text);
    my @rest;
    for my $line (@{ $got->{lines} }) {
        my ($row, $first) = $line =~ /\(conf:(\d+)\)/ ? @{ $host_of[$1] } : ();
        push @{ $row ? $said{$row} : \@rest },
            $line =~ s/\(conf:\K(\d+)/$1 - ($first || 0)/ger;
    }
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $refused = grep { @{ $_->[1] } } @rows;
    Test::More::is("$got->{exit}: @rest", $refused
        ? '1: AH00014: Configuration check failed' : '0: Syntax OK',
        'nothing is said of the whole');
    return map {
        Test::More::is(join("\n", sort @{ $said{$_} || [] }),
            join("\n", sort map { substr $_, 2 } @{ $_->[1] }), $_->[2])
            or Test::More::diag($_->[0])
    } @rows;
}

sub wanted {
    my ($message) = @_;
    return ("AH00526: Syntax error on line $1 of conf:", $2)
        if $message =~ /\A!(\d+) (.*)\z/s;
    return substr $message, 2;
}

sub startup_rows {
    my ($text) = @_;
    my $reason;
    for my $row (parse_configs($text)) {
        my ($title, $config, @messages) = @$row;
        for my $message (@messages) {
            $message =~ s/\.\.\.\z/$reason/
                or $message =~ /\A!\d.*?; (.*)|.*\)(?: has no effect)?: (.*)/
                and $reason = defined $1 ? $1 : $2;
        }
        @messages = () if $title =~ /\(libpsl\)/ && !has_libpsl();
        local $Test::Builder::Level = $Test::Builder::Level + 1;
        startup_is($config, \@messages, $title);
    }
    return;
}

sub point_rows {
    my ($text) = @_;
    for my $row (parse_configs($text)) {
        my ($title, $config, @wanted) = @$row;
        $count++;
        my @got = points_of($config);
        local $Test::Builder::Level = $Test::Builder::Level + 1;
        Test::More::is(
            join("\n", sort @got),
            join("\n", sort map { substr $_, 2 } @wanted), $title
        ) or Test::More::diag($config);
    }
    return;
}

# "HOST: POINT" of each server.
sub points_of {
    my ($config) = @_;
    my $got = configtest($config, '-D', 'DUMP_CORS');
    return @{ $got->{lines} } if $got->{exit};
    my $host = 'main';
    my @points;
    for my $line (@{ $got->{lines} }) {
        $host = $1 if $line =~ /\A    # ServerName (\S+)/;
        push @points, "$host: $1"
            if $line =~ /\A *# preflights are answered at (.*)\z/;
    }
    return @points;
}

sub dump_of {
    my ($config) = @_;
    my $got = configtest($config, '-D', 'DUMP_CORS');
    my @lines = @{ $got->{lines} };
    $count++;
    Test::More::diag(join "\n", 'no dump', @lines, $config) if $got->{exit};
    my $is_dump = 0;
    return join '', map { "$_\n" }
        grep { ($is_dump ||= /\A# mod_cors \d[^:]*: /) && $_ ne 'Syntax OK' } @lines;
}

sub dump_places {
    my ($dump) = @_;
    $dump =~ s/^ *(?:# +)?# (?:\S.*:\d+|ServerName .*)\n//mg;
    $dump =~ s/(answered at header_parser): .*/$1/g;
    return $dump;
}

sub has_libpsl {
    $libpsl = dump_of('') =~ /\A# .*; public suffixes: libpsl / ? 1 : 0
        if !defined $libpsl;
    return $libpsl;
}

# Titles, configurations and what is wanted of each.
sub parse_configs {
    my ($text) = @_;
    my @rows;
    for my $line (split /\n/, $text) {
        if ($line =~ /\A== (.*)/) {
            push @rows, [ $1, '' ];
        }
        elsif ($line =~ /\A[!?=]   +(.*)/) {
            $rows[-1][-1] .= " $1";
        }
        elsif ($line =~ /\A[!?=]/) {
            push @{ $rows[-1] }, $line;
        }
        elsif (@rows && @{ $rows[-1] } == 2) {
            $rows[-1][1] .= "$line\n";
        }
        elsif ($line =~ /\S/) {
            die "not in a row: $line\n";
        }
    }
    return @rows;
}

1;
