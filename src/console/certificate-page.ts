// The certificate of a signed review, for paper; beside it the exact text that was signed, and what the record says of it.

import { recordName } from '../core/audit/record-number.ts';
import { isAbout } from '../core/review/judge-disposal.ts';
import type { Review, ReviewPerson } from '../core/review/review.ts';
import { html } from '../pages/html.ts';
import type { Child } from '../pages/html.ts';
import { layout } from '../pages/layout.ts';
import type { ReviewView } from '../review-ports.ts';
import { coverageList, kindWords, strataTable } from './review-facts.ts';
import { found } from './review-page.ts';
import { reviewTitle, reviewsPath, timeAt } from './reviews-page.ts';
import type { ReviewClinic } from './reviews-page.ts';

/** What the text that was signed says beside the review itself. */
interface Signed {
  readonly reviewer: { readonly name: string; readonly issuer: string };
  readonly at: number;
  readonly factor: { readonly method: string; readonly at: number };
  readonly checkpoint: { readonly size: number; readonly root: string } | null;
  readonly exceptions: readonly { readonly number: number; readonly by: string | null }[];
}

export function certificatePage(
  clinic: ReviewClinic,
  { review, unaltered }: ReviewView,
  hash: string,
  reader: ReviewPerson | null,
): string {
  const show = timeAt(clinic.timezone);
  const body = html`
    ${standing(unaltered)} ${signedBy(clinic.name, review, hash, show)} ${coverageList(review, show)}
    <h2>Items</h2>
    <ul>
      ${review.items.map((item) => {
        if (reader !== null && isAbout(item, reader)) return html`<li>${item.number}: about you, and not shown to you</li>`;
        return html`<li>
          ${item.number}: ${kindWords(item.kind)}, record ${recordName(item.record)},
          ${item.person?.name ?? 'nobody in particular'} (${item.roles}), ${show(item.time)}: ${found(item, show)}
        </li>`;
      })}
    </ul>
    ${strataTable(review)}
    <p class="ways">
      <a class="button plain" href="${reviewsPath}/${review.id}/certificate?as=json">The text that was signed (JSON)</a>
      <a class="button plain" href="${reviewsPath}/${review.id}">Back to the items</a>
    </p>
  `;
  return layout({ title: `Certificate: ${reviewTitle(review)}`, clinic: { ...clinic, language: 'en' }, body, wide: true });
}

function standing(unaltered: boolean | null): Child {
  if (unaltered === true) return html`<p class="notice" role="status">It is what was signed: its hash is the one on record.</p>`;
  if (unaltered === null) return html`<p class="notice" role="status">Its record is not found yet; look again in a moment.</p>`;
  return html`<p class="notice bad" role="alert">This is not what was signed: it was changed afterwards.</p>`;
}

/** The clinic stands here, because its name above the page is not printed. */
function signedBy(clinic: string, { statement }: Review, hash: string, show: (time: number) => string): Child {
  const signed = readSigned(statement);
  if (signed === null) return '';
  const { reviewer, at, factor, checkpoint, exceptions } = signed;
  return html`<dl>
    <dt>Clinic</dt>
    <dd>${clinic}</dd>
    <dt>Reviewer</dt>
    <dd>${reviewer.name}, known to ${reviewer.issuer}</dd>
    <dt>Signed</dt>
    <dd>${show(at)}, after the second factor (${factor.method}) at ${show(factor.at)}</dd>
    <dt>Certificate (SHA-256)</dt>
    <dd><code>${hash}</code></dd>
    <dt>Checkpoint of the access record</dt>
    <dd>${checkpoint === null ? 'none yet' : html`over ${checkpoint.size} records, root <code>${checkpoint.root}</code>`}</dd>
    <dt>Exceptions</dt>
    <dd>
      ${exceptions.length === 0 ? 'none' : exceptions.map(({ number, by }) => `Item ${number}, about the reviewer, looked at by ${by ?? 'nobody'}. `)}
    </dd>
  </dl>`;
}

/** A text that somebody changed may be anything. */
function readSigned(statement: string | null): Signed | null {
  try {
    const read = JSON.parse(statement ?? 'null') as Partial<Signed> | null;
    const { reviewer, at, factor, checkpoint, exceptions } = read ?? {};
    if (reviewer === undefined || at === undefined || factor === undefined || exceptions === undefined) return null;
    return { reviewer, at, factor, checkpoint: checkpoint ?? null, exceptions };
  } catch {
    return null;
  }
}
