// Does one thing after the other, so that nothing is judged by what another has changed halfway.

export class OneByOne {
  #last: Promise<unknown> = Promise.resolve();

  /** Begins when all before it is over, whatever became of that. Settles as `work` does. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
