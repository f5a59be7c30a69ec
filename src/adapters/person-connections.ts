// The open connections to one EHR, each belonging to the person whose request it carried first. What an old server sends
// late behind a reply (a body after HEAD, a page after 304, whatever somebody made it split) is read as the answer to the
// next request on that connection, so the next request must never be another person's (response queue poisoning).

import type { Client } from 'undici';

interface Idle {
  readonly person: string;
  readonly client: Client;
}

export class PersonConnections {
  readonly #open: () => Client;
  readonly #inAll: number;
  readonly #all = new Set<Client>();
  /** Longest unused first. */
  readonly #idle: Idle[] = [];

  /** `open` makes a client that holds one connection. */
  constructor(open: () => Client, inAll: number) {
    this.#open = open;
    this.#inAll = inAll;
  }

  /** A connection for one request of this person: their own, or a new one in the place of the one that was not used for longest. */
  take(person: string): Client {
    const at = this.#idle.findLastIndex((idle) => idle.person === person);
    const [own] = at === -1 ? [] : this.#idle.splice(at, 1);
    if (own) return own.client;
    if (this.#all.size >= this.#inAll) this.#destroyOldest();
    const client = this.#open();
    this.#all.add(client);
    return client;
  }

  /** The request is over. */
  give(person: string, client: Client): void {
    if (this.#all.has(client)) this.#idle.push({ person, client });
  }

  async close(): Promise<void> {
    const all = [...this.#all];
    this.#all.clear();
    this.#idle.length = 0;
    await Promise.all(all.map((client) => client.destroy()));
  }

  /** Nothing runs on it, so nobody waits for its end and nothing can fail. */
  #destroyOldest(): void {
    const oldest = this.#idle.shift();
    if (!oldest) return;
    this.#all.delete(oldest.client);
    void oldest.client.destroy();
  }
}
