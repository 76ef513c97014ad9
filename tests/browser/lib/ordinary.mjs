// Runs the visits of rows/ordinary.mjs, each in all sections at the same time,
// in windows of their own.

import { settled } from './settled.mjs';
import { PLACES, VISITS } from '../rows/ordinary.mjs';
import { SECTIONS } from '../rows/require.mjs';

// Returns how many visits there were.
export async function testVisits(tap, browserName, browser, server) {
    const visits = visitsOf(browserName);
    for (const id of new Set(visits.map(visit => visit.id)))
        await Promise.all(visits.filter(visit => visit.id === id)
            .map(visit => make(browser, server, visit)));
    const log = await settled(server, visits.flatMap(({ row, steps }) =>
        steps.filter(({ asked }) => asked).map(() => row)), isJudged);
    for (const visit of visits)
        testVisit(tap, server, visit,
            log.filter(entry => entry.row === visit.row && isJudged(entry)));
    tap.is(visits.map(({ row }) => row).filter((row, at, rows) =>
        rows.indexOf(row) !== at), [], 'each visit has a name of its own');
    return visits.length;
}

const isJudged = ({ found }) => found;

function visitsOf(browserName) {
    return VISITS.split('== ').slice(1).flatMap(text => {
        const [title, ...lines] = text.trim().split('\n');
        const [, id, policy, what] = /^(\S+?)( policy)?: (.*)/.exec(title);
        const steps = lines.map(line => line.trim().split(/\s+/))
            .filter(([first]) => !['chromium', 'firefox'].includes(first)
                || first === browserName)
            .map(words => stepOf(words[0] === browserName
                ? words.slice(1) : words));
        return SECTIONS.filter(name => !policy || name.endsWith('policy'))
            .map(section => ({
                id, what, steps, section, row: `${id}.${section}`,
            }));
    });
}

function stepOf([verb, ...words]) {
    const place = ['type', 'link', 'form'].includes(verb)
        ? words.shift() : undefined;
    const [origin, site, found] = words;
    return { verb, place, asked: found && { origin, site, found } };
}

// Adds the titles of the pages that the visitor sees.
async function make(browser, server, visit) {
    const { section, steps, row } = visit;
    const page = await browser.newPage();
    visit.titles = [];
    for (const [index, { verb, place }] of steps.entries()) {
        const url = place
            && `${urlOf(server, place, section)}?row=${row}&step=${index}`;
        visit.titles.push(await STEPS[verb](page, url)
            .then(() => page.title(), String));
    }
    await page.close();
}

function urlOf(server, place, section) {
    const [, to, path] = /^(\w+)(.*)/.exec(PLACES[place]);
    return server.urls[to]
        + path.replace('SECTION', `${section}/files/page.html`);
}

const STEPS = {
    type: (page, url) => page.goto(url),
    reload: page => page.reload(),
    back: page => travel(page, -1),
    forward: page => travel(page, 1),
    link: (page, url) => follow(page, url, href => {
        const link = document.createElement('a');
        link.href = href;
        document.body.append(link);
        link.click();
    }),
    form: (page, url) => follow(page, url, action => {
        const form = document.createElement('form');
        Object.assign(form, { method: 'post', action });
        document.body.append(form);
        form.submit();
    }),
};

async function follow(page, url, act) {
    await Promise.all([page.waitForNavigation(), page.evaluate(act, url)]);
}

// A page that the browser has kept is there without a navigation. On the way
// to another site there is an empty page for a moment, and complete.
async function travel(page, delta) {
    const from = await page.evaluate(() => location.href);
    await page.evaluate(by => { history.go(by); }, delta);
    for (let tries = 0; tries < 100; tries++) {
        await new Promise(resolve => { setTimeout(resolve, 50); });
        const isThere = await page.evaluate(href => location.href !== href
            && location.protocol !== 'about:'
            && document.readyState === 'complete', from).catch(() => false);
        if (isThere)
            return;
    }
    throw new Error('the history leads nowhere');
}

function testVisit(tap, server, { section, row, what, steps, titles },
    entries) {
    const asked = steps.flatMap((step, index) =>
        (step.asked ? [{ ...step, title: titles[index] }] : []));
    const expected = asked.map(step => expectedOf(step, section));
    const got = asked.map(({ title }, index) =>
        gotOf(server, title, entries[index]));
    got.push(...entries.slice(asked.length)
        .map(entry => gotOf(server, 'then', entry)));
    tap.ok(got.join() === expected.join(), `${row}: ${what}`,
        ...steps.map(({ verb, place = '' }) => `${verb} ${place}`),
        'expected', ...expected, 'got', ...got);
}

function expectedOf({ asked: { origin, site, found } }, section) {
    const noted = found !== 'followed' ? found
        : section.startsWith('isolated') ? 'navigation' : 'safe';
    return ['foreign', 'host'].includes(found)
        ? `403 Forbidden: 403 ${origin} ${site} ${noted}`
        : `the site: 200 ${origin} ${site} ${noted}`;
}

function gotOf(server, title, { status, origin, site, found } = {}) {
    const [name] = Object.entries(PLACES).find(([, place]) =>
        server.urls[place.split('/')[0]] === origin) ?? [origin ?? '-'];
    return `${title}: ${status} ${name} ${site ?? '-'} ${found}`;
}
