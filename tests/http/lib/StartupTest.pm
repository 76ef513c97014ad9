package StartupTest;

=head1 NAME

StartupTest - what httpd -t says about a configuration, and what it dumps

=head1 SYNOPSIS

    startup_rows(<<'ROWS');
    == credentials in a section, any origin around it
    CORSAllowOrigin *
    <Location "/a">
        CORSAllowCredentials On
    </Location>
    ! CORSAllowOrigin * (conf:1) with CORSAllowCredentials On (conf:3): any
    !   site could read ...
    ROWS

    proof_rows(<<'ROWS');
    == a policy in a directory
    <Directory "/srv">
        CORSMaxAge 1
    </Directory>
    = main: header_parser: CORSMaxAge 1 (conf:2)
    ROWS

=head1 DESCRIPTION

A row starts with its title and a configuration. What C<httpd -t> has to print
about it comes below:

    ! MESSAGE             an error about the whole configuration
    !3 MESSAGE            a syntax error on line 3
    ? MESSAGE             a warning
    = HOST: POINT         proof_rows: where preflights are answered ("main" is
                          the main server, others go by their ServerName)

Three blanks continue a message. C<conf> stands for the configuration's file.
Without errors httpd has to say C<Syntax OK>; nothing else may be printed. A
title with C<(libpsl)> tells that the messages come only with libpsl.

C<startup($config, @arguments)> returns what is printed, in lines, and the exit
status. C<dump_of($config)> returns the text of the dump, C<dump_places> what
stays the same when a dump is dumped again: all but files and lines, and which
of several directives is the first.
C<has_libpsl> reads it from a dump.

=cut

use strict;
use warnings;

use CorsTest qw(configtest);
use Exporter 'import';
use Test::More ();

our @EXPORT = qw(
    startup_rows proof_rows startup startup_is dump_of dump_places proof_of
    has_libpsl row_count
);

my $count = 0;
my $libpsl;

# How many configurations have been judged.
sub row_count {
    return $count;
}

sub startup {
    my ($config, @args) = @_;
    my $got = configtest($config, args => \@args);
    my $out = $got->{output};
    my $dir = CorsTest::vars()->{t_state} . '/configtest';
    $out =~ s{\Q$dir\E/snippet\.conf}{conf}g;
    $out =~ s{\Q$dir\E/}{}g;
    $out =~ s/^\[[^\]]*\] \[\S+:\w+\] \[pid [^\]]*\] //mg;
    return ([ split /\n/, $out ], $got->{exit});
}

# One test: what is printed, in whichever order, and the exit status.
sub startup_is {
    my ($config, $messages, $name) = @_;
    $count++;
    my ($got, $exit) = startup($config);
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

sub wanted {
    my ($message) = @_;
    return ("AH00526: Syntax error on line $1 of conf:", $2)
        if $message =~ /\A!(\d+) (.*)\z/s;
    return substr $message, 2;
}

sub startup_rows {
    my ($text) = @_;
    for my $row (parse($text)) {
        my ($title, $config, @messages) = @$row;
        @messages = () if $title =~ /\(libpsl\)/ && !has_libpsl();
        local $Test::Builder::Level = $Test::Builder::Level + 1;
        startup_is($config, \@messages, $title);
    }
    return;
}

sub proof_rows {
    my ($text) = @_;
    for my $row (parse($text)) {
        my ($title, $config, @wanted) = @$row;
        $count++;
        my @got = proof_of($config);
        local $Test::Builder::Level = $Test::Builder::Level + 1;
        Test::More::is(
            join("\n", sort @got),
            join("\n", sort map { substr $_, 2 } @wanted), $title
        ) or Test::More::diag($config);
    }
    return;
}

# "HOST: POINT" of each server.
sub proof_of {
    my ($config) = @_;
    my ($lines, $exit) = startup($config, '-D', 'DUMP_CORS');
    return @$lines if $exit != 0;
    my $host = 'main';
    my @proof;
    for my $line (@$lines) {
        $host = $1 if $line =~ /\A    ServerName (\S+)/;
        push @proof, "$host: $1"
            if $line =~ /\A *# preflights are answered at (.*)\z/;
    }
    return @proof;
}

sub dump_of {
    my ($config) = @_;
    my ($lines, $exit) = startup($config, '-D', 'DUMP_CORS');
    $count++;
    Test::More::diag(join "\n", 'no dump', @$lines, $config) if $exit != 0;
    my $is_dump = 0;
    return join '', map { "$_\n" }
        grep { ($is_dump ||= /\A# mod_cors: /) && $_ ne 'Syntax OK' } @$lines;
}

sub dump_places {
    my ($dump) = @_;
    $dump =~ s/^ *(?:# +)?# \S.*:\d+\n//mg;
    $dump =~ s/(answered at header_parser): .*/$1/g;
    return $dump;
}

sub has_libpsl {
    $libpsl = dump_of('') =~ /\A# .*; public suffixes: libpsl / ? 1 : 0
        if !defined $libpsl;
    return $libpsl;
}

# Titles, configurations and what is wanted of each.
sub parse {
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
