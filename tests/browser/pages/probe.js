// Makes one request, as a script of this page would, and says what the script
// got to see: { outcome, ... }, where outcome is "ok", "opaque", or the reason
// for getting nothing ("TypeError" from fetch, "error" from the others).
'use strict';

const ways = {
    fetch: viaFetch,
    xhr: viaXhr,
    image: viaImage,
    font: viaFont,
    script: viaScript,
    style: viaStyle,
    websocket: viaWebSocket,
    events: viaEvents,
};

window.probe = async request => {
    const late = new Promise(resolve => {
        setTimeout(resolve, 15000, { outcome: 'no answer' });
    });
    const way = ways[request.via ?? 'fetch'];
    try {
        return await Promise.race([way(request), late]);
    }
    catch (error) {
        return { outcome: error?.name ?? 'error' };
    }
};

async function viaFetch({ url, init, timing }) {
    // The browser stops adding to a list that is full.
    performance.clearResourceTimings();
    const response = await fetch(url, init);
    if (response.type === 'opaque')
        return { outcome: 'opaque' };
    const seen = {
        outcome: 'ok',
        status: response.status,
        redirected: response.redirected,
        headers: Object.fromEntries(response.headers),
        body: await response.text(),
    };
    return timing ? { ...seen, ...await timingOf(url) } : seen;
}

// Of the latest request for the URL that was not a preflight.
async function timingOf(url) {
    for (let tries = 0; tries < 50; tries++) {
        const [entry] = performance.getEntriesByName(url).slice(-1);
        if (entry)
            return {
                timed: entry.requestStart > 0,
                protocol: entry.nextHopProtocol,
            };
        await new Promise(resolve => { setTimeout(resolve, 20); });
    }
    return { timed: 'no entry' };
}

function viaXhr({ url, init = {}, upload }) {
    return new Promise((resolve, reject) => {
        const xhr = new XMLHttpRequest();
        let progress = 0;
        xhr.open(init.method ?? 'GET', url);
        xhr.withCredentials = init.credentials === 'include';
        for (const [name, value] of Object.entries(init.headers ?? {}))
            xhr.setRequestHeader(name, value);
        if (upload)
            xhr.upload.addEventListener('progress', () => { progress++; });
        xhr.addEventListener('error', reject);
        xhr.addEventListener('load', () => {
            const lines = xhr.getAllResponseHeaders().split('\r\n');
            resolve({
                outcome: 'ok',
                status: xhr.status,
                headers: Object.fromEntries(lines.filter(line => line)
                    .map(line => line.split(/: (.*)/))),
                body: xhr.responseText,
                progress: progress > 0,
            });
        });
        xhr.send(init.body);
    });
}

// Loads the element; fails with its error event.
function load(element, attributes) {
    return new Promise((resolve, reject) => {
        element.addEventListener('load', resolve);
        element.addEventListener('error', reject);
        Object.assign(element, attributes);
        document.head.append(element);
    });
}

async function viaImage({ url, crossOrigin = null }) {
    const image = new Image();
    await load(image, { crossOrigin, src: url });
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    try {
        const pixel = context.getImageData(0, 0, 1, 1).data;
        return { outcome: 'ok', pixel: [...pixel] };
    }
    catch (error) {
        return { outcome: 'ok', pixel: error.name };
    }
}

async function viaFont({ url }) {
    const font = new FontFace('tested', `url("${url}")`);
    await font.load();
    return { outcome: 'ok', status: font.status };
}

// The script sets window.loaded, or throws "details".
async function viaScript({ url, type = '', crossOrigin = null }) {
    delete window.loaded;
    let message;
    const listen = event => {
        message = event.message;
        event.preventDefault();
    };
    addEventListener('error', listen);
    try {
        const script = document.createElement('script');
        await load(script, { type, crossOrigin, src: url });
        return {
            outcome: 'ok',
            loaded: window.loaded,
            detailed: message?.includes('details'),
        };
    }
    finally {
        removeEventListener('error', listen);
    }
}

async function viaStyle({ url, crossOrigin = null }) {
    const link = document.createElement('link');
    await load(link, { rel: 'stylesheet', crossOrigin, href: url });
    try {
        return { outcome: 'ok', rules: link.sheet.cssRules.length };
    }
    catch (error) {
        return { outcome: 'ok', rules: error.name };
    }
}

function viaWebSocket({ url }) {
    return new Promise((resolve, reject) => {
        const socket = new WebSocket(url);
        socket.addEventListener('error', reject);
        socket.addEventListener('message', event => {
            socket.close();
            resolve({ outcome: 'ok', message: event.data });
        });
    });
}

function viaEvents({ url, withCredentials = false }) {
    return new Promise((resolve, reject) => {
        const source = new EventSource(url, { withCredentials });
        const done = then => event => {
            source.close();
            then(event);
        };
        source.addEventListener('error', done(reject));
        source.addEventListener('message', done(event =>
            resolve({ outcome: 'ok', message: event.data })));
    });
}

// In a sandboxed frame there is no way in but messages.
window.probeInFrame = request => new Promise(resolve => {
    const channel = new MessageChannel();
    channel.port1.onmessage = event => resolve(event.data);
    document.querySelector('iframe').contentWindow
        .postMessage(request, '*', [channel.port2]);
});

if (window !== parent)
    addEventListener('message', async event => {
        event.ports[0].postMessage(await window.probe(event.data));
    });
