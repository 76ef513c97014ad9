#!/usr/bin/env node
// The demo page: every card ends as the page itself predicts, in both browsers,
// on a desktop and on a phone, light and dark. Pictures of each are left in
// demo-*-start.png and demo-*-end.png.

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { launch } from './lib/browsers.mjs';
import { program } from './lib/program.mjs';

const { HTTPD, MODULES, MODULE, OUT, TMPDIR } = process.env;

const SIZES = {
    desktop: { width: 1280, height: 900 },
    phone: { width: 390, height: 844 },
};

await program(async (tap, later) => {
    const url = await startDemo(later);
    for (const browserName of ['chromium', 'firefox'])
        for (const scheme of ['light', 'dark']) {
            const browser = await launch(browserName, scheme);
            const closed = once(() => browser.close());
            later(closed);
            for (const size of Object.keys(SIZES))
                await testPage(tap, browser, url,
                    [browserName, size, scheme]);
            await closed();
        }
});

async function testPage(tap, browser, url, [browserName, size, scheme]) {
    const name = `${browserName}, ${size}, ${scheme}`;
    const page = await browser.newPage();
    const viewport = {
        ...SIZES[size],
        isMobile: browserName === 'chromium' && size === 'phone',
    };
    await page.setViewport(viewport);
    if (browserName === 'chromium')
        await page.emulateMediaFeatures(
            [{ name: 'prefers-color-scheme', value: scheme }]);
    await page.goto(url);
    const seen = await page.evaluate(async () => {
        const late = new Promise((_, reject) => {
            setTimeout(reject, 25000, new Error('the page is not done'));
        });
        await Promise.race([window.__demoDone, late]);
        const cards = [...document.querySelectorAll('[data-expected]')];
        return {
            cards: cards.map(card => [
                card.id || card.querySelector('h2, h3, h4')?.textContent,
                card.dataset.expected, card.dataset.actual,
            ]),
            dark: matchMedia('(prefers-color-scheme: dark)').matches,
            overflow: document.documentElement.scrollWidth
                > document.documentElement.clientWidth,
        };
    });

    tap.ok(seen.cards.length >= 20, `${name}: there are cards`,
        `${seen.cards.length}`);
    for (const [card, expected, actual] of seen.cards)
        tap.is(actual, expected, `${name}: ${card}`);
    tap.is(seen.dark, scheme === 'dark', `${name}: the colours asked for`);
    tap.is(seen.overflow, false, `${name}: nothing sticks out sideways`);
    await takePictures(page, viewport,
        `demo-${browserName}-${size}-${scheme}`);
    await page.close();
}

// The page is too long for one picture: its beginning and its end.
async function takePictures(page, viewport, name) {
    await page.setViewport({ ...viewport, height: 2500 });
    for (const [part, y] of [['start', 0], ['end', 1e6]]) {
        await page.evaluate(top => window.scrollTo({
            top, behavior: 'instant',
        }), y);
        await page.screenshot({ path: path.join(OUT, `${name}-${part}.png`) });
    }
}

// As `make demo` does, in a directory of its own; resolves to the page's URL.
async function startDemo(later) {
    const directory = fs.mkdtempSync(path.join(TMPDIR, 'demo-'));
    fs.mkdirSync(path.join(directory, 'out'));
    fs.symlinkSync(path.resolve('conf'), path.join(directory, 'conf'));
    const demo = spawn('sh', ['conf/demo/run', HTTPD, MODULES,
        path.relative(directory, MODULE)], {
        cwd: directory,
        env: { ...process.env, DEMO_SECONDS: '300' },
        stdio: ['ignore', 'pipe', 'inherit'],
        // Signals are for the shell and what it waits for.
        detached: true,
    });
    const ended = new Promise(resolve => { demo.once('exit', resolve); });
    later(async () => {
        if (demo.exitCode === null)
            process.kill(-demo.pid, 'SIGINT');
        await ended;
    });
    let output = '';
    for await (const chunk of demo.stdout) {
        output += chunk;
        const [, url] = /:\s+(http:\/\/localhost:\d+\/)\n/.exec(output) ?? [];
        if (url)
            return url;
    }
    throw new Error(`no demo:\n${output}`);
}

function once(action) {
    let result;
    return () => (result ??= action());
}
