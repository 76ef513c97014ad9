// "Require cors" in one browser: the tables, or the visits.

import { launch } from './browsers.mjs';
import { tokens } from './log.mjs';
import { testVisits } from './ordinary.mjs';
import { program } from './program.mjs';
import { testTable } from './require.mjs';
import { startServer } from './server.mjs';
import {
    FORWARDED, FORWARDED_TABLE, SECTIONS, TABLES,
} from '../rows/require.mjs';

const LEAST_CELLS = 1600;
const LEAST_VISITS = 90;

export const testRequire = name => withBrowser(name, 'require', async (tap,
    browser, server) => {
    const test = table => testTable(tap, name, browser, server, table);
    let cells = await test({
        to: 'siteHttps', text: FORWARDED_TABLE, sections: FORWARDED,
        query: '&strict',
    });
    for (const [to, text] of Object.entries(TABLES))
        cells += await test({ to, text, sections: SECTIONS });
    tap.ok(cells >= LEAST_CELLS, 'the tables have enough rows', `${cells}`);
});

export const testOrdinary = name => withBrowser(name, 'ordinary', async (tap,
    browser, server) => {
    const visits = await testVisits(tap, name, browser, server);
    tap.ok(visits >= LEAST_VISITS, 'there are enough visits', `${visits}`);
});

async function withBrowser(name, what, test) {
    await program(async (tap, later) => {
        const server = await startServer(`${what}-${name}`, later,
            'require.conf');
        const browser = await launch(name);
        later(() => browser.close());
        await test(tap, browser, server);
        testLog(tap, server.log());
    });
}

// What holds for all requests that were judged.
function testLog(tap, log) {
    const name = ({ request, host }) => `${host} ${request}`;
    const judged = log.filter(({ found }) => found);
    const missing = (names, paths) => judged.filter(entry =>
        paths.test(entry.path) && entry.status !== '101'
        && !names.every(part => tokens(entry.vary).includes(part))).map(name);

    tap.is(missing(['sec-fetch-site', 'origin'], /^/), [],
        'Vary names what decides');
    tap.is(missing(['sec-fetch-mode', 'sec-fetch-dest'], /^\/isolated/), [],
        'Vary names what decides where requests are isolated');
    tap.is(judged.filter(({ status, cacheControl }) =>
        status === '403' && cacheControl !== 'no-store').map(name), [],
    'no refusal is stored');
}
