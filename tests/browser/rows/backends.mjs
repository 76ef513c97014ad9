// Behind mod_proxy; "own" asks for a backend that sends CORS headers itself:
// any origin, credentials, PUT and PATCH, X-Two exposed.

const ok = { outcome: 'ok', status: 200 };
const refused = { outcome: 'TypeError' };
const method = name => ({ init: { method: name } });

export function rows() {
    return [
        {
            id: 'own-replaced',
            what: "the backend's headers are replaced by the policy's",
            path: '/replace/echo?own',
            expect: { ...ok, headers: { 'X-One': '1', 'X-Two': null } },
            wire: ['GET 200'], vary: 'Accept-Language, Origin',
        },
        {
            id: 'own-replaced-stranger',
            what: 'the backend allows any origin, the policy does not',
            from: 'stranger', path: '/replace/echo?own',
            expect: refused, wire: ['GET 200'],
        },
        {
            id: 'own-replaced-include',
            what: 'the backend allows credentials, the policy does not',
            path: '/replace/echo?own',
            request: { init: { credentials: 'include' } },
            expect: refused, wire: ['GET 200'],
        },
        {
            id: 'own-replaced-put',
            what: 'the preflight is answered here',
            path: '/replace/echo?own', request: method('PUT'),
            expect: ok, wire: ['OPTIONS 204', 'PUT 200'],
        },
        {
            id: 'own-replaced-patch',
            what: 'the backend allows PATCH, the policy does not',
            path: '/replace/echo?own', request: method('PATCH'),
            expect: refused, wire: ['OPTIONS 403'],
        },
        {
            id: 'own-kept',
            what: 'CORSBackendHeaders keep: what the backend says holds',
            from: 'stranger', path: '/keep/echo?own',
            expect: { ...ok, headers: { 'X-One': null, 'X-Two': '2' } },
            wire: ['GET 200'],
        },
        {
            id: 'own-kept-gap',
            what: 'CORSBackendHeaders keep: where it says nothing, the policy',
            path: '/keep/echo',
            expect: { ...ok, headers: { 'X-One': '1', 'X-Two': null } },
            wire: ['GET 200'], vary: 'Origin',
        },
        {
            id: 'own-kept-gap-stranger',
            what: 'the same, another origin',
            from: 'stranger', path: '/keep/echo',
            expect: refused, wire: ['GET 200'], vary: 'Origin',
        },
        {
            id: 'none-own',
            what: "without a policy the backend's headers are left alone",
            from: 'stranger', path: '/none/echo?own', request: method('PATCH'),
            expect: { ...ok, headers: { 'X-Two': '2' } },
            wire: ['OPTIONS 200', 'PATCH 200'], vary: 'Accept-Language',
        },
        {
            id: 'pass-allowed',
            what: 'CORSPreflight pass: the backend answers, the policy allows',
            path: '/pass/echo', request: method('PUT'),
            expect: ok, wire: ['OPTIONS 200', 'PUT 200'],
        },
        {
            id: 'pass-method',
            what: 'CORSPreflight pass: the policy refuses',
            path: '/pass/echo?own', request: method('PATCH'),
            expect: refused, wire: ['OPTIONS 200'],
        },
        {
            id: 'pass-stranger',
            what: 'CORSPreflight pass: another origin',
            from: 'stranger', path: '/pass/echo?own', request: method('PUT'),
            expect: refused, wire: ['OPTIONS 200'],
        },
        {
            id: 'pass-status',
            what: 'CORSPreflight pass: a backend that does not know OPTIONS',
            path: '/pass/echo?status=405', request: method('PUT'),
            expect: refused, wire: ['OPTIONS 405'],
        },
        {
            id: 'directory',
            what: 'a policy in <Directory>',
            to: 'directory', path: '/plain.txt',
            expect: { ...ok, body: 'plain text' },
            wire: ['GET 200'], vary: 'Origin',
        },
        {
            id: 'directory-stranger',
            what: 'a policy in <Directory>, another origin',
            from: 'stranger', to: 'directory', path: '/plain.txt',
            expect: refused, wire: ['GET 200'], vary: 'Origin',
        },
        {
            id: 'directory-put',
            what: 'a policy in <Directory>: the preflight passes, the 405 of '
                + 'a file is readable',
            to: 'directory', path: '/plain.txt', request: method('PUT'),
            expect: { outcome: 'ok', status: 405 },
            wire: ['OPTIONS 204', 'PUT 405'],
        },
        {
            id: 'htaccess-method',
            what: 'a method listed in .htaccess',
            to: 'directory', path: '/own/plain.txt', request: method('DELETE'),
            expect: { outcome: 'ok', status: 405 },
            wire: ['OPTIONS 204', 'DELETE 405'],
        },
        {
            id: 'htaccess-replaces',
            what: 'the list in .htaccess replaces the inherited one',
            to: 'directory', path: '/own/plain.txt', request: method('PUT'),
            expect: refused, wire: ['OPTIONS 403'],
        },
        {
            id: 'directory-rewrite',
            what: 'rewritten in a <Directory>: the policy of the URL that was '
                + 'asked for governs',
            to: 'directory', path: '/inside.txt',
            expect: { ...ok, body: 'plain text' }, wire: ['GET 200'],
        },
        {
            id: 'directory-closed',
            what: 'asked for directly, the target is closed',
            to: 'directory', path: '/closed/plain.txt',
            expect: refused, wire: ['GET 200'],
        },
    ];
}
