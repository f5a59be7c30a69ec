// The list of certified reviews: what waits, until when, and what was signed.

import { recordName } from '../core/audit/record-number.ts';
import type { ClinicSettings } from '../config/settings.ts';
import { isDone } from '../core/review/review.ts';
import type { Review } from '../core/review/review.ts';
import { html } from '../pages/html.ts';
import type { Markup } from '../pages/html.ts';
import { layout } from '../pages/layout.ts';
import { consoleTable } from './console-table.ts';

export const reviewsPath = '/.wardgate/console/review/certified';

export type ReviewClinic = Pick<ClinicSettings, 'name' | 'help' | 'timezone'> & Partial<Pick<ClinicSettings, 'logo'>>;

export interface ReviewsPageParts {
  readonly clinic: ReviewClinic;
  readonly reviews: readonly Review[];
  /** How many stand before these, and the `from` of the page behind; null where there is none. */
  readonly from: number;
  readonly next: number | null;
  readonly now: number;
  readonly deputy: string | null;
}

export const reviewNames = {
  triage: 'Weekly triage',
  monthly: 'Monthly review',
  emergency: 'Emergency access',
} as const;

export function reviewTitle({ kind, period }: Pick<Review, 'kind' | 'period'>): string {
  const of = {
    triage: `of the week of ${period}`,
    monthly: `of ${period}`,
    emergency: `under record ${recordName(Number(period))}`,
  }[kind];
  return `${reviewNames[kind]} ${of}`;
}

/** Day and time at the clinic. */
export function timeAt(timezone: string): (time: number) => string {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, dateStyle: 'medium', timeStyle: 'short' });
  return (time) => format.format(time);
}

export function reviewsPage({ clinic, reviews, from, next, now, deputy }: ReviewsPageParts): string {
  const show = timeAt(clinic.timezone);
  const open = reviews.filter((one) => !isDone(one));
  const done = reviews.filter(isDone);
  const body = html`
    <p>
      A weekly triage (all alerts of a week) and a monthly review (a sample of the month’s accesses) are prepared once their time
      is over, an emergency access at once. Nobody reviews or signs anything about themselves:
      ${deputy === null ? 'another reviewer does' : html`the deputy, ${deputy}, does`}.
    </p>
    <h2>To be done</h2>
    ${open.length === 0 ? html`<p class="notice" role="status">${from === 0 ? 'Nothing waits.' : 'Nothing more waits.'}</p>` : table(open, now, show)}
    <h2>Done</h2>
    ${done.length === 0 ? html`<p>${next === null ? 'Nothing yet.' : 'It is on a page behind this one.'}</p>` : table(done, now, show)}
    <p class="ways">
      ${next !== null && html`<a class="button" href="${reviewsPath}?from=${next}">Further reviews</a>`}
      ${from > 0 && html`<a class="button plain" href="${reviewsPath}">First reviews</a>`}
      <a class="button plain" href="/.wardgate/console">Who opened what</a>
    </p>
  `;
  return layout({ title: 'Reviews', clinic: { ...clinic, language: 'en' }, body, wide: true });
}

function table(reviews: readonly Review[], now: number, show: (time: number) => string): Markup {
  return consoleTable(
    reviews.every(isDone) ? 'Reviews done' : 'Reviews to be done',
    ['Review', 'Looked at', 'Due', 'State'],
    reviews.map((one) => ({
      cells: [
        html`<a href="${reviewsPath}/${one.id}">${reviewTitle(one)}</a>`,
        `${one.items.filter(({ disposed }) => disposed !== null).length} of ${one.items.length}`,
        show(one.dueAt),
        standing(one, now, show),
      ],
    })),
  );
}

function standing(review: Review, now: number, show: (time: number) => string): string {
  if (review.signedAt !== null) return `signed ${show(review.signedAt)}`;
  if (isDone(review)) return 'reviewed';
  return now > review.dueAt ? 'late' : 'open';
}
