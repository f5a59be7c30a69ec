// The page on which a reviewer signs a review, once they have confirmed with their second factor after the last disposition;
// and the certificate of a signed one, for paper.

import { isAbout } from '../core/review/judge-disposal.ts';
import type { ReviewSignatureRefused } from '../core/review/judge-review-signature.ts';
import type { Review, ReviewPerson } from '../core/review/review.ts';
import { html } from '../pages/html.ts';
import type { Markup } from '../pages/html.ts';
import { layout } from '../pages/layout.ts';
import type { ReviewView } from '../review-ports.ts';
import { coverageList } from './review-facts.ts';
import { reviewTitle, reviewsPath, timeAt } from './reviews-page.ts';
import type { ReviewClinic } from './reviews-page.ts';
import { toldNotice } from './told-notice.ts';

const told = {
  signed: 'This review is signed already.',
  'unsigned-kind': 'An emergency access is over with its disposition: there is nothing to sign.',
  'open-items': 'Some items are still to be looked at.',
  'edits-rules': 'Whoever changes the rules does not sign a review: another reviewer does.',
  yourself: 'Everything in this review is about yourself: another reviewer signs it.',
  changed: 'The review has changed since it was shown. Look at it again, then sign.',
  'not-confirmed': 'Nothing was signed: confirm once more with your second factor, then sign within five minutes.',
} as const satisfies Record<ReviewSignatureRefused, string>;

export interface ReviewSignPageParts {
  readonly clinic: ReviewClinic;
  readonly view: ReviewView;
  readonly reviewer: ReviewPerson | null;
  readonly confirmed: boolean;
  readonly told: keyof typeof told | null;
}

export function reviewSignPage({ clinic, view, reviewer, confirmed, told: word }: ReviewSignPageParts): string {
  const { review, list } = view;
  const show = timeAt(clinic.timezone);
  const open = review.items.filter(({ disposed }) => disposed === null).length;
  const body = html`
    ${word !== null && toldNotice({ good: false, says: told[word] })} ${coverageList(review, show)} ${counts(review, reviewer)}
    ${open > 0 && html`<p class="notice">${open} items are still to be looked at.</p>`}
    ${open === 0 && review.signedAt === null && (confirmed ? form(review, list) : confirm(review))}
    <p class="ways"><a class="button plain" href="${reviewsPath}/${review.id}">Back to the items</a></p>
  `;
  return layout({ title: `Sign: ${reviewTitle(review)}`, clinic: { ...clinic, language: 'en' }, body });
}

function counts({ items }: Review, reviewer: ReviewPerson | null): Markup {
  const of = (disposition: string): number => items.filter(({ disposed }) => disposed?.disposition === disposition).length;
  const own = reviewer === null ? [] : items.filter((item) => isAbout(item, reviewer));
  return html`<dl>
    <dt>Items</dt>
    <dd>${items.length}: ${of('fine')} fine, ${of('question')} question, ${of('case')} case</dd>
    <dt>Exceptions</dt>
    <dd>
      ${own.length === 0 ? 'none' : own.map(({ number, disposed }) => html`Item ${number}, about you, looked at by ${disposed?.by.name ?? 'nobody yet'}. `)}
    </dd>
  </dl>`;
}

function confirm({ id }: Review): Markup {
  const there = `/.wardgate/step-up?return=${encodeURIComponent(`${reviewsPath}/${id}/sign`)}`;
  return html`<p>You sign with your second factor, shown once more after the last item.</p>
    <p class="ways"><a class="button" href="${there}">Confirm</a></p>`;
}

function form({ id }: Review, list: string): Markup {
  return html`<form method="post" action="${reviewsPath}/${id}/sign">
    <p>
      By signing I state that every item of this review was looked at, by me or, where it is about me, by somebody else. My name,
      the time, the items and the last checkpoint of the access record are kept with it.
    </p>
    <input type="hidden" name="list" value="${list}" />
    <button type="submit">Sign</button>
  </form>`;
}
