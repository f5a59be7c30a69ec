// The part of the page script that tells somebody, in a corner of the EHR's page, that a question waits for them. It says no more
// than that and names nobody. It stands over no open chart, no lock and no question of the page's own; it takes no focus, asks
// the server nothing, and answers nothing by itself: a script of the EHR could press whatever it does.

export const noticePart = `
const quietHours = 4;
let notice = null;

function isNotice(target) { return notice !== null && target === notice.host; }

/** A window that another one of the EHR opened is its tool; that one tells. */
function isOpened() {
  try {
    return window.opener !== null && !window.opener.closed && window.opener[mark] !== undefined;
  } catch (cause) {
    return false;
  }
}

function isBusy() {
  return covered() || warns() || confirms() || asked !== null || leaving || isMute || left() <= 0;
}

function mayTell() {
  if (told === null || !told.notice || isBusy() || document.visibilityState !== 'visible' || document.fullscreenElement) return false;
  if (inTopLayer().some(function (one) { return one.matches(':modal'); })) return false;
  return !isQuiet(storedQuiet(), told.noticeAt, Date.now()) && !isOpened() && !showsChart(window);
}

/** An old browser that cannot show it locks and covers all the same. */
function tellNotice() {
  try {
    if (!mayTell()) return hideNotice();
    if (notice === null || notice.said !== told.notice) drawNotice(told.notice);
    if (!notice.host.isConnected) standNotice();
    placeNotice();
  } catch (cause) { /* It is told on the page of their sessions as well. */ }
}

function hideNotice() {
  if (notice === null) return;
  const before = document.activeElement === notice.host ? notice.before : null;
  notice.host.remove();
  notice = null;
  giveBack(before, 20);
}

function drawNotice(said) {
  hideNotice();
  const made = document.createElement('wardgate-notice');
  const shade = made.attachShadow({ mode: 'closed' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(noticeStyle);
  shade.adoptedStyleSheets = [sheet];
  const line = element('p', {});
  const link = element('a', { href: '/.wardgate/question?return=%2F.wardgate%2Fsessions', target: '_blank', rel: 'noopener' },
    [noticeTexts.open, element('span', { class: 'heard' }, [' ' + noticeTexts.newTab])]);
  const box = element('section', { lang: language, 'aria-label': noticeTexts.label, popover: 'manual' }, [line, element('div', {}, [link,
    quietForm(noticeTexts.later, function (now) { return now + quietHours * 3600000; }),
    quietForm(noticeTexts.notToday, function (now) { return new Date(now).setHours(24, 0, 0, 0); })])]);
  shade.append(box);
  notice = { host: made, box: box, line: line, said: said, before: null };
  box.addEventListener('focusin', function (event) { if (event.relatedTarget && notice !== null) notice.before = event.relatedTarget; });
  standNotice();
}

/** Read out once in a tab, not on every page of it: a live region hears what is put into it after it stands. */
function standNotice() {
  if (!document.documentElement) return;
  const { host: made, box, line, said } = notice;
  document.documentElement.append(made);
  if (box.showPopover) box.showPopover();
  if (line.textContent !== '') return;
  const isNews = kept(sessionStorageHere, told.person) !== String(told.noticeAt);
  if (isNews) line.setAttribute('role', 'status');
  keep(sessionStorageHere, told.person, String(told.noticeAt));
  if (isNews) setTimeout(function () { line.textContent = noticeTexts[said]; }, 100);
  else line.textContent = noticeTexts[said];
}

/** By forms, because the page hears no click in here, and so nobody does. */
function quietForm(text, until) {
  const form = element('form', {}, [element('button', {}, [text])]);
  form.addEventListener('submit', function (event) {
    event.preventDefault();
    const now = Date.now();
    dropStale(now);
    keep(localStorageHere, told.person, JSON.stringify({ of: told.noticeAt, until: until(now) }));
    tellNotice();
  });
  return form;
}

/** Out of the way of the field in which somebody types (WCAG 2.4.11). */
function placeNotice() {
  const { box } = notice;
  const { width, height } = box.getBoundingClientRect();
  const field = placeOf(deepest(document));
  const start = innerWidth - 16 - width;
  function hits(top) { return field !== null && field.right > start && field.bottom > top && field.top < top + height; }
  box.classList.toggle('high', hits(innerHeight - 16 - height) && !hits(16));
}

/** In this window's pixels; null for what is a page, or ours. */
function placeOf(field) {
  if (!field || /^(?:html|body|frameset|frame|iframe|wardgate-notice)$/i.test(field.tagName)) return null;
  let { top, bottom, right } = field.getBoundingClientRect();
  for (let view = field.ownerDocument.defaultView; view && view !== window; view = view.parent) {
    const frame = view.frameElement.getBoundingClientRect();
    top += frame.top;
    bottom += frame.top;
    right += frame.left;
  }
  return { top: top, bottom: bottom, right: right };
}
`;
