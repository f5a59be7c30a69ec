// One certified review: its items, a form that disposes of those that were ticked, and the way to the signature. Nothing is
// ticked beforehand, and nobody finds a box beside what they did themselves.

import { recordName } from '../core/audit/record-number.ts';
import { isAbout } from '../core/review/judge-disposal.ts';
import { whomToAsk } from '../core/people/whom-to-ask.ts';
import type { AskedDisposal, DisposalRefused } from '../core/review/judge-disposal.ts';
import { mostReviewNote } from '../core/review/review.ts';
import type { AlertCase, Review, ReviewItem, ReviewPerson } from '../core/review/review.ts';
import { html } from '../pages/html.ts';
import type { Explanation } from '../core/relations/explanation.ts';
import type { Child, Markup } from '../pages/html.ts';
import { layout } from '../pages/layout.ts';
import { casePath } from './review/review-words.ts';
import type { LookedAt } from '../reports/look-at-emergency.ts';
import type { ReviewView } from '../review-ports.ts';
import type { ShownPatient } from '../patient-ports.ts';
import { consoleTable } from './console-table.ts';
import { patientCell } from './patient-parts.ts';
import { coverageList, kindWords, strataTable } from './review-facts.ts';
import { reviewTitle, reviewsPath, timeAt } from './reviews-page.ts';
import type { ReviewClinic } from './reviews-page.ts';
import { noteAndSeveral, rowBox } from './ticked-rows.ts';
import { fieldFault, noticeOf, toldNotice } from './told-notice.ts';
import type { NoticeWords, ToldNotice } from './told-notice.ts';

/** Items on one page: one form disposes of no more at once. */
export const shownItems = 100;

const told = {
  disposed: 'That is on record.',
  'now-signed': 'The review is signed, and that is on record.',
  'none-chosen': 'Tick the items that you looked at.',
  several: 'You ticked several items. Say below that you mean all of them, or tick one.',
  'no-disposition': 'Choose what you found.',
  'no-note': 'Say what the question is, or why it is a case.',
  'case-refused':
    'No case could be opened about that, so nothing was put on record for these items. Its record is not found, or somebody works at it at this moment: try again.',
  'note-too-long': `A note has at most ${mostReviewNote} characters.`,
  'unknown-item': 'There is no such item.',
  deputys:
    'Some of that is about somebody who reviews, and the deputy alone disposes of it. Tick the other items; if the deputy cannot, IT names another in alerts.yaml.',
  yourself: 'Nobody reviews what they did themselves: the deputy, or another reviewer, does.',
  'edits-rules': 'Whoever changes the rules does not dispose of what they let through: another reviewer does.',
  signed: 'This review is signed already, so nothing in it changes any more.',
} as const satisfies Record<DisposalRefused | 'case-refused' | 'disposed' | 'now-signed', string>;

export type ReviewTold = keyof typeof told | null;

export interface ReviewPageParts {
  readonly clinic: ReviewClinic;
  readonly view: ReviewView;
  /** Of an emergency access, what was done under it. */
  readonly done: LookedAt | null;
  readonly reviewer: ReviewPerson | null;
  readonly deputy: string | null;
  /** What appointments and rosters say of items, by the number of their record; empty where nothing is known. */
  readonly explained: ReadonlyMap<number, Explanation>;
  /** Who stands behind the tokens in it, as far as that is known. */
  readonly known: ReadonlyMap<string, ShownPatient>;
  readonly told: ReviewTold;
  /** What a form held that was refused, so that nobody ticks and writes it again. */
  readonly filled: AskedDisposal | null;
  /** The first item shown. */
  readonly from: number;
}

type Show = (time: number) => string;

export function reviewPage(parts: ReviewPageParts): string {
  const { clinic, view, done, reviewer, deputy, explained, known, told: word, filled, from } = parts;
  const show = timeAt(clinic.timezone);
  const { review, unaltered } = view;
  const items = review.items.filter(({ number }) => number >= from).slice(0, shownItems);
  const notice = noticeOf(notices, word);
  const isOwn = reviewer !== null && review.items.every((item) => isAbout(item, reviewer));
  const body = html`
    ${toldNotice(notice)}
    ${unaltered === false && html`<p class="notice bad" role="alert">This is not what was signed: it was changed afterwards.</p>`}
    ${review.signedAt !== null && html`<p class="notice" role="status">Signed ${show(review.signedAt)}.</p>`}
    ${concerned(review, reviewer, deputy)} ${coverageList(review, show)}
    ${done !== null && !isOwn && doneUnder(done, known, show)}
    <h2>Items</h2>
    ${review.items.length === 0 ? html`<p class="notice">There is nothing in this time to look at.</p>` : listed(view, items, { reviewer, reader: reviewer, explained, known, notice, filled, from, show })}
    ${strataTable(review)} ${ways(review, from)}
  `;
  return layout({ title: reviewTitle(review), clinic: { ...clinic, language: 'en' }, body, wide: true });
}

const notices: NoticeWords<keyof typeof told> = {
  says: told,
  done: ['disposed', 'now-signed'],
  fields: {
    'no-disposition': 'disposition',
    'no-note': 'note',
    'note-too-long': 'note',
    several: 'several',
  },
};

function ways({ id, kind, items, signedAt }: Review, from: number): Markup {
  const canBeSigned = kind !== 'emergency' && signedAt === null && items.every(({ disposed }) => disposed !== null);
  return html`<p class="ways">
    ${from > 1 && html`<a class="button plain" href="${reviewsPath}/${id}?from=${Math.max(1, from - shownItems)}">Items before</a>`}
    ${items.length >= from + shownItems && html`<a class="button plain" href="${reviewsPath}/${id}?from=${from + shownItems}">Further items</a>`}
    ${canBeSigned && html`<a class="button" href="${reviewsPath}/${id}/sign">Sign</a>`}
    ${signedAt !== null && html`<a class="button plain" href="${reviewsPath}/${id}/certificate">Certificate</a>`}
    <a class="button plain" href="${reviewsPath}">All reviews</a>
  </p>`;
}

function concerned({ items }: Review, reviewer: ReviewPerson | null, deputy: string | null): Child {
  const own = reviewer === null ? [] : items.filter((item) => isAbout(item, reviewer) && item.disposed === null);
  if (own.length === 0) return '';
  const whom = whomToAsk(reviewer, deputy);
  const who = whom === null ? 'another reviewer' : `the deputy, ${whom},`;
  return html`<p class="notice">
    ${own.length === 1 ? 'One item is' : `${own.length} items are`} about you: ${who} looks at that.
  </p>`;
}

interface Shown {
  /** Null where nothing is disposed of any more. */
  readonly reviewer: ReviewPerson | null;
  /** Whoever looks at the page. */
  readonly reader: ReviewPerson | null;
  readonly explained: ReviewPageParts['explained'];
  readonly known: ReviewPageParts['known'];
  readonly notice: ToldNotice | null;
  readonly filled: AskedDisposal | null;
  readonly from: number;
  readonly show: Show;
}

function listed({ review, cases }: ReviewView, items: readonly ReviewItem[], shown: Shown): Markup {
  if (review.signedAt !== null) return table(items, cases, { ...shown, reviewer: null });
  const { filled, from, notice } = shown;
  const chosen = (disposition: string): Child => filled?.disposition === disposition && html`selected`;
  return html`<form method="post" action="${reviewsPath}/${review.id}${from > 1 && `?from=${from}`}">
    ${table(items, cases, shown)}
    <fieldset>
      <legend>What you found in the items that are ticked</legend>
      <label for="disposition">Found</label>
      <select id="disposition" name="disposition" ${fieldFault(notice, 'disposition')}>
        <option value="">Choose</option>
        <option value="fine" ${chosen('fine')}>Fine: it belongs to their work</option>
        <option value="question" ${chosen('question')}>Question: somebody is asked about it</option>
        <option value="case" ${chosen('case')}>Case: it is looked into, in the open case of that person or a new one</option>
      </select>
      ${noteAndSeveral({
        note: { label: 'Note (needed unless it is fine; names no patient)', most: mostReviewNote },
        several: 'I looked at all ticked items, and mean all of them',
        notice,
        filled,
      })}
    </fieldset>
    <button type="submit">Put on record</button>
  </form>`;
}

function table(items: readonly ReviewItem[], cases: readonly AlertCase[], shown: Shown): Markup {
  const { reviewer, reader, explained, known, filled, show } = shown;
  const words = ['Item', 'Time', 'Person', 'Roles', 'Kind', 'What', 'Patient', 'Record', 'Found'];
  return consoleTable(
    'Items',
    words,
    items.map((item) => ({
      cells:
        reader !== null && isAbout(item, reader)
          ? ownCells(item)
          : [
              box(item, reviewer, filled),
              show(item.time),
              item.person?.name ?? '–',
              item.roles,
              kindWords(item.kind),
              html`${item.words}${explanationOf(explained.get(item.record))}`,
              patientCell(item.patient, known),
              html`${recordName(item.record)}${caseOf(item, cases)}`,
              found(item, show),
            ],
    })),
  );
}

function explanationOf(says: Explanation | undefined): Child {
  return says === undefined ? '' : html`<div><strong>${says.state}</strong>: ${says.words}</div>`;
}

function caseOf({ record }: ReviewItem, cases: readonly AlertCase[]): Child {
  const one = cases.find((known) => known.record === record);
  if (one === undefined) return '';
  const standing = one.disposition?.replaceAll('-', ' ') ?? 'no disposition yet';
  return html`, <a href="${casePath}?id=${one.id}">case ${one.id.slice(0, 6)}</a> (${standing})`;
}

/** That there is one they learn in any case, for whoever signs is told of it; what it is and what was found of it they do not. */
function ownCells({ number }: ReviewItem): readonly Child[] {
  const what = 'It is about you: what it is, and what was found, is not shown to you.';
  return [`${number} (you)`, '–', '–', '–', '–', what, '–', '–', '–'];
}

function box({ number, person, kind }: ReviewItem, reviewer: ReviewPerson | null, filled: AskedDisposal | null): Child {
  if (reviewer === null) return number;
  const label = `Item ${number}: ${kindWords(kind)}, ${person?.name ?? 'nobody in particular'}`;
  return rowBox('item', number, label, filled?.items);
}

export function found({ disposed }: ReviewItem, show: Show): string {
  if (disposed === null) return 'not looked at yet';
  const { disposition, note, by, at } = disposed;
  return `${disposition}${note === '' ? '' : `: ${note}`}, ${by.name}, ${show(at)}`;
}

function doneUnder({ pages, access }: LookedAt, known: ReviewPageParts['known'], show: Show): Markup {
  return html`<h2>What was done under it</h2>
    <p>Beside it on record: ${access.evidence}.</p>
    ${pages.length === 0 && html`<p>No page was opened under it.</p>`}
    <ul>
      ${pages.map(({ sequence, time, method, target, patient }) => html`<li>${show(time)}: <code>${method ?? 'GET'} ${target}</code>${patient !== null && html`, patient ${patientCell(patient, known)}`}, record ${recordName(sequence)}</li>`)}
    </ul>`;
}
