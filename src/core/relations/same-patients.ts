// Which ids are one patient: each id leads to one that stands for all of them.

export class SamePatients {
  readonly #leads = new Map<string, string>();

  join(one: string, other: string): void {
    const [first, second] = [this.of(one), this.of(other)];
    if (first !== second) this.#leads.set(second, first);
  }

  of(id: string): string {
    let at = id;
    for (let next = this.#leads.get(at); next !== undefined; next = this.#leads.get(at)) at = next;
    return at;
  }
}
