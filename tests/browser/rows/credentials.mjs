// Cookies, Basic authentication, and what a script may learn of a refusal.

const refused = { outcome: 'TypeError' };
const basic = password =>
    `Basic ${Buffer.from(`user:${password}`).toString('base64')}`;

export function rows() {
    return [...cookies, ...authentication];
}

const cookies = [
    {
        id: 'cookie',
        what: 'a cookie is set and sent with credentials only',
        steps: [
            {
                path: '/credentials/echo?cookie=session',
                request: { init: { credentials: 'include' } },
                expect: { outcome: 'ok', status: 200 },
            },
            {
                path: '/credentials/echo',
                request: { init: { credentials: 'include' } },
                expect: { outcome: 'ok', echo: { cookie: 'session=set' } },
            },
            {
                path: '/credentials/echo',
                request: { init: { credentials: 'same-origin' } },
                expect: { outcome: 'ok', echo: { cookie: null } },
            },
            {
                path: '/credentials/echo',
                request: { init: { credentials: 'omit' } },
                expect: { outcome: 'ok', echo: { cookie: null } },
            },
            {
                path: '/credentials/echo',
                request: { via: 'xhr', init: { credentials: 'include' } },
                expect: { outcome: 'ok', echo: { cookie: 'session=set' } },
            },
        ],
        wire: ['GET 200', 'GET 200', 'GET 200', 'GET 200', 'GET 200'],
    },
    {
        id: 'cookie-put',
        what: 'a cookie goes with PUT, not with its preflight',
        path: '/credentials/echo',
        request: {
            init: {
                method: 'PUT', credentials: 'include', body: '{}',
                headers: { 'Content-Type': 'application/json' },
            },
        },
        expect: { outcome: 'ok', echo: { cookie: 'session=set' } },
        wire: ['OPTIONS 204', 'PUT 200'],
    },
    {
        id: 'cookie-unread',
        what: 'a cookie is sent where credentials are not shared, but the '
            + 'script sees nothing',
        path: '/list/echo', request: { init: { credentials: 'include' } },
        expect: refused, wire: ['GET 200'], last: { cookie: 'session=set' },
    },
    {
        id: 'cookie-refused',
        what: 'a cookie that comes with a refused response is kept all the '
            + 'same',
        steps: [
            {
                path: '/credentials/echo?cookie=kept',
                request: { init: { credentials: 'include' } },
                expect: refused,
            },
            {
                path: '/credentials/echo',
                request: { init: { credentials: 'include' } },
                expect: refused,
            },
        ],
        from: 'address', to: 'apiAddress',
        wire: ['GET 200', 'GET 200'], last: { cookie: 'kept=set' },
    },
];

const authentication = [
    {
        id: 'basic-401',
        what: 'a 401 is readable, with its WWW-Authenticate',
        path: '/private/echo',
        expect: {
            outcome: 'ok', status: 401,
            headers: { 'WWW-Authenticate': 'Basic realm="browser tests"' },
        },
        wire: ['GET 401'], vary: 'Origin',
    },
    {
        id: 'token-401-include',
        what: 'a 401 that asks for no password is readable, with credentials',
        path: '/credentials/echo?status=401',
        request: { init: { credentials: 'include' } },
        expect: { outcome: 'ok', status: 401 }, wire: ['GET 401'],
    },
    {
        id: 'basic-good',
        what: 'a preflight passes without the password, the GET with it',
        path: '/private/echo',
        request: { init: { headers: { Authorization: basic('secret') } } },
        asked: 'authorization',
        expect: {
            outcome: 'ok', status: 200,
            echo: { authorization: basic('secret') },
        },
        wire: ['OPTIONS 204', 'GET 200'],
    },
    {
        id: 'basic-good-include',
        what: 'the same with credentials',
        path: '/private/echo',
        request: {
            init: {
                credentials: 'include',
                headers: { Authorization: basic('secret') },
            },
        },
        expect: { outcome: 'ok', status: 200 },
        wire: ['OPTIONS 204', 'GET 200'],
    },
    {
        id: 'basic-bad',
        what: 'a 401 to a wrong password is readable',
        path: '/private/echo',
        request: { init: { headers: { Authorization: basic('wrong') } } },
        expect: { outcome: 'ok', status: 401 },
        wire: ['OPTIONS 204', 'GET 401'],
    },
    {
        id: 'basic-put',
        what: 'PUT without a password: the preflight passes, the 401 is '
            + 'readable',
        path: '/private/echo',
        request: {
            init: {
                method: 'PUT', body: '{}', credentials: 'omit',
                headers: { 'Content-Type': 'application/json' },
            },
        },
        expect: { outcome: 'ok', status: 401 },
        wire: ['OPTIONS 204', 'PUT 401'],
    },
    {
        id: 'basic-method',
        what: 'an unlisted method of a protected resource is refused',
        path: '/private/echo', request: { init: { method: 'DELETE' } },
        expect: refused, wire: ['OPTIONS 403'],
    },
    {
        id: 'basic-stranger',
        what: 'another origin cannot read the 401',
        from: 'stranger', path: '/private/echo',
        expect: refused, wire: ['GET 401'],
    },
    {
        id: 'basic-stranger-good',
        what: 'another origin cannot send the password',
        from: 'stranger', path: '/private/echo',
        request: { init: { headers: { Authorization: basic('secret') } } },
        expect: refused, wire: ['OPTIONS 403'],
    },
    {
        id: 'basic-prompt',
        what: 'a 401 to a request with credentials: nobody is asked for a '
            + 'password',
        from: 'guesser',
        path: '/private/echo', request: { init: { credentials: 'include' } },
        expect: { outcome: 'ok', status: 401 }, wire: ['GET 401'],
        differs: {
            chromium: { wire: ['GET 401', 'GET 401'] },
            firefox: { wire: ['GET 401', 'GET 401', 'GET 401'] },
            why: 'both ask the user, Firefox again after a wrong answer',
        },
    },
    {
        id: 'basic-prompt-put',
        what: 'the same for PUT: one preflight, the 401 is readable',
        from: 'guesser', path: '/private/echo',
        request: {
            init: {
                method: 'PUT', body: '{}', credentials: 'include',
                headers: { 'Content-Type': 'application/json' },
            },
        },
        expect: { outcome: 'ok', status: 401 },
        wire: ['OPTIONS 204', 'PUT 401'],
        differs: {
            chromium: { wire: ['OPTIONS 204', 'PUT 401', 'PUT 401'] },
            firefox: {
                wire: ['OPTIONS 204', 'PUT 401', 'PUT 401', 'PUT 401'],
            },
            why: 'both ask the user, Firefox again after a wrong answer',
        },
    },
    {
        id: 'basic-user',
        what: 'a user who knows the password',
        from: 'user',
        path: '/private/echo', request: { init: { credentials: 'include' } },
        expect: { outcome: 'ok', status: 401 }, wire: ['GET 401'],
        differs: {
            chromium: {
                expect: { status: 200 }, wire: ['GET 401', 'GET 200'],
            },
            firefox: {
                expect: { status: 200 }, wire: ['GET 401', 'GET 200'],
            },
            why: 'both ask the user, though the response is cross-origin',
        },
    },
    {
        id: 'basic-remembered',
        what: 'the password that the browser knows by now goes with PUT, not '
            + 'with its preflight',
        from: 'user', path: '/private/echo',
        request: { init: { method: 'PUT', credentials: 'include' } },
        expect: {
            outcome: 'ok', status: 200,
            echo: { authorization: basic('secret') },
        },
        wire: ['OPTIONS 204', 'PUT 200'],
    },
    {
        id: 'basic-remembered-omit',
        what: 'nor with a request without credentials',
        from: 'user', path: '/private/echo',
        request: { init: { method: 'PUT', credentials: 'omit' } },
        expect: { outcome: 'ok', status: 401 },
        wire: ['OPTIONS 204', 'PUT 401'],
    },
];
