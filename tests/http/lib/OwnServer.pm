package OwnServer;

=head1 NAME

OwnServer - a httpd of a test's own, beside the one that tests share

=head1 SYNOPSIS

    my $server = OwnServer->new;
    $server->serve(<<'CONF', modules => [qw(info)]);
    CORSAllowOrigin https://app.example
    CONF
    my $res = get('/file.txt', $origin, port => $server->port);
    $server->serve('# no directive of ours');

=head1 DESCRIPTION

C<serve> starts it (C<< under => [...] >>: with a command in front), or restarts
it gracefully (C<< signal => 'HUP' >>: not so), and returns when that
configuration is in force; C<await> waits for that once more. Its modules are
those of the tests, behind further ones by name (C<modules>), unless a function
of all LoadModule lines puts them in another C<order>. In the configuration,
C<@dir@> is a directory of the server's own and C<@port@> its port;
C<@dir@/www>, the document root, has F<file.txt>, and what C<write($path,
$content)> writes. C<log> returns what the error log holds, C<has> whether there
is a module, C<children> its processes.

=cut

use strict;
use warnings;

use CorsClient qw(record vars);
use File::Basename qw(dirname);
use File::Path qw(make_path remove_tree);
use File::Temp qw(tempdir);
use Files qw(slurp spew);
use Http;
use Httpd qw(confined free_port load_modules);
use Time::HiRes qw(sleep time);

sub new {
    my ($class) = @_;
    my $dir = tempdir(vars()->{t_state} . '/own.XXXXXX');
    return $class->at($dir, free_port());
}

# What is served from there before is gone.
sub at {
    my ($class, $dir, $port) = @_;
    my $self = bless { dir => $dir, port => $port, count => 0 }, $class;
    record(own_server => $port, $dir);
    remove_tree("$dir/www");
    $self->write('file.txt', "file\n");
    return $self;
}

sub dir  { return $_[0]{dir} }
sub port { return $_[0]{port} }
sub log  { return slurp("$_[0]{dir}/error_log") }

sub stop {
    my ($self) = @_;
    record(own_stop => $self->{port});
    return $self->{httpd}->stop;
}

# The processes that it has started.
sub children { return $_[0]{httpd}->children }

# Returns the whole path.
sub write {
    my ($self, $path, $content) = @_;
    my $file = "$self->{dir}/www/$path";
    record(own_write => $self->{port}, $path, $content);
    make_path(dirname($file));
    spew($file, $content);
    return $file;
}

# Whether there is a module.
sub has { return -e vars()->{modules} . "/mod_$_[1].so" }

sub serve {
    my ($self, $conf, %opt) = @_;
    record(own_serve => $self->{port}, $conf,
        { map { $_ => $opt{$_} } qw(modules signal) }) if !$opt{under};
    $self->configure($conf, %opt);
    return $self->{httpd} = Httpd->start(program => vars()->{httpd},
        dir => $self->{dir}, port => $self->{port},
        under => $opt{under} || [])
        if !$self->{httpd};
    $self->{httpd}->restart($opt{signal});
    return $self->await;
}

# Until it answers with the newest configuration.
sub await {
    my ($self) = @_;
    my $until = time + 20;
    while (time < $until) {
        my $res = eval { asked($self->{port}, '/configuration') };
        return if $res && $res->body eq "configuration $self->{count}";
        sleep 0.02;
    }
    die "configuration $self->{count} does not arrive\n",
        slurp("$self->{dir}/output"), $self->log;
}

sub asked {
    my ($port, $target) = @_;
    my $http = Http->connect($port);
    $http->send("GET $target HTTP/1.1\r\nHost: localhost\r\n"
        . "Connection: close\r\n\r\n");
    return $http->response('GET');
}

sub configure {
    my ($self, $conf, %opt) = @_;
    my ($vars, $dir, $port) = (vars(), @$self{qw(dir port)});
    my @further = @{ $opt{modules} || [] };
    my @load    = split /^/, load_modules(@$vars{qw(httpd modules)}, @further)
        . slurp($vars->{modules_conf});
    @load = $opt{order}->(@load) if $opt{order};
    my $count = ++$self->{count};
    my $text  = join '', @load, confined($dir, $port), <<"CONF";
TypesConfig "$vars->{serverroot}/conf/mime.types"
DocumentRoot "$dir/www"
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
    $text =~ s/\@port\@/$port/g;
    spew("$dir/httpd.conf", $text);
    return;
}

1;
