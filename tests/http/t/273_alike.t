# Two hosts with the same policies, one made not final by an AllowOverride about
# nothing: whatever the URL looks like and however it is mapped, status,
# Access-Control-* and Vary are the same, and a preflight is allowed if and only
# if the request has an Access-Control-Allow-Origin.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use Files qw(spew);
use OwnServer;
use Test::More;

my $app    = 'https://app.example';
my $server = OwnServer->new('alike');
my $port   = $server->port;
$server->write("$_/file.txt", "$_\n") for qw(api other deep/api docs);
$server->write('docs/index.html', "index\n");

my $policies = <<'CONF';
    CORSAllowOrigin https://app.example https://*.example.org
    CORSAllowMethods PUT
    <Location "/api">
        CORSAllowOrigin https://api.example
        CORSAllowCredentials On
    </Location>
    <LocationMatch "^/(?<part>other|deep)/">
        CORSAllowOrigin *
    </LocationMatch>
    <Location "~" "\.txt$">
        CORSMaxAge 60
    </Location>
    <Location "/*/none">
        CORSAllowOrigin none
    </Location>
    <Location "/off">
        CORSEngine Off
    </Location>
    RewriteEngine On
    RewriteMap names "txt:@dir@/names.txt"
    RewriteRule "^/pt/(.*)" "/api/$1" [PT]
    RewriteRule "^/pt-off/(.*)" "/off/$1" [PT]
    RewriteRule "^/end/(.*)" "/api/$1" [PT,END]
    RewriteRule "^/last/(.*)" "/other/$1" [L]
    RewriteRule "^/map/(.*)" "/${names:$1|off}/file.txt" [PT]
    RewriteRule "^/gone/" "-" [G]
    RewriteRule "^/forbidden/" "-" [F]
    RewriteRule "^/moved/(.*)" "/api/$1" [R]
    RewriteRule "^/proxy/(.*)" "http://127.0.0.1:@port@/api/$1" [P]
    Redirect "/redirect" "https://elsewhere.example/"
    Alias "/alias" "@dir@/www/api"
    AliasMatch "^/match/([a-z]+)/(.*)" "@dir@/www/$1/$2"
    ProxyPass "/proxied/not" "!"
    ProxyPass "/proxied" "http://127.0.0.1:@port@/api"
    <Location "/located">
        ProxyPass "http://127.0.0.1:@port@/other"
    </Location>
    <Location "/encoded">
        ProxyPass "http://127.0.0.1:@port@/api" "mapping=encoded"
    </Location>
    <Location "/servlet">
        ProxyPass "http://127.0.0.1:@port@/api" "mapping=servlet"
    </Location>
    <Location "/handled">
        SetHandler server-status
    </Location>
    <Directory "@dir@/www/docs">
        FallbackResource /docs/index.html
    </Directory>
CONF
spew($server->dir . '/names.txt', "a api\nb other\n");

sub host {
    my ($name, $lines) = @_;
    return "<VirtualHost *:\@port\@>\n    ServerName $name.test\n"
        . "$policies$lines</VirtualHost>\n";
}
my $unrelated = '<Directory "/nonexistent">' . "\nAllowOverride FileInfo\n"
    . "</Directory>\n";

my @urls = (
    map({ ("/$_/file.txt", "/$_/missing", "/$_//file.txt", "/x/../$_/file.txt",
            "/%2e/$_/file.txt", "/$_%2Ffile.txt", "/$_;v=1/file.txt") }
        qw(api pt alias proxied encoded servlet)),
    map({ "/$_/file.txt" }
        qw(other deep/api off pt-off end last map gone forbidden moved proxy
            redirect match/api match/other located handled API)),
    qw(/ // /docs/ /docs/x/y /map/a /map/b /api /api/ /other /x/none /api/none
        /api/..%2Fother/file.txt /api/%2e%2e/other/file.txt /api/../../x
        /servlet/..;/other/file.txt /proxied/not/file.txt /%61pi/file.txt
        /a%20b /api/file.txt?x=/other/ /api/./file.txt /other%2f..%2fapi/x),
);
my @origins = (
    $app, 'https://api.example', 'https://a.example.org',
    'https://evil.example', 'null', 'https://api.example.'
);

my (%seen, $count);
$count = 0;
for my $slashes (qw(Off On NoDecode)) {
    for my $merge (qw(On Off)) {
        my $conf = "CORSEngine On\nAllowEncodedSlashes $slashes\n"
            . "MergeSlashes $merge\n";
        my $host = "AllowEncodedSlashes $slashes\nMergeSlashes $merge\n";
        my @how = $conf . host('final', $host) . host('late', $host . $unrelated);
        $server->serve(@how);
        my (@different, @contradicted);
        for my $url (@urls) {
            # Each shape with two of the origins, all of them in turn.
            for my $from ((@origins, @origins)[ $count % 6, $count % 6 + 2 ]) {
                compare($url, $from, \@different, \@contradicted);
            }
            $count++;
        }
        is("@different", '', "AllowEncodedSlashes $slashes, MergeSlashes "
            . "$merge: " . 2 * @urls . ' pairs are alike');
        is("@contradicted", '', "AllowEncodedSlashes $slashes, MergeSlashes "
            . "$merge: preflights foretell what follows");
    }
}
my @seen = sort keys %seen;
is_deeply(\@seen, [
        'GET 200', 'GET 301', 'GET 302', 'GET 400', 'GET 403', 'GET 404',
        'GET 410', 'PF 200', 'PF 204', 'PF 302', 'PF 400', 'PF 403', 'PF 404',
        'PF 410',
    ], 'all kinds of outcomes') or diag("@seen");
done_testing();

sub compare {
    my ($url, $from, $different, $contradicted) = @_;
    my (%asked, %sent);
    for my $host (qw(final late)) {
        my @to = (host => "$host.test", port => $port, protocol => 'h1');
        $asked{$host} = preflight($url, $from, 'PUT', undef, @to);
        $sent{$host}  = get($url, $from, @to);
    }
    push @$different, "PF $url $from: " . told($asked{final}) . ' / '
        . told($asked{late})
        if told($asked{final}) ne told($asked{late});
    push @$different, "GET $url $from: " . told($sent{final}) . ' / '
        . told($sent{late})
        if told($sent{final}) ne told($sent{late});
    my $may  = $asked{final}->status eq '204' ? 1 : 0;
    my $does = $sent{final}->values('Access-Control-Allow-Origin') ? 1 : 0;

    # What has a body is not our answer.
    push @$contradicted, "$url $from: " . told($sent{final})
        if $asked{final}->status =~ /\A(?:204|403)\z/
        && $asked{final}->body eq '' && $may != $does;
    $seen{$_}++ for 'PF ' . $asked{final}->status, 'GET ' . $sent{final}->status;
    return;
}

sub told {
    my ($res) = @_;
    return join '; ', $res->status, sort map { lc "$_->[0]: $_->[1]" }
        grep { $_->[0] =~ /\A(?:Access-Control|Vary)/i } @{ $res->lines };
}
