// Errors are readable by the scripts that may read, and by no others.

const CASES = [
    ['404', 'httpd has no such file', '/errors/files/none', 404],
    ['404-backend', 'of the backend', '/errors/echo?status=404', 404, '"GET"'],
    ['404-document', 'with an ErrorDocument', '/errors-document/files/none',
        404, 'the document for 404'],
    ['500', 'of httpd', '/errors/500', 500],
    ['500-backend', 'of the backend', '/errors/echo?status=500', 500, '"GET"'],
    ['500-document', 'with an ErrorDocument', '/errors-document/500', 500,
        'the document for 500'],
    ['503', 'the backend is down', '/errors/dead', 503],
    ['403', 'access denied', '/forbidden/files/plain.txt', 403],
    ['429-backend', 'of the backend', '/errors/echo?status=429', 429, '"GET"'],
];

export function rows() {
    return [
        ...CASES.flatMap(([name, what, path, status, body = '']) => [
            {
                id: `error-${name}`,
                what: `${status}, ${what}: readable`,
                path, expect: { outcome: 'ok', status, body },
                wire: [`GET ${status}`],
            },
            {
                id: `error-${name}-stranger`,
                what: `${status}, ${what}: not readable by another origin`,
                from: 'stranger', path, expect: { outcome: 'TypeError' },
                wire: [`GET ${status}`],
            },
            {
                id: `error-${name}-put`,
                what: `PUT, ${status}, ${what}: the preflight passes, the `
                    + 'error is readable',
                path, request: { init: { method: 'PUT' } },
                // The file that answers PUT is the handler's to refuse.
                expect: { outcome: 'ok', status: putStatus(path, status) },
                wire: ['OPTIONS 204', `PUT ${putStatus(path, status)}`],
            },
        ]),
        {
            id: 'error-document-header',
            what: 'the header of an ErrorDocument is exposed by the policy '
                + 'of the URL that was asked for',
            path: '/errors-document/files/none',
            expect: { outcome: 'ok', status: 404, headers: {
                'X-Document': 'yes',
            } },
        },
        {
            id: 'error-405',
            what: 'AllowMethods refuses PUT, not its preflight',
            path: '/get-only/echo', request: { init: { method: 'PUT' } },
            expect: { outcome: 'ok', status: 405 },
            wire: ['OPTIONS 204', 'PUT 405'],
        },
        {
            id: 'error-413',
            what: 'a body that is too long: 413 is readable',
            path: '/errors/files/plain.txt',
            request: { init: { method: 'POST', body: 'x'.repeat(20) } },
            expect: { outcome: 'ok', status: 413 }, wire: ['POST 413'],
        },
    ];
}

const putStatus = (path, status) =>
    path.includes('/files/none') ? 405 : status;
