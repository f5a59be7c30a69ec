// The few lines of script our pages use. Every page works without them. They touch no sink that Trusted Types guard.

/** Leaves a frame: the whole window goes where the link leads. */
export const leaveFrameScript = `
const link = document.querySelector('a[target="_top"]');
if (link instanceof HTMLAnchorElement) window.top.location.replace(link.href);
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

/** Opens the print dialogue for the recovery codes. */
export const printScript = `
const button = document.querySelector('button[data-print]');
if (button) { button.hidden = false; button.addEventListener('click', () => window.print()); }
`;
