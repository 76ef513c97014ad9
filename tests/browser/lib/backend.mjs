// The application behind the proxy. What it answers is asked for in the query:
//
//   /echo      a JSON object of the request: method, headers, length of body
//      status=N        this status
//      cookie=NAME     sets a cookie of this name
//      own             sends CORS headers of its own, to OPTIONS too
//   /events    one server-sent event
//   /ws        WebSocket: one text message, the Origin of the handshake
//   /raw       the row's response (lib/judge.mjs), line by line
//
// All of them with "strict": 403 to an Origin that is not of the Host, as some
// frameworks answer.

import { createHash } from 'node:crypto';
import http from 'node:http';

const REPORTED = ['origin', 'cookie', 'authorization', 'content-type',
    'x-api-key', 'range'];

const OWN = {
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Allow-Methods': 'GET, PUT, PATCH',
    'Access-Control-Allow-Headers': 'X-Api-Key, X-Backend',
    'Access-Control-Expose-Headers': 'X-Two',
    'Vary': 'Accept-Language',
};

// The server keeps the requests it got in .seen. What /raw is to answer is put
// into .raw, and what was asked and answered there is kept in .exchanges.
export async function startBackend(port) {
    const server = http.createServer((request, response) => {
        const url = new URL(request.url, 'http://backend');
        server.seen.push(`${request.method} ${url.pathname}${url.search}`);
        if (isForeign(request))
            response.writeHead(403, { 'Cache-Control': 'no-store' }).end();
        else if (url.pathname === '/events')
            sendEvent(response);
        else if (url.pathname === '/raw')
            sendRaw(server, request, url.searchParams);
        else
            echo(request, response, url.searchParams);
    });
    server.seen = [];
    server.raw = new Map();
    server.exchanges = [];
    server.on('upgrade', (request, socket) => {
        server.seen.push(`UPGRADE ${request.url}`);
        if (isForeign(request))
            socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
        else
            acceptWebSocket(request, socket);
    });
    server.listen(port, '127.0.0.1');
    await new Promise((resolve, reject) => {
        server.once('listening', resolve);
        server.once('error', reject);
    });
    return server;
}

async function echo(request, response, ask) {
    let length = 0;
    for await (const chunk of request)
        length += chunk.length;

    const report = { method: request.method, length };
    for (const name of REPORTED)
        if (name in request.headers)
            report[name] = request.headers[name];

    response.statusCode = Number(ask.get('status') ?? 200);
    for (const [name, value] of Object.entries({
        'Cache-Control': 'no-store',
        'Content-Type': 'application/json',
        'X-One': '1',
        'X-Two': '2',
        ...(ask.has('own') ? OWN : {}),
    }))
        response.setHeader(name, value);
    if (ask.has('cookie'))
        response.setHeader('Set-Cookie', `${ask.get('cookie')}=set; Path=/`);
    response.end(JSON.stringify(report));
}

const isForeign = ({ url, headers }) =>
    /[?&]strict\b/.test(url) && headers.origin !== undefined
        && headers.origin.replace(/^https?:\/\//, '') !== headers.host;

function sendEvent(response) {
    response.setHeader('Content-Type', 'text/event-stream');
    response.setHeader('Cache-Control', 'no-store');
    response.end('retry: 60000\ndata: an event\n\n');
}

// A redirect leads to the row's .landing.
function sendRaw(server, request, ask) {
    const { method, headers } = request;
    const row = server.raw.get(ask.get('row'));
    const isPreflight = method === 'OPTIONS'
        && 'access-control-request-method' in headers;
    const { status = 200, lines } =
        isPreflight ? row.preflight
            : ask.has('landed') ? row.landing : row.response;
    const sent = lines.map(line => line.replaceAll('ORIGIN', headers.origin)
        .replaceAll('LANDING', `${request.url}&landed`));
    server.exchanges.push({
        row: ask.get('row'), method, headers, status, lines: sent,
    });
    const body = status === 204 || status === 304 || method === 'HEAD'
        ? '' : 'raw\n';
    request.socket.end([
        `HTTP/1.1 ${status} Status`, ...sent,
        ...(status === 204 || status === 304
            ? [] : [`Content-Length: ${body.length}`]),
        'Content-Type: text/plain', 'Cache-Control: no-store',
        'Connection: close', '', body,
    ].join('\r\n'));
}

// RFC 6455: the handshake, one unmasked text frame, a close frame.
function acceptWebSocket(request, socket) {
    const accept = createHash('sha1')
        .update(request.headers['sec-websocket-key'])
        .update('258EAFA5-E914-47DA-95CA-C5AB0DC85B11')
        .digest('base64');
    socket.on('error', () => socket.destroy());
    socket.write([
        'HTTP/1.1 101 Switching Protocols',
        'Upgrade: websocket',
        'Connection: Upgrade',
        `Sec-WebSocket-Accept: ${accept}`,
        '\r\n',
    ].join('\r\n'));
    const text = Buffer.from(`origin ${request.headers.origin}`);
    socket.write(Buffer.concat([Buffer.from([0x81, text.length]), text]));
    socket.once('data', () => socket.end(Buffer.from([0x88, 0])));
}
