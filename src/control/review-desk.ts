// Runs certified reviews: prepares each once its period is over, takes dispositions and the signature, and puts on record what
// is late. Everything is on record before it counts, and one thing is done after the other. Of several gateways the one that leads
// prepares and says what is late; the others show it.

import type { AuditEntry, AuditEvent } from '../core/audit/entry.ts';
import { personKey } from '../core/downloads/person-key.ts';
import type { DeputyFacts } from '../core/people/deputys-alone.ts';
import { seedOf } from '../core/review/draw-sample.ts';
import { judgeDisposal } from '../core/review/judge-disposal.ts';
import type { AskedDisposal, DisposingReviewer } from '../core/review/judge-disposal.ts';
import { isReviewConfirmed, judgeReviewSignature } from '../core/review/judge-review-signature.ts';
import { overdueNotices, overdueReviews } from '../core/review/review-due.ts';
import { isDone } from '../core/review/review.ts';
import type { AlertCase, Review, ReviewItem, ReviewPerson } from '../core/review/review.ts';
import { readReviewSigned, writeDisposed, writeOverdue, writeRefused, writeReviewSigned } from '../core/review/review-note.ts';
import { certificateText, reviewText } from '../core/review/review-statement.ts';
import type { Cases } from '../case-ports.ts';
import type { ChangeHistory } from '../change-ports.ts';
import type { Reviewer } from '../recertification-ports.ts';
import type { Redrawn, ReviewView, Reviews } from '../review-ports.ts';
import type { FoundRequest } from '../search-ports.ts';
import { drawInSlices } from './draw-in-slices.ts';
import { gatherAccesses } from './gather-review.ts';
import { prepareEmergencies, prepareMissed, seedTree } from './prepare-reviews.ts';
import type { PreparingNeeds } from './prepare-reviews.ts';
import { MinuteLook } from './minute-look.ts';
import { OneByOne } from './one-by-one.ts';
import { recordDurably } from './record-durably.ts';
import { reviewerEntry } from './reviewer-entry.ts';
import { ruleEditors } from './rule-editors.ts';
import { takeUp } from './take-up.ts';
import type { TakeUpNeeds } from './take-up.ts';

export interface ReviewDeskNeeds extends PreparingNeeds {
  readonly cases: TakeUpNeeds & Pick<Cases, 'find'>;
  readonly changes: Pick<ChangeHistory, 'changes'>;
  readonly isReviewer: (person: Pick<ReviewPerson, 'issuer' | 'sub'>) => Promise<boolean>;
  readonly onFailed: (cause: unknown) => void;
}

/** On one page. */
const mostListed = 60;
/** Twice what is prepared of emergencies. */
const mostOpen = 10_000;
const mostSignatures = 200;
/** That began within one millisecond. */
const mostAtOnce = 200;

export class ReviewDesk implements Reviews {
  readonly deputy: string | null;
  readonly #needs: ReviewDeskNeeds;
  readonly #turns: OneByOne;
  readonly #look = new MinuteLook();
  #notices: readonly string[] = [];
  #cut: readonly string[] = [];

  constructor(needs: ReviewDeskNeeds) {
    this.#needs = needs;
    this.#turns = new OneByOne(needs.shared?.turns, 'reviews');
    this.deputy = needs.settings.deputy;
  }

  /** As sentences without their full stop; from the last look. */
  notices(): readonly string[] {
    return [...this.#notices, ...this.#cut];
  }

  /** Call it every few seconds; it looks once a minute. Never rejects. */
  async look(): Promise<void> {
    const { clock, onFailed } = this.#needs;
    if (this.#look.isDue(clock.now())) await this.follow().catch(onFailed);
  }

  /** Looks now. */
  async follow(): Promise<void> {
    const { settings, clock, shared } = this.#needs;
    const now = clock.now();
    if (shared?.leadership.leads === false) {
      this.#cut = [];
      this.#notices = overdueNotices(await this.list(), now);
      return;
    }
    // Reading a month takes its time: reviewers at other gateways do not wait for it.
    await this.#turns.here(async () => {
      this.#cut = cutNotice(await prepareEmergencies(this.#needs, now), this.#needs.mostEmergencies);
      if (settings.triageWithinSeconds !== null) await prepareMissed(this.#needs, 'triage', settings.triageWithinSeconds);
      if (settings.monthlyWithinSeconds !== null) await prepareMissed(this.#needs, 'monthly', settings.monthlyWithinSeconds);
    });
    await this.#turns.run(() => this.#tellOverdue(now));
  }

  /** Everything that is open, and the newest of what is done. */
  async list(): Promise<readonly Review[]> {
    const all: Review[] = [];
    for (let from = 0; from < mostOpen; from += mostListed) {
      const { reviews, next } = await this.page(from);
      all.push(...reviews);
      if (next === null || reviews.some((one) => isDone(one))) break;
    }
    return all;
  }

  async page(from: number): ReturnType<Reviews['page']> {
    const found = await this.#needs.store.list(mostListed + 1, from);
    return { reviews: found.slice(0, mostListed), next: found.length > mostListed ? from + mostListed : null };
  }

  async view(id: string): Promise<ReviewView | null> {
    const review = await this.#needs.store.find(id);
    if (review === null) return null;
    const opened = review.kind === 'emergency' ? await this.#opened(review) : null;
    return {
      review,
      list: this.#needs.hash(reviewText(review)),
      unaltered: await this.#unaltered(review),
      opened,
      cases: await this.#casesOf(review),
    };
  }

  isConfirmed(review: Review, { factor }: Reviewer): boolean {
    return isReviewConfirmed(review, { confirmedAt: factor.at, now: this.#needs.clock.now() });
  }

  async dispose(reviewer: Reviewer, id: string, asked: AskedDisposal): ReturnType<Reviews['dispose']> {
    return this.#turns.run(async () => {
      const { store, clock } = this.#needs;
      const review = await store.find(id);
      if (review === null) return 'no-review';
      const verdict = judgeDisposal(review, asked, this.#disposing(reviewer), await this.#deputyFor(review, asked.items));
      if (!verdict.may) return this.#refused(reviewer, id, 'disposition', verdict.why);
      const { items, disposition, note } = verdict;
      const taken = disposition === 'case' ? await this.#takeUp(reviewer, id, items) : new Map<number, string>();
      if (taken === null) return this.#refused(reviewer, id, 'disposition', 'case-refused');
      for (const item of items) {
        const detail = writeDisposed(id, item, disposition, taken.get(item.number) ?? null);
        await this.#record('review-disposed', reviewer, { detail });
      }
      const numbers = items.map(({ number }) => number);
      await store.dispose(id, numbers, { disposition, note, by: reviewer.person, at: clock.now() });
      await this.#tellOverdue(clock.now());
      return null;
    });
  }

  async sign(reviewer: Reviewer, id: string, shown: string): ReturnType<Reviews['sign']> {
    return this.#turns.run(async () => {
      const { store, clock, hash, checkpoint } = this.#needs;
      const review = await store.find(id);
      if (review === null) return 'no-review';
      const now = clock.now();
      const asked = { confirmedAt: reviewer.factor.at, now, shown, list: hash(reviewText(review)) };
      const why = judgeReviewSignature(review, this.#disposing(reviewer), asked);
      if (why !== null) return this.#refused(reviewer, id, 'signature', why);
      const under = checkpoint();
      const cases = await this.#casesOf(review);
      const text = certificateText(review, cases, {
        reviewer: reviewer.person,
        at: now,
        factor: reviewer.factor,
        checkpoint: under,
      });
      // Kept first: a hash on record without its text would prove nothing.
      await store.keepStatement(id, text);
      await this.#record('review-signed', reviewer, { detail: writeReviewSigned(id, review.items, hash(text), under) });
      // Whoever signed first, signed.
      if (!(await store.sign(id, now))) return this.#refused(reviewer, id, 'signature', 'signed');
      await this.#tellOverdue(now);
      return null;
    });
  }

  /**
   * Draws the sample of a month anew, by the tree that stands first behind it in the record as it is now; null where there is no
   * such review.
   */
  async redraw(month: string): Promise<Redrawn | null> {
    const review = await this.#needs.store.find(`monthly-${month}`);
    if (review === null || review.sample === null) return null;
    const { hash } = this.#needs;
    const { checkpoint, wanted } = review.sample;
    const under = await seedTree(this.#needs, review);
    const { accesses } = await gatherAccesses(this.#needs, { name: month, since: review.since, until: review.until });
    const seed = seedOf(review.id, under ?? checkpoint, hash);
    const drawn = await drawInSlices(accesses, wanted, seed, hash);
    const records = drawn.items.map(({ record }) => record);
    const kept = review.items.map(({ record }) => record);
    const isFirst = under?.size === checkpoint.size && under.root === checkpoint.root;
    const same = isFirst && seed === review.sample.seed && records.join() === kept.join();
    return { review, seed, records, isFirst, same };
  }

  async #tellOverdue(now: number): Promise<void> {
    const { store } = this.#needs;
    const reviews = await this.list();
    for (const review of overdueReviews(reviews, now)) {
      if (review.overdueAt !== null) continue;
      await recordDurably(this.#needs, 'review-overdue', { detail: writeOverdue(review) });
      await store.markOverdue(review.id, now);
    }
    this.#notices = overdueNotices(reviews, now);
  }

  /** The case of each item, by its number; null where one was refused. A second try finds those that were opened before. */
  async #takeUp(reviewer: Reviewer, review: string, items: readonly ReviewItem[]): Promise<Map<number, string> | null> {
    const taken = new Map<number, string>();
    for (const { number: item, record, person, patient, kind, words } of items) {
      const found = { record, person, patient, origin: { review, item }, words: `${kind}: ${words}` };
      const done = await takeUp(this.#needs.cases, reviewer, found);
      if ('refused' in done) return null;
      taken.set(item, done.of);
    }
    return taken;
  }

  /** Of items that somebody looks into, or did. */
  async #casesOf({ items }: Review): Promise<readonly AlertCase[]> {
    const { cases } = this.#needs;
    const found: AlertCase[] = [];
    for (const { record } of items) {
      const id = await cases.ofAlert(record);
      const one = id === null ? null : await cases.find(id);
      if (one === null) continue;
      const disposed = one.steps.findLast(({ kind: step }) => step === 'disposition');
      found.push({ record, id: one.id, disposition: disposed?.kind === 'disposition' ? disposed.disposition : null });
    }
    return found;
  }

  async #opened({ items, since }: Review): Promise<FoundRequest | null> {
    const asked = { event: 'break-glass', since, until: since + 1 };
    const { requests } = await this.#needs.search.search(asked, mostAtOnce);
    return requests.find(({ sequence }) => sequence === items[0]?.record) ?? null;
  }

  /** The certificate is about the review as it is kept, and its hash is the one on record. */
  async #unaltered(review: Review): Promise<boolean | null> {
    const { statement, signedAt } = review;
    if (signedAt === null) return null;
    const { hash, search } = this.#needs;
    if (statement === null || reviewIn(statement) !== reviewText(review)) return false;
    const { requests } = await search.search({ event: 'review-signed' }, mostSignatures);
    const signed = requests.flatMap(({ detail }) => readReviewSigned(detail ?? '') ?? []).filter(({ id }) => id === review.id);
    if (signed.length === 0) return null;
    return signed.some((one) => one.hash === hash(statement));
  }

  #disposing({ person }: Reviewer): DisposingReviewer {
    return { person, editsRules: this.#editors()(person.name) };
  }

  #editors(): (name: string) => boolean {
    return ruleEditors(this.#needs.changes, this.#needs.clock.now());
  }

  async #deputyFor({ items }: Review, numbers: readonly number[]): Promise<DeputyFacts> {
    const { deputy } = this;
    if (deputy === null || this.#editors()(deputy)) return { deputy: null, isReviewer: () => false };
    const people = items.flatMap(({ number, person }) => (numbers.includes(number) && person !== null ? [person] : []));
    const reviewers = new Map<string, boolean>();
    for (const person of people) {
      const key = personKey(person);
      if (!reviewers.has(key)) reviewers.set(key, await this.#needs.isReviewer(person));
    }
    return { deputy, isReviewer: (person) => reviewers.get(personKey(person)) ?? false };
  }

  async #refused<Why extends string>(reviewer: Reviewer, id: string, what: string, why: Why): Promise<Why> {
    await this.#record('review-refused', reviewer, { decision: 'refused', detail: writeRefused(id, what, why) });
    return why;
  }

  async #record(event: AuditEvent, reviewer: Reviewer, fields: Partial<AuditEntry>): Promise<void> {
    await recordDurably(this.#needs, event, { ...reviewerEntry(reviewer), ...fields });
  }
}

function cutNotice(before: number | null, most: number): readonly string[] {
  if (before === null) return [];
  const day = new Date(before).toISOString();
  return [`There were more than ${most} emergency accesses within 35 days, so those before ${day} have no review`];
}

/** What cannot be read was not signed. */
function reviewIn(statement: string): string {
  try {
    return JSON.stringify((JSON.parse(statement) as { readonly review?: unknown }).review);
  } catch {
    return '';
  }
}
