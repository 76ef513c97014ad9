# Another module gives a request another method, as X-HTTP-Method-Override is
# meant to, and httpd redirects it inside the server from a URL without a policy
# to one with: the client's method counts, and nothing breaks.
use strict;
use warnings;
use lib 'lib';
use CorsTest;
use OwnServer;
use Test::More;

my $origin = 'https://app.example';
my $server = OwnServer->new;
my @at     = (port => $server->port);
my @asks   = ('Access-Control-Request-Method' => 'PUT');
my $policy = { origins => [$origin], methods => ['PUT'] };

if (!$server->has('perl')) {
    pass('this httpd has no mod_perl');
    done_testing();
    exit 0;
}
$server->write('open/x', '');
$server->write('policy/index.txt', "policy\n");
$server->serve(<<'CONF', modules => ['perl']);
<Perl>
package Override;
use Apache2::RequestRec ();
use Apache2::Const -compile => qw(DECLINED M_OPTIONS M_GET);
use APR::Table ();
sub handler {
    my ($r) = @_;
    my $method = $r->headers_in->get('X-HTTP-Method-Override');
    if (defined $method && !$r->prev) {
        $r->method($method);
        $r->method_number($method eq 'OPTIONS' ? Apache2::Const::M_OPTIONS
                                               : Apache2::Const::M_GET);
    }
    return Apache2::Const::DECLINED;
}
$INC{'Override.pm'} = 1;
1;
</Perl>
PerlPostReadRequestHandler Override
<Location "/policy">
    CORSAllowOrigin https://app.example
    CORSAllowMethods PUT
</Location>
<Directory "@dir@/www/open">
    RewriteEngine On
    RewriteRule "." /policy/index.txt
</Directory>
CONF

# What is no preflight for the client is none.
for my $method (qw(POST PUT GET)) {
    for my $path (qw(/open/x /open/y)) {
        act_ok(
            request($method, $path,
                [ Origin => $origin, @asks,
                    'X-HTTP-Method-Override' => 'OPTIONS' ], @at),
            name => "$method as OPTIONS, redirected from $path",
            policy => $policy, origin => $origin,
            body => undef
        );
    }
}

# A preflight that is to be something else goes to the handler as that.
my $res = request('OPTIONS', '/policy/index.txt',
    [ Origin => $origin, @asks, 'X-HTTP-Method-Override' => 'GET' ], @at);
act_ok($res, name => 'OPTIONS as GET', policy => $policy, origin => $origin,
    body => "policy\n");

# Without a redirect the other method is all that there is.
$res = request('POST', '/policy/index.txt',
    [ Origin => $origin, @asks, 'X-HTTP-Method-Override' => 'OPTIONS' ], @at);
pf_ok($res, name => 'POST as OPTIONS', policy => $policy, origin => $origin,
    method => 'PUT');
unlike($server->log, qr/:(?:error|crit|alert|emerg)\]/, 'no error is logged');
done_testing();
