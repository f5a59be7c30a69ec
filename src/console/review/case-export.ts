// A closed case as one file: its alerts, its steps, and the numbers of their records, against which each can be held.

import { recordName } from '../../core/audit/record-number.ts';
import type { Case } from '../../core/cases/case.ts';
import { html, markupText } from '../../pages/html.ts';
import { dispositionWords, stepWords } from './review-words.ts';

export interface ExportedCase {
  readonly clinic: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly by: string;
  /** Of the record that it was handed out. */
  readonly record: number;
  readonly one: Case;
}

export const caseFormat = 'wardgate-case/1';

export function caseJson({ clinic, at, by, record, one }: ExportedCase): string {
  return `${JSON.stringify({ format: caseFormat, clinic, at, by, record, case: one }, null, 2)}\n`;
}

export function caseDocument({ clinic, at, by, record, one }: ExportedCase): string {
  const time = (value: number): string => new Date(value).toISOString();
  const page = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>Case ${one.id} · ${clinic}</title>
    </head>
    <body>
      <h1>Case ${one.id}</h1>
      <p>
        ${clinic}. Handed out at ${at} by ${by}, record ${recordName(record)}. Times are UTC; patients are named as the record
        names them.
      </p>
      <p>Person: ${one.person?.name ?? 'nobody in particular'}. Patient: ${one.patient ?? 'none in particular'}.</p>
      <h2>Alerts</h2>
      <ul>
        ${one.alerts.map((alert) => html`<li>Record ${recordName(alert.sequence)}, ${time(alert.time)}, ${alert.detector ?? 'found in a review'}: ${alert.words}</li>`)}
      </ul>
      <h2>Steps</h2>
      <ol>
        ${one.steps.map(
          (step) =>
            html`<li>
              Record ${recordName(step.record)}, ${time(step.at)},
              ${stepWords[step.kind]}${'origin' in step && step.origin !== undefined && ` from item ${step.origin.item} of review ${step.origin.review}`}
              by
              ${step.by === 'gateway' ? 'the gateway' : step.by.name}${step.kind === 'disposition' && html`: ${dispositionWords[step.disposition]}`}
              ${'text' in step && html`<p>${step.text}</p>`}
              ${step.commitment !== null && html`<p>Sealed on record as <code>${step.commitment}</code></p>`}
            </li>`,
        )}
      </ol>
    </body>
  </html>`;
  return `<!doctype html>\n${markupText(page)}\n`;
}
