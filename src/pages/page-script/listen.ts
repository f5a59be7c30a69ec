// The part of the page script that hears people, in its own window and in every frame below it, also those that hold no
// document of the server, as editors do. Believes the browser alone: an event that a script made up is no person. While the
// page is covered, what people type and click belongs to the cover, and nothing of the page hears of it.

export const listenPart = `
const kinds = ['keydown', 'keyup', 'keypress', 'beforeinput', 'input', 'paste', 'copy', 'cut', 'pointerdown', 'pointerup', 'pointermove',
  'mousedown', 'mouseup', 'click', 'auxclick', 'dblclick', 'contextmenu', 'wheel', 'touchstart', 'touchmove', 'touchend', 'dragstart', 'drop'];
// A page that scrolls by itself tells of scrolling too, so a person's is told from the wheel, the keys, the touch and the pointer.
const human = new Set(['keydown', 'input', 'pointerdown', 'pointermove', 'wheel', 'touchstart', 'touchmove']);
const unhurried = new Set(['wheel', 'touchstart', 'touchmove']);
let pointer = '';

function heard(event) {
  if (!event.isTrusted) return;
  if (isSwitchKey(event)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return switchDesk();
  }
  if (event.type === 'input' && event.target) edited.add(event.target);
  if (!covered() && told !== null && left() <= 0) {
    cover('locked');
    ask('GET');
  }
  if (!covered() && human.has(event.type) && moved(event)) noticed();
  if (covered()) swallow(event);
  else if (confirms()) keepFromPage(event);
  else if (isNotice(event.target)) event.stopImmediatePropagation();
  // Once the page has done what was asked: a chart may have come to the front.
  else if (notice !== null && (event.type === 'click' || event.type === 'keydown')) setTimeout(tellNotice, 0);
}

/** Browsers tell of a pointer that rests when the page moves beneath it. */
function moved(event) {
  if (event.type !== 'pointermove') return true;
  const now = event.screenX + ' ' + event.screenY;
  const before = pointer;
  pointer = now;
  return before !== '' && before !== now;
}

function swallow(event) {
  event.stopImmediatePropagation();
  const within = isCover(event.target);
  if ((!within || event.key === 'Escape') && event.cancelable) event.preventDefault();
  if (event.type === 'keydown') holdFocus();
  // Nothing within the cover hears of it either.
  if (within && event.type === 'input') typedIntoCover();
}

/** What is typed into the sheet is no shortcut of the page; Escape closes it. */
function keepFromPage(event) {
  event.stopImmediatePropagation();
  if (!isCover(event.target) && event.cancelable && event.key !== 'Escape') event.preventDefault();
}

/** What tried to load itself anew beneath the cover. */
let stayed = new Set();
let leaving = false;

/**
 * A page does not go anywhere beneath the cover, and what was typed with it. The server sees to that as well, but it cannot
 * tell a timer from a click within seconds after a key: browsers then say of both that a person began them.
 */
function heardMove(event) {
  if (!covered() || leaving || event.userInitiated || event.hashChange) return;
  const now = event.target.currentEntry;
  if (now && event.destination.url === now.url) stayed.add(event.target);
  if (event.cancelable) event.preventDefault();
}

/** A refresh that happens once is done now, but never to the document in which the person was typing. */
function refreshStayed(typedInto) {
  const late = stayed;
  const words = typedInto !== null && typedInto.matches('input, textarea, select, [contenteditable]') ? typedInto : null;
  stayed = new Set();
  function refresh(view) {
    if (view.navigation && late.has(view.navigation) && !(words !== null && view.document.contains(words))) view.location.reload();
  }
  eachFrame(window, refresh);
  refresh(window);
}

function listen(view) {
  if (view.navigation) view.navigation.addEventListener('navigate', heardMove);
  view.addEventListener('beforeunload', unasked, true);
  kinds.forEach(function (kind) {
    view.addEventListener(kind, heard, { capture: true, passive: unhurried.has(kind) });
  });
}

function eachFrame(view, act) {
  for (let at = 0; at < view.length && at < 200; at += 1) {
    try {
      if (!view[at].document) continue;
      act(view[at]);
      eachFrame(view[at], act);
    } catch (cause) { /* A frame of another origin. */ }
  }
}
`;
