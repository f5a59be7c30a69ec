// How a report looks by itself: on a screen in light and dark, and on paper with its heads on every page.

/** What the console's page needs beside its own style sheet. */
export const reportParts = `
.facts, .figures { display: grid; grid-template-columns: minmax(10rem, max-content) 1fr; gap: 0.2rem 1.2rem; margin-top: 1rem; }
.figures dt { max-width: 26rem; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
td.time { white-space: nowrap; font-variant-numeric: tabular-nums; }
td.text, td.person, td.patient { overflow-wrap: anywhere; min-width: 6rem; }
td.code { font-family: ui-monospace, "Liberation Mono", monospace; font-size: 0.85em; overflow-wrap: anywhere; }
button.sort { all: unset; display: inline-block; min-width: 1.7rem; min-height: 1.7rem; cursor: pointer; font-weight: 600; text-decoration: underline dotted; text-underline-offset: 0.2em; }
button.sort:focus-visible { outline: 3px solid currentcolor; outline-offset: 2px; }
.printed { display: none; }
th[aria-sort=ascending] button.sort::after { content: " \\2191" / ""; }
th[aria-sort=descending] button.sort::after { content: " \\2193" / ""; }
.line-to-fill { border-bottom: 1px solid currentcolor; height: 1.6rem; margin: 0 0 0.4rem; }
.statement li { overflow-wrap: anywhere; }
@media (max-width: 40rem) { .facts, .figures { grid-template-columns: 1fr; } .facts dt, .figures dt { margin-top: 0.4rem; } }
@media print {
  button.sort { display: none; } .printed { display: inline; }
  thead { display: table-header-group; } tr, .blanks, .facts, .figures { break-inside: avoid; } h2 { break-after: avoid; }
  .scroll { overflow: visible; }
}
`;

export const reportStyle = `
:root { color-scheme: light dark; --ink: #1c2528; --quiet: #4a585d; --line: #c3ced2; --ground: #ffffff; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edef; --quiet: #a9b8bd; --line: #415056; --ground: #12181a; } }
* { box-sizing: border-box; }
body { font: 1rem/1.5 system-ui, "Segoe UI", "Liberation Sans", sans-serif; color: var(--ink); background: var(--ground);
  max-width: 80rem; margin: 1.5rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; } h2 { font-size: 1.1rem; margin: 1.6rem 0 0.4rem; }
dt, .small, th { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; } p, ul { margin: 0 0 0.6rem; }
.small { font-size: 0.9rem; font-weight: 400; }
table { border-collapse: collapse; width: 100%; font-size: 0.88rem; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.7rem 0.3rem 0; border-bottom: 1px solid var(--line); }
.scroll { overflow-x: auto; }
:focus-visible { outline: 3px solid currentcolor; outline-offset: 2px; }
${reportParts}
@page wide { size: landscape; }
@page { margin: 14mm 12mm 16mm; @bottom-right { content: counter(page) " / " counter(pages); font: 9pt system-ui, sans-serif; } }
@media print {
  :root { color-scheme: light; --ink: #000000; --quiet: #333333; --line: #999999; --ground: #ffffff; }
  body { font-size: 10pt; max-width: none; margin: 0; padding: 0; } table { font-size: 8.5pt; } th, td { padding-right: 0.4rem; }
  .wide { page: wide; } td.text, td.person, td.patient { min-width: 0; }
}
`;
