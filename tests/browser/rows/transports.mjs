// HTTP/2 and HTTP/1.1, over TLS and without, as the browser itself reports it:
// which it does only with Timing-Allow-Origin.

import { rows as grid } from './grid.mjs';

const ok = { outcome: 'ok', status: 200 };
const refused = { outcome: 'TypeError' };
const put = {
    timing: true,
    init: { method: 'PUT', headers: { 'X-Api-Key': 'k' } },
};

export function rows() {
    return [
        ...[
            ['h1', 'api', 'http/1.1', 'HTTP/1.1'],
            ['h1-tls', 'tlsapp', 'http/1.1', 'HTTP/1.1'],
            ['h2', 'tls', 'h2', 'HTTP/2.0'],
        ].flatMap(([id, to, protocol, logged]) => [
            {
                id: `${id}-get`,
                what: `GET over ${protocol} (${to})`,
                to, path: '/timing/echo', request: { timing: true },
                expect: { ...ok, timed: true, protocol },
                wire: ['GET 200'], vary: 'Origin', last: { protocol: logged },
            },
            {
                id: `${id}-put`,
                what: `PUT over ${protocol} (${to}), with its preflight`,
                to, path: '/timing/echo', request: put,
                expect: { ...ok, timed: true, protocol },
                wire: ['OPTIONS 204', 'PUT 200'], last: { protocol: logged },
            },
            {
                id: `${id}-method`,
                what: `an unlisted method over ${protocol} (${to})`,
                to, path: '/timing/echo',
                request: { init: { method: 'DELETE' } },
                expect: refused, wire: ['OPTIONS 403'],
                last: { protocol: logged },
            },
            {
                id: `${id}-stranger`,
                what: `another origin over ${protocol} (${to})`,
                from: 'stranger', to, path: '/timing/echo', request: put,
                expect: refused, wire: ['OPTIONS 403'],
            },
            {
                id: `${id}-untimed`,
                what: `without CORSTimingAllowOrigin over ${protocol} (${to})`,
                to, path: '/list/echo', request: { timing: true },
                expect: { ...ok, timed: false }, wire: ['GET 200'],
            },
        ]),
        {
            id: 'h2-basic',
            what: 'a 401 over h2, between two https origins',
            from: 'tlsapp', to: 'tls', path: '/private/echo',
            request: {
                init: {
                    method: 'PUT',
                    headers: { Authorization: 'Basic bm9ib2R5Og==' },
                },
            },
            expect: { outcome: 'ok', status: 401 },
            wire: ['OPTIONS 204', 'PUT 401'], last: { protocol: 'HTTP/2.0' },
        },
        ...grid(['list'], ['omit']).map(row => ({
            ...row,
            id: `h2-${row.id}`,
            what: `${row.what}, over h2`,
            from: 'tlsapp',
            to: 'tls',
        })),
    ];
}
