// A private httpd with the module, its backend, and what they serve.

import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { startBackend } from './backend.mjs';
import { readLog } from './log.mjs';

const { HTTPD = 'apache2', MODULES = '/usr/lib/apache2/modules' } = process.env;
const FONT = process.env.FONT
    ?? '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf';
const top = fileURLToPath(new URL('..', import.meta.url));

// A PNG of one red pixel.
const RED = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mP4'
    + 'z8AAAAMBAQD3A0FDAAAAAElFTkSuQmCC';

const LOADED = `mpm_event unixd log_config mime alias env headers rewrite macro
    authn_core authn_file authz_core authz_host authz_user auth_basic
    allowmethods filter deflate proxy proxy_http proxy_wstunnel ssl
    http2`.split(/\s+/);

const PORTS = ['APP', 'APP2', 'STRANGER', 'TLSAPP', 'API', 'DIRECTORY', 'TLS',
    'STATUS', 'BACKEND', 'DEAD', 'SITE', 'TLSSITE'];

// Hosts under .test, which browsers take for this machine. "test" is a public
// suffix: the first three are of one site.
const HOSTS = {
    site: 'site.example.test',
    sibling: 'sibling.example.test',
    friend: 'friend.example.test',
    partner: 'partner.test',
    stranger: 'stranger.test',
    rebound: 'rebound.test',
};

function namedUrls(port) {
    return Object.fromEntries(Object.entries(HOSTS).flatMap(([name, host]) => [
        [`${name}Http`, `http://${host}:${port.SITE}`],
        [`${name}Https`, `https://${host}:${port.TLSSITE}`],
    ]));
}

// Returns { urls, backend, log(), state }; calls later() with what ends it. Its
// configuration is httpd.conf and, if there is one, the other file.
export async function startServer(name, later, other) {
    const state = fs.mkdtempSync(path.join(process.env.TMPDIR, `${name}-`));
    const port = await freePorts(PORTS);
    const files = writeFiles(state);
    const urls = {
        app: `http://localhost:${port.APP}`,
        app2: `http://localhost:${port.APP2}`,
        stranger: `http://localhost:${port.STRANGER}`,
        address: `http://127.0.0.1:${port.APP}`,
        subdomain: `http://a.localhost:${port.APP}`,
        subsubdomain: `http://b.a.localhost:${port.APP}`,
        tlsapp: `https://localhost:${port.TLSAPP}`,
        api: `http://localhost:${port.API}`,
        apiAddress: `http://127.0.0.1:${port.API}`,
        directory: `http://localhost:${port.DIRECTORY}`,
        tls: `https://localhost:${port.TLS}`,
        backend: `http://localhost:${port.BACKEND}`,
        siteLocal: `http://localhost:${port.SITE}`,
        siteAddress: `http://127.0.0.1:${port.SITE}`,
        status: `http://localhost:${port.STATUS}`,
        ...namedUrls(port),
    };
    const defines = {
        STATE: state,
        PAGES: path.join(top, 'pages'),
        FILES: files,
        DIRECTORY: path.join(state, 'directory'),
        APP: urls.app,
        APP2: urls.app2,
        TLSAPP: urls.tlsapp,
        OTHER_HOST: urls.apiAddress,
        ...Object.fromEntries(Object.entries(namedUrls(port)).map(
            ([word, url]) => [word.toUpperCase(), url])),
        ...Object.fromEntries(PORTS.map(word => [`PORT_${word}`, port[word]])),
    };
    fs.writeFileSync(path.join(state, 'httpd.conf'), [
        ...loadModules(),
        `LoadModule cors_module "${path.resolve(process.env.MODULE)}"`,
        ...Object.entries(defines).map(
            ([word, value]) => `Define ${word} "${value}"`),
        ...['httpd.conf', ...(other ? [other] : [])].map(
            file => `Include "${path.join(top, file)}"`),
        '',
    ].join('\n'));

    later(() => fs.rmSync(state, { recursive: true }));
    const backend = await startBackend(port.BACKEND);
    later(() => {
        backend.close();
        backend.closeAllConnections();
    });
    await startHttpd(state, port.API, later);
    later(() => saveLogs(state, name));
    return {
        urls, port, backend, state,
        log: () => readLog(path.join(state, 'access_log')),
    };
}

// In the foreground, so that its parent knows when it has ended.
async function startHttpd(state, port, later) {
    const output = path.join(state, 'output');
    const httpd = spawn(HTTPD,
        ['-DFOREGROUND', '-d', state, '-f', path.join(state, 'httpd.conf')],
        { stdio: ['ignore', 'ignore', fs.openSync(output, 'w')] });
    const ended = new Promise(resolve => { httpd.once('exit', resolve); });
    later(async () => {
        httpd.kill('SIGTERM');
        await ended;
    });
    for (let tries = 0; tries < 200; tries++) {
        if (httpd.exitCode !== null)
            break;
        if (await connects(port))
            return;
        await new Promise(resolve => { setTimeout(resolve, 50); });
    }
    const texts = [output, path.join(state, 'error_log')]
        .filter(file => fs.existsSync(file))
        .map(file => fs.readFileSync(file, 'utf8'));
    throw new Error(['httpd does not start', ...texts].join('\n'));
}

function loadModules() {
    const builtIn = execFileSync(HTTPD, ['-l'], { encoding: 'utf8' });
    return LOADED
        .filter(name =>
            !builtIn.includes(`mod_${name}.c`.replace('mod_mpm_', '')))
        .map(name =>
            `LoadModule ${name}_module "${MODULES}/mod_${name}.so"`);
}

// --------------------------------------------------------------------- ports

// Below those that the kernel gives to clients, and none that browsers block.
async function freePorts(words) {
    for (let tries = 0; tries < 100; tries++) {
        const first = 20000 + 20 * Math.floor(Math.random() * 600);
        const ports = words.map((_, index) => first + index);
        const free = await Promise.all(ports.map(isFree));
        if (free.every(Boolean))
            return Object.fromEntries(
                words.map((word, index) => [word, ports[index]]));
    }
    throw new Error('no free ports');
}

function isFree(port) {
    return new Promise(resolve => {
        const server = net.createServer();
        server.once('error', () => resolve(false));
        server.listen(port, '127.0.0.1',
            () => server.close(() => resolve(true)));
    });
}

function connects(port) {
    return new Promise(resolve => {
        const socket = net.connect(port, '127.0.0.1');
        socket.once('error', () => resolve(false));
        socket.once('connect', () => {
            socket.destroy();
            resolve(true);
        });
    });
}

// --------------------------------------------------------------------- files

function writeFiles(state) {
    const files = path.join(state, 'files');
    const directory = path.join(state, 'directory');
    fs.mkdirSync(files);
    for (const name of ['own', 'closed'])
        fs.mkdirSync(path.join(directory, name), { recursive: true });

    const put = (name, content) =>
        fs.writeFileSync(path.join(state, name), content);
    put('files/plain.txt', 'plain text\n');
    put('files/long.txt', 'a line to compress\n'.repeat(1000));
    put('files/red.png', Buffer.from(RED, 'base64'));
    put('files/script.js', 'window.loaded = "script";\n');
    put('files/broken.js', 'throw new Error("details");\n');
    put('files/module.mjs',
        'import { text } from "./imported.mjs";\nwindow.loaded = text;\n');
    put('files/imported.mjs', 'export const text = "module";\n');
    put('files/style.css', 'p { color: red }\n');
    put('files/page.html', '<!DOCTYPE html>\n<title>the site</title>\n');
    put('files/404.txt', 'the document for 404\n');
    put('files/500.txt', 'the document for 500\n');
    fs.copyFileSync(FONT, path.join(files, 'font.ttf'));

    put('directory/plain.txt', 'plain text\n');
    put('directory/own/plain.txt', 'plain text\n');
    put('directory/own/.htaccess', 'CORSAllowMethods DELETE\n');
    put('directory/closed/plain.txt', 'plain text\n');
    put('directory/closed/.htaccess', 'CORSAllowOrigin none\n');

    // "user", "secret"
    const digest = createHash('sha1').update('secret').digest('base64');
    put('users', `user:{SHA}${digest}\n`);
    put('mime.types', [
        'text/html html', 'text/plain txt', 'text/css css',
        'text/javascript js mjs', 'image/png png', 'font/ttf ttf', '',
    ].join('\n'));
    execFileSync('openssl', [
        'req', '-x509', '-newkey', 'ec', '-pkeyopt',
        'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
        '-subj', '/CN=localhost', '-addext', 'basicConstraints=CA:false',
        '-addext', 'subjectAltName=DNS:localhost,DNS:*.localhost,IP:127.0.0.1',
        '-keyout', path.join(state, 'key.pem'),
        '-out', path.join(state, 'certificate.pem'),
    ], { stdio: 'ignore' });
    return files;
}

function saveLogs(state, name) {
    if (process.env.OUT)
        for (const log of ['access_log', 'error_log'])
            fs.copyFileSync(path.join(state, log),
                path.join(process.env.OUT, `browser-${name}.${log}`));
}
