// Requests that are not a script's fetch(): elements, fonts, event streams,
// WebSocket, a service worker.

const ok = { outcome: 'ok' };
const failed = { outcome: 'error' };
const RED = [255, 0, 0, 255];

export function rows(urls) {
    return [...images, ...others, ...streams(urls), ...worker];
}

const images = [
    {
        id: 'image',
        what: 'a crossorigin image does not taint the canvas',
        path: '/list/files/red.png',
        request: { via: 'image', crossOrigin: 'anonymous' },
        expect: { ...ok, pixel: RED }, wire: ['GET 200'],
    },
    {
        id: 'image-tainted',
        what: 'an image without crossorigin taints it',
        path: '/list/files/red.png', request: { via: 'image' },
        expect: { ...ok, pixel: 'SecurityError' }, wire: ['GET 200'],
    },
    {
        id: 'image-stranger',
        what: 'a crossorigin image, another origin',
        from: 'stranger', path: '/list/files/red.png',
        request: { via: 'image', crossOrigin: 'anonymous' },
        expect: failed, wire: ['GET 200'],
    },
    {
        id: 'image-credentials',
        what: 'a crossorigin image with credentials',
        path: '/credentials/files/red.png',
        request: { via: 'image', crossOrigin: 'use-credentials' },
        expect: { ...ok, pixel: RED }, wire: ['GET 200'],
    },
    {
        id: 'image-credentials-any',
        what: 'a crossorigin image with credentials under "*"',
        path: '/any/files/red.png',
        request: { via: 'image', crossOrigin: 'use-credentials' },
        expect: failed, wire: ['GET 200'],
    },
    {
        id: 'image-sandbox',
        what: 'a crossorigin image of a sandboxed page under "*"',
        from: 'sandbox', path: '/any/files/red.png',
        request: { via: 'image', crossOrigin: 'anonymous' },
        expect: { ...ok, pixel: RED }, wire: ['GET 200'],
    },
];

const others = [
    {
        id: 'font', what: 'a font',
        path: '/list/files/font.ttf', request: { via: 'font' },
        expect: { ...ok, status: 'loaded' }, wire: ['GET 200'],
    },
    {
        id: 'font-any', what: 'a font under "*"',
        from: 'address', path: '/any/files/font.ttf', request: { via: 'font' },
        expect: { ...ok, status: 'loaded' }, wire: ['GET 200'],
    },
    {
        id: 'font-stranger', what: 'a font, another origin',
        from: 'stranger', path: '/list/files/font.ttf',
        request: { via: 'font' },
        expect: { outcome: 'NetworkError' }, wire: ['GET 200'],
    },
    {
        id: 'module', what: 'a module script and what it imports',
        path: '/list/files/module.mjs',
        request: { via: 'script', type: 'module' },
        expect: { ...ok, loaded: 'module' }, wire: ['GET 200'],
    },
    {
        id: 'module-stranger', what: 'a module script, another origin',
        from: 'stranger', path: '/list/files/module.mjs',
        request: { via: 'script', type: 'module' },
        expect: failed, wire: ['GET 200'],
    },
    {
        id: 'module-none', what: 'a module script without a policy',
        path: '/none/files/module.mjs',
        request: { via: 'script', type: 'module' },
        expect: failed, wire: ['GET 200'],
    },
    {
        id: 'script', what: 'a classic script needs no policy',
        path: '/none/files/script.js', request: { via: 'script' },
        expect: { ...ok, loaded: 'script' }, wire: ['GET 200'],
    },
    {
        id: 'script-detailed',
        what: 'what a crossorigin script throws is told to the page',
        path: '/list/files/broken.js',
        request: { via: 'script', crossOrigin: 'anonymous' },
        expect: { ...ok, detailed: true }, wire: ['GET 200'],
    },
    {
        id: 'script-stranger',
        what: 'a crossorigin script, another origin',
        from: 'stranger', path: '/list/files/script.js',
        request: { via: 'script', crossOrigin: 'anonymous' },
        expect: failed, wire: ['GET 200'],
    },
    {
        id: 'style', what: 'the rules of a crossorigin style sheet',
        path: '/list/files/style.css',
        request: { via: 'style', crossOrigin: 'anonymous' },
        expect: { ...ok, rules: 1 }, wire: ['GET 200'],
    },
    {
        id: 'style-hidden', what: 'the rules of one without crossorigin',
        path: '/list/files/style.css', request: { via: 'style' },
        expect: { ...ok, rules: 'SecurityError' }, wire: ['GET 200'],
    },
    {
        id: 'style-stranger', what: 'a crossorigin style sheet, another origin',
        from: 'stranger', path: '/list/files/style.css',
        request: { via: 'style', crossOrigin: 'anonymous' },
        expect: failed, wire: ['GET 200'],
    },
    {
        id: 'compressed',
        what: 'a compressed response is read as any other',
        path: '/compressed/files/long.txt',
        expect: {
            ...ok, status: 200, body: 'a line to compress',
            headers: { 'Content-Encoding': 'gzip' },
        },
        wire: ['GET 200'], vary: 'Origin, Accept-Encoding',
        last: { encoding: 'gzip' },
    },
    {
        id: 'compressed-stranger',
        what: 'a compressed response, another origin',
        from: 'stranger', path: '/compressed/files/long.txt',
        expect: { outcome: 'TypeError' },
        wire: ['GET 200'], vary: 'Origin, Accept-Encoding',
    },
];

const streams = urls => [
    {
        id: 'events', what: 'an event stream',
        path: '/list/events', request: { via: 'events' },
        expect: { ...ok, message: 'an event' }, wire: ['GET 200'],
    },
    {
        id: 'events-credentials', what: 'an event stream with credentials',
        path: '/credentials/events',
        request: { via: 'events', withCredentials: true },
        expect: { ...ok, message: 'an event' }, wire: ['GET 200'],
    },
    {
        id: 'events-stranger', what: 'an event stream, another origin',
        from: 'stranger', path: '/list/events', request: { via: 'events' },
        expect: failed, wire: ['GET 200'],
    },
    ...[
        ['websocket', 'app', '/list/ws', 'an allowed origin'],
        ['websocket-stranger', 'stranger', '/list/ws', 'another origin'],
        ['websocket-closed', 'app', '/closed/ws', 'a closed policy'],
    ].map(([id, from, path, what]) => ({
        id, from, path,
        what: `WebSocket is left alone: ${what}`,
        request: { via: 'websocket' },
        expect: { ...ok, message: `origin ${urls[from]}` },
        wire: ['GET 101'], vary: '',
    })),
];

const worker = [
    {
        id: 'worker-pass', what: 'a service worker hands a response on',
        from: 'worker', path: '/list/echo?worker=pass',
        expect: {
            ...ok, status: 200, headers: { 'X-One': '1', 'X-Two': null },
        },
        wire: ['GET 200'],
    },
    {
        id: 'worker-read', what: 'a service worker reads a response',
        from: 'worker', path: '/list/echo?worker=read',
        expect: {
            ...ok, status: 200, body: 'the worker read: {"method":"GET"',
            headers: { 'X-One': '1', 'X-Two': null },
        },
        wire: ['GET 200'],
    },
    {
        id: 'worker-put', what: 'a service worker sends PUT with a header',
        from: 'worker', path: '/list/echo?worker=read',
        request: { init: { method: 'PUT', headers: { 'X-Api-Key': 'k' } } },
        asked: 'x-api-key',
        expect: { ...ok, body: 'the worker read: {"method":"PUT"' },
        wire: ['OPTIONS 204', 'PUT 200'],
    },
    {
        id: 'worker-refused', what: 'a service worker is refused a method',
        from: 'worker', path: '/few/echo?worker=pass',
        request: { init: { method: 'PUT' } },
        expect: { outcome: 'TypeError' }, wire: ['OPTIONS 403'],
    },
    {
        id: 'worker-none', what: 'a service worker cannot read',
        from: 'worker', path: '/none/echo?worker=read',
        expect: { outcome: 'TypeError' }, wire: ['GET 200'],
    },
];
