// What pages make browsers ask for, and what "Require cors" finds out about
// that.
//
// A table is about one server. Each row of it has
//
//   actions   what the page does: of ACTIONS or GROUPS, with commas; in front
//             of them chromium or firefox, if the other sends something else
//   Origin    as it is sent; "page" for that of the page, "-" for none
//   Site      Sec-Fetch-Site, "-" for none. Sec-Fetch-Mode and -Dest are as
//             ACTIONS has them, and not sent where Sec-Fetch-Site is not
//   findings  in each of SECTIONS, or one for all: the note cors-foreign.
//             "preflight": nothing follows that. "-": the policy has refused
//             the preflight itself. "unsent": the browser asks nothing
//
// "foreign" and "host" are refusals, by status 403; all others are granted.

export const SECTIONS = ['plain', 'policy', 'isolated', 'isolated-policy'];

// Silent ones have Referrer-Policy: no-referrer, sandboxed ones an origin that
// is none. own: the server that is the page's own.
export const PAGES = {
    'own': { url: 'siteHttps', own: 'siteHttps' },
    'own-silent': { url: 'siteHttps', at: '/no-referrer', own: 'siteHttps' },
    'own-sandboxed': { url: 'siteHttps', at: '/sandboxed' },
    'own-http': { url: 'siteHttp', own: 'siteHttp' },
    'own-http-silent': {
        url: 'siteHttp', at: '/no-referrer', own: 'siteHttp',
    },
    'own-http-sandboxed': { url: 'siteHttp', at: '/sandboxed' },
    'own-local': { url: 'siteLocal', own: 'siteLocal' },
    // Other ports of localhost; the policy names the second.
    'app': { url: 'app' },
    'app2': { url: 'app2' },
    // Other hosts of the same site; the policy names the second.
    'sibling': { url: 'siblingHttps' },
    'friend': { url: 'friendHttps' },
    // Of other sites; the policy names the second, by https and by http.
    'stranger': { url: 'strangerHttps' },
    'stranger-silent': { url: 'strangerHttps', at: '/no-referrer' },
    'stranger-http': { url: 'strangerHttp' },
    'partner': { url: 'partnerHttps' },
    'partner-silent': { url: 'partnerHttps', at: '/no-referrer' },
    'partner-http': { url: 'partnerHttp' },
    // A stranger's name that has come to mean the address of the server.
    'rebound': { url: 'reboundHttp', own: 'reboundHttp' },
};

const urlEncoded = {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: 'a=b',
};

// How pages/probe.js and actions.js do it; method and path; in sends,
// Sec-Fetch-Mode and -Dest. isBlind: the page is not told what comes of it.
// isOpaque: nor is one of another origin.
export const ACTIONS = {
    'form': {
        via: 'form', method: 'POST', path: 'echo',
        sends: 'navigate document', isBlind: true,
    },
    'framed-form': {
        via: 'framedForm', method: 'POST', path: 'echo',
        sends: 'navigate iframe', isBlind: true,
    },
    'fetch': { method: 'GET', path: 'echo', sends: 'cors empty' },
    'post': {
        init: urlEncoded, method: 'POST', path: 'echo', sends: 'cors empty',
    },
    'put': {
        init: { method: 'PUT' }, method: 'PUT', path: 'echo',
        sends: 'cors empty', isPreflighted: true,
    },
    'no-cors': {
        init: { mode: 'no-cors' }, method: 'GET', path: 'echo',
        sends: 'no-cors empty', isOpaque: true,
    },
    'no-cors-post': {
        init: { ...urlEncoded, mode: 'no-cors' }, method: 'POST', path: 'echo',
        sends: 'no-cors empty', isOpaque: true,
    },
    'beacon': {
        via: 'beacon', method: 'POST', path: 'echo',
        sends: 'no-cors empty', isBlind: true,
    },
    'events': {
        via: 'events', method: 'GET', path: 'events', sends: 'cors empty',
    },
    'websocket': {
        via: 'websocket', method: 'GET', path: 'ws',
        sends: 'websocket empty', granted: 101,
    },
    'image': {
        via: 'image', method: 'GET', path: 'files/red.png',
        sends: 'no-cors image',
    },
    'script': {
        via: 'script', method: 'GET', path: 'files/script.js',
        sends: 'no-cors script',
    },
    'style': {
        via: 'style', method: 'GET', path: 'files/style.css',
        sends: 'no-cors style',
    },
    'iframe': {
        via: 'iframe', method: 'GET', path: 'echo',
        sends: 'navigate iframe', isBlind: true,
    },
    'link': {
        via: 'link', method: 'GET', path: 'echo',
        sends: 'navigate document', isBlind: true,
    },
    'window': {
        via: 'window', method: 'GET', path: 'echo',
        sends: 'navigate document', isBlind: true,
    },
    'refresh': {
        via: 'otherPage', page: 'refresh.html', method: 'GET', path: 'echo',
        sends: 'navigate document', isBlind: true,
    },
    // A link of another origin is followed all the same.
    'download': {
        via: 'otherPage', page: 'download.html', method: 'GET',
        path: 'files/plain.txt', isBlind: true,
        sends: 'navigate document', ownSends: { chromium: 'navigate empty' },
    },
};

const forms = ['form', 'framed-form'];
const pings = ['no-cors-post', 'beacon'];

export const GROUPS = {
    forms,
    pings,
    posts: [...forms, 'post', ...pings],
    reads: ['fetch', 'events'],
    elements: ['no-cors', 'image', 'script', 'style', 'iframe'],
    links: ['link', 'window', 'refresh', 'download'],
};

export const TABLES = {
    //  actions              Origin Site     plain policy isolated isolated-p.
    siteHttps: `
from own
  posts,put              page same-origin same-origin
  reads,elements,links   -    same-origin same-origin
  chromium websocket     page -           own-host
  firefox websocket      page same-origin same-origin
from own-silent
  forms                  null same-origin same-origin
  reads,elements,links   -    same-origin same-origin
  post,put               page same-origin same-origin
  chromium pings         page same-origin same-origin
  firefox pings          null same-origin same-origin
  chromium websocket     page -           own-host
  firefox websocket      page same-origin same-origin
from own-sandboxed
  posts,reads            null cross-site  foreign
  put                    null cross-site  preflight - preflight -
  elements               -    cross-site  safe safe foreign foreign
  chromium websocket     null -           foreign
  firefox websocket      null cross-site  foreign
  links                  -    cross-site  safe safe navigation navigation
from sibling
  posts,reads            page same-site   foreign
  put                    page same-site   preflight - preflight -
  elements               -    same-site   safe safe foreign foreign
  chromium websocket     page -           foreign
  firefox websocket      page same-site   foreign
  links                  -    same-site   safe safe navigation navigation
from friend
  posts,reads            page same-site   foreign trusted foreign trusted
  put                    page same-site   preflight trusted preflight trusted
  elements               -    same-site   safe safe foreign foreign
  chromium websocket     page -           foreign trusted foreign trusted
  firefox websocket      page same-site   foreign trusted foreign trusted
  links                  -    same-site   safe safe navigation navigation
from stranger
  posts,reads            page cross-site  foreign
  put                    page cross-site  preflight - preflight -
  elements               -    cross-site  safe safe foreign foreign
  chromium websocket     page -           foreign
  firefox websocket      page cross-site  foreign
  links                  -    cross-site  safe safe navigation navigation
from stranger-silent
  forms                  null cross-site  foreign
  reads,post             page cross-site  foreign
  put                    page cross-site  preflight - preflight -
  elements               -    cross-site  safe safe foreign foreign
  chromium pings         page cross-site  foreign
  firefox pings          null cross-site  foreign
  chromium websocket     page -           foreign
  firefox websocket      page cross-site  foreign
  links                  -    cross-site  safe safe navigation navigation
from partner
  posts,reads            page cross-site  foreign trusted foreign trusted
  put                    page cross-site  preflight trusted preflight trusted
  elements               -    cross-site  safe safe foreign foreign
  chromium websocket     page -           foreign trusted foreign trusted
  firefox websocket      page cross-site  foreign trusted foreign trusted
  links                  -    cross-site  safe safe navigation navigation
from partner-silent
  forms                  null cross-site  foreign
  reads,post             page cross-site  foreign trusted foreign trusted
  put                    page cross-site  preflight trusted preflight trusted
  elements               -    cross-site  safe safe foreign foreign
  chromium pings         page cross-site  foreign trusted foreign trusted
  firefox pings          null cross-site  foreign
  chromium websocket     page -           foreign trusted foreign trusted
  firefox websocket      page cross-site  foreign trusted foreign trusted
  links                  -    cross-site  safe safe navigation navigation
from own-http
  posts,reads            page cross-site  foreign
  put                    page cross-site  preflight - preflight -
  elements               -    cross-site  safe safe foreign foreign
  chromium websocket     page -           foreign
  firefox websocket      page cross-site  foreign
  links                  -    cross-site  safe safe navigation navigation
    `,

    // Browsers send no Sec-Fetch-Site there. A page without a referrer cannot
    // post its own forms; in Firefox neither what asks without CORS.
    siteHttp: `
from own-http
  posts,put,websocket    page -           own-host
  reads,elements,links   -    -           no-browser
from own-http-silent
  forms                  null -           foreign
  reads,elements,links   -    -           no-browser
  post,put,websocket     page -           own-host
  chromium pings         page -           own-host
  firefox pings          null -           foreign
from own-http-sandboxed
  posts,reads,websocket  null -           foreign
  put                    null -           preflight - preflight -
  elements,links         -    -           no-browser
from stranger-http
  posts,reads,websocket  page -           foreign
  put                    page -           preflight - preflight -
  elements,links         -    -           no-browser
from partner-http
  posts,reads,websocket  page -           foreign
  put                    page -           preflight foreign preflight foreign
  elements,links         -    -           no-browser
from partner
  pings,reads,post,no-cors -    -           unsent
  links                  -    -           no-browser
    `,

    reboundHttp: `
from rebound
  posts,put,websocket    page -           host
  reads,elements,links   -    -           host
from stranger-http
  posts,reads,websocket  page -           host
  put                    page -           host - host -
  elements,links         -    -           host
    `,

    // Not https, and Sec-Fetch-Site all the same.
    siteLocal: `
from own-local
  posts,put              page same-origin same-origin
  reads,elements,links   -    same-origin same-origin
  chromium websocket     page -           own-host
  firefox websocket      page same-origin same-origin
from app
  posts,reads            page same-site   foreign
  put                    page same-site   preflight - preflight -
  elements               -    same-site   safe safe foreign foreign
  chromium websocket     page -           foreign
  firefox websocket      page same-site   foreign
  links                  -    same-site   safe safe navigation navigation
from app2
  posts,reads            page same-site   foreign trusted foreign trusted
  put                    page same-site   preflight trusted preflight trusted
  elements               -    same-site   safe safe foreign foreign
  chromium websocket     page -           foreign trusted foreign trusted
  firefox websocket      page same-site   foreign trusted foreign trusted
  links                  -    same-site   safe safe navigation navigation
from stranger-http
  posts,reads            page cross-site  foreign
  put                    page cross-site  preflight - preflight -
  elements               -    cross-site  safe safe foreign foreign
  chromium websocket     page -           foreign
  firefox websocket      page cross-site  foreign
  links                  -    cross-site  safe safe navigation navigation
from stranger
  forms                  null cross-site  foreign
  reads,post             page cross-site  foreign
  put                    page cross-site  preflight - preflight -
  elements               -    cross-site  safe safe foreign foreign
  chromium pings         page cross-site  foreign
  firefox pings          null cross-site  foreign
  chromium websocket     page -           foreign
  firefox websocket      page cross-site  foreign
  links                  -    cross-site  safe safe navigation navigation
    `,
};

export const FORWARDED = ['withheld', 'forwarded'];

// The application itself refuses an Origin that is not the host that was asked
// for. "passed" and "refused" are its answers, "-" is as above; "*" is any.
export const FORWARDED_TABLE = `
from own
  posts,put            page same-origin passed
  websocket            page *           passed
from partner
  posts,reads          page cross-site  passed refused
  put                  page cross-site  passed refused
  websocket            page *           passed refused
  elements             -    cross-site  passed
from partner-silent
  forms                null cross-site  refused
from stranger
  posts,reads          page cross-site  refused
  put                  page cross-site  -
  websocket            page *           refused
from own-sandboxed
  posts,reads          null cross-site  refused
`;
