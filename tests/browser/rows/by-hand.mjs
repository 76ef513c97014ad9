// CORS by mod_headers, with the usual mistakes: what the module saves its users
// from, and proof that the rows above would fail if it made them.

const ok = { outcome: 'ok', status: 200 };
const refused = { outcome: 'TypeError' };
const include = { init: { credentials: 'include' } };

const putWithKey = {
    init: { method: 'PUT', headers: { 'X-Api-Key': 'k' } },
};

export function rows() {
    return [
        {
            id: 'hand', what: 'the Origin reflected', path: '/hand-plain/echo',
            expect: ok, wire: ['GET 200'],
        },
        {
            id: 'hand-credentials',
            what: 'without Access-Control-Allow-Credentials',
            path: '/hand-plain/echo', request: include,
            expect: refused, wire: ['GET 200'],
        },
        {
            id: 'hand-no-vary',
            what: 'without Vary: a copy for one origin is given to another',
            path: '/hand-no-vary/files/plain.txt',
            steps: [
                { from: 'app', expect: ok },
                { from: 'app2', expect: refused },
            ],
            wire: ['GET 200'],
        },
        {
            id: 'hand-two-origins',
            what: 'Access-Control-Allow-Origin twice',
            path: '/hand-two-origins/echo', expect: refused, wire: ['GET 200'],
        },
        {
            id: 'hand-two-credentials',
            what: 'Access-Control-Allow-Credentials twice',
            path: '/hand-two-credentials/echo', request: include,
            expect: refused, wire: ['GET 200'],
        },
        {
            id: 'hand-slash',
            what: 'a slash after the origin',
            path: '/hand-slash/echo', expect: refused, wire: ['GET 200'],
        },
        {
            id: 'hand-any-credentials',
            what: '"*" with credentials',
            path: '/hand-any-credentials/echo',
            steps: [
                { expect: ok },
                { request: include, expect: refused },
            ],
            wire: ['GET 200', 'GET 200'],
        },
        {
            id: 'hand-moved',
            what: 'a preflight that is redirected',
            path: '/hand-moved/echo', request: putWithKey,
            expect: refused, wire: ['OPTIONS 302'],
        },
        {
            id: 'hand-star-cache',
            what: 'a literal "*" in the preflight cache',
            path: '/hand-star/echo',
            steps: [
                { request: putWithKey, expect: ok },
                { request: putWithKey, expect: ok },
            ],
            wire: ['OPTIONS 204', 'PUT 200', 'PUT 200'],
            differs: {
                firefox: {
                    wire: ['OPTIONS 204', 'PUT 200', 'OPTIONS 204', 'PUT 200'],
                },
                why: "Firefox's cache takes it for a name: the module "
                    + 'answers with names',
            },
        },
        {
            id: 'hand-star-authorization',
            what: 'a literal "*" and Authorization',
            path: '/hand-star/echo',
            request: { init: { headers: { Authorization: 'Bearer t' } } },
            expect: refused, wire: ['OPTIONS 204'],
            differs: {
                chromium: {
                    expect: ok, wire: ['OPTIONS 204', 'GET 200'],
                },
                firefox: {
                    expect: ok, wire: ['OPTIONS 204', 'GET 200'],
                },
                why: 'today browsers let it cover Authorization: the module '
                    + 'never sends it',
            },
        },
    ];
}
