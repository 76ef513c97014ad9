# CORSEngine ReportOnly changes nothing, whatever the tests in front of this one
# have asked the server that they share and those of their own: their requests were
# recorded, and go out again to those servers without the module, and with it and
# every policy under ReportOnly. The responses are the same, byte for byte. Lines
# that are not the same in two runs without the module are not compared (Date, the
# port of the client), nor is Age, and Allow names the methods in another order after
# each start. "Require cors" is taken out: it refuses under ReportOnly, too. So are the
# handlers of status pages.
#
# Left out are the tests of starting httpd, which run beside each other (t/0..),
# servers that run under another program, add directives by themselves (mod_perl),
# or have ReportOnly already, and requests whose bytes a test sends by itself.
#
# `make http AGAIN=yes` runs it behind all others. Alone it has nothing to ask: name
# tests in front of it.
use strict;
use warnings;
use lib 'lib';
use CorsClient qw(vars);
use CorsTest ();
use File::Basename qw(basename);
use File::Path qw(make_path remove_tree);
use Files qw(slurp spew);
use Httpd;
use OwnServer;
use Storable qw(fd_retrieve);
use Test::More;
use Time::HiRes qw(sleep time);

my %vars    = %{ vars() };
my $dir     = "$vars{t_state}/replay";
my $log     = "$dir/error_log";
my @calls   = recorded($vars{recorded});
my @asked   = grep { is_request($_) } @calls;
my %config  = map { $_ => slurp($_) } glob "$vars{serverroot}/conf/*.conf";
my %without = (config => \&without_cors, htaccess => \&without_unless_refused);

# The .htaccess files that httpd refuses with the module, which ReportOnly cannot
# change. Without it they are made such that it refuses them, too.
my %is_refused;
my %report_only = (
    'said once, in the server'        => \&report_only_once,
    'said in each place with origins' => \&report_only_everywhere,
);

# From here on nothing is recorded, and the server is another.
vars()->{recorded} = '/dev/null';
vars()->{t_logs}   = $dir;
kill 'TERM', slurp("$vars{t_state}/httpd.pid");

cmp_ok(scalar @asked, '>', 0, scalar @asked . ' requests are recorded');
my %got;
for my $name (sort keys %report_only) {
    $got{$name} = [ responses(config => $report_only{$name},
        htaccess => \&without_on) ];
    my $said    = join '', map { slurp($_) } $log,
        glob "$vars{t_state}/own.*/error_log";
    my $reports = () = $said =~ /\] report-only: /g;
    cmp_ok($reports, '>', 0, "$name: $reports reports");
    $is_refused{$1} = 1 while $said =~ m{:alert\] .* (/\S+/\.htaccess): }g;
}
my @want = map { [ responses(%without) ] } 1, 2;
my $own  = grep { length $want[0][$_] && !is_to_shared($asked[$_]) } 0 .. $#asked;
cmp_ok($own, '>', 0, "$own of them to servers of a test's own")
    if grep { $_->[0] eq 'own_serve' } @calls;
my @differ = grep { !is_comparable($_) } 0 .. $#asked;
ok(!@differ, 'two runs without the module differ in single lines only');
show($_, $want[0][$_], $want[1][$_]) for first(@differ);
for my $name (sort keys %got) {
    @differ = grep { !is_same($_, $got{$name}[$_]) } 0 .. $#asked;
    ok(!@differ, "$name: all responses are the same");
    diag(scalar @differ, ' are not') if @differ;
    show($_, $want[0][$_], $got{$name}[$_]) for first(@differ);
}
done_testing();

sub first { return @_[ 0 .. ($#_ < 2 ? $#_ : 2) ] }

sub show {
    my ($i, @responses) = @_;
    my ($function, @arguments) = @{ $asked[$i] };
    diag("$function ", explain(\@arguments));
    my ($one, $two) = map { lines($_) } @responses;
    my @differ = grep { ($one->[$_] // '') ne ($two->[$_] // '') }
        0 .. ($#$one > $#$two ? $#$one : $#$two);
    @differ = grep { ($one->[$_] // '') !~ /\A(?i:date): / } @differ;
    diag($one->[0]);
    diag("- $_\n") for map { $one->[$_] // 'none' } first(@differ);
    diag("+ $_\n") for map { $two->[$_] // 'none' } first(@differ);
    return;
}

# ---------------------------------------------------------------- comparing

sub lines { return [ split /\n/, $_[0], -1 ] }

sub is_comparable {
    my ($i) = @_;
    return @{ lines($want[0][$i]) } == @{ lines($want[1][$i]) };
}

sub is_same {
    my ($i, $response) = @_;
    my ($one, $two, $got) = map { lines($_) } $want[0][$i], $want[1][$i],
        $response;
    return @$got == @$one
        && !grep { $one->[$_] eq ($two->[$_] // '')
        && $got->[$_] ne $one->[$_] }
        0 .. $#$one;
}

# ------------------------------------------------------------------- asking

sub recorded {
    my ($file) = @_;
    my (@recorded, $test);
    open my $in, '<:raw', $file or die "$file: $!\n";
    while (!eof $in) {
        my $call = fd_retrieve($in);
        $test = $call->[1] if $call->[0] eq 'test';
        push @recorded, $call
            if $call->[0] !~ /\Aown_/ || $test !~ /report_only/;
    }
    return @recorded;
}

sub is_request { return $_[0][0] =~ /\A(?:exchange|request_h2c)\z/ }

# Does all that was recorded, with a server of that configuration, and with the
# files that there were when the tests began. Returns the responses.
sub responses {
    my (%arg) = @_;
    my $httpd = server(%arg);
    my %own;
    my @responses;
    for my $call (@calls) {
        my ($function, @arguments) = @$call;
        if (is_request($call)) {
            my $server = $own{ port_of($call) };
            push @responses, is_to_shared($call) || $server && $server->{httpd}
                ? response($function, @arguments) : '';
        }
        elsif ($function eq 'test') {
            CorsTest::end_backends();
            $_->stop for grep { $_->{httpd} } values %own;
            %own = ();
        }
        elsif ($function =~ /\Aown_(\w+)\z/) {
            own($1, \%own, \%arg, @arguments);
        }
        elsif ($function eq 'write_htdocs') {
            my ($path, $text) = @arguments;
            my $file = "$vars{documentroot}/$path";
            $text = $arg{htaccess}->($text, $file) if $file =~ /\.htaccess\z/;
            CorsTest::write_htdocs($path, $text);
            utime 1e9, 1e9, $file or die "$file: $!\n";
        }
        else {
            CorsTest->can($function)->(@arguments);
        }
    }
    CorsTest::end_backends();
    sleep 1.1;    # in the next run Date is another one
    $httpd->stop;
    return @responses;
}

sub is_to_shared { return CorsClient::is_shared(port_of($_[0])) }

sub port_of {
    my ($function, @arguments) = @{ $_[0] };
    my %opt = $function eq 'exchange' ? @arguments[ 2 .. $#arguments ]
        : %{ $arguments[3] };
    return $opt{port};
}

# A server of a test's own, in the same place.
sub own {
    my ($what, $own, $arg, $port, @arguments) = @_;
    if ($what eq 'server') {
        $own->{$port} = OwnServer->at($arguments[0], $port);
    }
    elsif ($what eq 'serve') {
        my ($text, $opt) = @arguments;
        return if $text =~ /^Perl/m;
        $text = without_require($text);
        $text =~ s/^[ \t]*SetHandler[ \t]+"?(?:cors|server)-(?:status|info)\b.*//gmi;
        $text =~ s/^[ \t]*CORSStatus\b.*//gmi;
        remove_tree($_ =~ s/\@dir\@/$own->{$port}->dir/er, { keep_root => 1 })
            for $text =~ /^[ \t]*CacheRoot[ \t]+"(.*)"/gm;
        $text .= "\nSetEnv ap_trust_cgilike_cl 1\n";
        $own->{$port}->serve($arg->{config}->($text, '/httpd.conf'), %$opt);
    }
    elsif ($what eq 'write') {
        my ($path, $text) = @arguments;
        my $file = $own->{$port}->write($path, $text);
        spew($file, $arg->{htaccess}->(without_require($text), $file))
            if $path =~ /\.htaccess\z/;
        if ($text =~ /\A#!/) {
            chmod oct '755', $file;
            give_length($file) if $path !~ /\bnph-/;
        }
        utime 1e9, 1e9, $file or die "$file: $!\n";
    }
    else {
        $own->{$port}->stop if $own->{$port}{httpd};
        delete $own->{$port};
    }
    return;
}

sub response {
    my ($function, @arguments) = @_;
    my @responses;
    # Over HTTP/2 httpd resets the stream of a script now and then, and more often
    # while it has much to do.
    for my $try (1 .. 20) {
        @responses = CorsClient->can($function)->(@arguments);
        last if $function eq 'exchange' || !$responses[0]{error};
        sleep 0.02 * $try;
    }
    my $raw = join "\n",
        map { $_->{raw} . $_->extra . ($_->{error} || '') } @responses;
    $raw =~ s/^(allow: )([^\r\n]*)/$1 . join ',', sort split m{,}, $2/gmie;
    $raw =~ s/^(age: )\d+/$1-/gmi;
    # httpd writes the boundary as a number: with leading zeros it is shorter.
    $raw =~ s/^(content-length: )\d+/$1-/gmi
        if $raw =~ s{^(content-type: multipart/byteranges; boundary=)\w+}{$1-}gmi;
    return $raw;
}

# Its files, logs and state are in a directory of its own.
sub server {
    my (%arg) = @_;
    remove_tree($dir, $vars{documentroot});
    make_path($dir, map { "$dir/" . basename($_) } glob "$vars{t_state}/cache-*");
    system('cp', '-Rp', "$vars{t_state}/htdocs", $vars{documentroot}) == 0
        or die "cannot copy $vars{t_state}/htdocs\n";
    for my $file (keys %config) {
        my $text = $arg{config}->($config{$file}, $file);
        $text .= "SetEnv ap_trust_cgilike_cl 1\n" if $file =~ m{/httpd\.conf\z};
        $text =~ s/\Q$vars{$_}\E(?![-\w])/$dir/g for qw(t_state t_logs);
        spew($file, $text);
    }
    spew($_, $arg{htaccess}->(slurp($_), $_)) for files('-name .htaccess');
    give_length($_) for files('-type f -perm -u+x ! -name "nph-*"');
    return started();
}

# While no server runs, another program may come by one of its ports.
sub started {
    for (1 .. 30) {
        my $httpd = eval {
            Httpd->start(program => $vars{httpd}, dir => $dir,
                conf => $vars{conf}, port => $vars{port});
        };
        return $httpd if $httpd;
        die $@ if $@ !~ /Address already in use/;
        sleep 1;
    }
    die $@;
}

sub files { return split /\n/, qx{find "$vars{documentroot}" $_[0]} }

# Whether httpd finds out the length of what a script says depends on when the
# script ends. So they say it, and httpd believes them.
sub give_length {
    my ($script) = @_;
    rename $script, "$script.own" or die "$script: $!\n";
    spew($script, <<'PERL');
#!/usr/bin/perl
my ($head, $body) = split /(?<=\n)\r?\n/, qx{"$0.own"}, 2;
print $head;
printf "Content-Length: %d\n", length $body if $head !~ /^Content-Length:/mi;
print "\n$body";
PERL
    chmod oct '755', $script;
    return;
}

# ------------------------------------------------------------ configurations

# The module, and its directives, which may go on in the next line, taken out. Of
# AllowOverrideList something has to be left, else httpd reads no .htaccess.
sub without_cors {
    my ($text) = @_;
    $text =~ s/^([ \t]*AllowOverrideList .*)/$1 Header/gm;
    $text =~ s/^([ \t]*LogLevel .*) cors:\w+$/$1/gm;
    $text =~ s/^[ \t]*(?:LoadModule[ ]cors_module|LogLevel[ ]cors:|CORS)
        (?:[^\n]*\\\n)*[^\n]*(?:\n|\z)//gmx;
    return $text;
}

sub without_require {
    my ($text) = @_;
    return $text =~ s/^([ \t]*Require[ \t]+)cors\b.*/$1all granted/gmir;
}

sub without_unless_refused {
    my ($text, $file) = @_;
    $text =~ s/^[ \t]*CORS/Header CORS/gm if $is_refused{$file};
    return without_cors($text);
}

# As .htaccess files cannot say ReportOnly, they say nothing.
sub without_on {
    my ($text) = @_;
    $text =~ s/^[ \t]*CORSEngine On\b[^\n]*(?:\n|\z)//gmi;
    return $text;
}

sub report_only_once {
    my ($text, $file) = @_;
    $text =~ s/(CORSEngine) On\b/$1 ReportOnly/gi;
    $text .= "CORSEngine ReportOnly\n" if $file =~ m{/httpd\.conf\z};
    return $text;
}

# Beside the lines that name origins, or let a .htaccess file name them.
sub report_only_everywhere {
    my ($text) = @_;
    $text =~ s/(CORSEngine) On\b/$1 ReportOnly/gi;
    $text =~ s/^([ \t]*)((?:CORSAllowOrigin(?:Match)?|AllowOverride(?:List)?)[ \t]+(?!None))/$1CORSEngine ReportOnly\n$1$2/gm;
    return $text;
}
