#!/usr/bin/env node
// The page of cors-status in both browsers, on a desktop and on a phone, light
// and dark: readable, usable with a keyboard alone, without any script, and
// closed to pages of other origins. Pictures are left in status-*.png.

import http from 'node:http';
import path from 'node:path';

import { launch } from './lib/browsers.mjs';
import { program } from './lib/program.mjs';
import { startServer } from './lib/server.mjs';

const SIZES = {
    desktop: { width: 1280, height: 1600 },
    phone: { width: 390, height: 2000 },
};

// What inspect() looks for.
const FAULTS = ['scripts', 'unlabelled', 'withoutScope', 'nameless',
    'misnamed', 'faint', 'coloured', 'sideways'];

// Refused, each for another reason: path, and header fields.
const REFUSED = [
    ['/api/items', { Origin: 'https://evil.example' }],
    ['/api/items', { Origin: `https://${'long-'.repeat(12)}x.example:8443` }],
    ['/api/items', { Origin: '<b>"no origin"</b>' }],
    ['/api/items', { Origin: 'null' }],
    ['/api/items/1', { 'Access-Control-Request-Method': 'DELETE' }],
    ['/api/items/1', {
        'Access-Control-Request-Method': 'PUT',
        'Access-Control-Request-Headers': 'x-request-id',
    }],
];

// Refused by Require cors, as foreign and for the host.
const FOREIGN = [
    ['/own/x', { 'Sec-Fetch-Site': 'cross-site' }],
    ['/own/x', {}],
    ['/own/x', { Host: 'rebound.example' }],
];

// Reported by ReportOnly: would-allow and would-refuse, and what is broken.
const REPORTED = [
    ['/reported/files/plain.txt', { Cookie: 'a=b' }],
    ['/reported/files/plain.txt', { Origin: 'https://evil.example' }],
    ['/reported/x', {
        'Access-Control-Request-Method': 'PUT',
        'Access-Control-Request-Headers': 'x-request-id',
    }],
];

await program(async (tap, later) => {
    const server = await startServer('status', later);
    for (const [at, fields] of [...REFUSED, ...FOREIGN, ...REPORTED])
        await send(server, at, { Origin: server.urls.app, ...fields });
    for (const browserName of ['chromium', 'firefox'])
        for (const scheme of ['light', 'dark']) {
            const browser = await launch(browserName, scheme);
            later(() => browser.close());
            for (const size of Object.keys(SIZES)) {
                const name = [browserName, size, scheme].join(' ');
                const page = await open(browser, browserName, size, scheme);
                await testPage(tap, page, server, name);
                await testKeyboard(tap, page, server, name);
                await page.close();
            }
            if (scheme === 'light')
                await testReaders(tap, browser, server, browserName);
            await browser.close();
        }
});

async function testPage(tap, page, { urls }, name) {
    await page.goto(`${urls.status}/cors-status`);
    const seen = await page.evaluate(inspect);
    tap.is(seen.headings,
        ['H1 CORS status', 'H2 Refusals', 'H2 Reports', 'H2 Why?',
            'H2 Decisions', 'H2 Require cors', 'H2 ReportOnly'],
        `${name}: the headings`);
    for (const what of FAULTS)
        tap.is(seen[what], [], `${name}: ${what}`);
    await take(page, name, 'page');
    if (/desktop/.test(name)) {
        for (const width of [320, 600, 959, 961, 1100]) {
            await page.setViewport({ width, height: 900 });
            tap.is((await page.evaluate(inspect)).sideways, [],
                `${name}: ${width} pixels wide`);
        }
        await page.setViewport(SIZES.desktop);
    }
    if (/chromium/.test(name)) {
        const roles = rolesIn(
            await page.accessibility.snapshot({ interestingOnly: false }));
        for (const role of ['table', 'columnheader', 'rowheader', 'cell'])
            tap.ok(roles.includes(role), `${name}: what is read out: ${role}`,
                [...new Set(roles)].join(' '));
    }

    tap.is(await page.evaluate(addScript), false, `${name}: CSP: no script`);
    tap.is(await page.evaluate(() => window.violations), ['script-src-elem'],
        `${name}: CSP has nothing else to complain about`);
}

// Fills in the form, and reads the answer.
async function testKeyboard(tap, page, { urls }, name) {
    await page.goto(`${urls.status}/cors-status`);
    const answers = {
        url: '/api/items', origin: urls.app.replace('http:', 'https:'),
        method: 'PUT', headers: 'content-type',
    };
    const order = [];
    const outlined = [];
    for (let at; (at = await tab(page)).id !== 'explain-button';) {
        if (order.length > 20)
            break;
        order.push(at.id || at.text);
        outlined.push(at.isOutlined);
        if (answers[at.id])
            await page.keyboard.type(answers[at.id]);
    }
    tap.is(order, [
        'JSON', 'metrics', 'why?', 'decisions', 'url', 'origin', 'method',
        'headers',
    ], `${name}: keyboard: the order`);
    tap.ok(outlined.every(Boolean), `${name}: keyboard: the focus is seen`);
    await Promise.all([
        page.waitForNavigation(), page.keyboard.press('Enter'),
    ]);
    const text = await page.evaluate(
        () => document.querySelector('pre').innerText);
    for (const line of [/^request +preflight$/m, /^verdict +denied$/m,
        /^reason +origin$/m, /^nearest +http:/m])
        tap.ok(line.test(text), `${name}: keyboard: the answer: ${line}`, text);
    const seen = await page.evaluate(inspect);
    tap.is(FAULTS.flatMap(what => seen[what]), [], `${name}: the answer`);
    tap.is(await page.evaluate(() => [...document.querySelectorAll('input')]
        .map(({ id, value }) => [id, value])), Object.entries(answers),
    `${name}: keyboard: the form keeps what was asked`);
    await take(page, name, 'answer');
}

// A page of another origin reads everything of the server but this.
async function testReaders(tap, browser, { urls }, name) {
    for (const origin of ['app', 'stranger']) {
        const page = await browser.newPage();
        await page.goto(`${urls[origin]}/`);
        const read = (at, init) => page.evaluate(async (url, how) => {
            try {
                return (await (await fetch(url, how)).text()).length > 0;
            }
            catch {
                return false;
            }
        }, urls.status + at, init);
        const who = `${name}: ${origin}`;
        tap.is(await read('/x/files/plain.txt', {}), true, `${who}: a file`);
        for (const query of ['', '?json', '?metrics', '?url=/&origin=null'])
            for (const credentials of ['omit', 'include'])
                for (const mode of ['cors', 'no-cors'])
                    tap.is(await read(`/cors-status${query}`,
                        { credentials, mode }), false,
                    `${who}: cors-status${query}, ${credentials}, ${mode}`);
        await page.close();
    }
}

function rolesIn({ role, children = [] }) {
    return [role, ...children.flatMap(rolesIn)];
}

// ------------------------------------------------------------- in the page

function inspect() {
    const all = selector => [...document.querySelectorAll(selector)];
    const text = element => element.textContent.trim();
    const show = element => element.outerHTML.slice(0, 80);
    const style = element => getComputedStyle(element);

    const luminance = colour => {
        const [r, g, b] = colour.match(/[\d.]+/g).map(value => {
            const part = value / 255;
            return part <= 0.04045 ? part / 12.92
                : ((part + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const background = element => {
        for (let at = element; at; at = at.parentElement)
            if (!/^rgba\(.*, 0\)$|^transparent$/.test(style(at).backgroundColor))
                return style(at).backgroundColor;
        const probe = document.body.appendChild(document.createElement('i'));
        probe.style.backgroundColor = 'Canvas';
        const { backgroundColor } = style(probe);
        probe.remove();
        return backgroundColor;
    };
    const contrast = element => {
        const pair = [style(element).color, background(element)]
            .map(luminance).sort((a, b) => b - a);
        return (pair[0] + 0.05) / (pair[1] + 0.05);
    };

    const { scrollWidth, clientWidth } = document.documentElement;
    return {
        headings: all('h1, h2, h3').map(h => `${h.tagName} ${text(h)}`),
        scripts: all('*').filter(element => element.tagName === 'SCRIPT'
            || element.getAttributeNames().some(attribute =>
                attribute.startsWith('on'))).map(show),
        unlabelled: all('input').filter(input =>
            ![...input.labels].some(text)).map(show),
        withoutScope: all('th').filter(th => !th.scope).map(show),
        nameless: all('table').filter(table => !table.caption
            || !text(table.caption)).map(show),
        // On a phone a cell bears the name of its column.
        misnamed: all('td').filter(td => td.dataset.name !== text(td
            .closest('table').tHead.rows[0].cells[td.cellIndex])).map(show),
        faint: all('body *').filter(element => contrast(element) < 4.5)
            .map(element => `${contrast(element)} ${show(element)}`),
        // Nothing is said by colour: only links have one, and a line.
        coloured: all('body :not(a, input, button)').filter(element =>
            style(element).color !== style(document.body).color
            || background(element) !== background(document.body))
            .concat(all('a').filter(a =>
                !/underline/.test(style(a).textDecorationLine))).map(show),
        sideways: all('body *').filter(element =>
            element.getBoundingClientRect().right > clientWidth).map(show)
            .concat(scrollWidth > clientWidth ? ['the page'] : []),
    };
}

function addScript() {
    const script = document.createElement('script');
    script.textContent = 'window.hasRun = true;';
    document.body.append(script);
    return Boolean(window.hasRun);
}

async function tab(page) {
    await page.keyboard.press('Tab');
    return page.evaluate(() => {
        const element = document.activeElement;
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        return {
            id: element.id || (element.tagName === 'BUTTON'
                ? 'explain-button' : ''),
            text: element.textContent.trim(),
            isOutlined: outlineStyle !== 'none' && outlineWidth !== '0px',
        };
    });
}

// ------------------------------------------------------------------- helpers

async function open(browser, browserName, size, scheme) {
    const page = await browser.newPage();
    await page.setViewport({
        ...SIZES[size],
        isMobile: browserName === 'chromium' && size === 'phone',
    });
    if (browserName === 'chromium')
        await page.emulateMediaFeatures(
            [{ name: 'prefers-color-scheme', value: scheme }]);
    await page.evaluateOnNewDocument(() => {
        window.violations = [];
        document.addEventListener('securitypolicyviolation', event => {
            window.violations.push(event.effectiveDirective);
        });
    });
    return page;
}

async function take(page, name, what) {
    const file = `status-${name.replaceAll(' ', '-')}-${what}.png`;
    await page.screenshot({ path: path.join(process.env.OUT, file) });
}

function send({ port }, at, headers) {
    const method = headers['Access-Control-Request-Method'] ? 'OPTIONS' : 'GET';
    return new Promise((resolve, reject) => {
        http.request({ host: '127.0.0.1', port: port.STATUS, path: at, method,
            headers, agent: false }, response => {
            response.resume().once('end', resolve);
        }).once('error', reject).end();
    });
}
