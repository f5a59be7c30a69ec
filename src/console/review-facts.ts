// What a review says of its period: how much of it was on record, and what the sample was drawn from. On the page and on the
// certificate alike.

import type { Review } from '../core/review/review.ts';
import { html } from '../pages/html.ts';
import type { Child, Markup } from '../pages/html.ts';

const mostGaps = 20;

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
    <dt>Not on record</dt>
    <dd>
      ${Math.ceil(unwatchedMilliseconds / 60_000)}
      minutes${gaps.slice(0, mostGaps).map((gap) => html`; ${gap.kind} from ${show(gap.from)} to ${show(gap.until)}`)}
    </dd>
    ${
      sample !== null &&
      html`<dt>Sample</dt>
        <dd>
          ${sample.size} drawn by seed <code>${sample.seed}</code>, from checkpoint ${sample.checkpoint.size}
          <code>${sample.checkpoint.root}</code>
        </dd>`
    }
  </dl>`;
}

export function strataTable({ sample }: Review): Child {
  if (sample === null || sample.strata.length === 0) return '';
  return html`<h2>What the sample was drawn from</h2>
    <div class="scroll" tabindex="0" role="region" aria-label="Strata">
      <table class="even">
        <thead>
          <tr>
            <th scope="col">Roles</th>
            <th scope="col">Kind of access</th>
            <th scope="col">Accesses</th>
            <th scope="col">Drawn</th>
          </tr>
        </thead>
        <tbody>
          ${sample.strata.map(
            ({ roles, kind, accesses, drawn }) =>
              html`<tr>
                <td>${roles}</td>
                <td>${kind}</td>
                <td>${accesses}</td>
                <td>${drawn}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}
