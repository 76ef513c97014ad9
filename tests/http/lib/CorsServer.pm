package CorsServer;

# The server of the tests: Apache::TestConfig, with virtual hosts on the main
# port left as they are written, and @port_WORD@ for ports of one's own.

use strict;
use warnings;

use parent 'Apache::TestConfig';

# Apache::TestConfig gives every <VirtualHost> a port of its own.
sub parse_vhost { return }

# Works on $_, as the method it extends.
sub replace {
    my ($self) = @_;
    my @words = /\@(port_\w+)\@/g;
    for my $word (@words) {
        $self->{vars}{ lc $word } ||= $self->server->select_next_port;
    }
    return $self->SUPER::replace;
}

# The modules that the tests use. mod_cgid and mod_http2 want threads.
sub modules {
    my ($mpm) = @_;
    return (
        "mpm_$mpm",
        qw(unixd log_config version),
        qw(authn_core authn_file authz_core authz_host authz_user auth_basic),
        qw(access_compat allowmethods alias dir mime negotiation autoindex),
        qw(setenvif env headers expires rewrite macro userdir),
        qw(filter deflate include actions),
        $mpm eq 'prefork' ? 'cgi' : qw(cgid http2),
        qw(dav dav_fs proxy proxy_http cache cache_disk status),
    );
}

# Their LoadModule lines, and that of the module to be tested.
sub load_modules {
    my (%arg) = @_;
    my %static = map { $_ => 1 } split ' ', qx{"$arg{httpd}" -l};
    my @lines;
    for my $name (modules($arg{mpm})) {
        my $file = "$arg{modules}/mod_$name.so";
        (my $static = "mod_$name.c") =~ s/\Amod_mpm_//;
        next if $static{$static};
        die "httpd has no mod_$name ($file)\n" if !-e $file;
        push @lines, qq{LoadModule ${name}_module "$file"\n};
    }
    push @lines, qq{LoadModule cors_module "$arg{module}"\n};
    return join '', @lines;
}

1;
