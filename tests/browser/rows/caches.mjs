// The browser's HTTP cache and its preflight cache, counted on the wire.

const ok = { outcome: 'ok', status: 200 };
const refused = { outcome: 'TypeError' };

const ask = (method, headers = {}, more = {}) =>
    ({ init: { method, headers, ...more } });
const key = { 'X-Api-Key': 'k' };
const json = { 'Content-Type': 'application/json' };
const token = { Authorization: 'Bearer t' };

export function rows() {
    return [...responses, ...preflights];
}

const responses = [
    {
        id: 'cache-two-origins',
        what: 'a copy that is fresh for one origin is not given to another',
        path: '/fresh/files/plain.txt',
        steps: [
            { from: 'app', expect: ok },
            { from: 'app', expect: ok },
            { from: 'app2', expect: ok },
            { from: 'stranger', expect: refused },
        ],
    },
    {
        id: 'cache-refused-first',
        what: 'a copy of a refusal is not given to an allowed origin',
        path: '/fresh/files/plain.txt',
        steps: [
            { from: 'stranger', expect: refused },
            { from: 'app', expect: ok },
        ],
    },
    {
        id: 'cache-no-origin-first',
        what: 'a copy that was fetched without an Origin is not used',
        path: '/fresh/files/plain.txt',
        steps: [
            {
                request: { init: { mode: 'no-cors' } },
                expect: { outcome: 'opaque' },
            },
            { expect: ok },
        ],
    },
    {
        id: 'cache-image-first',
        what: 'an image first without crossorigin, then with it',
        path: '/fresh/files/red.png',
        steps: [
            {
                request: { via: 'image' },
                expect: { outcome: 'ok', pixel: 'SecurityError' },
            },
            {
                request: { via: 'image', crossOrigin: 'anonymous' },
                expect: { outcome: 'ok', pixel: [255, 0, 0, 255] },
            },
        ],
    },
    {
        id: 'cache-any',
        what: 'one copy serves all origins under "*"',
        path: '/fresh-any/files/plain.txt',
        steps: [
            { from: 'app', expect: ok },
            { from: 'app2', expect: ok },
            { from: 'stranger', expect: ok },
        ],
        wire: ['GET 200'],
    },
    {
        id: 'cache-revalidated',
        what: 'a 304 is a 200 to the script, for two origins',
        path: '/stale/files/plain.txt',
        steps: [
            { from: 'app', expect: { ...ok, body: 'plain' } },
            { from: 'app', expect: { ...ok, body: 'plain' } },
            { from: 'app2', expect: { ...ok, body: 'plain' } },
            { from: 'app2', expect: { ...ok, body: 'plain' } },
            { from: 'app', expect: { ...ok, body: 'plain' } },
            { from: 'stranger', expect: refused },
        ],
        wire: ['GET 200', 'GET 304', 'GET 304', 'GET 304', 'GET 304',
            'GET 304'],
        vary: 'Origin',
    },
];

const preflights = [
    {
        id: 'preflight-one-for-all',
        what: 'one preflight that asked for a header serves every listed '
            + 'method and header',
        path: '/cached/echo',
        steps: [
            ask('PUT', key), ask('DELETE', key), ask('PUT', json),
            ask('DELETE', token), ask('PURGE', { ...key, ...json, ...token }),
            ask('PUT'), ask('GET', key), ask('POST', json),
        ].map(request => ({ request, expect: ok })),
        wire: ['OPTIONS 204', 'PUT 200', 'DELETE 200', 'PUT 200', 'DELETE 200',
            'PURGE 200', 'PUT 200', 'GET 200', 'POST 200'],
    },
    {
        id: 'preflight-methods-only',
        what: 'one that asked for no header serves every listed method, '
            + 'and no header',
        path: '/cached/echo',
        steps: [ask('PUT'), ask('DELETE'), ask('PUT', key), ask('DELETE', json)]
            .map(request => ({ request, expect: ok })),
        wire: ['OPTIONS 204', 'PUT 200', 'DELETE 200', 'OPTIONS 204', 'PUT 200',
            'DELETE 200'],
    },
    {
        id: 'preflight-unlisted',
        what: 'what is not listed is asked for, and refused',
        path: '/cached/echo',
        steps: [
            { request: ask('PUT', key), expect: ok },
            { request: ask('PATCH', key), expect: refused },
            { request: ask('PUT', { 'X-Other': '1' }), expect: refused },
        ],
        wire: ['OPTIONS 204', 'PUT 200', 'OPTIONS 403', 'OPTIONS 403'],
    },
    {
        id: 'preflight-other-url',
        what: 'another URL has its own',
        steps: [
            {
                path: '/cached/echo?a=1', request: ask('PUT', key), expect: ok,
            },
            {
                path: '/cached/echo?a=2', request: ask('PUT', key), expect: ok,
            },
        ],
        wire: ['OPTIONS 204', 'PUT 200', 'OPTIONS 204', 'PUT 200'],
    },
    {
        id: 'preflight-other-origin',
        what: 'another origin has its own',
        path: '/cached/echo',
        steps: [
            { from: 'app', request: ask('PUT', key), expect: ok },
            { from: 'app2', request: ask('PUT', key), expect: ok },
            { from: 'stranger', request: ask('PUT', key), expect: refused },
        ],
        wire: ['OPTIONS 204', 'PUT 200', 'OPTIONS 204', 'PUT 200',
            'OPTIONS 403'],
    },
    {
        id: 'preflight-credentials',
        what: 'requests with credentials have their own',
        path: '/cached/echo',
        steps: [
            ask('PUT', key, { credentials: 'omit' }),
            ask('PUT', key, { credentials: 'include' }),
            ask('DELETE', token, { credentials: 'include' }),
        ].map(request => ({ request, expect: ok })),
        wire: ['OPTIONS 204', 'PUT 200', 'OPTIONS 204', 'PUT 200',
            'DELETE 200'],
    },
    {
        id: 'preflight-any',
        what: 'under "*" it serves what it asked for, and no more',
        path: '/cached-any/echo',
        steps: [
            ask('PUT', key), ask('PUT', key), ask('DELETE', key),
            ask('PUT', json),
        ].map(request => ({ request, expect: ok })),
        wire: ['OPTIONS 204', 'PUT 200', 'PUT 200', 'OPTIONS 204', 'DELETE 200',
            'OPTIONS 204', 'PUT 200'],
    },
    {
        id: 'preflight-max-age-0',
        what: 'CORSMaxAge 0: one for each request',
        path: '/uncached/echo',
        steps: [ask('PUT'), ask('PUT')]
            .map(request => ({ request, expect: ok })),
        wire: ['OPTIONS 204', 'PUT 200', 'OPTIONS 204', 'PUT 200'],
    },
    {
        id: 'preflight-default',
        what: 'without CORSMaxAge: kept for five seconds',
        path: '/list/echo',
        steps: [ask('PUT', key), ask('DELETE', json)]
            .map(request => ({ request, expect: ok })),
        wire: ['OPTIONS 204', 'PUT 200', 'DELETE 200'],
    },
    {
        id: 'preflight-max-age',
        what: 'with CORSMaxAge: kept for longer',
        steps: [
            { path: '/list/echo', request: ask('PUT', key), expect: ok },
            { path: '/cached/echo', request: ask('PUT', key), expect: ok },
            {
                wait: 6000,
                path: '/list/echo', request: ask('DELETE', key), expect: ok,
            },
            { path: '/cached/echo', request: ask('PURGE', key), expect: ok },
        ],
        wire: ['OPTIONS 204', 'PUT 200', 'OPTIONS 204', 'PUT 200',
            'OPTIONS 204', 'DELETE 200', 'PURGE 200'],
    },
];
