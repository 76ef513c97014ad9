package Suite;

# Runs TAP programs as prove does, and is stricter: a suite that runs no test,
# skips one, or leaves one to do has failed.

use strict;
use warnings;

use Exporter 'import';
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use Files qw(slurp spew);
use TAP::Harness;

our @EXPORT_OK = qw(run_suite total);

sub results_file {
    my ($suite) = @_;
    my $dir = $ENV{RESULTS_DIR} || 'build/results';
    make_path($dir);
    return "$dir/$suite";
}

# Programs that end in .t are run by perl, others as they are: as many at a time
# as there are processors (or JOBS says), but those that match one_by_one never
# beside each other. Returns true if all is well; else the last lines are what the
# failed programs said at last, for who sees only the end of a log.
sub run_suite {
    my ($suite, @programs) = @_;
    my $one_by_one = $programs[0] eq 'one_by_one'
        ? (splice @programs, 0, 2)[1] : qr/(?!)/;
    my $file = results_file($suite);
    unlink $file;

    my @alone   = grep { /$one_by_one/ } @programs;
    my @others  = grep { !/$one_by_one/ } @programs;
    my $said    = $ENV{V} ? undef : tempdir(CLEANUP => 1);
    my %problems;
    my $harness = TAP::Harness->new({
        verbosity => $ENV{V} ? 1 : -2,
        jobs      => $ENV{V} ? 1 : $ENV{JOBS} || processors(),
        rules     => { par => [ { seq => \@alone }, @others ] },
        merge     => 0,
        exec      => sub { command($_[1], $said) },
    });
    my $print = in_order(@programs);
    $harness->callback(after_test => sub {
        my ($job, $parser) = @_;
        my $errors = slurp(errors($said, $job->[0]));
        print {*STDERR} $errors;
        $problems{ $job->[0] } = $errors if $parser->has_problems;
        $print->(@_);
    }) if $said;
    my $aggregate = @programs ? $harness->runtests(@programs) : undef;
    my @faults    = $aggregate ? faults($aggregate) : 'there are no tests';
    my $passed    = $aggregate ? $aggregate->passed : 0;
    my $failed    = $aggregate ? $aggregate->failed : 0;
    my $good      = !@faults && $aggregate->all_passed && $passed;
    $failed = 1 if !$good && !$failed;
    spew($file, "$passed $failed\n");

    print "Result: FAIL ($suite: $_)\n" for @faults;
    for my $program (sort keys %problems) {
        my @lines = split /^/, $problems{$program};
        splice @lines, 0, -20 if @lines > 20;
        print "\n$program failed:\n", @lines;
    }
    return $good;
}

# Its errors go into a file; without a directory, where ours go.
sub command {
    my ($program, $dir) = @_;
    my @command = $program !~ /\.t\z/ ? $program
        : ($^X, (map { "-I$_" } grep { -d } 'lib'), $program);
    return \@command if !defined $dir;
    return [ 'sh', '-c', 'exec 2>"$0" "$@"', errors($dir, $program), @command ];
}

sub errors {
    my ($dir, $program) = @_;
    return "$dir/" . $program =~ tr{/}{_}r;
}

sub processors {
    my ($count) = qx{getconf _NPROCESSORS_ONLN} =~ /(\d+)/;
    return $count || 1;
}

# A function that is told which program has ended, and prints a line for each
# once all in front of it have one.
sub in_order {
    my @programs = @_;
    my ($width)  = sort { $b <=> $a } map { length } @programs;
    my %line;
    return sub {
        my ($job, $parser) = @_;
        $line{ $job->[0] } = sprintf "%-${width}s %s %5d tests %6.1f s\n",
            $job->[0], $parser->has_problems ? 'FAILED' : 'ok    ',
            $parser->tests_run, $parser->end_time - $parser->start_time;
        while (@programs && exists $line{ $programs[0] }) {
            print $line{ shift @programs };
        }
    };
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
        my ($good, $bad) = split ' ', slurp(results_file($suite), '0 1');
        $passed += $good;
        $failed += $bad;
    }
    print "$passed passed, $failed failed\n";
    return $passed && !$failed;
}

1;
