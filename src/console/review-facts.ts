// What a review says of its period: how much of it was on record, and what the sample was drawn from. On the page and on the
// certificate alike.

import type { GapKind } from '../core/report/coverage.ts';
import type { AccessKind, Review } from '../core/review/review.ts';
import { html } from '../pages/html.ts';
import type { Child, Markup } from '../pages/html.ts';
import { consoleTable } from './console-table.ts';

const mostGaps = 20;

const gapWords: Readonly<Record<string, string>> = {
  'before-first': 'before the first record',
  stopped: 'the gateway was shut down',
  crashed: 'the gateway ended without a word',
  silent: 'the gateway gave no sign',
  outage: 'nothing could be recorded, so nothing was opened',
  restored: 'put back from a backup',
} satisfies Record<GapKind, string>;

const accessWords: Readonly<Record<string, string>> = {
  emergency: 'emergency access',
  denied: 'refused',
  download: 'download',
  'after-hours': 'chart opened outside opening hours',
  chart: 'chart opened',
} satisfies Record<AccessKind, string>;

/** What an item is: a kind of access, or the detector of an alert. */
export function kindWords(kind: string): string {
  return accessWords[kind] ?? kind.replaceAll('-', ' ');
}

/** `3 days 4 hours 12 minutes`, begun minutes counted. */
function lengthWords(milliseconds: number): string {
  const minutes = Math.ceil(milliseconds / 60_000);
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(minutes / 1440), 'day'],
    [Math.floor(minutes / 60) % 24, 'hour'],
    [minutes % 60, 'minute'],
  ];
  const said = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}${count === 1 ? '' : 's'}`);
  return said.length === 0 ? 'nothing' : said.join(' ');
}

export function coverageList(
  { kind, since, until, dueAt, population, gaps, unwatchedMilliseconds, sample }: Review,
  show: (time: number) => string,
): Markup {
  const { records, people, patients, chartsOpened, isCut } = population;
  if (kind === 'emergency') return html`<p>Opened ${show(since)}; to be reviewed by ${show(dueAt)}.</p>`;
  return html`<dl>
    <dt>Period</dt>
    <dd>${show(since)} to ${show(until)}; due ${show(dueAt)}</dd>
    <dt>What it stands for</dt>
    <dd>
      ${records} records, ${people} people, ${patients} patients, ${chartsOpened} openings of
      charts${isCut && '; there were more accesses than are drawn from, and the newest were taken'}
    </dd>
    <dt>Times without a watch</dt>
    <dd>
      ${lengthWords(unwatchedMilliseconds)}${gaps.slice(0, mostGaps).map((gap) => html`; ${show(gap.from)} to ${show(gap.until)}: ${gapWords[gap.kind] ?? gap.kind}`)}
    </dd>
    ${
      sample !== null &&
      html`<dt>Sample</dt>
        <dd>
          ${sample.size} accesses drawn by lot; seed <code>${sample.seed}</code>, from checkpoint ${sample.checkpoint.size}
          <code>${sample.checkpoint.root}</code>
        </dd>`
    }
  </dl>`;
}

export function strataTable({ sample }: Review): Child {
  if (sample === null || sample.strata.length === 0) return '';
  return html`<h2>What the sample was drawn from</h2>
    ${consoleTable(
      'What the sample was drawn from',
      ['Roles', 'Kind of access', 'Accesses', 'Drawn'],
      sample.strata.map(({ roles, kind, accesses, drawn }) => ({ cells: [roles, kindWords(kind), accesses, drawn] })),
    )}`;
}
