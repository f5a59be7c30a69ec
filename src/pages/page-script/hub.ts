// The part of the page script that knows how the session stands: it hears of people from every frame, tells the server at
// most so often, shares what it hears with the other tabs, and says when to warn and when to cover. The server decides; a
// page whose time is up covers itself before it has asked.

export const hubPart = `
const address = '/.wardgate/activity';
const send = window.fetch.bind(window);
let channel = null;
let isMute = false;
const longestAnswer = 10000;
let told = null;
let locksAt = Infinity;
let locksAtWall = Infinity;
let endsAtWall = null;
let lastSeen = 0;
let lastTouched = -Infinity;
let lastTold = -Infinity;
let lastAsked = -Infinity;
let pinging = 0;
let asking = false;
let openings = 0;
let refusals = 0;
let waiting = [];

function left() {
  // A computer that slept stops one of the two clocks.
  return Math.min(locksAt - performance.now(), locksAtWall - Date.now());
}

function noticed() {
  const now = performance.now();
  lastSeen = now;
  lastTouched = now;
  const every = (told === null ? 30 : told.pingSeconds) * 1000;
  if (warns() || now - lastTold >= every) ask('POST');
  else if (pinging === 0) pinging = setTimeout(function () { pinging = 0; ask('POST'); }, lastTold + every - now);
  unwarn();
}

async function ask(method) {
  if (asking && method === 'GET') return;
  const now = performance.now();
  const asOf = { openings: openings, refusals: refusals };
  asking = true;
  lastAsked = now;
  const init = { method: method, credentials: 'same-origin', cache: 'no-store', redirect: 'manual', headers: { accept: 'application/json' } };
  if (method === 'POST') {
    lastTold = now;
    init.headers['content-type'] = 'application/json';
    init.body = JSON.stringify({ idleSeconds: (now - lastSeen) / 1000 });
  }
  if (AbortSignal.timeout) init.signal = AbortSignal.timeout(longestAnswer);
  try {
    const standing = await read(await send(address, init));
    if (standing !== null && isOfNow(standing, asOf)) hear(standing, true);
    reached(true);
  } catch (cause) {
    reached(false);
  } finally {
    asking = false;
  }
  if (asOf.refusals !== refusals) ask('GET');
}

async function read(reply) {
  if (reply.status === 401) return { state: 'ended' };
  return reply.status === 200 || reply.status === 423 ? reply.json() : null;
}

/** What was asked before an unlocking says nothing of a lock now, nor what was asked before a refusal of an open session. */
function isOfNow(standing, asOf) {
  return standing.state === 'active' ? asOf.refusals === refusals : asOf.openings === openings;
}

function hear(now, tells) {
  // Somebody else has signed in here: nothing of this page is theirs.
  if (told !== null && now.person !== undefined && now.person !== told.person) {
    leaving = true;
    return location.reload();
  }
  if (now.person !== undefined) told = now;
  endsAtWall = now.state === 'locked' ? Date.now() + now.endsInSeconds * 1000 : null;
  if (tells && channel !== null) channel.postMessage(now);
  if (now.state !== 'active') return cover(now.state);
  locksAt = performance.now() + now.locksInSeconds * 1000;
  locksAtWall = Date.now() + now.locksInSeconds * 1000;
  if (left() > now.warnSeconds * 1000) unwarn();
  if (covered()) openings += 1;
  uncover();
  tellNotice();
  const again = waiting;
  waiting = [];
  again.forEach(function (one) { one(true); });
}

/** The hub alone hears the other tabs: a frame that did would cover itself as well, and take the keys from the cover. */
function hearTabs() {
  if (!('BroadcastChannel' in window)) return;
  channel = new BroadcastChannel('wardgate');
  channel.onmessage = function (event) {
    // What opens a cover is asked of the server; another tab is not believed.
    if (event.data.ask || (covered() && event.data.state === 'active')) ask('GET');
    else {
      lastTold = performance.now();
      hear(event.data, false);
    }
  };
}

function look() {
  eachFrame(window, listen);
  if (covered()) {
    keepCover();
    if (performance.now() - lastAsked > 15000) ask('GET');
    return;
  }
  if (told === null) return;
  const rest = left();
  if (rest <= 0) {
    cover('locked');
    ask('GET');
  } else if (rest <= told.warnSeconds * 1000) {
    // Asked once more: a page opened elsewhere may have moved the limit.
    if (!warns()) ask('GET');
    warn(Math.ceil(rest / 1000));
  } else unwarn();
  tellNotice();
}

/** The gateway has just refused something: an answer that is still on its way was given before. */
function askAfresh() {
  refusals += 1;
  ask('GET');
}

/** A request of the page was refused; resolves when it may be sent again. At most so many wait. */
function refused(kind) {
  if (kind !== 'locked' && kind !== 'ended') return confirmFirst(kind);
  if (!covered()) cover(kind);
  askAfresh();
  if (waiting.length >= 20) return Promise.resolve(false);
  return new Promise(function (resolve) { waiting.push(resolve); });
}

/** A policy further down in the page may cut us off from the server: a cover that nobody can lift would keep the note for good. */
function cutOff(event) {
  if (event.disposition === 'report' || event.effectiveDirective !== 'connect-src' || !event.blockedURI.includes(address.slice(0, 11))) return;
  isMute = true;
  uncover();
}

/** A timer of the page was answered in the EHR's place, because the session is locked or over: the cover says so, not the page. */
function heardOf(state) {
  if (state === null || kind === state) return;
  if (!covered()) cover(state);
  askAfresh();
}

function begin() {
  document.addEventListener('securitypolicyviolation', cutOff);
  hearTabs();
  listen(window);
  setInterval(look, 1000);
  document.addEventListener('visibilitychange', function () {
    if (document.visibilityState !== 'visible') return;
    look();
    ask('GET');
  });
  window.addEventListener('pageshow', function (event) { if (event.persisted) { look(); ask('GET'); } });
  ask('GET');
}
`;
