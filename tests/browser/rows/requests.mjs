// Methods and headers beyond the grid, on both sides.

const ok = { outcome: 'ok', status: 200 };
const refused = { outcome: 'TypeError' };

export function rows() {
    return [...methods, ...requestHeaders, ...responseHeaders, ...ranges];
}

const methods = [
    {
        id: 'method-patch-lower',
        what: '"patch" reaches a policy that lists it',
        path: '/patch/files/plain.txt', request: { init: { method: 'patch' } },
        expect: { outcome: 'ok', status: 501 },
        wire: ['OPTIONS 204', 'patch 501'],
        why: 'files do not know it: 501, readable'
    },
    {
        id: 'method-patch-upper',
        what: 'PATCH is not "patch"',
        path: '/patch/echo', request: { init: { method: 'PATCH' } },
        expect: refused, wire: ['OPTIONS 403'],
    },
    {
        id: 'method-patch-unnormalised',
        what: '"patch" is not PATCH',
        path: '/list/echo', request: { init: { method: 'patch' } },
        expect: refused, wire: ['OPTIONS 403'],
    },
    {
        id: 'method-put-lower',
        what: '"put" is made PUT by the browser',
        path: '/list/echo', request: { init: { method: 'put' } },
        expect: ok, wire: ['OPTIONS 204', 'PUT 200'],
    },
    {
        id: 'method-options',
        what: 'OPTIONS from a script, after a preflight of its own',
        path: '/any/echo', request: { init: { method: 'OPTIONS' } },
        expect: { ...ok, body: '"method":"OPTIONS"' },
        wire: ['OPTIONS 204', 'OPTIONS 200'],
    },
    {
        id: 'method-options-unlisted',
        what: 'OPTIONS where it is not listed',
        path: '/list/echo', request: { init: { method: 'OPTIONS' } },
        expect: refused, wire: ['OPTIONS 403'],
    },
    {
        id: 'method-trace',
        what: 'TRACE is forbidden by the browser itself',
        path: '/any/echo', request: { init: { method: 'TRACE' } },
        expect: refused, wire: [],
    },
    {
        id: 'preflight-status-200',
        what: 'CORSPreflightStatus 200',
        path: '/status-200/echo', request: { init: { method: 'PUT' } },
        expect: ok, wire: ['OPTIONS 200', 'PUT 200'],
    },
    {
        id: 'debug-allowed',
        what: 'CORSDebug: what is allowed still is',
        path: '/debug/echo',
        request: { init: { method: 'PUT', headers: { 'X-Api-Key': 'k' } } },
        expect: ok, wire: ['OPTIONS 204', 'PUT 200'],
    },
    {
        id: 'debug-method',
        what: 'CORSDebug: an unlisted method is refused, by the browser',
        path: '/debug/echo', request: { init: { method: 'DELETE' } },
        expect: refused, wire: ['OPTIONS 204'],
    },
    {
        id: 'debug-header',
        what: 'CORSDebug: an unlisted header is refused, by the browser',
        path: '/debug/echo',
        request: { init: { method: 'PUT', headers: { 'X-Other': '1' } } },
        expect: refused, wire: ['OPTIONS 204'],
    },
    {
        id: 'debug-origin',
        what: 'CORSDebug: another origin is refused',
        from: 'stranger', path: '/debug/echo',
        request: { init: { method: 'PUT' } },
        expect: refused, wire: ['OPTIONS 403'],
    },
    {
        id: 'no-cors-post',
        what: 'a no-cors POST of another origin is handled, and opaque',
        from: 'stranger', path: '/list/echo',
        request: { init: { method: 'POST', mode: 'no-cors', body: 'x' } },
        expect: { outcome: 'opaque' }, wire: ['POST 200'],
    },
    {
        id: 'xhr', what: 'XMLHttpRequest',
        path: '/list/echo', request: { via: 'xhr' },
        expect: { ...ok, headers: { 'x-one': '1', 'x-two': null } },
        wire: ['GET 200'],
    },
    {
        id: 'xhr-refused', what: 'XMLHttpRequest, refused',
        from: 'stranger', path: '/list/echo', request: { via: 'xhr' },
        expect: { outcome: 'error' }, wire: ['GET 200'],
    },
    {
        id: 'upload', what: 'an upload that nobody listens to',
        path: '/few/echo',
        request: { via: 'xhr', init: { method: 'POST', body: 'x' } },
        expect: ok, wire: ['POST 200'],
    },
    {
        id: 'upload-listener',
        what: 'an upload with a listener: a preflight, for POST alone',
        path: '/few/echo',
        request: {
            via: 'xhr', upload: true, init: { method: 'POST', body: 'x' },
        },
        expect: { ...ok, progress: true }, asked: '',
        wire: ['OPTIONS 204', 'POST 200'],
    },
    {
        id: 'upload-listener-refused',
        what: 'an upload with a listener, refused',
        from: 'stranger', path: '/few/echo',
        request: {
            via: 'xhr', upload: true, init: { method: 'POST', body: 'x' },
        },
        expect: { outcome: 'error' }, wire: ['OPTIONS 403'],
    },
];

const requestHeaders = [
    {
        id: 'headers-sorted',
        what: 'all listed headers; the preflight sorts and folds the names',
        path: '/list/echo',
        request: {
            init: {
                method: 'PUT', body: '{}',
                headers: {
                    'X-Api-Key': 'k', 'content-TYPE': 'application/json',
                    'Authorization': 'Bearer t', 'Accept': 'text/plain',
                },
            },
        },
        asked: 'authorization,content-type,x-api-key',
        expect: {
            ...ok,
            echo: {
                'x-api-key': 'k', 'content-type': 'application/json',
                'authorization': 'Bearer t', 'length': 2,
            },
        },
        wire: ['OPTIONS 204', 'PUT 200'],
    },
    {
        id: 'header-unlisted',
        what: 'one unlisted header among listed ones',
        path: '/list/echo',
        request: { init: { headers: { 'X-Api-Key': 'k', 'X-Other': '1' } } },
        asked: 'x-api-key,x-other', expect: refused, wire: ['OPTIONS 403'],
    },
    ...['text/plain', 'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=b'].map((type, index) => ({
        id: `header-form-${index + 1}`,
        what: `POST of ${type} without a preflight`,
        path: '/few/echo',
        request: {
            init: {
                method: 'POST', body: 'a=b', headers: { 'Content-Type': type },
            },
        },
        expect: { ...ok, echo: { 'content-type': type } }, wire: ['POST 200'],
    })),
    {
        id: 'header-accept-long',
        what: 'Accept of more than 128 bytes needs a preflight: refused',
        path: '/list/echo',
        request: { init: { headers: { Accept: 'a'.repeat(129) } } },
        asked: 'accept', expect: refused, wire: ['OPTIONS 403'],
    },
    {
        id: 'header-accept-long-any',
        what: 'Accept of more than 128 bytes under "*"',
        path: '/any/echo',
        request: { init: { headers: { Accept: 'a'.repeat(129) } } },
        asked: 'accept', expect: ok, wire: ['OPTIONS 204', 'GET 200'],
    },
    {
        id: 'header-language-unsafe',
        what: 'Accept-Language with a byte that is not safe: refused',
        path: '/list/echo',
        request: { init: { headers: { 'Accept-Language': 'en"' } } },
        asked: 'accept-language', expect: refused, wire: ['OPTIONS 403'],
    },
    {
        id: 'header-star-authorization',
        what: '"*" does not cover Authorization, not even among others',
        path: '/any/echo',
        request: {
            init: { headers: { 'Authorization': 'Bearer t', 'X-A': '1' } },
        },
        asked: 'authorization,x-a', expect: refused, wire: ['OPTIONS 403'],
    },
    {
        id: 'header-star-many',
        what: 'ten headers under "*"',
        path: '/any/echo',
        request: {
            init: {
                method: 'PURGE',
                headers: Object.fromEntries(
                    [...'abcdefghij'].map(name => [`X-${name}`, '1'])),
            },
        },
        asked: 'x-a,x-b,x-c,x-d,x-e,x-f,x-g,x-h,x-i,x-j',
        expect: ok, wire: ['OPTIONS 204', 'PURGE 200'],
    },
];

const responseHeaders = [
    {
        id: 'expose-none',
        what: 'without CORSExposeHeaders only the safelisted are readable',
        path: '/expose-none/echo',
        expect: {
            ...ok,
            headers: {
                'Cache-Control': 'no-store', 'Content-Type': 'application/json',
                'X-One': null, 'X-Two': null, 'Date': null, 'Server': null,
            },
        },
    },
    {
        id: 'expose-listed',
        what: 'a listed header is readable, its neighbour not',
        path: '/list/files/plain.txt',
        expect: {
            ...ok, body: 'plain text',
            headers: { 'Content-Length': '11', 'Accept-Ranges': null },
        },
    },
    {
        id: 'expose-any',
        what: '"*" makes all readable',
        path: '/any/echo',
        expect: { ...ok, headers: { 'X-One': '1', 'X-Two': '2' } },
    },
    {
        id: 'expose-not-set-cookie',
        what: '"*" does not make Set-Cookie readable',
        path: '/any/echo?cookie=unread',
        expect: { ...ok, headers: { 'X-One': '1', 'Set-Cookie': null } },
    },
];

const ranges = [
    {
        id: 'range',
        what: 'a simple range: 206 without a preflight',
        path: '/errors/files/plain.txt',
        request: { init: { headers: { Range: 'bytes=0-4' } } },
        expect: {
            outcome: 'ok', status: 206, body: 'plain',
            headers: { 'Content-Range': 'bytes 0-4/11', 'Content-Length': '5' },
        },
        wire: ['GET 206'],
    },
    {
        id: 'range-suffix-refused',
        what: 'a suffix range needs a preflight: refused',
        path: '/errors/files/plain.txt',
        request: { init: { headers: { Range: 'bytes=-4' } } },
        asked: 'range', expect: refused, wire: ['OPTIONS 403'],
    },
    {
        id: 'range-suffix',
        what: 'a suffix range where Range is listed',
        path: '/range/files/plain.txt',
        request: { init: { headers: { Range: 'bytes=-5' } } },
        asked: 'range',
        expect: { outcome: 'ok', status: 206, body: 'text\n' },
        wire: ['OPTIONS 204', 'GET 206'],
    },
    {
        id: 'range-416',
        what: '416 is readable',
        path: '/errors/files/plain.txt',
        request: { init: { headers: { Range: 'bytes=100-' } } },
        expect: { outcome: 'ok', status: 416 },
        wire: ['GET 416'],
    },
];
