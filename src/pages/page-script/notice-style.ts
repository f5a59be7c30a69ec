// How the notice of a question looks, within its shadow root: small, in a corner, still, light and dark, from 320 pixels up, and
// not on paper.

export const noticeStyle = `
:host { all: initial !important; display: block !important; position: fixed !important; z-index: 2147483646 !important;
  inset: auto !important; visibility: visible !important; opacity: 1 !important; color-scheme: light dark !important; }
* { box-sizing: border-box; }
section { --sheet: #ffffff; --ink: #1c2528; --accent: #0b5c6b; --on-accent: #ffffff; position: fixed; inset: auto 16px 16px auto; margin: 0;
  width: fit-content; max-width: min(26em, calc(100vw - 32px)); max-height: calc(100vh - 32px); overflow: auto; padding: 12px 16px; background: var(--sheet);
  color: var(--ink); border: 2px solid var(--accent); border-radius: 10px; box-shadow: 0 4px 18px rgb(0 0 0 / 25%);
  font: 16px/1.5 system-ui, "Segoe UI", "Liberation Sans", sans-serif; text-align: left; overflow-wrap: anywhere; }
@media (prefers-color-scheme: dark) { section { --sheet: #1b2427; --ink: #e6edef; --accent: #6cc7d8; --on-accent: #06262c; } }
section.high { inset: 16px 16px auto auto; }
p { margin: 0 0 8px; font-weight: 600; }
div { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
form { margin: 0; }
a, button { display: inline-block; font: inherit; font-size: 0.95em; min-height: 32px; padding: 4px 12px; border: 1px solid var(--accent); border-radius: 8px;
  cursor: pointer; text-decoration: none; }
a { font-weight: 600; color: var(--on-accent); background: var(--accent); }
button { color: var(--accent); background: transparent; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.heard { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
@media (max-height: 400px) { section { padding: 8px 12px; font-size: 14px; } p { margin: 0 0 6px; } div { gap: 6px; } a, button { min-height: 28px; padding: 2px 10px; } }
@media print { section { display: none; } }
`;
