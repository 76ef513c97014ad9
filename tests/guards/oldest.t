# The oldest httpd and APR that the module works with: it does not compile with
# older ones and says why, and README and manual state the same versions as the
# source.
use strict;
use warnings;
use lib 'tests/lib';
use File::Temp qw(tempdir);
use Files qw(slurp);
use Guard qw(from_make);
use Test::More;

my @include = $ENV{INCLUDES} =~ /-I(\S+)/g;
my $sources = join '', map { slurp($_) } from_make('SOURCES'),
    from_make('HEADERS');
my $dir = tempdir(CLEANUP => 1);

my ($major, $minor) = $sources =~ /AP_MODULE_MAGIC_AT_LEAST\((\d+), (\d+)\)/
    or BAIL_OUT('the check for httpd is gone');
my ($apr_minor) = $sources =~ /APR_VERSION_AT_LEAST\(1, (\d+), 0\)/
    or BAIL_OUT('the check for APR is gone');
my ($httpd) = $sources =~ /^#error "mod_cors needs httpd (\S+) or later/m;
my ($apr)   = $sources =~ /^#error "mod_cors needs APR (\S+) or later/m;
is($apr, "1.$apr_minor", 'the message names the APR that the check is for');

# The check, with the system's headers but for these numbers.
like(magic($minor - 1), qr/error:.*needs httpd/,
    "httpd with $major." . ($minor - 1));
is(magic($minor), '', "httpd with $major.$minor");
like(apr($apr_minor - 1), qr/error:.*needs APR/, 'APR 1.' . ($apr_minor - 1));
is(apr($apr_minor), '', "APR 1.$apr_minor");

for my $text (qw(README.md docs/mod_cors.md)) {
    my $page = slurp($text) =~ s/\s+/ /gr;
    for my $needed ("httpd $httpd", "APR $apr") {
        ok(index($page, "$needed or later") >= 0, "$text states $needed");
    }
}
done_testing();

sub magic {
    my ($number) = @_;
    return compiled('ap_mmn.h', MODULE_MAGIC_NUMBER_MAJOR => $major,
        MODULE_MAGIC_NUMBER_MINOR => $number);
}

sub apr {
    my ($number) = @_;
    return compiled('apr_version.h', APR_MINOR_VERSION => $number);
}

# What the compiler says to all sources if the header had these numbers. Headers
# include each other from their own directory first; but what has been included
# is not included again.
sub compiled {
    my ($name, %number) = @_;
    my ($path) = grep { -f } map { "$_/$name" } @include
        or BAIL_OUT("there is no $name");
    my $header = slurp($path);
    for my $macro (keys %number) {
        $header =~ s/^(#define $macro\s+)\d+/$1$number{$macro}/m
            or return "no $macro";
    }
    open my $out, '>', "$dir/$name" or die "$dir/$name: $!\n";
    print {$out} $header;
    close $out or die "$dir/$name: $!\n";

    my $command = "$ENV{CC} -std=c99 -fsyntax-only -include '$dir/$name' "
        . $ENV{INCLUDES};
    return join '', map { qx{$command $_ 2>&1} } from_make('SOURCES');
}
