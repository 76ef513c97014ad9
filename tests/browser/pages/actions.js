// What else a page can make a browser ask for (probe.js), in frames and windows
// of their own: what comes of it the page does not see.
'use strict';

const sent = () => ({ outcome: 'sent' });

Object.assign(ways, {
    form: viaForm,
    framedForm: viaFramedForm,
    beacon: viaBeacon,
    iframe: viaIframe,
    link: viaLink,
    window: viaWindow,
    otherPage: viaOtherPage,
});

window.act = requests => Promise.all(requests.map(window.probe));

async function viaForm({ url, target = '_blank' }) {
    const form = document.createElement('form');
    Object.assign(form, { method: 'post', action: url, target });
    document.body.append(form);
    form.submit();
    return sent();
}

async function viaFramedForm({ url }) {
    const frame = document.createElement('iframe');
    frame.name = `frame-${document.querySelectorAll('iframe').length}`;
    document.body.append(frame);
    return viaForm({ url, target: frame.name });
}

async function viaBeacon({ url }) {
    return navigator.sendBeacon(url, 'text') ? sent() : { outcome: 'error' };
}

async function viaIframe({ url }) {
    const frame = document.createElement('iframe');
    frame.src = url;
    document.body.append(frame);
    return sent();
}

async function viaLink({ url, target = '_blank' }) {
    const link = document.createElement('a');
    Object.assign(link, { href: url, target });
    document.body.append(link);
    link.click();
    return sent();
}

async function viaWindow({ url }) {
    window.open(url);
    return sent();
}

// A page beside this one, which does it as soon as it is there.
async function viaOtherPage({ url, page }) {
    window.open(`${page}?${encodeURIComponent(url)}`);
    return sent();
}
