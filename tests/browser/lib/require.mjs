// Runs the tables of rows/require.mjs: each row in each section, by a page that
// a browser shows. Compared are what the browser sent, what the server found
// and answered, and what the page got to see.

import { settled } from './settled.mjs';
import { ACTIONS, GROUPS, PAGES } from '../rows/require.mjs';

const REFUSED = ['foreign', 'host', 'refused'];

// Returns how many cells the table has. Query is put into all URLs.
export async function testTable(tap, browserName, browser, server,
    { to, text, sections, query = '' }) {
    const rows = rowsOf(text, browserName);
    const cells = rows.flatMap(row => sections.map((section, index) => ({
        ...row, to, section, browserName,
        found: row.found[index] ?? row.found[0],
        id: [to, row.from, row.action, section].join('.'),
    })));
    const ids = cells.map(({ id }) => id);
    tap.is(ids.filter((id, at) => ids.indexOf(id) !== at), [],
        `${to}: no row is there twice`);
    for (const from of new Set(cells.map(cell => cell.from)))
        await testPage(tap, browser, server, from,
            cells.filter(cell => cell.from === from), query);
    return cells.length;
}

function rowsOf(text, browserName) {
    const lines = text.split('\n').map(line => line.trim().split(/\s+/))
        .filter(([first]) => first);
    let from;
    return lines.flatMap(words => {
        if (words[0] === 'from') {
            [, from] = words;
            return [];
        }
        const only = /^(?:chromium|firefox)$/.test(words[0])
            ? words.shift() : browserName;
        const [actions, origin, site, ...found] = words;
        return only !== browserName ? [] : actions.split(',')
            .flatMap(action => GROUPS[action] ?? [action])
            .map(action => ({ from, action, origin, site, found }));
    });
}

// All at once: what counts is in the log.
async function testPage(tap, browser, server, from, cells, query) {
    const { url, at = '' } = PAGES[from];
    const page = await browser.newPage();
    await page.goto(`${server.urls[url]}${at}/actions.html`);
    const seen = await page.evaluate(requests => window.act(requests),
        cells.map(cell => requestOf(server, cell, query)));
    const due = cells.flatMap(cell => wireOf(cell).map(() => cell.id));
    const log = await settled(server, due);
    for (const other of await browser.pages())
        if (other !== page && other.url() !== 'about:blank')
            await other.close();
    await page.close();
    cells.forEach((cell, index) => {
        const entries = log.filter(({ row }) => row === cell.id);
        const faults = faultsOf(cell, server.urls[url], entries, seen[index]);
        tap.ok(!faults.length, `${cell.to}: ${cell.from} ${cell.action} -> ${
            cell.section}: ${cell.found}`, ...faults);
    });
}

function requestOf(server, { to, section, action, id }, query) {
    const { path, ...request } = ACTIONS[action];
    const base = request.via === 'websocket'
        ? server.urls[to].replace('http', 'ws') : server.urls[to];
    return {
        ...request, url: `${base}/${section}/${path}?row=${id}${query}`,
    };
}

function faultsOf(cell, pageOrigin, entries, seen) {
    const faults = [];
    const compare = (what, got, expected) => {
        if (got !== expected && expected !== '*')
            faults.push(`${what}: expected ${expected}`,
                `${' '.repeat(what.length)}  got      ${got}`);
    };
    compare('on the wire', entries.map(({ method, status, found = '-' }) =>
        `${method} ${status} ${found}`).join(', '), wireOf(cell).join(', '));
    const last = entries.at(-1);
    if (last) {
        const { origin, site = '-', mode = '-', dest = '-' } = last;
        compare('Origin', origin === pageOrigin ? 'page' : origin ?? '-',
            cell.origin);
        compare('Sec-Fetch-Site', site, cell.site);
        // A preflight is judged without the others.
        if (!last.preflight && cell.site !== '*')
            compare('Sec-Fetch-Mode and -Dest', `${mode} ${dest}`,
                cell.site === '-' ? '- -' : sentBy(cell));
    }
    compare('the page sees', viewOf(seen), expectedView(cell));
    return faults;
}

const isOwn = ({ from, to }) => PAGES[from].own === to;

function sentBy(cell) {
    const { sends, ownSends } = ACTIONS[cell.action];
    return (isOwn(cell) && ownSends?.[cell.browserName]) || sends;
}

// What reaches the server: method, status, finding.
function wireOf(cell) {
    const { method, granted = 200, isPreflighted } = ACTIONS[cell.action];
    const { found } = cell;
    const noted = /^(?:-|passed|refused)$/.test(found) ? '-' : found;
    const asked = isPreflighted && !isOwn(cell);
    if (found === 'unsent')
        return [];
    if (asked && ['-', 'host'].includes(found))
        return [`OPTIONS 403 ${noted}`];
    if (found === 'preflight')
        return ['OPTIONS 200 preflight'];
    return [
        ...(asked ? ['OPTIONS 204 -'] : []),
        `${method} ${REFUSED.includes(found) ? 403 : granted} ${noted}`,
    ];
}

// "nothing" where a page is told nothing, whatever comes.
function viewOf({ outcome, status = 200 }) {
    return outcome === 'sent' || outcome === 'opaque' ? 'nothing'
        : outcome === 'ok' && status === 200 ? 'success' : 'failure';
}

function expectedView(cell) {
    const { isBlind, isOpaque } = ACTIONS[cell.action];
    if (cell.found !== 'unsent' && (isBlind || (isOpaque && !isOwn(cell))))
        return 'nothing';
    return [...REFUSED, 'preflight', '-', 'unsent'].includes(cell.found)
        ? 'failure' : 'success';
}
