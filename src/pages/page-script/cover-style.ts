// How the countdown and the cover look, within their shadow root: calm, opaque, light and dark, from 320 pixels up. The
// page's own styles do not reach in, but for what it says of our element itself, and that is overruled.

export const coverStyle = `
:host { all: initial !important; display: block !important; position: fixed !important; z-index: 2147483647 !important;
  inset: auto !important; visibility: visible !important; opacity: 1 !important; color-scheme: light dark !important; }
* { box-sizing: border-box; }
dialog, .warning { --ground: #f4f6f7; --sheet: #ffffff; --ink: #1c2528; --quiet: #4a585d; --line: #c3ced2; --accent: #0b5c6b;
  --on-accent: #ffffff; --bad: #8c1d13; font: 17px/1.55 system-ui, "Segoe UI", "Liberation Sans", sans-serif; color: var(--ink); text-align: left; }
@media (prefers-color-scheme: dark) {
  dialog, .warning { --ground: #12181a; --sheet: #1b2427; --ink: #e6edef; --quiet: #a9b8bd; --line: #415056; --accent: #6cc7d8;
    --on-accent: #06262c; --bad: #f6b8b1; }
}
dialog { position: fixed; inset: 0; width: 100vw; height: 100vh; height: 100dvh; max-width: none; max-height: none; margin: 0; padding: 16px;
  border: 0; background: var(--ground); overflow: auto; display: grid; align-items: start; justify-items: center; overscroll-behavior: contain; }
dialog:not([open]) { display: none; }
dialog::backdrop { background: #12181a; }
.sheet { width: min(32em, 100%); margin: clamp(0px, 8vh, 96px) 0 24px; padding: clamp(18px, 4vw, 36px); background: var(--sheet);
  border: 1px solid var(--line); border-radius: 12px; overflow-wrap: anywhere; }
h1 { font-size: 1.45em; line-height: 1.25; margin: 0 0 12px; }
p { margin: 0 0 14px; }
.clinic { font-weight: 600; color: var(--quiet); }
.quiet { color: var(--quiet); font-size: 0.95em; margin: 18px 0 0; }
.aside { margin: 16px 0 0; }
.bad { color: var(--bad); font-weight: 600; margin: 14px 0 0; }
.bad:empty, #limit:empty { display: none; }
label { display: block; font-weight: 600; margin: 0 0 6px; }
form + form { margin: 22px 0 0; }
input { display: block; width: 100%; font: inherit; font-size: 1.35em; letter-spacing: 0.12em; color: inherit; background: var(--ground);
  border: 1px solid var(--quiet); border-radius: 8px; padding: 9px 12px; }
button { font: inherit; font-weight: 600; min-height: 44px; margin: 16px 0 0; padding: 9px 20px; color: var(--on-accent); background: var(--accent);
  border: 1px solid var(--accent); border-radius: 8px; cursor: pointer; }
button.plain { color: var(--accent); background: transparent; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.warning { position: fixed; inset: auto 16px 16px auto; margin: 0; width: auto; max-width: calc(100vw - 32px); padding: 12px 18px; background: var(--sheet);
  border: 2px solid var(--accent); border-radius: 10px; box-shadow: 0 4px 18px rgb(0 0 0 / 25%); pointer-events: none; }
.warning strong { display: block; font-variant-numeric: tabular-nums; }
.heard { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
@media print { .warning { display: none; } dialog { position: static; height: auto; } }
`;

/** For the page itself while it is covered. Nothing in it moves: what was scrolled to and typed stays where it is. */
export const hideStyle = `
:root:root:root > body, :root:root:root > frameset { opacity: 0 !important; transition: none !important; animation: none !important; }
@media print { :root:root:root > body, :root:root:root > frameset { display: none !important; } }
`;
