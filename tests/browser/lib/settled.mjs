// The access log, once it has what is waited for and nothing more comes: httpd
// logs a request after the browser got the response.
export async function settled(server, isComplete = () => true) {
    for (let log = server.log(), tries = 0; ; tries++) {
        await new Promise(resolve => { setTimeout(resolve, 250); });
        const next = server.log();
        if ((next.length === log.length && isComplete(next)) || tries > 60)
            return next;
        log = next;
    }
}
