// Who waits until this gateway has heard what was told before they asked. All who come before the next round begins share one
// promise and the heartbeat of that round, so that a flood of strangers costs Redis nothing.

const answerMilliseconds = 500;

interface Question {
  readonly promise: Promise<boolean>;
  readonly answer: (heard: boolean) => void;
  /** The heartbeat that answers it; null until a round has begun. */
  number: number | null;
}

export class RedisAsked {
  /** At most one without a heartbeat, and one for each that is under way. */
  #questions: Question[] = [];

  /** Whether somebody waits for a round to begin. */
  get isWanted(): boolean {
    return this.#questions.at(-1)?.number === null;
  }

  async ask(): Promise<boolean> {
    const last = this.#questions.at(-1);
    if (last?.number === null) return last.promise;
    const question = this.#question();
    this.#questions.push(question);
    return question.promise;
  }

  /** A round begins, with this heartbeat. */
  begin(number: number): void {
    for (const question of this.#questions) question.number ??= number;
  }

  /** Everything up to this heartbeat has been heard. */
  answer(number: number): void {
    for (const question of this.#questions) {
      if (question.number !== null && question.number <= number) question.answer(true);
    }
  }

  close(): void {
    for (const question of this.#questions) question.answer(false);
  }

  #question(): Question {
    let resolve: (heard: boolean) => void = () => undefined;
    const promise = new Promise<boolean>((settle) => {
      resolve = settle;
    });
    const answer = (heard: boolean): void => {
      clearTimeout(timer);
      this.#questions = this.#questions.filter((one) => one !== question);
      resolve(heard);
    };
    const question: Question = { promise, answer, number: null };
    const timer = setTimeout(() => answer(false), answerMilliseconds);
    return question;
  }
}
