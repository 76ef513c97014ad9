// Whose script may read: the page's origin against the policy's list.

const MATCHES = {
    '/list/': {
        allowed: {
            app: 'named', app2: 'named: another port',
            tlsapp: 'named: https', subdomain: 'under a wildcard',
            subsubdomain: 'two labels under a wildcard',
        },
        refused: {
            stranger: 'a port that is not named',
            address: '127.0.0.1 is not localhost', sandbox: 'null',
        },
    },
    '/regex/': {
        allowed: { subdomain: 'matched' },
        refused: {
            subsubdomain: 'matched in part only', app: 'not matched',
            sandbox: 'null',
        },
    },
    '/null/': {
        allowed: { sandbox: 'null' },
        refused: { app: 'not null' },
    },
    '/any/': {
        allowed: {
            app: '', stranger: '', address: '', subdomain: '', tlsapp: '',
            sandbox: 'null',
        },
        refused: {},
    },
    '/closed/': { allowed: {}, refused: { app: '', sandbox: 'null' } },
};

export function rows() {
    return Object.entries(MATCHES).flatMap(([policy, { allowed, refused }]) => [
        ...Object.entries(allowed).flatMap(
            ([from, what]) => asked(policy, from, what, true)),
        ...Object.entries(refused).flatMap(
            ([from, what]) => asked(policy, from, what, false)),
    ]);
}

function asked(policy, from, what, allowed) {
    const id = `origin-${policy.replaceAll('/', '')}-${from}`;
    const end = allowed ? 'allowed' : 'refused';
    const expect = allowed
        ? { outcome: 'ok', status: 200 } : { outcome: 'TypeError' };
    const path = `${policy}echo`;
    const row = (suffix, method, wire) => ({
        id: id + suffix,
        what: `${method} ${policy} from ${from}${what && `, ${what}`}: ${end}`,
        from, path, expect, wire, request: { init: { method } },
    });
    const noPut = policy === '/regex/';
    return [
        row('', 'GET', ['GET 200']),
        ...(noPut ? [] : [row('-put', 'PUT',
            allowed ? ['OPTIONS 204', 'PUT 200'] : ['OPTIONS 403'])]),
    ];
}
