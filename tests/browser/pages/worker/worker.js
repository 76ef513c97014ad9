// Takes the page's requests that say so: hands the response on as it is, or
// makes one of what it could read.
'use strict';

addEventListener('install', event => event.waitUntil(skipWaiting()));
addEventListener('activate', event => event.waitUntil(clients.claim()));
addEventListener('fetch', event => {
    const ask = new URL(event.request.url).searchParams.get('worker');
    if (ask === 'pass')
        event.respondWith(fetch(event.request));
    else if (ask === 'read')
        event.respondWith(read(event.request));
});

async function read(request) {
    const response = await fetch(request);
    const text = await response.text();
    return new Response(`the worker read: ${text}`, {
        status: response.status,
        headers: response.headers,
    });
}
