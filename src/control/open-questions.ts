// Who has a question or a message of a reviewer waiting, in memory: what pages ask for again and again may wait for no
// store. What is answered, withheld or closed is forgotten at its step.

import type { Case, CasePerson } from '../core/cases/case.ts';
import { questionThread, quietUntil } from '../core/cases/question-thread.ts';
import { personKey } from '../core/downloads/person-key.ts';
import { forgetOldest } from '../core/forget-oldest.ts';

export type Waits = 'question' | 'message';

interface Waiting {
  readonly waits: Waits;
  readonly quietUntil: number;
  /** When the last of it was said to them. */
  readonly saidAt: number;
}

/** People, and cases of each. */
const mostPeople = 10_000;
const mostOfOne = 100;

export class OpenQuestions {
  readonly #due: (askedAt: number) => number;
  readonly #people = new Map<string, Map<string, Waiting>>();

  /** `due`: until when a question of this moment may be put off. */
  constructor(due: (askedAt: number) => number) {
    this.#due = due;
  }

  hear(one: Case): void {
    if (one.person === null) return;
    const key = personKey(one.person);
    const thread = questionThread(one);
    const theirs = this.#people.get(key) ?? new Map<string, Waiting>();
    theirs.delete(one.id);
    if (thread !== null && thread.waits !== null) {
      const quiet = thread.askedAt === null ? 0 : quietUntil(thread, this.#due(thread.askedAt));
      const saidAt = thread.askedAt ?? thread.steps.at(-1)?.at ?? 0;
      theirs.set(one.id, { waits: thread.waits, quietUntil: quiet, saidAt });
      forgetOldest(theirs, mostOfOne);
    }
    this.#people.delete(key);
    if (theirs.size > 0) this.#people.set(key, theirs);
    forgetOldest(this.#people, mostPeople);
  }

  /** Before everything is heard anew: what was closed meanwhile is told by nobody. */
  forgetAll(): void {
    this.#people.clear();
  }

  /** A question goes before a message; null where nothing waits, or all of it was put off. */
  waiting(person: Pick<CasePerson, 'issuer' | 'sub'>, now: number): Waits | null {
    const told = this.#told(person, now).map(({ waits }) => waits);
    return told.includes('question') ? 'question' : (told[0] ?? null);
  }

  newest(person: Pick<CasePerson, 'issuer' | 'sub'>, now: number): number {
    return Math.max(0, ...this.#told(person, now).map(({ saidAt }) => saidAt));
  }

  #told(person: Pick<CasePerson, 'issuer' | 'sub'>, now: number): readonly Waiting[] {
    return [...(this.#people.get(personKey(person))?.values() ?? [])].filter((one) => now >= one.quietUntil);
  }
}
