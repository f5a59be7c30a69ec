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
  if (covered()) swallow(event);
  else if (human.has(event.type) && moved(event)) noticed();
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

function listen(view) {
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
