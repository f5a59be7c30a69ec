// The few lines of script our pages use. Every page works without them. They touch no sink that Trusted Types guard.

/** Leaves a frame: the whole window goes where the link leads. */
export const leaveFrameScript = `
const link = document.querySelector('a[target="_top"]');
if (link instanceof HTMLAnchorElement) window.top.location.replace(link.href);
`;

/** Opens the print dialogue for the recovery codes. */
export const printScript = `
const button = document.querySelector('button[data-print]');
if (button) { button.hidden = false; button.addEventListener('click', () => window.print()); }
`;
