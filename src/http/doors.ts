// The listeners of one gateway: that of people, and beside it that of the machines which show a certificate. Both lead to
// the same list, and both are closed together.

import type { Server } from 'node:http';
import type { Server as SecureServer } from 'node:https';
import { certificateOptions } from './client-certificate.ts';
import { Drain } from './drain.ts';
import { edgeServer } from './edge-server.ts';
import type { EdgeNeeds } from './edge-server.ts';
import { closeWithin, listen } from './listen.ts';
import type { TlsBytes } from './server-certificate.ts';

export interface DoorsNeeds extends Omit<EdgeNeeds, 'forMachines'> {
  readonly listen: {
    readonly host: string;
    readonly port: number;
    readonly machinePort: number | null;
  };
  /** Holds the closer of every open WebSocket. */
  readonly sockets: ReadonlySet<(code: number) => void>;
}

interface One {
  readonly server: Server;
  readonly drain: Drain;
}

export class Doors {
  readonly #needs: DoorsNeeds;
  readonly #people: One;
  readonly #machines: One | null;

  constructor(needs: DoorsNeeds) {
    this.#needs = needs;
    this.#people = door(needs, false);
    this.#machines = needs.listen.machinePort === null ? null : door(needs, true);
  }

  /** Resolves with the ports; where one is taken, nothing stays open. */
  async listen(): Promise<{ readonly port: number; readonly machinePort: number | null }> {
    const { host, port, machinePort } = this.#needs.listen;
    const opened = await listen(this.#people.server, port, host);
    if (this.#machines === null || machinePort === null) return { port: opened, machinePort: null };
    try {
      return { port: opened, machinePort: await listen(this.#machines.server, machinePort, host) };
    } catch (cause) {
      await closeWithin(this.#people.server, 0);
      throw cause;
    }
  }

  /** Uses a renewed certificate for the connections that come from now on. Throws where TLS cannot use it. */
  setSecureContext(options: TlsBytes & { readonly minVersion: 'TLSv1.2' }): void {
    const { secureOptions } = certificateOptions;
    (this.#people.server as SecureServer).setSecureContext(options);
    (this.#machines?.server as SecureServer | undefined)?.setSecureContext({ ...options, secureOptions });
  }

  /** Resolves when every connection is closed and every exchange has settled. */
  async end(milliseconds: number): Promise<void> {
    await Promise.all(this.#all().map(({ drain }) => drain.end(milliseconds)));
  }

  /** Cuts what still runs. */
  hurry(): void {
    for (const { drain } of this.#all()) drain.hurry();
  }

  #all(): readonly One[] {
    return this.#machines === null ? [this.#people] : [this.#people, this.#machines];
  }
}

function door(needs: DoorsNeeds, forMachines: boolean): One {
  const server = edgeServer({ ...needs, forMachines, serve: (exchange) => drain.watch(needs.serve(exchange)) });
  const drain = new Drain(server, needs.sockets);
  return { server, drain };
}
