# Files are rooms, and what one includes of another or calls there is an arrow.
# Arrows run downwards: httpd's side stands on the engine, and the engine's
# files on each other as in the table. The engine knows APR and C, and no web
# server. No file and no function is too long to be read.
use strict;
use warnings;
use lib 'tests/lib';
use Files qw(slurp);
use Guard qw(from_make);
use Test::More;

# What each file of the engine may use, and so what these may.
my %stands_on = (
    cors_text     => [],
    cors_origin   => ['cors_text'],
    cors_set      => ['cors_origin'],
    cors_names    => ['cors_text'],
    cors_regex    => ['cors_set'],
    cors_diagnose => ['cors_set'],
    cors_policy   => [qw(cors_diagnose cors_regex cors_names)],
    cors_pattern_from => ['cors_set'],
    cors_decide   => ['cors_policy'],
    cors_counters => ['cors_judge'],
    cors_refusals => ['cors_judge'],
    cors_nearest  => ['cors_set'],
    cors_foreign  => ['cors_decide'],
    cors_judge    => ['cors_decide'],
    cors_recipe   => ['cors_policy'],
);

my $longest_file     = 700;
my $longest_function = 50;

my %text = map { $_ => slurp($_) } from_make('SOURCES'), from_make('HEADERS');
my %is_room   = map { room($_) => 1 } keys %text;
my %is_engine = map { room($_) => 1 } from_make('ENGINE'),
    grep { /\Acors_/ && !$text{ room($_) . '.c' } } from_make('HEADERS');
my ($objects) = (from_make('MODULE'))[0] =~ m{\A(.*/)};
my $known_header = qr{\A(?:apr|apr_\w+|std\w+|string|ctype)\.h\z};

my %arrow;
for my $file (sort keys %text) {
    my $room = room($file);
    my @included = $text{$file} =~ /^\s*#\s*include\s*[<"]([^">]+)[">]/mg;
    $arrow{$room}{ room($_) } = "includes $_"
        for grep { $is_room{ room($_) } } @included;
    next if !$is_engine{$room};
    my @foreign = grep { !$is_room{ room($_) } && !/$known_header/ } @included;
    is("@foreign", '', "$file includes headers of APR and C alone");
}

# Calls, however they are declared: an object wants what another defines.
my (%home, %wanted);
for my $source (from_make('SOURCES')) {
    my $room = room($source);
    for (split /\n/, qx{nm "$objects$room.o"}) {
        my ($kind, $name) = /(\w) (\w+)\z/ or next;
        $home{$name} = $room if $kind =~ /[A-TV-Z]/;
        $wanted{$room}{$name} = 1 if $kind eq 'U';
    }
    ok($wanted{$room}, "$source has an object");
}
for my $room (sort keys %wanted) {
    # The module record stands at the top, and httpd's functions ask for it.
    for my $name (sort keys %{ $wanted{$room} }) {
        next if !$home{$name} || $name eq 'cors_module';
        $arrow{$room}{ $home{$name} } ||= "uses $name";
    }
    next if !$is_engine{$room};
    my @foreign = grep { /\Aap_/ } sort keys %{ $wanted{$room} };
    is("@foreign", '', "$room calls no function of httpd");
}

for my $room (sort keys %arrow) {
    my @up = map { "$_ ($arrow{$room}{$_})" }
        grep { $_ ne $room && !may_use($room, $_) }
        sort keys %{ $arrow{$room} };
    is("@up", '', "$room stands on what it uses");
}
is(circle(), '', 'no file uses itself by way of others');

for my $file (sort keys %text) {
    cmp_ok($text{$file} =~ tr/\n//, '<=', $longest_file, "$file: lines");
    my @long;
    while ($text{$file} =~ /^(\w[^\n;{}]*?(\w+)\([^;{}]*\)\n\{\n.*?^\})/msg) {
        my ($function, $name) = ($1, $2);
        my $lines = 1 + $function =~ tr/\n//;
        push @long, "$name has $lines lines" if $lines > $longest_function;
    }
    is("@long", '', "$file: no function is longer than $longest_function lines");
}
done_testing();

sub room {
    my ($file) = @_;
    return $file =~ s/\.[ch]\z//r;
}

# The order among the files of httpd's side is theirs, as long as it is one.
sub may_use {
    my ($room, $used) = @_;
    return 1 if !$is_engine{$room};
    for my $below (@{ $stands_on{$room} || [] }) {
        return 1 if $below eq $used || may_use($below, $used);
    }
    return 0;
}

# The rooms of a circle, if there is one: what is left when rooms that use none
# of the others are taken out, again and again.
sub circle {
    my %left = map { $_ => 1 } keys %is_room;
    my @free;
    do {
        @free = grep {
            my $room = $_;
            !grep { $_ ne $room && $left{$_} } keys %{ $arrow{$room} };
        } keys %left;
        delete @left{@free};
    } while (@free);
    return join ' ', sort keys %left;
}
