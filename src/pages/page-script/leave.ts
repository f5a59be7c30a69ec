// The part of the page script by which somebody makes room for the next person at the desk: by a combination of keys, or from
// the cover over a locked page. What is typed in the page and not saved is kept at the server first, for its person alone;
// whoever left it is not there to be asked, and whoever is there is asked. Never reads passwords, or what a page came with.

export const leavePart = `
const typedKinds = new Set(['text', 'search', 'email', 'tel', 'url', 'number', 'date', 'time', 'month', 'week', 'datetime-local']);
const mostPages = 3;
const mostTyped = 60000;
const edited = new WeakSet();
let asked = null;

function isSwitchKey(event) {
  if (event.type !== 'keydown' || event.repeat || told === null || !told.switchKey) return false;
  const keys = told.switchKey.split('+');
  const key = keys.pop();
  // On many keyboards AltGr counts as Ctrl and Alt together, and types letters.
  if (event.metaKey || event.getModifierState('AltGraph')) return false;
  const held = event.ctrlKey === keys.includes('ctrl') && event.altKey === keys.includes('alt') && event.shiftKey === keys.includes('shift');
  return held && (event.key.toLowerCase() === key || event.code.toLowerCase() === 'key' + key || event.code.toLowerCase() === 'digit' + key);
}

function isSecret(field) {
  return /pass|pwd/i.test(field.name || field.id || '') || /password|one-time-code|^cc-/i.test(field.getAttribute('autocomplete') || '');
}

/** What somebody changed in a field that they can see. */
function typedIn(field) {
  if (isSecret(field) || field.getClientRects().length === 0) return '';
  if (/^(?:input|textarea)$/i.test(field.tagName)) {
    const isText = /^textarea$/i.test(field.tagName) || typedKinds.has(field.type);
    return isText && field.value !== field.defaultValue ? field.value : '';
  }
  return edited.has(field) ? field.innerText || '' : '';
}

/** An editor's frame has no address of its own. */
function addressOf(view) {
  let at = view;
  while (!/^https?:$/.test(at.location.protocol) && at.parent !== at) at = at.parent;
  return at.location.pathname + at.location.search;
}

/** The pages with something typed in them: address and fields. */
function draftsHere() {
  const pages = new Map();
  let room = mostTyped;
  function read(view) {
    const whole = view.document.designMode === 'on' ? [view.document.body] : [];
    Array.from(view.document.querySelectorAll('input, textarea, [contenteditable]')).concat(whole).forEach(function (field) {
      const text = typedIn(field).slice(0, room);
      if (text.trim() === '') return;
      const path = addressOf(view);
      const fields = pages.get(path) || [];
      if (fields.length >= 100 || (!pages.has(path) && pages.size >= mostPages)) return;
      room -= text.length;
      pages.set(path, fields.concat([[field.name || field.id || 'text', text]]));
    });
  }
  read(window);
  eachFrame(window, read);
  return Array.from(pages, function (pair) { return { path: pair[0], fields: pair[1] }; });
}

/** True where all of it lies at the server. */
async function keepDrafts(drafts) {
  const headers = { accept: 'application/json', 'content-type': 'application/json' };
  try {
    for (const draft of drafts) {
      const init = { method: 'POST', credentials: 'same-origin', cache: 'no-store', redirect: 'manual', headers: headers, body: JSON.stringify(draft) };
      const reply = await send('/.wardgate/draft', init);
      if (reply.status !== 204) return false;
    }
    return true;
  } catch (cause) {
    return false;
  }
}

/** A browser that keeps pages for its Back button must not keep this one uncovered. */
function goToSwitch() {
  leaving = true;
  unask();
  if (!covered()) cover('locked');
  window.top.location.href = '/.wardgate/switch';
}

/** From the cover: whoever typed is not there, so it is kept without asking. Twice where it cannot be kept. */
let wasTold = false;
async function leaveLocked() {
  const isKept = wasTold || (await keepDrafts(draftsHere()));
  if (isKept) return goToSwitch();
  wasTold = true;
  parts.problem.textContent = fill(texts.notKept);
}

function askToLeave() {
  const drafts = draftsHere();
  if (drafts.length === 0) return goToSwitch();
  if (asked !== null) return undefined;
  const focusedBefore = deepest(document);
  const problem = element('p', { class: 'bad', role: 'alert' });
  const sheet = element('div', { class: 'sheet' }, [element('h1', { id: 'title' }, [texts.leaveTitle]), element('p', { id: 'lead' }, [texts.leaveText]), problem]);
  const box = element('dialog', { 'aria-labelledby': 'title', 'aria-describedby': 'lead', class: 'asking' }, [sheet]);
  asked = element('wardgate-leave');
  const shade = asked.attachShadow({ mode: 'closed' });
  const style = new CSSStyleSheet();
  style.replaceSync(coverStyle);
  shade.adoptedStyleSheets = [style];
  function choice(text, kindOf, act) {
    const button = element('button', { type: 'button', class: kindOf }, [text]);
    button.addEventListener('click', act);
    sheet.append(button, ' ');
    return button;
  }
  const first = choice(texts.leaveKeep, '', async function () {
    if (await keepDrafts(drafts)) goToSwitch();
    else problem.textContent = texts.leaveFailed;
  });
  choice(texts.leaveDiscard, 'plain', goToSwitch);
  choice(texts.leaveStay, 'plain', function () { unask(); giveBack(focusedBefore, 20); });
  box.addEventListener('close', unask);
  shade.append(box);
  document.documentElement.append(asked);
  box.showModal();
  first.focus();
}

function unask() {
  if (asked !== null) asked.remove();
  asked = null;
}

function switchDesk() {
  // In a session that is over nothing can be kept any more: this page stays until its person has signed in again.
  if (leaving || kind === 'ended') return;
  if (covered()) leaveLocked();
  else askToLeave();
}

/** The page's own "leave this page?" would ask about what has been kept, or given up, already. */
function unasked(event) {
  if (leaving) event.stopImmediatePropagation();
}
`;
