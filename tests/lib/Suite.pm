package Suite;

# Runs TAP programs as prove does, and is stricter: a suite that runs no test,
# skips one, or leaves one to do has failed.

use strict;
use warnings;

use Exporter 'import';
use File::Path qw(make_path);
use TAP::Harness;

our @EXPORT_OK = qw(run_suite total);

sub results_file {
    my ($suite) = @_;
    my $dir = $ENV{RESULTS_DIR} || 'build/results';
    make_path($dir);
    return "$dir/$suite";
}

# Programs that end in .t are run by perl, others as they are. Returns true
# if all is well.
sub run_suite {
    my ($suite, @programs) = @_;
    my $file = results_file($suite);
    unlink $file;

    my $harness = TAP::Harness->new({
        verbosity => $ENV{V} ? 1 : 0,
        lib       => [ map { "$_/lib" } grep { -d "$_/lib" } '.' ],
        merge     => 0,
        exec      => sub { $_[1] =~ /\.t\z/ ? undef : [ $_[1] ] },
    });
    my $aggregate = @programs ? $harness->runtests(@programs) : undef;
    my @faults    = $aggregate ? faults($aggregate) : 'there are no tests';
    my $passed    = $aggregate ? $aggregate->passed : 0;
    my $failed    = $aggregate ? $aggregate->failed : 0;
    my $good      = !@faults && $aggregate->all_passed && $passed;
    $failed = 1 if !$good && !$failed;

    open my $out, '>', $file or die "$file: $!\n";
    print {$out} "$passed $failed\n";
    close $out or die "$file: $!\n";

    print "Result: FAIL ($suite: $_)\n" for @faults;
    return $good;
}

sub faults {
    my ($aggregate) = @_;
    my @faults;
    for my $parser ($aggregate->parsers) {
        my @skipped = $parser->skipped;
        my @todo    = $parser->todo;
        push @faults, 'a program skips all its tests'
            if defined $parser->skip_all;
        push @faults, 'skipped tests: ' . @skipped if @skipped;
        push @faults, 'tests left to do: ' . @todo if @todo;
        push @faults, 'a program runs no test'
            if !$parser->tests_run && !defined $parser->skip_all;
    }
    return @faults;
}

# One line for all the suites; one that left no result counts as a failure.
sub total {
    my @suites = @_;
    my ($passed, $failed) = (0, 0);
    for my $suite (@suites) {
        my ($good, $bad) = (0, 1);
        if (open my $in, '<', results_file($suite)) {
            ($good, $bad) = split ' ', <$in>;
        }
        $passed += $good;
        $failed += $bad;
    }
    print "$passed passed, $failed failed\n";
    return $passed && !$failed;
}

1;
