// Redirects: the browser checks each response of the chain.

const ok = { outcome: 'ok', status: 200 };
const refused = { outcome: 'TypeError' };
const put = { init: { method: 'PUT', headers: { 'X-Api-Key': 'k' } } };

export function rows() {
    return [
        ...['301', '302', '303', '307', '308'].map(status => ({
            id: `redirect-${status}`,
            what: `${status} within the server`,
            path: `/moved/${status}/list/echo`,
            expect: { ...ok, redirected: true },
            wire: [`GET ${status}`, 'GET 200'],
        })),
        ...['301', '302', '303'].map(status => ({
            id: `redirect-${status}-post`,
            what: `POST, ${status}: becomes GET`,
            path: `/moved/${status}/list/echo`,
            request: { init: { method: 'POST', body: 'x' } },
            expect: { ...ok, echo: { method: 'GET', length: 0 } },
            wire: [`POST ${status}`, 'GET 200'],
        })),
        ...['307', '308'].map(status => ({
            id: `redirect-${status}-put`,
            what: `PUT, ${status}: a preflight at each URL, neither redirected`,
            path: `/moved-rest/${status}/list/echo`, request: put,
            expect: { ...ok, redirected: true, echo: { method: 'PUT' } },
            wire: ['OPTIONS 204', `PUT ${status}`, 'OPTIONS 204', 'PUT 200'],
        })),
        {
            id: 'redirect-directory',
            what: 'a redirect in .htaccess or <Directory> comes after the '
                + 'preflight',
            to: 'directory', path: '/moved/plain.txt',
            request: { init: { method: 'PUT' } },
            expect: { outcome: 'ok', status: 405, redirected: true },
            wire: ['OPTIONS 204', 'PUT 307', 'OPTIONS 204', 'PUT 405'],
        },
        {
            id: 'redirect-preflight',
            what: 'a rule of the host that redirects preflights too',
            why: 'CORSPreflight early is for that',
            path: '/moved/307/list/echo', request: put,
            expect: refused, wire: ['OPTIONS 307'],
        },
        {
            id: 'redirect-early',
            what: 'CORSPreflight early, in front of a redirect',
            path: '/early/307/list/echo', request: { init: { method: 'PUT' } },
            expect: { ...ok, redirected: true },
            wire: ['OPTIONS 204', 'PUT 307', 'OPTIONS 204', 'PUT 200'],
        },
        {
            id: 'redirect-stranger',
            what: 'another origin: the redirect is not followed',
            from: 'stranger', path: '/moved/302/any/echo',
            expect: refused, wire: ['GET 302'],
        },
        {
            id: 'redirect-to-none',
            what: 'to a resource without a policy: not readable',
            path: '/moved/302/none/echo',
            expect: refused, wire: ['GET 302', 'GET 200'],
        },
        {
            id: 'redirect-to-refused-method',
            what: 'to a resource that does not list the method',
            path: '/moved-rest/307/few/echo',
            request: { init: { method: 'PUT' } },
            expect: refused, wire: ['OPTIONS 204', 'PUT 307', 'OPTIONS 403'],
        },
        {
            id: 'redirect-away-list',
            what: 'to another host: the Origin is null then, and not listed',
            path: '/moved/there/list/echo',
            expect: refused, wire: ['GET 302', 'GET 200'],
            last: { origin: 'null' },
        },
        {
            id: 'redirect-away-any',
            what: 'to another host, where anyone may read',
            path: '/moved/there/any/echo',
            expect: { ...ok, echo: { origin: 'null' } },
            wire: ['GET 302', 'GET 200'],
        },
        {
            id: 'redirect-away-null',
            what: 'to another host, where null may read',
            path: '/moved/there/null/echo', expect: ok,
            wire: ['GET 302', 'GET 200'],
        },
        {
            id: 'rewrite-allowed',
            what: 'a URL rewritten to one with a policy',
            path: '/moved/inside/list/echo', expect: ok, wire: ['GET 200'],
        },
        {
            id: 'rewrite-put',
            what: 'the preflight for such a URL, by the same policy',
            path: '/moved/inside/list/echo', request: put,
            expect: ok, wire: ['OPTIONS 204', 'PUT 200'],
        },
        {
            id: 'rewrite-stranger',
            what: 'such a URL, another origin',
            from: 'stranger', path: '/moved/inside/list/echo', request: put,
            expect: refused, wire: ['OPTIONS 403'],
        },
    ];
}
