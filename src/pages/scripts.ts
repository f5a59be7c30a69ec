// The few lines of script our pages use. Every page works without them. They touch no sink that Trusted Types guard.

/** Leaves a frame: the whole window goes where the link leads. */
export const leaveFrameScript = `
const link = document.querySelector('a[target="_top"]');
let hub = null;
for (let view = window; view !== view.parent;) {
  view = view.parent;
  try { hub = view[Symbol.for('wardgate')] || hub; } catch { /* A frame of another origin. */ }
}
if (link instanceof HTMLAnchorElement) {
  const { back } = link.dataset;
  if (hub === null || back === undefined) window.top.location.replace(link.href);
  else hub.refused('ended').then((isBack) => { if (isBack && back !== '') location.replace(back); });
}
`;

/**
 * For the tabs of one browser: a page that says "unlocked" tells them and closes itself, and a page that waits for it goes
 * where it was bound.
 */
export const unlockedScript = `
const channel = new BroadcastChannel('wardgate');
if (document.querySelector('[data-tell]')) { channel.postMessage({ ask: true }); window.close(); }
const back = document.querySelector('a[data-unlocked]');
if (back instanceof HTMLAnchorElement) channel.onmessage = ({ data }) => { if (data.state === 'active') location.replace(back.href); };
`;

/**
 * Shows the passkey buttons where the browser knows passkeys, asks the device when one is pressed, and sends its answer with
 * the form, like anything that is typed.
 */
export const passkeyScript = `
const library = window.SimpleWebAuthnBrowser;
const forms = library && library.browserSupportsWebAuthn() ? document.querySelectorAll('form[data-passkey]') : [];
for (const form of forms) {
  const problem = form.querySelector('[role="alert"]');
  const button = form.querySelector('button');
  form.hidden = false;
  button.addEventListener('click', () => form.requestSubmit());
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    problem.hidden = true;
    button.disabled = true;
    try {
      const reply = await fetch(form.dataset.options, { method: 'POST', headers: { accept: 'application/json' } });
      const optionsJSON = await reply.json();
      const ask = form.dataset.passkey === 'create' ? library.startRegistration : library.startAuthentication;
      form.elements.passkey.value = JSON.stringify(await ask({ optionsJSON }));
      form.submit();
    } catch {
      problem.hidden = false;
      button.disabled = false;
    }
  });
}
`;

/** Sends the form that was kept for a confirmation, once for each time the page is shown. */
export const sendHeldScript = `
const form = document.querySelector('form[data-send]');
const [entry] = performance.getEntriesByType('navigation');
if (form && !(entry && entry.type === 'back_forward')) form.submit();
`;

/** Opens the print dialogue for the recovery codes. */
export const printScript = `
const button = document.querySelector('button[data-print]');
if (button) { button.hidden = false; button.addEventListener('click', () => window.print()); }
`;
