// A Sentinel on one side of a network that fell apart: it hears nothing of the others, and goes on naming the master that it knew.
// A real one would be part of them and hear of everything on this machine, where there is nothing that can be cut between them.

import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface SentinelBeside {
  readonly port: number;
  /** From now on the master is at this port. */
  says(port: number): void;
  close(): Promise<void>;
}

const host = '127.0.0.1';
const bulk = (text: string): string => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;

export async function sentinelBeside(): Promise<SentinelBeside> {
  let master = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.on('data', (asked) => {
      // Small questions, which come whole; several at once, maybe.
      for (const question of asked
        .toString()
        .toLowerCase()
        .split(/(?=\*\d+\r\n\$)/))
        socket.write(answerTo(question, master));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    says: (port) => {
      master = port;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function answerTo(question: string, master: number): string {
  if (question.includes('get-master-addr-by-name')) return `*2\r\n${bulk(host)}${bulk(String(master))}`;
  if (question.includes('hello')) return '%1\r\n+proto\r\n:3\r\n';
  return question.includes('sentinels') ? '*0\r\n' : '+OK\r\n';
}
