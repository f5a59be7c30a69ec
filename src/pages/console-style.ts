// Styles of the console alone: its ways, figures, charts and the heat map. Nothing here moves.

export const consoleParts = `
.skip { position: absolute; left: -100vw; top: 0; z-index: 1; padding: 0.6rem 1rem; background: var(--sheet); }
.skip:focus { left: 0.5rem; top: 0.5rem; }
body:has(nav.console) { grid-template: auto auto 1fr auto / minmax(0, 1fr); }
nav.console ul { list-style: none; display: flex; flex-wrap: wrap; gap: 0 0.3rem; width: min(80rem, 100% - 2rem); margin: 0 auto; padding: 0; }
nav.console a { display: block; padding: 0.45rem 0.7rem; min-height: 2.4rem; text-decoration: none; border-bottom: 3px solid transparent; }
nav.console a:hover { text-decoration: underline; }
nav.console a[aria-current] { color: var(--ink); font-weight: 600; border-bottom-color: var(--accent); }
.tallies { grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: 0.6rem; }
.tallies > div { padding: 0.7rem 0.9rem; border: 1px solid var(--line); border-radius: 0.45rem; display: flex; flex-direction: column; justify-content: space-between; }
.tallies dt { font-size: 0.9rem; } .tallies dd { font-size: 1.5rem; font-weight: 600; font-variant-numeric: tabular-nums; margin: 0; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); gap: 0 2rem; }
.chart { margin: 0 0 1rem; min-width: 0; } .chart figcaption { font-weight: 600; margin: 0 0 0.4rem; }
.chart svg { display: block; width: 100%; height: 8rem; }
.chart .whole { fill: var(--bar); background: var(--bar); } .chart .part { fill: var(--bar-part); background: var(--bar-part); }
.chart .ground { stroke: var(--quiet); stroke-width: 2; }
.swatch { display: inline-block; width: 0.8rem; height: 0.8rem; border: 1px solid var(--quiet); vertical-align: baseline; }
.chart details { margin: 0.3rem 0 0; } .chart .key { margin: 0.4rem 0 0; }
.alerts { list-style: none; padding: 0; } .alerts:empty { display: none; }
.alerts li { padding: 0.5rem 0 0.5rem 0.9rem; border-left: 4px solid var(--bar-part); margin: 0 0 0.5rem; overflow-wrap: anywhere; }
.alerts p { margin: 0; } .alerts strong::first-letter { text-transform: uppercase; }
.heat { table-layout: fixed; min-width: 46rem; border-collapse: separate; border-spacing: 2px; font-size: 0.8rem; }
.heat th, main.wide .heat td { padding: 0.15rem; text-align: center; border: 0; min-width: 0; font-variant-numeric: tabular-nums; }
.heat th:first-child { width: 5.5rem; text-align: left; white-space: nowrap; }
.heat .h1 { background: var(--heat-1); } .heat .h2 { background: var(--heat-2); } .heat .h3 { background: var(--heat-3); } .heat .h4 { background: var(--heat-4); color: var(--on-heat-4); }
.state { font-weight: 600; } .state.bad { color: var(--bad-ink); }
main.wide .even td { min-width: 0; }
main.wide table.even tr td.why { min-width: min(18rem, 62vw); overflow-wrap: anywhere; }
.cards td { overflow-wrap: break-word; } .cards .long { display: block; min-width: 11rem; overflow-wrap: anywhere; } .cards td > ul { padding-left: 1.1rem; margin: 0; }
.cards td form { display: flex; flex-wrap: wrap; gap: 0.4rem 0.6rem; align-items: end; } .cards td form label { margin: 0; flex: 1 1 9rem; }
.cards td form button { margin: 0; padding: 0.4rem 0.9rem; min-height: 2.4rem; } .cards td form input { padding: 0.35rem 0.6rem; }
main.wide td form button { margin: 0; white-space: nowrap; }
.cards td label.tick, .cards td label.tick input { margin: 0; }
.notice.bad a { color: inherit; } [aria-invalid] { border: 2px solid var(--bad-ink); }
.zone { margin-top: 1.6rem; }
@media screen and (max-width: 40rem) {
  .cards, .cards tbody, .cards tr, main.wide .cards td { display: block; }
  .cards thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .cards tr { padding: 0.6rem 0; border-bottom: 1px solid var(--line); }
  main.wide .cards tr td { padding: 0.1rem 0; border: 0; min-width: 0; white-space: normal; overflow-wrap: anywhere; }
  .cards td::before { content: attr(data-head) ": " / ""; color: var(--quiet); font-weight: 600; }
  .cards .long { display: inline; min-width: 0; } main.wide .cards td:empty { display: none; }
  .cards td[data-head=""]::before, .cards td:has(> form)::before { content: none; } .cards td form { margin: 0.4rem 0; }
}
:root { --bar: #7fa9b2; --bar-part: #a33327; --heat-1: #e3eef0; --heat-2: #bcd8de; --heat-3: #8fbcc6; --heat-4: #0b5c6b; --on-heat-4: #ffffff; }
@media (prefers-color-scheme: dark) { :root { --bar: #4f7f89; --bar-part: #f0897d; --heat-1: #223236; --heat-2: #2b4a51; --heat-3: #356570; --heat-4: #6cc7d8; --on-heat-4: #06262c; } }
@media print { nav.console, .skip, [data-live], .chart summary { display: none; } .chart details::details-content { content-visibility: visible; }
  .chart, .alerts li { break-inside: avoid; } .chart svg { print-color-adjust: exact; } }
`;
