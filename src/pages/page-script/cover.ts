// The part of the page script that people see: a countdown that stands in nobody's way, and the cover over a locked page.
// It stands in the top layer within a closed shadow root, so that no style or script of the page reaches it by accident; the
// page beneath is kept, inert and unseen, on the screen and on paper. It writes text alone, never markup.

export const coverPart = `
let host = null;
let root = null;
let parts = null;
let kind = null;
let countdown = null;
let focused = null;
let titleBefore = '';
let icons = [];
let beneath = new Set();
const hiding = new WeakMap();

function covered() { return kind !== null; }
function warns() { return countdown !== null; }
function isCover(target) { return target === host; }

function element(name, more, children) {
  const made = document.createElement(name);
  Object.keys(more || {}).forEach(function (key) { made.setAttribute(key, more[key]); });
  (children || []).forEach(function (child) { made.append(child); });
  return made;
}

function standHost() {
  if (host === null) {
    host = document.createElement('wardgate-cover');
    root = host.attachShadow({ mode: 'closed' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(coverStyle);
    root.adoptedStyleSheets = [sheet];
  }
  if (!host.isConnected && document.documentElement) document.documentElement.append(host);
}

function fill(text) {
  return text.replace('{name}', told ? told.name : '').replace('{help}', told ? told.clinic.help : '');
}

function warn(seconds) {
  standHost();
  if (countdown === null) {
    const number = element('strong', { 'aria-hidden': 'true' });
    const heard = element('span', { class: 'heard', role: 'status' });
    countdown = element('div', { class: 'warning', lang: language, popover: 'manual' }, [number, element('span', {}, [texts.warningHint]), heard]);
    countdown.number = number;
    countdown.heard = heard;
    root.append(countdown);
    if (countdown.showPopover) countdown.showPopover();
  }
  const text = texts.warning.replace('{seconds}', seconds);
  countdown.number.textContent = text;
  // Read out at its beginning and twice before its end; every second would drown out everything else.
  if (countdown.heard.textContent === '' || seconds === 30 || seconds === 10) countdown.heard.textContent = text + '. ' + texts.warningHint;
}

function unwarn() {
  if (countdown === null) return;
  countdown.remove();
  countdown = null;
  if (!covered() && !confirms()) host.remove();
}

function cover(now) {
  if (kind === now || isMute) return;
  yieldToCover();
  const isFirst = kind === null;
  kind = now;
  unwarn();
  hideNotice();
  standHost();
  if (isFirst) {
    focused = deepest(document);
    beneath = new Set(inTopLayer());
    // Keys go where the focus is, and that may be a frame beneath.
    if (focused) focused.blur();
    window.focus();
    if (document.fullscreenElement) document.exitFullscreen();
    if (window.getSelection()) window.getSelection().removeAllRanges();
    scrub();
  }
  draw();
}

function draw() {
  if (parts !== null) parts.dialog.remove();
  const isEnded = kind === 'ended';
  const problem = element('p', { class: 'bad', role: 'alert' });
  const limit = element('p', { id: 'limit' });
  const children = [
    element('p', { class: 'clinic' }, [told === null ? '' : told.clinic.name]),
    element('h1', { id: 'title' }, [isEnded ? texts.ended : texts.locked]),
    element('p', { id: 'lead' }, [(isEnded ? texts.endedFor : fill(texts[told === null ? 'lockedFor' : told.words])) + ' ' + texts.kept]),
    limit,
  ];
  const ways = isEnded ? { forms: [], input: null } : waysToUnlock(problem);
  ways.forms.forEach(function (form) { children.push(form); });
  children.push(problem, away(isEnded, ways.input !== null));
  const other = element('a', { href: '/.wardgate/switch', target: '_top' }, [texts.somebodyElse]);
  other.addEventListener('click', function (event) { event.preventDefault(); switchDesk(); });
  if (!isEnded) children.push(element('p', { class: 'aside' }, [other]));
  children.push(element('p', { class: 'quiet' }, [fill(texts.help)]));
  const dialog = element('dialog', { role: 'alertdialog', lang: language, 'aria-labelledby': 'title', 'aria-describedby': 'lead' },
    [element('div', { class: 'sheet' }, children)]);
  dialog.addEventListener('cancel', function (event) { event.preventDefault(); });
  dialog.addEventListener('close', function () { if (covered() && parts !== null && parts.dialog === dialog) dialog.showModal(); });
  const first = ways.input || dialog.querySelector('button');
  parts = { dialog: dialog, limit: limit, problem: problem, input: ways.input, first: first };
  root.append(dialog);
  tellLimit();
  dialog.showModal();
  first.focus();
}

/** Until when it can be unlocked; known once the server has said that it is locked. */
function tellLimit() {
  const ends = kind === 'ended' || endsAtWall === null ? null : new Date(endsAtWall);
  const text = ends === null ? '' : texts.until.replace('{time}', ends.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' }));
  if (parts.limit.textContent !== text) parts.limit.textContent = text;
}

function reached(isIt) {
  if (!covered() || parts === null) return;
  if (!isIt) parts.problem.textContent = texts.unreachable;
  else if (parts.problem.textContent === texts.unreachable) parts.problem.textContent = '';
}

function uncover() {
  if (!covered()) return;
  kind = null;
  parts.dialog.remove();
  parts = null;
  unscrub();
  host.remove();
  const before = focused;
  focused = null;
  giveBack(before, 20);
  refreshStayed(before);
}

/** The cursor goes back to where the person typed. A frame takes it only once the browser has drawn it uncovered. */
function giveBack(to, tries) {
  if (!to || covered() || tries === 0) return;
  to.focus({ preventScroll: true });
  const now = deepest(document);
  if (now === to || (now && !/^(?:html|body|frameset|frame|iframe)$/i.test(now.tagName))) return;
  setTimeout(giveBack, 30, to, tries - 1);
}

/** Once a second: whatever the page has done meanwhile is put behind the cover again. */
function keepCover() {
  standHost();
  const isBehind = inTopLayer().some(function (one) { return !beneath.has(one); });
  if (isBehind || !parts.dialog.open) {
    beneath = new Set(inTopLayer());
    const typed = parts.input === null ? '' : parts.input.value;
    draw();
    if (parts.input !== null) parts.input.value = typed;
  }
  tellLimit();
  scrub();
  holdFocus();
}

/** Keys go where the focus is, and a frame beneath may still have it. */
function holdFocus() {
  const within = document.activeElement === host ? root.activeElement : null;
  if (within !== null && within !== parts.dialog) return;
  window.focus();
  parts.first.focus();
}

function inTopLayer() {
  try {
    return Array.from(document.querySelectorAll(':modal, :popover-open'));
  } catch (cause) {
    return [];
  }
}

/** Neither the tab nor paper says whose chart it is. */
function scrub() {
  if (document.title !== texts.locked) {
    titleBefore = document.title;
    document.title = texts.locked;
  }
  document.querySelectorAll('link[rel~="icon" i]').forEach(function (link) {
    if (link.getAttribute('href') === iconAddress) return;
    icons.push([link, link.getAttribute('href')]);
    link.setAttribute('href', iconAddress);
  });
  hide(window);
  eachFrame(window, hide);
}

function unscrub() {
  document.title = titleBefore;
  icons.forEach(function (pair) { if (pair[1] !== null) pair[0].setAttribute('href', pair[1]); });
  icons = [];
  show(window);
  eachFrame(window, show);
}

/** A frameset cannot be hidden on paper, so every document in it is. Each needs a sheet of its own window. */
function hide(view) {
  const within = view.document;
  if (!hiding.has(within)) {
    const sheet = new view.CSSStyleSheet();
    sheet.replaceSync(hideStyle);
    hiding.set(within, sheet);
  }
  const sheet = hiding.get(within);
  if (!within.adoptedStyleSheets.includes(sheet)) within.adoptedStyleSheets = within.adoptedStyleSheets.concat([sheet]);
}

function show(view) {
  const sheet = hiding.get(view.document);
  view.document.adoptedStyleSheets = view.document.adoptedStyleSheets.filter(function (one) { return one !== sheet; });
}

/** What has the focus, down through the frames. */
function deepest(within) {
  const active = within.activeElement;
  try {
    if (active && active.contentDocument) return deepest(active.contentDocument) || active;
  } catch (cause) { /* A frame of another origin. */ }
  return active;
}
`;
