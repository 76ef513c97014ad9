// The frame of a test program: TAP, an end to it, and nothing left behind.

import { Tap } from './tap.mjs';

// Windows take time, above all where others want the processor too.
const LIMIT_SECONDS = 600;

// Calls body(tap, later); later(function) registers what has to be stopped or
// removed afterwards, last one first.
export async function program(body) {
    const tap = new Tap();
    const stops = [];
    const parent = process.ppid;
    let ending = false;

    const end = async status => {
        if (ending)
            return;
        ending = true;
        for (const stop of stops.reverse())
            await Promise.resolve(stop()).catch(complain);
        // Once all is written: who reads it may be busy with another program.
        process.stdout.write('', () => process.exit(status));
    };
    const giveUp = why => {
        complain(why);
        end(1);
    };

    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
        process.on(signal, () => giveUp(signal));
    process.stdout.on('error', () => end(1));
    setTimeout(() => giveUp(`not done in ${LIMIT_SECONDS} s`),
        LIMIT_SECONDS * 1000).unref();
    setInterval(() => process.ppid === parent || end(1), 1000).unref();

    try {
        await body(tap, stop => stops.push(stop));
    }
    catch (error) {
        tap.ok(false, 'the program runs to its end', error.stack);
    }
    await end(tap.end());
}

function complain(error) {
    process.stderr.write(`# ${error?.stack ?? error}\n`);
}
