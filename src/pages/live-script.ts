// The script of pages that go on by themselves: asks for new figures every second and puts them into the elements that
// are there. It makes no markup out of text, asks for nothing while the page is hidden or was stopped, one request at a time,
// and gives up at the first no. Where somebody wants less motion, the bars move every half minute only.

export const liveScript = `
const host = document.querySelector('[data-live]');
const all = (name) => document.querySelectorAll('[data-live-' + name + ']');
const state = document.querySelector('[data-live-state]');
const button = document.querySelector('[data-live-pause]');
const calm = matchMedia('(prefers-reduced-motion: reduce)');
const silent = 'No answer just now; still trying.';
const every = 1000;
let stopped = false;
let ended = false;
let drawn = 0;

const put = (one, text) => { if (one && one.textContent !== text) one.textContent = text; };

function draw(view) {
  for (const one of all('text')) if (view.text[one.dataset.liveText] !== undefined) put(one, view.text[one.dataset.liveText]);
  alerts(view.alerts);
  if (calm.matches && performance.now() - drawn < 30000) return;
  drawn = performance.now();
  for (const chart of all('bars')) {
    const places = view.bars[chart.dataset.liveBars] || [];
    [...chart.querySelectorAll('rect')].forEach((bar, at) => {
      if (!places[at]) return;
      bar.setAttribute('y', String(places[at][0]));
      bar.setAttribute('height', String(places[at][1]));
    });
  }
  for (const body of all('rows')) {
    const rows = view.rows[body.dataset.liveRows] || [];
    [...body.rows].forEach((row, at) => [...row.cells].forEach((cell, column) => put(cell, (rows[at] || [])[column] || '')));
  }
}

function alerts(found) {
  const list = document.querySelector('[data-live-alerts]');
  if (!list || !found) return;
  const had = new Set([...list.children].map((one) => one.dataset.record));
  const fresh = found.filter((one) => !had.has(String(one.record)));
  if (fresh.length === 0) return;
  for (const one of fresh.reverse()) list.prepend(item(one));
  while (list.children.length > 8) list.lastElementChild.remove();
  const none = document.querySelector('[data-live-none]');
  if (none) none.hidden = true;
  put(state, fresh.length === 1 ? 'One new alert.' : fresh.length + ' new alerts.');
}

function item({ record, time, who, detector, words, href }) {
  const make = (name, ...children) => { const one = document.createElement(name); one.append(...children); return one; };
  const link = make('a', who);
  link.href = href;
  const li = make('li', make('p', make('strong', detector), ' · ', link, ' · ' + time), make('p', words));
  li.dataset.record = record;
  return li;
}

async function look() {
  if (!stopped && !ended && !document.hidden) {
    try {
      const reply = await fetch(host.dataset.live, { headers: { accept: 'application/json' }, redirect: 'error' });
      if (reply.ok) { if (state.textContent === silent) put(state, ''); draw(await reply.json()); }
      else if (reply.status < 500) { ended = true; button.hidden = true; put(state, 'This page does not update any more. Reload it.'); }
    } catch { put(state, silent); }
  }
  if (!ended) setTimeout(look, every);
}

if (host) {
  button.hidden = false;
  button.addEventListener('click', () => {
    stopped = !stopped;
    put(button, stopped ? 'Go on updating' : 'Stop updating');
    put(state, stopped ? 'Stopped.' : '');
  });
  setTimeout(look, every);
}
`;
