// TAP for Suite.pm: prints each test as it ends, and the plan last.

export class Tap {
    #count = 0;
    #failed = 0;

    ok(good, name, ...notes) {
        this.#count++;
        const text = name.replaceAll('#', '').replaceAll(/\s+/g, ' ');
        process.stdout.write(
            `${good ? 'ok' : 'not ok'} ${this.#count} - ${text}\n`);
        if (good)
            return;
        this.#failed++;
        for (const line of [text, ...notes].join('\n').split('\n'))
            process.stderr.write(`# ${line}\n`);
    }

    is(got, expected, name) {
        const [a, b] = [got, expected].map(value => JSON.stringify(value));
        this.ok(a === b, name, `expected ${b}`, `     got ${a}`);
    }

    end() {
        process.stdout.write(`1..${this.#count}\n`);
        return this.#failed ? 1 : 0;
    }
}
