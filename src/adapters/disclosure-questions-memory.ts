// Questions about downloads and their answers, in memory: each for the session that was asked, for minutes, and each answer for one
// download. What is forgotten is asked again, never let through.

import { answerMilliseconds, answers, continues, partMilliseconds, stands } from '../core/disclosures/covers-request.ts';
import type { DownloadRequest, GivenAnswer, StandingAnswer } from '../core/disclosures/covers-request.ts';
import { forgetOldest } from '../core/forget-oldest.ts';
import type { DisclosureAnswer, DisclosureQuestion, DisclosureQuestions, TakenAnswer } from '../disclosure-ports.ts';
import type { Clock, Randomness } from '../ports.ts';

/** As long as somebody may take to look up an address, milliseconds. */
const questionMilliseconds = 15 * 60_000;
/** Questions and answers of everybody, and questions of one session. */
const mostKept = 10_000;
const mostOfSession = 20;

interface Given extends GivenAnswer {
  readonly answer: DisclosureAnswer;
}
interface Standing extends StandingAnswer {
  readonly answer: DisclosureAnswer;
}

export class MemoryDisclosureQuestions implements DisclosureQuestions {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #randomness: Randomness;
  readonly #questions = new Map<string, DisclosureQuestion>();
  readonly #given = new Map<string, Given>();
  /** One for each session: the recipient said last. */
  readonly #standing = new Map<string, Standing>();

  constructor(clock: Pick<Clock, 'now'>, randomness: Randomness) {
    this.#clock = clock;
    this.#randomness = randomness;
  }

  ask({ asked, patient, entry }: Pick<DisclosureQuestion, 'asked' | 'patient' | 'entry'>): string {
    const mine = this.of(asked.session);
    const before = mine.find((one) => JSON.stringify(one.asked) === JSON.stringify(asked));
    if (before !== undefined) return before.id;
    const [oldest] = mine;
    if (mine.length >= mostOfSession && oldest !== undefined) this.#questions.delete(oldest.id);
    const id = this.#randomness.id();
    this.#questions.set(id, { id, at: this.#clock.now(), asked, patient, entry });
    forgetOldest(this.#questions, mostKept);
    return id;
  }

  find(id: string, session: string): DisclosureQuestion | null {
    const found = this.#questions.get(id);
    return found !== undefined && found.asked.session === session && this.#waits(found) ? found : null;
  }

  of(session: string): readonly DisclosureQuestion[] {
    return [...this.#questions.values()].filter((one) => one.asked.session === session && this.#waits(one));
  }

  answer(
    { id, asked }: DisclosureQuestion,
    answer: DisclosureAnswer,
    next: { readonly files: number; readonly until: number } | null,
  ): boolean {
    if (!this.#questions.delete(id)) return false;
    this.#forgetUsed();
    this.#given.set(id, { asked, at: this.#clock.now(), wentAt: null, answer });
    forgetOldest(this.#given, mostKept);
    const { session, rule } = asked;
    if (next !== null && answer.leaves && next.files > 0) {
      // Whoever was named for one download is not in the next one.
      const again = { ...answer, patients: [] };
      this.#standing.set(session, { session, rule, until: next.until, left: next.files, answer: again });
      forgetOldest(this.#standing, mostKept);
    }
    return true;
  }

  cancel({ id }: DisclosureQuestion): boolean {
    return this.#questions.delete(id);
  }

  take(request: DownloadRequest): TakenAnswer | null {
    const now = this.#clock.now();
    for (const [id, given] of this.#given) {
      if (answers(given, request, now)) return this.#taken(id, given);
      if (continues(given, request, now)) return { kind: 'part' };
    }
    return this.#takeStanding(request, now);
  }

  #taken(id: string, given: Given): TakenAnswer {
    this.#given.delete(id);
    return this.#once(given.answer, given.asked, () => void this.#given.set(id, given));
  }

  /** Either it went out or it is given back; whatever is said first holds. */
  #once(answer: DisclosureAnswer, asked: Given['asked'], back: () => void): TakenAnswer {
    let isOver = false;
    const first = (act: () => void) => (): void => {
      if (isOver) return;
      isOver = true;
      act();
    };
    const went = (): void => {
      const now = this.#clock.now();
      this.#given.set(this.#randomness.id(), { asked, at: now, wentAt: now, answer });
      forgetOldest(this.#given, mostKept);
    };
    return { kind: 'answer', answer, went: first(went), giveBack: first(back) };
  }

  #takeStanding(request: DownloadRequest, now: number): TakenAnswer | null {
    const standing = this.#standing.get(request.session);
    if (standing === undefined || !stands(standing, request, now)) return null;
    const { answer } = standing;
    this.#standing.set(request.session, { ...standing, left: standing.left - 1 });
    const { part: _, ...asked } = request;
    return this.#once(answer, asked, () => {
      const left = this.#standing.get(request.session);
      if (left !== undefined) this.#standing.set(request.session, { ...left, left: left.left + 1 });
    });
  }

  #waits({ at }: DisclosureQuestion): boolean {
    const age = this.#clock.now() - at;
    return age >= 0 && age < questionMilliseconds;
  }

  #forgetUsed(): void {
    const now = this.#clock.now();
    for (const [id, { at, wentAt }] of this.#given) {
      const until = wentAt === null ? at + answerMilliseconds : wentAt + partMilliseconds;
      if (now >= until) this.#given.delete(id);
    }
  }
}
