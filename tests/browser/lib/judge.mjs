// The same responses before a browser and before the engine's judge.
//
// They come from the backend as they are written, without the module. A row:
//
//   id, what     its name
//   from         the page that asks, a key of PAGES in matrix.mjs
//   request      how it asks: see pages/probe.js
//   preflight    the answer to a preflight, { status, lines }
//   response     the response itself; ALLOWED unless it is there
//   landing      the one that follows if the response is a redirect
//   readable     whether the standard lets the page read it: what the judge
//                must say
//   differs      { chromium|firefox: readable, why }: where a browser does not
//                do what the standard says
//
// A status is 200 unless it is named. In a line ORIGIN is the page's origin,
// and LANDING where the landing is.

import { execFileSync } from 'node:child_process';

import { runStep } from './matrix.mjs';
import { ALLOWED, rows } from '../rows/judge.mjs';

const LEAST = 60;

export async function testJudge(tap, browserName, browser, server) {
    const pages = new Map();
    const seen = [];
    for (const row of rows) {
        server.backend.raw.set(row.id, { response: ALLOWED, ...row });
        const step = { ...row, to: 'backend', path: '/raw' };
        seen.push(await runStep(browser, pages, server, row, step));
    }
    for (const page of pages.values())
        await page.close();

    const verdicts = verdictsOn(server.backend.exchanges);
    rows.forEach((row, index) => {
        const differs = row.differs?.[browserName] !== undefined;
        const faults = faultsOf(row, differs ? row.differs[browserName]
            : row.readable, seen[index], verdicts.get(row.id));
        tap.ok(!faults.length, `judge-${row.id}: ${row.what}${
            differs ? ` (differs: ${row.differs.why})` : ''}`, ...faults);
    });
    tap.is(new Set(rows.map(({ id }) => id)).size, rows.length,
        'each response has an id of its own');
    tap.ok(rows.length >= LEAST, 'the judge is shown enough responses');
}

// For each row, what the judge says of what the browser sent and got: true if
// each exchange passes.
function verdictsOn(exchanges) {
    const answers = execFileSync(process.env.JUDGE, {
        input: exchanges.map(block).join(''), encoding: 'utf8',
    }).split('\n');
    const verdicts = new Map();
    exchanges.forEach(({ row }, index) => {
        verdicts.set(row,
            (verdicts.get(row) ?? true) && answers[index] === 'yes');
    });
    return verdicts;
}

// As tests/browser/judge.c reads it. The browser does not say whether there
// may be credentials: the row does.
function block({ row, method, headers, status, lines }) {
    const { request } = rows.find(({ id }) => id === row);
    const named = (name, value) => (value === undefined ? [] : [`${name} ${
        value}`]);
    return [
        `method ${method}`,
        ...named('origin', headers.origin),
        ...named('request-method', headers['access-control-request-method']),
        ...named('request-headers', headers['access-control-request-headers']),
        ...(request?.init?.credentials === 'include' ? ['credentials'] : []),
        `status ${status}`,
        ...lines.map(line => `header ${line}`),
        '', '',
    ].join('\n');
}

function faultsOf(row, expected, seen, verdict) {
    const faults = [];
    if (verdict === undefined)
        faults.push('no request reached the backend');
    else if (verdict !== row.readable)
        faults.push(`the judge says ${verdict}`);
    if ((seen.outcome === 'ok') !== expected)
        faults.push(`the browser says ${JSON.stringify(seen)}`);
    return faults;
}
