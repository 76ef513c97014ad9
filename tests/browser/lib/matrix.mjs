// Runs the rows. A row is data:
//
//   id, what     its name; the id is in the query of all its requests
//   steps        what is asked, in turn; a row of one step is a step itself:
//     from         the page that asks, a key of PAGES
//     to, path     whom it asks: a key of the server's urls, and the path
//     wait         milliseconds before it
//     request      how: see pages/probe.js ("init" is fetch's)
//     expect       what the standard lets the script see
//   wire         what reaches the server, each "METHOD STATUS"
//   asked        Access-Control-Request-Headers of the first preflight
//   vary, last   Vary, and what else is logged (log.mjs), of the last request
//   why          why the outcome is right, where that is not plain
//   differs      { chromium|firefox: { steps|expect|wire }, why }: where a
//                browser is known not to do what the standard says
//
// Of expect only what is named is compared: headers one by one (null: not
// readable), body as a part of what was read, echo as the members of the object
// that was read (null: none), all else whole.

import { tokens } from './log.mjs';
import { settled } from './settled.mjs';

// Some have a user who answers when asked for a password.
const PAGES = {
    app: { origin: 'app' },
    app2: { origin: 'app2' },
    stranger: { origin: 'stranger' },
    address: { origin: 'address' },
    subdomain: { origin: 'subdomain' },
    subsubdomain: { origin: 'subsubdomain' },
    tlsapp: { origin: 'tlsapp' },
    sandbox: { origin: 'app', probe: 'probeInFrame' },
    worker: { origin: 'app', path: '/worker/index.html' },
    guesser: { origin: 'app', password: 'wrong' },
    user: { origin: 'app', password: 'secret' },
};

export async function runRows(tap, browserName, browser, server, rows) {
    const pages = new Map();
    const done = [];
    for (const row of rows) {
        const steps = stepsOf(row, browserName);
        const seen = [];
        for (const step of steps) {
            await new Promise(resolve => { setTimeout(resolve, step.wait); });
            seen.push(await runStep(browser, pages, server, row, step));
        }
        done.push({ row, steps, seen });
    }
    const log = await settled(server, rows.flatMap(row =>
        (wireOf(row, browserName) ?? []).map(() => row.id)));
    for (const { row, steps, seen } of done) {
        const entries = log.filter(entry => entry.row === row.id);
        const faults = faultsOf(row, browserName, steps, seen, entries);
        tap.ok(!faults.length, titleOf(row, browserName), ...faults);
    }
    for (const page of pages.values())
        await page.close();
    return log;
}

function stepsOf(row, browserName) {
    const differs = row.differs?.[browserName] ?? {};
    if (row.steps)
        return row.steps.map((step, index) => ({
            ...row,
            ...step,
            expect: { ...step.expect, ...differs.steps?.[index] },
        }));
    return [{ ...row, expect: { ...row.expect, ...differs.expect } }];
}

const wireOf = (row, browserName) =>
    row.differs?.[browserName]?.wire ?? row.wire;

function titleOf(row, browserName) {
    const notes = [
        row.why,
        row.differs?.[browserName] && `differs: ${row.differs.why}`,
    ].filter(Boolean);
    return `${row.id}: ${row.what}${
        notes.length ? ` (${notes.join('; ')})` : ''}`;
}

export async function runStep(browser, pages, server, row, step) {
    const { from = 'app', to = 'api', path, request = {} } = step;
    const base = request.via === 'websocket'
        ? server.urls[to].replace('http', 'ws') : server.urls[to];
    const url = new URL(base + path);
    url.searchParams.set('row', row.id);
    if (!pages.has(from))
        pages.set(from, await openPage(browser, server, PAGES[from]));
    return pages.get(from).evaluate(
        (probe, asked) => window[probe](asked),
        PAGES[from].probe ?? 'probe', { ...request, url: url.href });
}

async function openPage(browser, server, { origin, path, password }) {
    const page = await browser.newPage();
    await page.goto(server.urls[origin] + (path ?? '/index.html'));
    await page.evaluate(() => window.ready && window.ready.then(() => 0));
    if (password)
        await page.authenticate({ username: 'user', password });
    return page;
}

function faultsOf(row, browserName, steps, seen, entries) {
    const faults = [];
    const compare = (what, got, expected) => {
        const [a, b] = [got, expected].map(value => JSON.stringify(value));
        if (a !== b)
            faults.push(`${what}: expected ${b}`, `${' '.repeat(what.length)
            }  got      ${a}`);
    };
    steps.forEach((step, index) => {
        const prefix = row.steps ? `step ${index + 1}, ` : '';
        for (const [key, expected] of Object.entries(step.expect))
            compareKey(key, expected, seen[index],
                (what, a, b) => compare(prefix + what, a, b));
    });
    const wire = wireOf(row, browserName);
    if (wire)
        compare('on the wire',
            entries.map(({ method, status }) => `${method} ${status}`), wire);
    if (row.asked !== undefined)
        compare('the preflight asked for',
            entries.find(entry => entry.preflight)?.asksHeaders ?? '',
            row.asked);
    if (row.vary !== undefined)
        compare('Vary', tokens(entries.at(-1)?.vary), tokens(row.vary));
    for (const [key, expected] of Object.entries(row.last ?? {}))
        compare(`logged ${key}`, entries.at(-1)?.[key], expected);
    if (!entries.length && row.wire?.length !== 0)
        faults.push('no request reached the server');
    if (faults.length)
        faults.push(`saw ${JSON.stringify(seen)}`.slice(0, 2000));
    return faults;
}

function compareKey(key, expected, seen, compare) {
    if (key === 'headers') {
        for (const [name, value] of Object.entries(expected))
            compare(`the header ${name}`,
                seen.headers?.[name.toLowerCase()] ?? null, value);
    }
    else if (key === 'body') {
        compare(`a body with ${JSON.stringify(expected)}`,
            (seen.body ?? '').includes(expected) ? 'yes' : seen.body, 'yes');
    }
    else if (key === 'echo') {
        for (const [name, value] of Object.entries(expected))
            compare(`${name} as the backend got it`,
                parsed(seen.body)[name] ?? null, value);
    }
    else {
        compare(key, seen[key] ?? null, expected);
    }
}

function parsed(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return {};
    }
}
