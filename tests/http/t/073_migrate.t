# httpd -t -D DUMP_CORS: recipes of mod_headers, and the policies that would
# replace them.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use RecipeCases;
use Test::More;

# Public recipes, and others.
my $dir = config_dir();
for my $case (recipe_cases($dir)) {
    my $dump  = dump_of($case->{config});
    my @parts = recipes_in($dump);
    my @lines = map { s/\A#     //r } map { @{ $_->{lines} } } @parts;
    is(summary(@parts), $case->{dump}, $case->{title});
    is(join('', sort grep { !/\A(?:Re|Header \S+ (?:\S+ )?Vary)/ } map { "$_\n" } @lines),
        join('', sort(lines_of($case->{config}))),
        "$case->{title}: the lines") or diag $dump;
}

# All of the text, once.
recipe_is('a virtual host, and a section in it', <<'CONF', <<'DUMP');
<VirtualHost *:1>
    RewriteEngine On
    RewriteCond %{REQUEST_METHOD} =OPTIONS
    RewriteRule ^ - [R=204,L]
    <Location "/a">
        Header always set Access-Control-Allow-Origin "https://a.example"
        Header always set Access-Control-Allow-Methods "PUT, OPTIONS"
        Header merge Vary Origin
    </Location>
</VirtualHost>
CONF

# recipe in <VirtualHost *:1> (conf:1) <Location "/a"> (conf:5)
#     RewriteCond %{REQUEST_METHOD} =OPTIONS (conf:3)
#     RewriteRule ^ - [R=204,L] (conf:4)
#     Header always set Access-Control-Allow-Origin "https://a.example" (conf:6)
#     Header always set Access-Control-Allow-Methods "PUT, OPTIONS" (conf:7)
#     Header merge Vary Origin (conf:8)
# exact
# needs no listing: OPTIONS
# policy:
#     CORSAllowOrigin https://a.example
#     CORSAllowMethods PUT
DUMP
recipe_is('no recipe', <<'CONF', '');
Header set X-Frame-Options DENY
Header merge Vary Origin
SetEnvIf User-Agent "^x" X
RewriteEngine On
RewriteRule ^/a$ /b
<Location "/a">
    Header unset ETag
</Location>
CONF
recipe_is('what a policy already replaces is read all the same',
    <<'CONF', <<'DUMP');
CORSAllowOrigin https://b.example
<Location "/a">
    Header set Access-Control-Allow-Origin https://a.example
</Location>
CONF

# recipe in <Location "/a"> (conf:2)
#     Header set Access-Control-Allow-Origin https://a.example (conf:3)
# exact
# policy:
#     CORSAllowOrigin https://a.example
DUMP

# All of it is comments, which another dump does not see.
my $config = join '', map { $_->{config} }
    grep { !$_->{section} } recipe_cases($dir);
my $dump = dump_of($config);
like($dump, qr/^# recipe in/m, 'a dump with recipes');
is((grep { !/\A#|\A\Z/ } split /\n/, $dump), 0, 'has no directive of them');

# A .htaccess file, as the manual reads it.
my $file = "$dir/.htaccess";
Files::spew($file, <<'CONF');
Header set Access-Control-Allow-Origin "*"
CONF
my $said = configtest('', '-D', 'DUMP_CORS', '-c', qq{<Directory "$dir">},
    '-c', qq{Include "$file"}, '-c', '</Directory>');
my $text = join '', map { "$_\n" } @{ $said->{lines} };
is(summary(recipes_in($text)), <<'DUMP', 'a .htaccess file');
exact
policy:
    CORSAllowOrigin *
DUMP
like($text, qr{^#     Header set Access-Control-Allow-Origin "\*" \(\S*\.htaccess:1\)$}m,
    'its line');
unlink $file;

done_testing();

# The recipes of a dump: their first lines, their directives, the rest.
sub recipes_in {
    my ($text) = @_;
    my @parts;
    for my $line (split /\n/, $text) {
        if ($line =~ /\A# recipe in/) {
            push @parts, { head => $line, lines => [], rest => [] };
        }
        elsif (!@parts || $line !~ /\A#/) {
            next;
        }
        elsif ($line =~ /\A#     / && !@{ $parts[-1]{rest} }) {
            push @{ $parts[-1]{lines} }, $line;
        }
        else {
            push @{ $parts[-1]{rest} }, $line =~ s/\A# ?//r;
        }
    }
    return @parts;
}

# With their heads if there are several.
sub summary {
    my (@parts) = @_;
    return join '', map { "$_\n" }
        map { (@parts > 1 ? substr($_->{head}, 2) : (), @{ $_->{rest} }) }
        @parts;
}

# The lines of a recipe, with their places.
sub lines_of {
    my ($text) = @_;
    my ($number, @lines) = (0);
    for my $line (split /\n/, $text) {
        $number++;
        $line =~ s/\A\s+//;
        next if $line !~ /\A(?:SetEnvIf\w* Origin|Header .*(?:Access-C|Timing))/i;
        my ($name, $args) = $line =~ /\A(\S+)\s+(.*)\z/;
        $args = substr($args, 0, 100) . '...' if length $args > 100;
        push @lines, "$name $args (conf:$number)\n";
    }
    return @lines;
}

sub recipe_is {
    my ($name, $text, $wanted) = @_;
    my $got = dump_of($text) =~ s/\A.*?(?=^\n# recipe|\z)//msr;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    is($got, $wanted, $name);
    return;
}
