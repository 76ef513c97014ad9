package CorsStatus;

=head1 NAME

CorsStatus - what cors-status of a test's own server has counted

=head1 SYNOPSIS

    my $status = status($server->port);
    is_deeply(counts($status), { '/api actual denied origin' => 3 });

=head1 DESCRIPTION

C<status> is the JSON of C</cors-status>, C<counts> what of it is not zero, by
the last section of the policy (C<section> makes it of the policy's name), kind,
verdict and reason.

=cut

use strict;
use warnings;

use CorsClient qw(get);
use Exporter 'import';
use JSON::PP qw(decode_json);

our @EXPORT_OK = qw(status counts section);

sub status {
    my ($port) = @_;
    return decode_json(get('/cors-status?json', undef, port => $port,
        protocol => 'h1')->body);
}

sub counts {
    my ($status) = @_;
    my %counts;
    for my $row (@{ $status->{policies} }) {
        for my $count (grep { $_->{count} } @{ $row->{decisions} }) {
            my $what = join ' ', section($row->{policy}),
                @$count{qw(kind verdict reason)};
            $counts{$what} += $count->{count};
        }
    }
    return \%counts;
}

# .htaccess files have no section.
sub section {
    my ($policy) = @_;
    return $policy =~ /<Location "?([^">]*)"?>\z/ ? $1 : $policy;
}

1;
