# Every field of a policy is merged, and starts out unset: a pointer is NULL in
# zeroed memory, anything else has to be set.
use strict;
use warnings;
use Test::More;

my $header = slurp('cors_policy.h');
my $source = slurp('cors_policy.c');

my ($struct) = $header =~ /typedef struct cors_policy_t \{(.*?)\} cors_policy_t;/s;
ok($struct, 'cors_policy_t is there');
$struct =~ s{/\*.*?\*/}{}gs;

my $init  = body('cors_policy_init');
my $merge = body('cors_policy_merge');
for my $member (grep { /\S/ } split /;/, $struct) {
    my ($star, $field) = $member =~ /(\*?)\s*(\w+)\s*\z/;
    like($merge, qr/\b$field\b/, "$field is merged");
    like($init, qr/->\s*$field\b/, "$field starts out unset") if !$star;
}
done_testing();

sub body {
    my ($function) = @_;
    my ($body) = $source =~ /^\w[^\n;]*\b$function\([^;{]*\)\n\{(.*?)^\}/ms;
    return defined $body ? $body : '';
}

sub slurp {
    my ($path) = @_;
    open my $in, '<', $path or return '';
    local $/ = undef;
    return scalar <$in>;
}
