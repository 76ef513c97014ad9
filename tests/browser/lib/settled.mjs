// The access log, once it has a line for each of the rows that are due, twice
// for a row that is there twice, and nothing more comes: httpd logs a request
// after the browser got the response. Only lines for which counts() is true are
// counted. What is still missing after a minute does not come.
export async function settled(server, due, counts = () => true) {
    for (let log = server.log(), tries = 0; ; tries++) {
        await new Promise(resolve => { setTimeout(resolve, 250); });
        const next = server.log();
        if ((next.length === log.length && hasAll(next.filter(counts), due))
            || tries > 240)
            return next;
        log = next;
    }
}

function hasAll(entries, due) {
    const missing = new Map();
    for (const row of due)
        missing.set(row, (missing.get(row) ?? 0) + 1);
    for (const { row } of entries)
        missing.set(row, (missing.get(row) ?? 0) - 1);
    return [...missing.values()].every(count => count <= 0);
}
