// Visits to a site that has "Require cors": what visitors do all day, which is
// not refused, and at the end what is.
//
// A visit begins with its name and what it is about, after "policy" if it is
// for sections with a policy only. Each line is a step, of STEPS in
// lib/ordinary.mjs, and where it leads, of PLACES. If that is the site, then
// there are also, of the request,
//
//   Origin    the name of who is sent, "-" for none
//   Site      Sec-Fetch-Site, "-" for none
//   finding   the note cors-foreign; "followed" for "safe" or, where requests
//             are isolated, "navigation"
//
// A line is for one browser if that is in front of it.

export const PLACES = {
    'site': 'siteHttps/SECTION',
    'http': 'siteHttp/SECTION',
    'local': 'siteLocal/SECTION',
    'address': 'siteAddress/SECTION',
    'rebound': 'reboundHttp/SECTION',
    // Pages that are not in a section, two of them without a referrer.
    'site-silent': 'siteHttps/no-referrer/index.html',
    'http-silent': 'siteHttp/no-referrer/index.html',
    'stranger': 'strangerHttps/index.html',
    'stranger-silent': 'strangerHttps/no-referrer/index.html',
    'partner': 'partnerHttps/index.html',
    'partner-silent': 'partnerHttps/no-referrer/index.html',
    // These send the visitor to the site: on.
    'http-to-site': 'siteHttp/to-https/SECTION',
    'site-307': 'siteHttps/to-site/SECTION',
    'partner-302': 'partnerHttps/to/302/SECTION',
    'partner-307': 'partnerHttps/to/307/SECTION',
};

export const VISITS = `
== typed: the address bar, or a bookmark
  type site              -       none        same-origin
  reload                 -       none        same-origin
  link site              -       same-origin same-origin
  back                   -       none        same-origin
  forward                -       same-origin same-origin
  reload                 -       same-origin same-origin
  type site              -       none        same-origin
== typed-http: the same without TLS
  type http              -       -           no-browser
  reload                 -       -           no-browser
  link http              -       -           no-browser
  back                   -       -           no-browser
  forward                -       -           no-browser
== typed-local: the same on this machine
  type local             -       none        same-origin
  link local             -       same-origin same-origin
  form local             local   same-origin same-origin
== typed-address: the same by the address
  type address           -       none        same-origin
  link address           -       same-origin same-origin
  form address           address same-origin same-origin
== typed-elsewhere: while another site is shown
  type stranger
  type site              -       none        same-origin
  reload                 -       none        same-origin
== typed-old: what leads from http to https
  type http-to-site      -       none        same-origin
  reload                 -       none        same-origin
== linked: a link from another site, and back and forward
  type stranger
  link site              -       cross-site  followed
  reload                 -       cross-site  followed
  link site              -       same-origin same-origin
  back                   -       cross-site  followed
  back
  forward                -       cross-site  followed
  reload                 -       cross-site  followed
== linked-http: the same without TLS
  type stranger
  link http              -       -           no-browser
  reload                 -       -           no-browser
  link http              -       -           no-browser
  back                   -       -           no-browser
== linked-silent: a link from a page without a referrer
  type stranger-silent
  link site              -       cross-site  followed
  reload                 -       cross-site  followed
== linked-old: a link from another site to http, which leads to https
  type stranger
  link http-to-site      -       cross-site  followed
  reload                 -       cross-site  followed
== linked-around: a link from another site by way of a third one
  type stranger
  link partner-302       -       cross-site  followed
  reload                 -       cross-site  followed
== linked-inside: from http to https of the same host
  type http              -       -           no-browser
  link site              -       cross-site  followed
== posted: a form of the site itself, sent again by a reload
  type site              -       none        same-origin
  form site              site    same-origin same-origin
  reload                 site    same-origin same-origin
  link site              -       same-origin same-origin
== posted-http: the same without TLS
  type http              -       -           no-browser
  form http              http    -           own-host
  reload                 http    -           own-host
  link http              -       -           no-browser
== posted-silent: a form of a page without a referrer
  type site-silent
  form site              null    same-origin same-origin
  reload                 null    same-origin same-origin
== posted-there: a form that is sent to another site, which sends it back by GET
  type site              -       none        same-origin
  form partner-302       -       cross-site  followed
  reload                 -       same-origin same-origin
== signed-on policy: an identity provider's form, which the policy trusts
  type site              -       none        same-origin
  link partner
  form site              partner cross-site  trusted
  reload                 partner cross-site  trusted
  link site              -       same-origin same-origin
== signed-on-moved: an identity provider that sends back by a redirect
  type site              -       none        same-origin
  link partner-302       -       cross-site  followed
  reload                 -       same-origin same-origin
  back                   -       none        same-origin
== signed-on-form: an identity provider that redirects its own form, by GET
  type partner
  form partner-302       -       cross-site  followed
  reload                 -       cross-site  followed
== signed-on-307 policy: the same by POST: Chromium takes the origin away
  type partner
  chromium form partner-307 null cross-site  foreign
  firefox form partner-307 partner cross-site trusted
== signed-on-silent policy: its form on a page without a referrer is refused
  type partner-silent
  form site              null    cross-site  foreign
== posted-silent-http: without TLS, a form without a referrer is refused
  type http-silent
  form http              null    -           foreign
== posted-around: a form of the site that comes back by POST is refused
  type site              -       none        same-origin
  form partner-307       null    cross-site  foreign
== forged-around: a stranger's form by way of a trusted site is refused
  type stranger
  form partner-307       null    cross-site  foreign
== forged-inside: a stranger's form by way of the site itself is refused
  type stranger
  form site-307          stranger cross-site foreign
== rebound: a name that is not the server's is refused
  type rebound           -       -           host
`;
