# The manual as a page of httpd's own: valid by the DTD of httpd's documentation,
# with all directives, and each link in it leads somewhere.
use strict;
use warnings;
use lib 'tests/lib';
use File::Temp qw(tempdir);
use Files qw(slurp spew);
use Guard qw(from_make);
use Test::More;

my $style = '/usr/share/doc/apache2-doc/manual/style';
my $page  = slurp('build/manual/mod_cors.xml');

# As they are in its tree. The DTD names the entities of XHTML, which are on the
# web; the page uses none.
my $dir = tempdir(CLEANUP => 1);
mkdir "$dir/$_" or die "$dir/$_: $!\n" for qw(mod style);
for my $file (glob "$style/*.dtd* $style/*.ent*") {
    my ($name) = $file =~ m{/([^/]+?)(?:\.gz)?\z};
    my $text = qx{gzip -cdf "$file"};
    $text =~ s/^%HTML\w+;$//mg;
    spew("$dir/style/$name", $text);
}
spew("$dir/mod/mod_cors.xml", $page);
is(qx{xmllint --nonet --noout --valid "$dir/mod/mod_cors.xml" 2>&1}, '',
    'the page is valid');

my %documented = map { $_ => 1 }
    $page =~ m{<directivesynopsis>\n<name>(\w+)</name>}g;
my @directives = map { slurp($_) =~ /\bAP_INIT_\w+\(\s*"(\w+)"/g }
    from_make('SOURCES');
is(join(' ', sort keys %documented), join(' ', sort @directives),
    'it has each directive');
my %anchor = map { lc $_ => 1 } keys %documented, $page =~ / id="([^"]+)"/g;
is(join(' ', grep { !$anchor{$_} } $page =~ /href="#([^"]+)"/g), '',
    'each link leads somewhere');
done_testing();
