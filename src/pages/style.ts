// The one style sheet: calm, readable at arm's length, light and dark by the system's wish, narrow and wide. Contrast is
// at least 4.5:1 (WCAG 2.2, 1.4.3). No style attributes anywhere: the content security policy forbids them.

import { consoleParts } from './console-style.ts';
import { reportParts } from './report/report-style.ts';

export const style = `
:root {
  color-scheme: light dark;
  --ground: #f4f6f7; --sheet: #ffffff; --ink: #1c2528; --quiet: #4a585d; --line: #c3ced2;
  --accent: #0b5c6b; --on-accent: #ffffff; --warn-ground: #fdf1dc; --warn-ink: #6b3d00; --bad-ground: #fbe9e7; --bad-ink: #8c1d13;
}
@media (prefers-color-scheme: dark) {
  /* Logos are drawn for white paper. */
  header img { padding: 0.3rem 0.5rem; border-radius: 0.3rem; background: #ffffff; }
  :root {
    --ground: #12181a; --sheet: #1b2427; --ink: #e6edef; --quiet: #a9b8bd; --line: #415056;
    --accent: #6cc7d8; --on-accent: #06262c; --warn-ground: #3a2b10; --warn-ink: #f6d69a; --bad-ground: #40201d; --bad-ink: #f6b8b1;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { font: 1.0625rem/1.55 system-ui, "Segoe UI", "Liberation Sans", sans-serif; background: var(--ground); color: var(--ink); }
body { margin: 0; min-height: 100vh; display: grid; grid-template: auto 1fr auto / minmax(0, 1fr); }
header, footer { padding: 0.9rem 1.25rem; color: var(--quiet); font-size: 0.95rem; }
header strong { color: var(--ink); }
header img { display: block; height: 3rem; max-width: 100%; object-fit: contain; object-position: left; }
main { width: min(36rem, 100% - 2rem); margin: clamp(0.5rem, 3vh, 3rem) auto; padding: clamp(1.1rem, 4vw, 2.2rem);
  background: var(--sheet); border: 1px solid var(--line); border-radius: 0.75rem; align-self: start; }
h1 { font-size: 1.45rem; line-height: 1.25; margin: 0 0 0.8rem; text-wrap: balance; }
h2 { font-size: 1.05rem; margin: 1.6rem 0 0.3rem; }
p, ul, ol, dl { margin: 0 0 1rem; }
.lead { font-size: 1.15rem; text-wrap: pretty; }
.ways { display: flex; flex-wrap: wrap; gap: 0.6rem; margin: 1rem 0 0; } .ways:empty { display: none; } .ways .button { margin: 0; }
.aside { margin: 1.4rem 0 0; }
.ask { margin: 0.4rem 0 0; } .ask form { margin: 0.2rem 0 1.4rem; padding: 0 0 0 1rem; border-left: 4px solid var(--line); }
section.policy { max-height: 26rem; overflow: auto; padding: 0.2rem 1rem; border: 1px solid var(--line); border-radius: 0.4rem; margin: 0 0 1rem; }
@media print { section.policy { max-height: none; } }
section.policy h2:first-child { margin-top: 0.6rem; }
.steps { padding-left: 1.4rem; } .steps li { margin: 0 0 0.3rem; }
a { color: var(--accent); }
label { display: block; font-weight: 600; margin: 1rem 0 0.3rem; }
label.tick { display: flex; gap: 0.7rem; align-items: flex-start; font-weight: 400; }
label.tick input { flex: none; width: 1.6rem; height: 1.6rem; margin: 0.1rem 0 0; accent-color: var(--accent); }
.hint { color: var(--quiet); font-size: 0.95rem; margin: 0.25rem 0 0; }
.limit { margin: 1.4rem 0 0; }
.or { margin-top: 2rem; padding-top: 1.4rem; border-top: 1px solid var(--line); }
input, textarea { width: 100%; font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--quiet);
  border-radius: 0.45rem; padding: 0.6rem 0.75rem; }
input[name="code"] { font-size: 1.35rem; letter-spacing: 0.12em; font-variant-numeric: tabular-nums; }
textarea { min-height: 6rem; resize: vertical; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
button, .button { display: inline-block; font: inherit; font-weight: 600; margin: 1.2rem 0.6rem 0 0; padding: 0.65rem 1.3rem; min-height: 2.75rem;
  color: var(--on-accent); background: var(--accent); border: 1px solid var(--accent); border-radius: 0.45rem; cursor: pointer; text-decoration: none; }
.button.plain, button.plain { color: var(--accent); background: transparent; }
.notice { padding: 0.75rem 1rem; border-radius: 0.45rem; background: var(--warn-ground); color: var(--warn-ink); margin: 0 0 1rem; }
.notice.bad { background: var(--bad-ground); color: var(--bad-ink); }
blockquote { margin: 0 0 1rem; padding: 0.5rem 1rem; border-left: 4px solid var(--quiet); overflow-wrap: anywhere; }
.notice > :last-child { margin-bottom: 0; } .notice .button { margin-top: 0.2rem; }
.tiles { display: grid; gap: 0.6rem; } .tiles button { width: 100%; margin: 0; text-align: left; }
.line { display: flex; flex-wrap: wrap; gap: 0.3rem 1.2rem; align-items: center; } .line p, .line button { margin: 0; }
main form + form { margin-top: 2rem; padding-top: 1rem; border-top: 1px solid var(--line); }
.qr { width: min(15rem, 70vw); margin: 1rem 0; padding: 0.5rem; background: #ffffff; border-radius: 0.45rem; }
.qr svg { display: block; width: 100%; height: auto; }
code, .secret { font-family: ui-monospace, "Liberation Mono", monospace; overflow-wrap: anywhere; }
.secret { font-size: 1.05rem; letter-spacing: 0.06em; }
.codes { columns: 2 15rem; padding-left: 1.6rem; font-family: ui-monospace, "Liberation Mono", monospace; font-size: 0.95rem; }
.codes li { break-inside: avoid; padding: 0.15rem 0; }
main.wide { width: min(80rem, 100% - 2rem); }
.row { display: flex; flex-wrap: wrap; gap: 0 1rem; align-items: end; }
.row + .notice { margin-top: 1rem; }
.row > div { flex: 1 1 9rem; max-width: 22rem; } .row button { margin-right: 0; }
select { width: 100%; font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--quiet); border-radius: 0.45rem; padding: 0.6rem 0.75rem; }
.scroll { overflow-x: auto; margin-top: 1.2rem; }
table { border-collapse: collapse; width: 100%; font-size: 0.92rem; }
th { text-align: left; color: var(--quiet); font-weight: 600; }
th, td { padding: 0.4rem 0.8rem 0.4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td code { overflow-wrap: anywhere; }
main.wide td:first-child { white-space: nowrap; }
main.wide td:nth-child(3) { min-width: 18rem; } main.wide table.even td:nth-child(3) { min-width: 0; }
tr.refused td:last-child { color: var(--bad-ink); }
dl { display: grid; grid-template-columns: fit-content(40%) 1fr; gap: 0.35rem 1.2rem; }
main > :last-child { margin-bottom: 0; }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; }
fieldset { margin: 1.2rem 0 0; padding: 0 1rem 1rem; border: 1px solid var(--line); border-radius: 0.45rem; min-width: 0; } legend { font-weight: 600; padding: 0 0.4rem; }
.diff { list-style: none; padding: 0; margin: 0; font-size: 0.85rem; } .diff code { overflow-wrap: normal; white-space: pre; }
.diff .came { background: var(--warn-ground); color: var(--warn-ink); } .diff .went { background: var(--bad-ground); color: var(--bad-ink); }
h3 { font-size: 1rem; margin: 1.2rem 0 0.3rem; }
.small { font-size: 0.9rem; color: var(--quiet); }
details { margin: 1.2rem 0; } form details { margin-bottom: 0; }
summary { cursor: pointer; color: var(--accent); min-height: 1.75rem; }
@media (max-width: 30rem) { .codes { font-size: 0.82rem; } dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: 0.6rem; } button, .button { width: 100%; text-align: center; } }
/* On paper: ink on white, whatever the screen was, and nothing that is only there to be pressed. */
@media print { :root { color-scheme: light; --ground: #ffffff; --sheet: #ffffff; --ink: #000000; --quiet: #333333; --accent: #000000;
  --warn-ground: #ffffff; --warn-ink: #000000; --bad-ground: #ffffff; --bad-ink: #000000; }
  header, footer, .button, button, form, .ask, .limit { display: none; } body { display: block; } main { border: 0; margin: 0; width: auto; } }
${consoleParts}
${reportParts}
main.wide table[data-sortable] td { min-width: 0; }
@media screen { main.wide table[data-sortable] :is(td.text, td.code) { min-width: 8rem; white-space: normal; } }
`;
