# The oldest httpd and APR that the module works with: it does not compile with
# older ones and says why, uses nothing that is newer, and README and manual
# state the same versions as the source.
use strict;
use warnings;
use File::Temp qw(tempdir);
use Test::More;

my @include = $ENV{INCLUDES} =~ /-I(\S+)/g;
my $sources = join '', map { slurp($_) } 'mod_cors.c', glob 'cors_*.[ch]';
my $dir     = tempdir(CLEANUP => 1);

my ($major, $minor) = $sources =~ /AP_MODULE_MAGIC_AT_LEAST\((\d+), (\d+)\)/
    or BAIL_OUT('the check for httpd is gone');
my ($apr_minor) = $sources =~ /APR_VERSION_AT_LEAST\(1, (\d+), 0\)/
    or BAIL_OUT('the check for APR is gone');
my ($httpd) = $sources =~ /^#error "mod_cors needs httpd (\S+) or later/m;
my ($apr)   = $sources =~ /^#error "mod_cors needs APR (\S+) or later/m;
is($apr, "1.$apr_minor", 'the message names the APR that the check is for');

# The check, with the system's headers but for one number.
like(compiled('ap_mmn.h', MODULE_MAGIC_NUMBER_MINOR => $minor - 1),
    qr/error:.*needs httpd/, "httpd with $major." . ($minor - 1));
is(compiled('ap_mmn.h', MODULE_MAGIC_NUMBER_MINOR => $minor),
    '', "httpd with $major.$minor");
like(compiled('apr_version.h', APR_MINOR_VERSION => $apr_minor - 1),
    qr/error:.*needs APR/, 'APR 1.' . ($apr_minor - 1));
is(compiled('apr_version.h', APR_MINOR_VERSION => $apr_minor),
    '', "APR 1.$apr_minor");

# What httpd added, and when: ap_mmn.h has a list.
my $mmn = slurp(header('ap_mmn.h'));
my @history;
while ($mmn =~ /^ \* $major\.(\d+) *\((\S+)-dev\)(.*?)(?=^ \* \d{8}|^ \*\/)/msg) {
    push @history, { minor => $1, version => $2, names => names($3) };
}
my ($last) = $mmn =~ /^#define MODULE_MAGIC_NUMBER_MINOR (\d+)/m;
is($history[-1]{minor}, $last, 'the history is read to its end');
my %known = (
    ap_log_rerror          => 0,
    core_dir_config        => 44,
    protocols_honor_order  => 51,
    ap_cstr_casecmp        => 61,
    ap_cstr_casecmpn       => 61,
    proxy_run_section_post_config => 71,
    AP_REG_NO_DEFAULT      => 92,
);
is_deeply({ map { $_ => since($_) } keys %known }, \%known,
    'names are found in it');

my ($entry) = grep { $_->{minor} == $minor } @history;
cmp_ok(version->parse($httpd), '>=', version->parse($entry->{version}),
    "httpd $httpd has $major.$minor");

my %used = map { $_ => 1 } code($sources) =~ /\b(\w*_\w+)\b/g,
    imported('ap_');
my @newer = grep { since($_) > $minor } sort keys %used;
is("@newer", '', "nothing is newer than httpd $httpd");
ok((grep { since($_) == $minor } keys %used),
    "something is as new as httpd $httpd");

# Debian records the version that brought each function of APR.
if (my ($record) = glob '/var/lib/dpkg/info/libapr1*.symbols') {
    my %since = slurp($record) =~ /^ (apr_\w+)\@Base 1\.(\d+)/mg;
    my @dated = grep { exists $since{$_} } imported('apr_');
    my @late  = grep { $since{$_} > $apr_minor } @dated;
    is("@late", '', "no function is newer than APR $apr");
    ok((grep { $since{$_} == $apr_minor } @dated),
        "some function is as new as APR $apr");
}

for my $text (qw(README.md docs/mod_cors.md)) {
    my $page = slurp($text) =~ s/\s+/ /gr;
    for my $needed ("httpd $httpd", "APR $apr") {
        ok(index($page, "$needed or later") >= 0, "$text states $needed");
    }
}
done_testing();

# What the compiler says to all sources if the header had this number. Headers
# include each other from their own directory first; but what has been included
# is not included again.
sub compiled {
    my ($name, $macro, $number) = @_;
    my $header = slurp(header($name));
    $header =~ s/^(#define $macro\s+)\d+/$1$number/m or return "no $macro";
    open my $out, '>', "$dir/$name" or die "$dir/$name: $!\n";
    print {$out} $header;
    close $out or die "$dir/$name: $!\n";

    my $command = ($ENV{CC} || 'cc') . " -std=c99 -fsyntax-only "
        . "-include $dir/$name $ENV{INCLUDES}";
    return join '', map { qx{$command $_ 2>&1} } 'mod_cors.c', glob 'cors_*.c';
}

sub header {
    my ($name) = @_;
    my ($path) = grep { -f } map { "$_/$name" } @include;
    return defined $path ? $path : BAIL_OUT("there is no $name");
}

# A pattern for the names in an entry, which abbreviates: "name[n]" is two of
# them, "name{,_set}" too, and "name_*" all that begin so. Words without an
# underscore may be English.
sub names {
    my ($text) = @_;
    my @names = grep { /_/ } $text =~ /(?:[\w*]|\[\w+\]|\{[\w,]+\})+/g;
    for (@names) {
        s/\[(\w+)\]/(?:$1)?/;
        s/\{([\w,]+)\}/'(?:' . $1 =~ tr{,}{|}r . ')'/e;
        s/\*/\\w*/;
    }
    my $any = join '|', @names, '(?!)';
    return qr/\A(?:$any)\z/;
}

# The entry that mentions a name first, 0 for none.
sub since {
    my ($name) = @_;
    for my $entry (@history) {
        return $entry->{minor} if $name =~ $entry->{names};
    }
    return 0;
}

sub imported {
    my ($prefix) = @_;
    return qx{nm -D --undefined-only "$ENV{MODULE}"} =~ /\b($prefix\w+)/g;
}

# Without comments and strings.
sub code {
    my ($source) = @_;
    return $source =~ s{"(?:[^"\\\n]|\\.)*"|/\*.*?\*/}{ }gsr;
}

sub slurp {
    my ($path) = @_;
    open my $in, '<', $path or die "$path: $!\n";
    local $/ = undef;
    return scalar <$in>;
}
