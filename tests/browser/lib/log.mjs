// The access log: what reached the server.

import fs from 'node:fs';

const FIELDS = ['begin', 'port', 'request', 'status', 'origin', 'asksMethod',
    'asksHeaders', 'cookie', 'authorization', 'vary', 'encoding', 'site',
    'mode', 'dest', 'found', 'cacheControl', 'host'];

export function readLog(file) {
    return fs.readFileSync(file, 'utf8').split('\n').filter(Boolean)
        .map(parsed)
        // A connection that was closed unused has a line too.
        .filter(entry => entry.request)
        // The lines are in the order in which requests ended.
        .sort((a, b) => a.begin - b.begin);
}

function parsed(line) {
    const values = line.split('\t')
        .map(value => (value === '-' ? undefined : value));
    const entry = Object.fromEntries(
        FIELDS.map((field, index) => [field, values[index]]));
    const [method, target, protocol] = (entry.request ?? '').split(' ');
    const url = new URL(target ?? '', 'http://server');
    return {
        ...entry, method, protocol,
        path: url.pathname,
        preflight: method === 'OPTIONS' && entry.asksMethod !== undefined,
        row: url.searchParams.get('row'),
    };
}

export const tokens = list =>
    (list ?? '').toLowerCase().split(/\s*,\s*/).filter(Boolean).sort();
