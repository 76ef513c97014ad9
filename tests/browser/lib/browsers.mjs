// Debian's browsers, headless.

import puppeteer from 'puppeteer-core';

const launchOptions = {
    // No sandbox: containers seldom allow it. The rest keeps it off the
    // network.
    chromium: {
        browser: 'chrome',
        executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
        args: [
            '--no-sandbox', '--disable-gpu', '--disable-quic',
            '--disable-dev-shm-usage', '--no-first-run',
            '--disable-background-networking',
            '--disable-component-update', '--disable-sync',
            '--no-proxy-server',
            '--ignore-certificate-errors',
            '--host-resolver-rules=MAP *.test 127.0.0.1',
            // Back and forward ask again, unless HTTP's cache has it.
            '--disable-features=BackForwardCache',
        ],
    },
    firefox: {
        browser: 'firefox',
        protocol: 'webDriverBiDi',
        executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
    },
};

// The colour scheme is Firefox's only: Chromium's pages are told.
export async function launch(name, scheme = 'light') {
    return puppeteer.launch({
        headless: true,
        acceptInsecureCerts: true,
        handleSIGINT: false,
        handleSIGTERM: false,
        handleSIGHUP: false,
        defaultViewport: null,
        protocolTimeout: 30000,
        extraPrefsFirefox: {
            'network.proxy.type': 0,
            'network.dns.forceResolve': '127.0.0.1',
            'dom.confirm_repost.testing.always_accept': true,
            'layout.css.prefers-color-scheme.content-override':
                scheme === 'dark' ? 0 : 1,
        },
        ...launchOptions[name],
    });
}
