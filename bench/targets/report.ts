// How a target talks to the bench: it says where it listens, and answers with its processor time when asked.

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Ready {
  readonly ready: true;
  readonly port: number;
  /** Headers the load must send to be let in. */
  readonly headers: Readonly<Record<string, string>>;
  readonly path: string;
}

/** Listens on a free port and answers the bench over the process channel. */
export function reportTo(server: Server, headers: Readonly<Record<string, string>>, path = '/chart'): void {
  server.listen(0, '127.0.0.1', () => announce((server.address() as AddressInfo).port, headers, path));
}

export function announce(port: number, headers: Readonly<Record<string, string>>, path: string): void {
  const ready: Ready = { ready: true, port, headers, path };
  process.on('message', (message) => {
    if (message !== 'usage') return;
    const { user, system } = process.cpuUsage();
    process.send?.({ cpuMicroseconds: user + system, residentBytes: process.memoryUsage.rss() });
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.(ready);
}
