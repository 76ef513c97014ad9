# Lists of request headers as public configuration files have them, the longest
# that were found, for Apache httpd and others, translated by taking the commas
# out. Each starts, is warned of once where it names headers that no page can
# use, answers the preflight for all that it lists, and works in .htaccess.
use strict;
use warnings;
use lib 'lib';
use ConfigTest;
use CorsTest;
use Test::More;

my $app  = 'https://app.example';
my @host = (host => 'pasted.test');

# The value of Access-Control-Allow-Headers, and the names to be warned of.
my @lists = (
    [
        'Accept, Accept-CH, Accept-Charset, Accept-Datetime, Accept-Encoding, '
            . 'Accept-Ext, Accept-Features, Accept-Language, Accept-Params, '
            . 'Accept-Ranges, Access-Control-Allow-Credentials, '
            . 'Access-Control-Allow-Headers, Access-Control-Allow-Methods, '
            . 'Access-Control-Allow-Origin, Access-Control-Expose-Headers, '
            . 'Access-Control-Max-Age, Access-Control-Request-Headers, '
            . 'Access-Control-Request-Method, Age, Allow, Alternates, '
            . 'Authentication-Info, Authorization, Cache-Control, Connection, '
            . 'Content-Disposition, Content-Encoding, Content-Language, '
            . 'Content-Length, Content-Location, Content-MD5, Content-Range, '
            . 'Content-Type, Cookie, Date, Depth, Destination, ETag, Expect, '
            . 'Expires, From, Host, If-Match, If-Modified-Since, '
            . 'If-None-Match, If-Range, If-Unmodified-Since, Last-Modified, '
            . 'Location, Lock-Token, Max-Forwards, Origin, Overwrite, Pragma, '
            . 'Range, Referer, Server, Timeout, User-Agent, Vary, '
            . 'X-Requested-With',
        'Accept-Charset Accept-Encoding Access-Control-Allow-Credentials '
            . 'Access-Control-Allow-Headers Access-Control-Allow-Methods '
            . 'Access-Control-Allow-Origin Access-Control-Expose-Headers '
            . 'Access-Control-Max-Age Access-Control-Request-Headers '
            . 'Access-Control-Request-Method Connection Content-Length Cookie '
            . 'Date Expect Host Origin Referer'
    ],
    [
        'X-Viber-Auth-Token, Authorization, JWT, Overwrite, Destination, '
            . 'Content-Type, Depth, User-Agent, Translate, Range, '
            . 'Content-Range, Timeout, X-File-Size, X-Requested-With, '
            . 'If-Modified-Since, X-File-Name, Cache-Control, Location, '
            . 'Lock-Token, If',
        ''
    ],
    [
        'accept,x-requested-method,origin,x-requested-with,x-request,'
            . 'cache-control,content-type,last-modified,x-utc-offset,'
            . 'SecurityContext,X-DS-CSRFTOKEN,keep-alive,DS-API-Version,'
            . 'DS-Client-Step-Name,DS-Request-ID,ENO_CSRF_TOKEN,SecurityToken,'
            . 'DS-Change-Authoring-Context,DS-Configuration-Authoring-Context',
        'origin keep-alive'
    ],
    [
        'x-requested-with, Content-Type, origin, authorization, accept, '
            . 'client-security-token, Cache-Control, Content-Language, '
            . 'Expires, Last-Modified, Pragma, slug, X-Update-Nonce,'
            . 'x-ic-cre-request-origin,x-ic-cre-user,x-lconn-auth,'
            . 'x-shindig-st',
        'origin'
    ],
    [
        'Overwrite, Destination, Content-Type, Depth, User-Agent, Translate, '
            . 'Range, Content-Range, Timeout, X-File-Size, X-Requested-With, '
            . 'If-Modified-Since, X-File-Name, Cache-Control, Location, '
            . 'Lock-Token, If',
        ''
    ],
    [
        'Origin, X-Requested-With, Content-Type, Accept, Authorization,token,'
            . 'Cache-Control,Postman-token,access-token,platform,TOKEN,'
            . 'PLATFORM,version-terminal',
        'Origin'
    ],
    [
        'Content-Type, Authorization, X-CSRF-TOKEN, X-XSRF-TOKEN, X-Device-ID, '
            . 'X-Device-Canvas, X-Device-WebGL, X-Screen-Resolution, '
            . 'X-Timezone, X-Language, X-Platform, X-CPU-Cores, X-Memory',
        ''
    ],
    [
        'SIG,DNT,X-Mx-ReqToken,Keep-Alive,User-Agent,X-Requested-With,'
            . 'If-Modified-Since,Cache-Control,Content-Type, Accept-Language, '
            . 'Origin, Accept-Encoding',
        'DNT Keep-Alive Origin Accept-Encoding'
    ],
    [
        'Authorization,DNT,X-CustomHeader,Keep-Alive,User-Agent,'
            . 'X-Requested-With,If-Modified-Since,Cache-Control,Content-Type,'
            . 'Content-Range,Range,x-vika-user-agent',
        'DNT Keep-Alive'
    ],
    [
        'Access-Control-Allow-Headers, Origin, Accept, X-Requested-With, '
            . 'Content-Type, Access-Control-Request-Method, '
            . 'Access-Control-Request-Headers,Authorization,authkey,appkey',
        'Access-Control-Allow-Headers Origin Access-Control-Request-Method '
            . 'Access-Control-Request-Headers'
    ],
    [
        'Content-Type, Content-Length, Accept-Encoding, X-CSRF-Token, '
            . 'Authorization, accept, origin, Cache-Control, '
            . 'X-Requested-With, Request-Starttime',
        'Content-Length Accept-Encoding origin'
    ],
    [
        'DNT,X-Mx-ReqToken,Keep-Alive,User-Agent,X-Requested-With,'
            . 'If-Modified-Since,Cache-Control,Content-Type,Authorization,'
            . 'X-Conditions-Accepted',
        'DNT Keep-Alive'
    ],
    [
        'Content-Type, Accept, Accept-Encoding, Sec-WebSocket-Protocol, '
            . 'Sec-WebSocket-Extensions, Sec-WebSocket-Key, '
            . 'Sec-WebSocket-Version, Upgrade, Connection',
        'Accept-Encoding Sec-WebSocket-Protocol Sec-WebSocket-Extensions '
            . 'Sec-WebSocket-Key Sec-WebSocket-Version Upgrade Connection'
    ],
);

my $mark = log_mark();
pasted($_, @{ $lists[$_] }) for 0 .. $#lists;
safari();
log_clean($mark);
done_testing();

sub pasted {
    my ($number, $list, $useless) = @_;
    my $line = "CORSAllowOrigin $app\nCORSAllowHeaders " . $list =~ tr/,/ /r;
    my $text = ' has no effect: pages cannot set these headers, or have no use'
        . ' for them';
    my $name = substr $list, 0, 40;
    startup_is("$line\n",
        [ $useless ? "? CORSAllowHeaders $useless (conf:2)$text" : () ],
        "$name... starts");

    my (%is_listed, @names);
    for my $one (map { lc } split /, */, $list) {
        push @names, $one if !$is_listed{$one}++;
    }
    write_htdocs("names/pasted/$number/.htaccess", "$line\n");
    for_each_protocol {
        asked($number, [@names], \@names, "$name... all of them");
        asked($number, [ $names[0] ], \@names, "$name... the first");
    };
    return;
}

sub asked {
    my ($number, $requested, $listed, $name) = @_;
    pf_ok(
        preflight("/names/pasted/$number/x", $app, 'POST',
            join(',', @$requested), @host),
        policy => { methods => [qw(GET HEAD POST)], headers => $listed },
        origin  => $app,
        headers => $requested,
        name    => $name
    );
    return;
}

# Up to version 10.
sub safari {
    write_htdocs('names/pasted/safari/.htaccess',
        "CORSAllowOrigin $app\nCORSAllowHeaders Content-Type Accept Origin\n"
            . "CORSAllowMethods PUT TRACE\nCORSExposeHeaders ETag Set-Cookie\n");
    write_htdocs('names/pasted/safari/x', "x\n");
    for_each_protocol {
        my %policy = (
            methods => ['PUT'],
            headers => [qw(content-type accept origin)],
            expose  => ['etag'],
        );
        my $at = '/names/pasted/safari/x';
        pf_ok(preflight($at, $app, 'PUT', 'accept, origin, content-type',
                @host),
            policy => \%policy, origin => $app, headers => ['accept'],
            name => 'C-71 accept, origin, content-type');
        pf_no(preflight($at, $app, $_, undef, @host),
            policy => { methods => ['PUT'] }, name => "C-57 $_ never passes")
            for qw(TRACE trace);
        act_ok(get($at, $app, @host), policy => \%policy, origin => $app,
            name => 'C-45 Set-Cookie is not exposed');
    };
    return;
}
