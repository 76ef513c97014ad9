# The engine knows APR and C, and no web server.
use strict;
use warnings;
use Test::More tests => 4;

for my $file (qw(cors_policy.h cors_policy.c)) {
    open my $in, '<', $file or die "$file: $!\n";
    my @headers = map { /^\s*#\s*include\s*[<"]([^>"]+)[>"]/ ? $1 : () } <$in>;
    ok(@headers, "$file includes headers");
    my @foreign =
        grep { !/\A(?:apr_\w+|apr|cors_policy|std\w+|string|ctype)\.h\z/ }
        @headers;
    is("@foreign", '', 'and only those of APR, C and its own');
}
