package OwnServer;

=head1 NAME

OwnServer - a httpd of a test's own, beside the one that all tests share

=head1 SYNOPSIS

    my $server = OwnServer->new('hooks');
    $server->start(<<'CONF', modules => [qw(info)]);
    CORSAllowOrigin https://app.example
    CONF
    my $res = get('/file.txt', $origin, port => $server->port);
    $server->restart('# no directive of ours');
    $server->stop;

=head1 DESCRIPTION

It has the modules of the tests, in the order of C<CorsServer>, unless
C<order> is given, a function of their LoadModule lines; and C<modules>, names
of further ones, before the others. In the configuration C<@dir@> is a directory
of its own with C<www>, the document root, and C<@port@> its port.
C<restart> is graceful, and waits until the new configuration is in force.
C<log> returns what the error log holds. A server that is still running when
the test ends is stopped.

=cut

use strict;
use warnings;

use Apache::Test ();
use CorsClient qw(get slurp spew);
use File::Path qw(make_path remove_tree);
use IO::Socket::INET;
use Time::HiRes qw(sleep time);

my %running;
END {
    my $status = $?;
    $_->stop for values %running;
    $? = $status;
}

sub new {
    my ($class, $name) = @_;
    my $vars = Apache::Test::vars();
    my $self = bless { vars => $vars, dir => "$vars->{t_state}/$name",
        count => 0 }, $class;
    remove_tree($self->{dir});
    make_path("$self->{dir}/www");
    $self->write('file.txt', "file\n");
    my $socket = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1)
        or die "no free port: $@\n";
    $self->{port} = $socket->sockport;
    return $self;
}

sub port { return $_[0]{port} }
sub dir  { return $_[0]{dir} }
sub log  { return slurp("$_[0]{dir}/error_log") }

# A file below the document root.
sub write {
    my ($self, $path, $content) = @_;
    my $file = "$self->{dir}/www/$path";
    make_path($file =~ s{/[^/]*\z}{}r);
    spew($file, $content);
    return $file;
}

sub configure {
    my ($self, $conf, %opt) = @_;
    my ($vars, $dir) = @$self{qw(vars dir)};
    my @load = split /^/, slurp($vars->{httpd_conf});
    my ($where) = map { m{"(.*)/mod_alias\.so"} ? $1 : () } @load;
    unshift @load, map { qq{LoadModule ${_}_module "$where/mod_$_.so"\n} }
        @{ $opt{modules} || [] };
    @load = $opt{order}->(@load) if $opt{order};
    my $count = ++$self->{count};
    my $text  = join('', @load) . <<"CONF";
ServerName        localhost
Listen            127.0.0.1:\@port\@
DefaultRuntimeDir "$dir"
PidFile           "$dir/pid"
Mutex             "file:$dir" default
ErrorLog          "$dir/error_log"
TypesConfig       "$vars->{serverroot}/conf/mime.types"
DocumentRoot      "$dir/www"
<IfModule cgid_module>
    ScriptSock    "$dir/cgid.sock"
</IfModule>
<Directory />
    AllowOverride None
</Directory>
<Location "/configuration">
    Redirect 410
    ErrorDocument 410 "configuration $count"
</Location>
$conf
CONF
    $text =~ s/\@dir\@/$dir/g;
    $text =~ s/\@port\@/$self->{port}/g;
    spew("$dir/httpd.conf", $text);
    return;
}

sub httpd {
    my ($self) = @_;
    return ($self->{vars}{httpd}, '-d', $self->{dir}, '-f',
        "$self->{dir}/httpd.conf");
}

sub start {
    my ($self, $conf, %opt) = @_;
    $self->configure($conf, %opt);
    system($self->httpd, '-k', 'start') == 0
        or die "httpd does not start\n", $self->log;
    $running{ $self->{dir} } = $self;
    $self->arrived;
    return;
}

sub restart {
    my ($self, $conf, %opt) = @_;
    $self->configure($conf, %opt);
    kill 'USR1', $self->pid or die "httpd is gone\n";
    $self->arrived;
    return;
}

sub arrived {
    my ($self) = @_;
    my $until = time + 20;
    while (time < $until) {
        my $res = eval {
            get('/configuration', undef, port => $self->{port},
                protocol => 'h1');
        };
        return if $res && $res->body eq "configuration $self->{count}";
        sleep 0.05;
    }
    die "configuration $self->{count} does not arrive\n", $self->log;
}

sub stop {
    my ($self) = @_;
    delete $running{ $self->{dir} };
    my $pid = $self->pid;
    kill 'TERM', $pid or return;
    for (1 .. 400) {
        return if !-e "$self->{dir}/pid";
        sleep 0.05;
    }
    kill 'KILL', $pid;
    die "httpd does not stop\n";
}

sub pid {
    my ($self) = @_;
    my ($pid) = slurp("$self->{dir}/pid") =~ /(\d+)/;
    return $pid || die "httpd has no pid\n";
}

1;
