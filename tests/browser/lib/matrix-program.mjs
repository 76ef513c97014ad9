// The matrix in one browser.

import { launch } from './browsers.mjs';
import { testJudge } from './judge.mjs';
import { tokens } from './log.mjs';
import { runRows } from './matrix.mjs';
import { program } from './program.mjs';
import { startServer } from './server.mjs';
import { rows as backends } from '../rows/backends.mjs';
import { rows as byHand } from '../rows/by-hand.mjs';
import { rows as caches } from '../rows/caches.mjs';
import { rows as credentials } from '../rows/credentials.mjs';
import { rows as elements } from '../rows/elements.mjs';
import { rows as errors } from '../rows/errors.mjs';
import { rows as grid } from '../rows/grid.mjs';
import { rows as origins } from '../rows/origins.mjs';
import { rows as redirects } from '../rows/redirects.mjs';
import { rows as requests } from '../rows/requests.mjs';
import { rows as transports } from '../rows/transports.mjs';

const AREAS = [
    () => grid(), origins, requests, credentials, errors, redirects, backends,
    elements, () => transports(), caches, byHand,
];

// Paths whose responses do not depend on the Origin, or that are not the
// module's.
const NO_VARY = /^\/(?:any|cached-any|fresh-any|closed|none|hand-[^/]*)\//;

// Rows whose OPTIONS requests are meant to reach the backend.
const PASSED = /^(?:grid-none-|none-|pass-|method-options$)/;

export async function testBrowser(name) {
    await program(async (tap, later) => {
        const server = await startServer(name, later);
        const browser = await launch(name);
        later(() => browser.close());
        const rows = AREAS.flatMap(make => make(server.urls));

        const ids = rows.map(row => row.id);
        tap.is(ids.filter((id, at) => ids.indexOf(id) !== at), [],
            'each row has an id of its own');
        const log = await runRows(tap, name, browser, server, rows);
        testLog(tap, server, log);
        await testJudge(tap, name, browser, server);
    });
}

// What holds for all requests.
function testLog(tap, server, log) {
    const name = ({ request }) => request;
    tap.is(log.filter(entry => entry.preflight
        && (entry.cookie || entry.authorization)).map(name), [],
    'no preflight carries credentials');

    const { API, TLS, DIRECTORY } = server.port;
    tap.is(log.filter(entry =>
        [API, TLS, DIRECTORY].includes(Number(entry.port))
            && !NO_VARY.test(entry.path) && entry.status !== '101'
            && !tokens(entry.vary).includes('origin')).map(name), [],
    'Vary names Origin wherever the policy depends on it');

    tap.is(server.backend.seen.filter(line => {
        const row = /[?&]row=([^&]*)/.exec(line)?.[1] ?? '';
        return line.startsWith('OPTIONS') && !PASSED.test(row);
    }), [], 'no preflight reaches the backend unless it is passed on');
}
