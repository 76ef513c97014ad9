// Responses, right and broken, and whether a page may read them by the steps of
// Fetch (lib/judge.mjs runs them, and has the members of a row).

const ORIGIN = 'Access-Control-Allow-Origin: ORIGIN';
const ANY = 'Access-Control-Allow-Origin: *';
const CREDENTIALS = 'Access-Control-Allow-Credentials: true';
const METHODS = 'Access-Control-Allow-Methods: ';
const HEADERS = 'Access-Control-Allow-Headers: ';

export const ALLOWED = { lines: [ORIGIN, CREDENTIALS] };

const include = { init: { credentials: 'include' } };

// ------------------------------------------------------------ actual requests

const allowOrigin = [
    ['none', 'no Access-Control-Allow-Origin', [], false],
    ['any', '*', [ANY], true],
    ['same', "the page's origin", [ORIGIN], true],
    ['case-of-name', 'its name in another case',
        ['ACCESS-control-ALLOW-origin: ORIGIN'], true],
    ['spaces', 'spaces and tabs around it',
        ['Access-Control-Allow-Origin: \t  ORIGIN \t '], true],
    ['no-space', 'no space before it',
        ['Access-Control-Allow-Origin:ORIGIN'], true],
    ['other', 'another origin',
        ['Access-Control-Allow-Origin: https://other.example'], false],
    ['slash', 'a slash behind the origin', [`${ORIGIN}/`], false],
    ['longer', 'a longer origin', [`${ORIGIN}0`], false],
    ['no-port', 'no port',
        ['Access-Control-Allow-Origin: http://localhost'], false],
    ['other-scheme', 'another scheme',
        ['Access-Control-Allow-Origin: https://localhost'], false],
    ['scheme-case', 'the scheme in capitals',
        ['Access-Control-Allow-Origin: HTTP://localhost'], false],
    ['empty', 'empty', ['Access-Control-Allow-Origin:'], false],
    ['quoted', 'in quotes', ['Access-Control-Allow-Origin: "ORIGIN"'], false],
    ['null', 'null, which the page is not',
        ['Access-Control-Allow-Origin: null'], false],
    ['wildcard', 'a pattern',
        ['Access-Control-Allow-Origin: http://*'], false],
    ['twice', 'twice', [ORIGIN, ORIGIN], false],
    ['any-twice', '* twice', [ANY, ANY], false],
    ['any-and-same', '* and the origin', [ANY, ORIGIN], false],
    ['same-and-any', 'the origin and *', [ORIGIN, ANY], false],
    ['list', 'a list', [`${ORIGIN}, https://other.example`], false],
    ['any-list', 'a list with *', [`${ANY}, *`], false],
    ['space-list', 'origins separated by a space',
        [`${ORIGIN} https://other.example`], false],
    ['comma-behind', 'a comma behind it', [`${ORIGIN},`], false],
    ['and-empty', 'the origin and an empty line',
        [ORIGIN, 'Access-Control-Allow-Origin:'], false],
    ['empty-and', 'an empty line and the origin',
        ['Access-Control-Allow-Origin:', ORIGIN], false],
    ['credentials-false', 'credentials false, and none sent',
        [ORIGIN, 'Access-Control-Allow-Credentials: false'], true],
    ['any-credentials', '* with credentials, and none sent',
        [ANY, CREDENTIALS], true],
].map(([id, what, lines, readable]) => (
    { id: `origin-${id}`, what, response: { lines }, readable }));

const opaque = [
    ['any', '*', ANY, true],
    ['null', 'null', 'Access-Control-Allow-Origin: null', true],
    ['null-case', 'Null', 'Access-Control-Allow-Origin: Null', false],
    ['other', "the host's origin",
        'Access-Control-Allow-Origin: http://localhost', false],
].map(([id, what, line, readable]) => ({
    id: `sandbox-${id}`, what: `from a sandboxed frame: ${what}`,
    from: 'sandbox', response: { lines: [line] }, readable,
}));

const credentials = [
    ['right', 'true', [ORIGIN, CREDENTIALS], true],
    ['spaces', 'true among spaces',
        [ORIGIN, 'Access-Control-Allow-Credentials: \t true '], true],
    ['none', 'absent', [ORIGIN], false],
    ['empty', 'empty', [ORIGIN, 'Access-Control-Allow-Credentials:'], false],
    ['false', 'false',
        [ORIGIN, 'Access-Control-Allow-Credentials: false'], false],
    ['capital', 'True',
        [ORIGIN, 'Access-Control-Allow-Credentials: True'], false],
    ['one', '1', [ORIGIN, 'Access-Control-Allow-Credentials: 1'], false],
    ['quoted', '"true"',
        [ORIGIN, 'Access-Control-Allow-Credentials: "true"'], false],
    ['twice', 'true twice', [ORIGIN, CREDENTIALS, CREDENTIALS], false],
    ['list', 'true, true', [ORIGIN, `${CREDENTIALS}, true`], false],
    ['any', 'true beside *', [ANY, CREDENTIALS], false],
    ['any-none', 'absent beside *', [ANY], false],
    ['other', 'true beside another origin',
        ['Access-Control-Allow-Origin: https://other.example', CREDENTIALS],
        false],
].map(([id, what, lines, readable]) => ({
    id: `credentials-${id}`, what: `credentials sent: ${what}`,
    request: include, response: { lines }, readable,
}));

const statuses = [206, 400, 401, 404, 500, 503].flatMap(status => [
    {
        id: `status-${status}`, what: `a ${status}`,
        response: { status, lines: [ORIGIN] }, readable: true,
    },
    {
        id: `status-${status}-none`,
        what: `a ${status} without Access-Control-Allow-Origin`,
        response: { status, lines: [] }, readable: false,
    },
]);

const redirects = [
    {
        id: 'redirect', what: 'a redirect to what is allowed',
        response: { status: 302, lines: [ORIGIN, 'Location: LANDING'] },
        landing: ALLOWED, readable: true,
    },
    {
        id: 'redirect-none', what: 'the same, the redirect itself is not',
        response: { status: 302, lines: ['Location: LANDING'] },
        landing: ALLOWED, readable: false,
    },
    {
        id: 'redirect-landing', what: 'a redirect to what is not allowed',
        response: { status: 307, lines: [ORIGIN, 'Location: LANDING'] },
        landing: { lines: [] }, readable: false,
    },
];

// ----------------------------------------------------------------- preflights

const put = { init: { method: 'PUT' } };
const key = { init: { headers: { 'X-Api-Key': 'k' } } };
const keys = { init: { headers: { 'X-Api-Key': 'k', 'X-Other': '1' } } };
const token = { init: { headers: { Authorization: 'Bearer t' } } };
const method = name => ({ init: { method: name } });
const withCredentials = ({ init }) => (
    { init: { ...init, credentials: 'include' } });

const row = ([id, what, request, lines, readable, more = {}]) => ({
    id, what, request, preflight: { status: 204, lines }, readable, ...more,
});

const preflightStatuses = [
    [200, true], [202, true], [204, true], [206, true], [299, true],
    [300, false], [302, false], [304, false], [307, false], [400, false],
    [401, false], [403, false], [404, false], [405, false], [500, false],
].map(([status, readable]) => ({
    id: `preflight-${status}`, what: `a preflight answered ${status}`,
    request: put, readable,
    preflight: {
        status, lines: [ORIGIN, `${METHODS}PUT`, ...(
            status === 302 || status === 307 ? ['Location: LANDING'] : [])],
    },
}));

const preflightOrigins = [
    ['preflight-origin-none', 'a preflight without Allow-Origin',
        put, [`${METHODS}PUT`], false],
    ['preflight-origin-any', '*', put, [ANY, `${METHODS}PUT`], true],
    ['preflight-origin-other', 'another origin', put,
        ['Access-Control-Allow-Origin: https://other.example',
            `${METHODS}PUT`], false],
    ['preflight-origin-twice', 'Allow-Origin twice', put,
        [ORIGIN, ORIGIN, `${METHODS}PUT`], false],
    ['preflight-credentials', 'credentials to follow', withCredentials(put),
        [ORIGIN, CREDENTIALS, `${METHODS}PUT`], true],
    ['preflight-credentials-none', 'credentials to follow, not allowed',
        withCredentials(put), [ORIGIN, `${METHODS}PUT`], false],
    ['preflight-credentials-capital', 'credentials to follow, True',
        withCredentials(put),
        [ORIGIN, 'Access-Control-Allow-Credentials: True', `${METHODS}PUT`],
        false],
    ['preflight-credentials-any', 'credentials to follow, *',
        withCredentials(put), [ANY, CREDENTIALS, `${METHODS}PUT`], false],
    ['preflight-max-age', 'an Access-Control-Max-Age that is no number', put,
        [ORIGIN, `${METHODS}PUT`, 'Access-Control-Max-Age: soon'], true],
].map(row);

const methods = [
    ['method-none', 'PUT, no Allow-Methods', put, [ORIGIN], false],
    ['method-empty', 'PUT, an empty Allow-Methods', put, [ORIGIN, METHODS],
        false],
    ['method-other', 'PUT, others', put, [ORIGIN, `${METHODS}GET, DELETE`],
        false],
    ['method-part', 'PUT, words that contain it', put,
        [ORIGIN, `${METHODS}PUTS, INPUT, PU`], false],
    ['method-case', 'PUT, put', put, [ORIGIN, `${METHODS}put`], false],
    ['method-last', 'PUT, the last of a list', put,
        [ORIGIN, `${METHODS}GET,POST ,\tPUT`], true],
    ['method-lines', 'PUT, on the second line', put,
        [ORIGIN, `${METHODS}GET`, `${METHODS}PUT`], true],
    ['method-gaps', 'PUT among empty elements', put,
        [ORIGIN, `${METHODS},, PUT,,`], true],
    ['method-star', 'PUT, *', put, [ORIGIN, `${METHODS}*`], true],
    ['method-star-list', 'PUT, * in a list', put,
        [ORIGIN, `${METHODS}GET, *`], true],
    ['method-star-credentials', 'PUT, *, with credentials',
        withCredentials(put), [ORIGIN, CREDENTIALS, `${METHODS}*`], false],
    ['method-star-beside', 'PUT, * and PUT, with credentials',
        withCredentials(put), [ORIGIN, CREDENTIALS, `${METHODS}*, PUT`], true],
    ['method-purge', 'PURGE', method('PURGE'), [ORIGIN, `${METHODS}PURGE`],
        true],
    ['method-patch-case', 'patch, PATCH', method('patch'),
        [ORIGIN, `${METHODS}PATCH`], false],
    ['method-spaces', 'PUT, a list without commas', put,
        [ORIGIN, `${METHODS}GET PUT`], false],
    ['method-semicolons', 'PUT, a list with semicolons', put,
        [ORIGIN, `${METHODS}GET; PUT`], false],
    ['method-malformed', 'PUT beside what is no method', put,
        [ORIGIN, `${METHODS}PUT, (all)`], false],
    ['method-malformed-get', 'GET with a listed header, a malformed list', key,
        [ORIGIN, `${METHODS}GET PUT`, `${HEADERS}X-Api-Key`], false],
    ['method-quoted', 'PUT in quotes', put, [ORIGIN, `${METHODS}"PUT"`],
        false],
    ['method-upload', 'POST with an upload listener, no lists',
        { via: 'xhr', upload: true, init: { method: 'POST', body: 'x' } },
        [ORIGIN], true],
    ['method-post', 'POST of JSON, only the header is listed',
        {
            init: {
                method: 'POST', body: '{}',
                headers: { 'Content-Type': 'application/json' },
            },
        },
        [ORIGIN, `${METHODS}PUT`, `${HEADERS}content-type`], true],
].map(row);

const headers = [
    ['header-listed', 'a listed header', key, [ORIGIN, `${HEADERS}X-Api-Key`],
        true],
    ['header-case', 'in another case', key, [ORIGIN, `${HEADERS}x-API-key`],
        true],
    ['header-none', 'no Allow-Headers', key, [ORIGIN], false],
    ['header-other', 'others', key, [ORIGIN, `${HEADERS}X-Api, X-Api-Keys`],
        false],
    ['header-prefix', 'a prefix with *', key, [ORIGIN, `${HEADERS}X-*`],
        false],
    ['header-one-of-two', 'one of two', keys, [ORIGIN, `${HEADERS}X-Api-Key`],
        false],
    ['header-lines', 'two, on a line each', keys,
        [ORIGIN, `${HEADERS}X-Other`, `${HEADERS}X-Api-Key`], true],
    ['header-gaps', 'among empty elements', keys,
        [ORIGIN, `${HEADERS},X-Other ,,\tX-Api-Key,`], true],
    ['header-star', '*', keys, [ORIGIN, `${HEADERS}*`], true],
    ['header-star-credentials', '*, with credentials', withCredentials(key),
        [ORIGIN, CREDENTIALS, `${HEADERS}*`], false],
    ['header-star-beside', '* and its name, with credentials',
        withCredentials(key),
        [ORIGIN, CREDENTIALS, `${HEADERS}*, x-api-key`], true],
    ['header-authorization', 'Authorization, listed', token,
        [ORIGIN, `${HEADERS}Authorization`], true],
    ['header-star-authorization', 'Authorization, *', token,
        [ORIGIN, `${HEADERS}*`], false, {
            differs: {
                chromium: true, firefox: true,
                why: 'today browsers let * cover Authorization',
            },
        }],
    ['header-star-authorization-among', 'Authorization and another, *',
        { init: { headers: { 'Authorization': 'Bearer t', 'X-Other': '1' } } },
        [ORIGIN, `${HEADERS}*`], false, {
            differs: {
                chromium: true, firefox: true,
                why: 'today browsers let * cover Authorization',
            },
        }],
    ['header-star-authorization-credentials',
        'Authorization, *, with credentials', withCredentials(token),
        [ORIGIN, CREDENTIALS, `${HEADERS}*`], false],
    ['header-star-and-authorization', 'Authorization, listed beside *', token,
        [ORIGIN, `${HEADERS}*, authorization`], true],
    ['header-spaces', 'a list without commas', keys,
        [ORIGIN, `${HEADERS}X-Api-Key X-Other`], false],
    ['header-semicolons', 'a list with semicolons', key,
        [ORIGIN, `${HEADERS}X-Api-Key; X-Other`], false],
    ['header-malformed', 'beside what is no name', key,
        [ORIGIN, `${HEADERS}X-Api-Key, (all)`], false],
    ['header-malformed-method', 'PUT listed, a malformed list of headers', put,
        [ORIGIN, `${METHODS}PUT`, `${HEADERS}X Y`], false],
].map(row);

export const rows = [
    ...allowOrigin, ...opaque, ...credentials, ...statuses, ...redirects,
    ...preflightStatuses, ...preflightOrigins, ...methods, ...headers,
];
