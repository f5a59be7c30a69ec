// How often each detector was right, by the cases that reviewers disposed of.

import type { DetectorPrecision } from '../../core/cases/precision.ts';
import { html } from '../../pages/html.ts';
import { layout } from '../../pages/layout.ts';
import type { ReviewClinic } from './case-page.ts';
import { reviewPath } from './review-words.ts';

/** `newest`: how many of the newest cases were looked through, where there are more; null where it was all of them. */
export function precisionPage(
  clinic: ReviewClinic,
  rows: readonly DetectorPrecision[],
  cases: number,
  newest: number | null,
): string {
  const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
  const words = ['Detector', 'Violations', 'Justified', 'False alarms', 'Unclear', 'Precision', 'Likely between (95 %)'];
  const body = html`
    <p>
      Of ${cases} cases that were disposed of${newest !== null && `, among the newest ${newest}`}. Precision is the share of
      violations among violations and false alarms; what was justified counts for itself. Few cases say little: look at the last
      column.
    </p>
    ${rows.length === 0 && html`<p class="notice">No case was disposed of yet.</p>`}
    ${
      rows.length > 0 &&
      html`<div class="scroll" tabindex="0" role="region" aria-label="Detectors">
        <table>
          <thead>
            <tr>
              ${words.map((word) => html`<th scope="col">${word}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              ({ detector, counts, precision }) =>
                html`<tr>
                  <td>${detector.replaceAll('-', ' ')}</td>
                  <td>${counts.violation}</td>
                  <td>${counts.justified}</td>
                  <td>${counts['false-alarm']}</td>
                  <td>${counts.unclear}</td>
                  <td>${precision === null ? '–' : percent(precision.share)}</td>
                  <td>${precision === null ? '–' : `${percent(precision.low)} and ${percent(precision.high)}`}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`
    }
    <p class="ways"><a class="button plain" href="${reviewPath}">Alerts and cases</a></p>
  `;
  return layout({ title: 'How often detectors are right', clinic: { ...clinic, language: 'en' }, body, wide: true });
}
