// Questions about downloads and their answers, of several gateways: as `disclosure-questions-memory.ts` has them for one. An answer is
// for one download, whichever gateway it comes to; what is taken out and lost with a gateway is asked again, never let through.

import { hash } from 'node:crypto';
import { answerMilliseconds, answers, continues, partMilliseconds, stands } from '../core/disclosures/covers-request.ts';
import type { DownloadRequest, GivenAnswer, StandingAnswer } from '../core/disclosures/covers-request.ts';
import type { DisclosureAnswer, DisclosureQuestion, DisclosureQuestions, TakenAnswer } from '../disclosure-ports.ts';
import type { Clock, OperationsLog, Randomness } from '../ports.ts';
import type { ShortNotes } from '../short-note-ports.ts';

export interface SharedDisclosureQuestionsNeeds {
  readonly notes: ShortNotes;
  readonly clock: Pick<Clock, 'now'>;
  readonly randomness: Randomness;
  readonly log: Pick<OperationsLog, 'warn'>;
}

/** As long as somebody may take to look up an address, milliseconds. */
const questionMilliseconds = 15 * 60_000;
/** Of one session. */
const mostQuestions = 20;
const mostAnswers = 50;

interface Given extends GivenAnswer {
  readonly answer: DisclosureAnswer;
}
interface Standing extends StandingAnswer {
  readonly answer: DisclosureAnswer;
}

export class SharedDisclosureQuestions implements DisclosureQuestions {
  readonly #needs: SharedDisclosureQuestionsNeeds;

  constructor(needs: SharedDisclosureQuestionsNeeds) {
    this.#needs = needs;
  }

  async ask({ asked, patient, entry }: Pick<DisclosureQuestion, 'asked' | 'patient' | 'entry'>): Promise<string> {
    const at = this.#needs.clock.now();
    // The same download has the same id, wherever it is asked about.
    const id = hash('sha256', JSON.stringify(asked), 'base64url');
    const known = await this.find(id, asked.session);
    if (known === null)
      await this.#put('question', asked.session, id, { id, at, asked, patient, entry }, at + questionMilliseconds);
    return id;
  }

  async find(id: string, session: string): Promise<DisclosureQuestion | null> {
    return (await this.of(session)).find((one) => one.id === id) ?? null;
  }

  async of(session: string): Promise<readonly DisclosureQuestion[]> {
    return (await this.#needs.notes.list('question', session)).map(({ text }) => JSON.parse(text) as DisclosureQuestion);
  }

  async answer(
    { id, asked }: DisclosureQuestion,
    answer: DisclosureAnswer,
    next: { readonly files: number; readonly until: number } | null,
  ): Promise<boolean> {
    if ((await this.#needs.notes.take('question', asked.session, id)) === null) return false;
    const at = this.#needs.clock.now();
    await this.#put('answer', asked.session, id, { asked, at, wentAt: null, answer }, at + answerMilliseconds);
    const { session, rule } = asked;
    if (next !== null && answer.leaves && next.files > 0) {
      // Whoever was named for one download is not in the next one.
      const again = { ...answer, patients: [] };
      await this.#stand({ session, rule, until: next.until, left: next.files, answer: again });
    }
    return true;
  }

  async cancel({ id, asked }: DisclosureQuestion): Promise<boolean> {
    return (await this.#needs.notes.take('question', asked.session, id)) !== null;
  }

  async take(request: DownloadRequest): Promise<TakenAnswer | null> {
    const { notes, clock } = this.#needs;
    const now = clock.now();
    for (const { id, text } of await notes.list('answer', request.session)) {
      const given = JSON.parse(text) as Given;
      if (continues(given, request, now)) return { kind: 'part' };
      // Another gateway may have taken it for the same download a moment ago.
      if (answers(given, request, now) && (await notes.take('answer', request.session, id)) !== null)
        return this.#once(given.answer, given.asked, () =>
          this.#put('answer', request.session, id, given, given.at + answerMilliseconds),
        );
    }
    return this.#takeStanding(request, now);
  }

  async #takeStanding(request: DownloadRequest, now: number): Promise<TakenAnswer | null> {
    const { session } = request;
    const taken = await this.#needs.notes.take('standing', session, session);
    if (taken === null) return null;
    const standing = JSON.parse(taken) as Standing;
    if (!stands(standing, request, now)) {
      await this.#stand(standing);
      return null;
    }
    if (standing.left > 1) await this.#stand({ ...standing, left: standing.left - 1 });
    const { part: _, ...asked } = request;
    return this.#once(standing.answer, asked, async () => {
      const left = await this.#needs.notes.take('standing', session, session);
      const before = left === null ? { ...standing, left: 0 } : (JSON.parse(left) as Standing);
      await this.#stand({ ...before, left: before.left + 1 });
    });
  }

  /** Either it went out or it is given back; whatever is said first holds. */
  #once(answer: DisclosureAnswer, asked: Given['asked'], back: () => Promise<void>): TakenAnswer {
    const { clock, randomness, log } = this.#needs;
    let isOver = false;
    const first = (act: () => Promise<void>) => async (): Promise<void> => {
      if (isOver) return;
      isOver = true;
      // What cannot be kept is asked about once more.
      await act().catch((cause: unknown) => log.warn({ cause }, 'What became of an answer about a download could not be kept'));
    };
    const went = async (): Promise<void> => {
      const now = clock.now();
      const given: Given = { asked, at: now, wentAt: now, answer };
      await this.#put('answer', asked.session, randomness.id(), given, now + partMilliseconds);
    };
    return { kind: 'answer', answer, went: first(went), giveBack: first(back) };
  }

  async #stand(standing: Standing): Promise<void> {
    await this.#put('standing', standing.session, standing.session, standing, standing.until);
  }

  async #put(kind: 'question' | 'answer' | 'standing', owner: string, id: string, what: object, until: number): Promise<void> {
    const most = kind === 'question' ? mostQuestions : mostAnswers;
    await this.#needs.notes.put({ kind, owner, id, text: JSON.stringify(what), until }, most);
  }
}
