// Several gateways in one process, as far as stores see them: what one tells is heard by the others, in one order, when the
// test lets it through. A store that keeps rows in memory is opened once for each.

import type { ChangeTopic, SharedParts } from '../../src/shared-ports.ts';

export interface GatewayOfSeveral extends SharedParts {
  /** What follows hears nothing any more, as behind a cut network; `current` is false until `join`. */
  part(): void;
  /** Hears nothing of what was missed, and has everything read again, as after a fail-over. */
  join(): Promise<void>;
}

export class GatewaysTogether {
  readonly #gateways: OneOfSeveral[] = [];
  readonly #turns = new Map<string, Promise<unknown>>();
  /** While true, what is told waits for `deliver`. */
  held = false;
  #waiting: (() => void)[] = [];

  /** The first one leads. */
  gateway(): GatewayOfSeveral {
    const gateway = new OneOfSeveral(this, this.#gateways.length === 0);
    this.#gateways.push(gateway);
    return gateway;
  }

  deliver(): void {
    for (const send of this.#waiting.splice(0)) send();
  }

  send(from: OneOfSeveral, topic: ChangeTopic, entries: readonly string[]): void {
    const send = (): void => {
      for (const one of this.#gateways) if (one !== from) one.hear(topic, entries);
    };
    if (this.held) this.#waiting.push(send);
    else send();
  }

  async turn<T>(name: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(name) ?? Promise.resolve()).then(work);
    this.#turns.set(
      name,
      turn.catch(() => undefined),
    );
    return turn;
  }
}

class OneOfSeveral implements GatewayOfSeveral {
  readonly #all: GatewaysTogether;
  readonly #heard = new Map<ChangeTopic, ((entries: readonly string[]) => void)[]>();
  readonly #reloads: (() => Promise<void>)[] = [];
  #parted = false;
  readonly leadership: SharedParts['leadership'];
  readonly turns: SharedParts['turns'] = { run: async (name, work) => this.#all.turn(name, work) };
  readonly changes: SharedParts['changes'];

  constructor(all: GatewaysTogether, leads: boolean) {
    this.#all = all;
    this.leadership = { leads, onLead: (begin) => (leads ? begin() : undefined) };
    const parted = (): boolean => this.#parted;
    this.changes = {
      tell: async (topic, entries) => {
        if (this.#parted) return Promise.resolve(false);
        this.#all.send(this, topic, entries);
        return Promise.resolve(true);
      },
      follow: (topic, heard) => {
        this.#heard.set(topic, [...(this.#heard.get(topic) ?? []), heard]);
      },
      onMissed: (reload) => {
        this.#reloads.push(reload);
      },
      get current() {
        return !parted();
      },
      caughtUp: async () => {
        if (!this.#parted) this.#all.deliver();
        return Promise.resolve(!this.#parted);
      },
    };
  }

  hear(topic: ChangeTopic, entries: readonly string[]): void {
    if (this.#parted) return;
    for (const heard of this.#heard.get(topic) ?? []) heard(entries);
  }

  part(): void {
    this.#parted = true;
  }

  async join(): Promise<void> {
    for (const reload of this.#reloads) await reload();
    this.#parted = false;
  }
}
