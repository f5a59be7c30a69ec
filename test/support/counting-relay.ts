// Stands between the gateway and a real EHR and counts what goes to it, so that a test can say that not one byte did.

import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface CountingRelay {
  readonly origin: string;
  /** Bytes that went to the EHR so far. */
  readonly sent: () => number;
  /** What went to the EHR since the last call, as text. */
  readonly take: () => string;
  readonly close: () => Promise<void>;
}

export async function countingRelay(target: string): Promise<CountingRelay> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let sent = 0;
  let text = '';
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const ehr = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    client.on('data', (chunk: Buffer) => {
      sent += chunk.length;
      text += chunk.toString('latin1');
    });
    client.pipe(ehr);
    ehr.pipe(client);
    for (const socket of [client, ehr]) {
      sockets.add(socket);
      socket.on('error', () => {
        client.destroy();
        ehr.destroy();
      });
      socket.once('close', () => sockets.delete(socket));
    }
  });
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1' }, resolve));
  const take = (): string => {
    const taken = text;
    text = '';
    return taken;
  };
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sent: () => sent, take, close };
}
