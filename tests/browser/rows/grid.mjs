// Each policy, method, kind of header and credentials mode with each other.
// What must come of it is worked out here by the steps of the Fetch standard,
// which know nothing of the module but its policies.

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'PURGE'];

// The headers of a request, and those of them that need a preflight.
const HEADERS = {
    simple: [{ 'Accept-Language': 'en' }, []],
    json: [{ 'Content-Type': 'application/json' }, ['content-type']],
    custom: [{ 'X-Api-Key': 'k' }, ['x-api-key']],
    authorization: [{ 'Authorization': 'Bearer t' }, ['authorization']],
};

// What httpd.conf says, for the page "app".
const ALL = Symbol('*');
const POLICIES = {
    'none': undefined,
    'closed': { origin: false },
    'few': { methods: [], headers: [], exposed: [] },
    'list': {
        methods: METHODS,
        headers: ['content-type', 'x-api-key', 'authorization'],
        exposed: ['x-one'],
    },
    'credentials': {
        methods: ['PUT', 'DELETE'],
        headers: ['content-type', 'x-api-key'],
        exposed: ['x-one'],
        credentials: true,
    },
    'any': {
        origin: '*', methods: ALL, exposed: ['x-one', 'x-two'],
        headers: name => name !== 'authorization',
    },
    'any-named': {
        methods: ALL, headers: () => true, exposed: [], credentials: true,
    },
};

const has = (list, item) => list === ALL
    || (typeof list === 'function' ? list(item) : list.includes(item));

const POLICY_NAMES = Object.keys(POLICIES);

export function rows(policies = POLICY_NAMES, modes = ['omit', 'include']) {
    const all = [];
    for (const policy of policies)
        for (const credentials of modes)
            for (const headers of Object.keys(HEADERS))
                for (const method of METHODS)
                    all.push(row(policy, credentials, headers, method));
    return all;
}

function row(name, credentials, kind, method) {
    const [headers, unsafe] = HEADERS[kind];
    const policy = POLICIES[name];
    const preflight = !['GET', 'HEAD', 'POST'].includes(method)
        || unsafe.length > 0;

    // The server's part: is the preflight allowed?
    const origin = policy !== undefined && policy.origin !== false;
    const granted = origin
        && (['GET', 'HEAD', 'POST'].includes(method)
            || has(policy.methods, method))
        && unsafe.every(header => has(policy.headers, header));

    // The browser's part, "CORS check".
    const shared = origin && (credentials === 'omit'
        || (policy.origin !== '*' && policy.credentials === true));

    const answer = policy === undefined ? 200 : granted ? 204 : 403;
    const sent = !preflight || (granted && shared);
    return {
        id: `grid-${name}-${credentials}-${kind}-${method}`.toLowerCase(),
        what: `${method} with ${kind} headers, credentials ${credentials}, `
            + `policy ${name}: ${sent && shared ? 'allowed' : 'refused'}`,
        path: `/${name}/echo`,
        request: { init: { method, credentials, headers } },
        asked: preflight ? unsafe.join(',') : undefined,
        expect: sent && shared ? {
            outcome: 'ok',
            status: 200,
            body: method === 'HEAD' ? '' : `"method":"${method}"`,
            headers: {
                'Content-Type': 'application/json',
                'X-One': policy.exposed.includes('x-one') ? '1' : null,
                'X-Two': policy.exposed.includes('x-two') ? '2' : null,
            },
        } : { outcome: 'TypeError' },
        wire: [
            ...(preflight ? [`OPTIONS ${answer}`] : []),
            ...(sent ? [`${method} 200`] : []),
        ],
    };
}
