// The large file must be sent no faster than it is read, or the demo could not show that the gateway does the same.

import { once } from 'node:events';
import { createServer, get } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ChartNotes } from '../../src/demo/ehr/charts.ts';
import { sendLarge, showSlow } from '../../src/demo/ehr/pages/streams.ts';
import { EhrSessions } from '../../src/demo/ehr/sessions.ts';
import { ehrUsers } from '../../src/demo/ehr/users.ts';
import type { Visit } from '../../src/demo/ehr/visit.ts';

interface Served {
  readonly answer: IncomingMessage | null;
  readonly response: ServerResponse;
  readonly page: Promise<unknown>;
  readonly hangUp: () => Promise<void>;
}

/** Serves one page to one client that reads nothing. `answered` waits for the answer's headers. */
async function serve(page: (visit: Visit) => Promise<void>, query: string, answered: boolean): Promise<Served> {
  const sessions = new EhrSessions();
  const session = sessions.open(ehrUsers[0]!);
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = get({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
  client.on('error', () => undefined);
  const answers = once(client, 'response') as Promise<[IncomingMessage]>;
  answers.catch(() => undefined);
  const [request, response] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];
  const ehr = { sessions, notes: new ChartNotes(), origin: '' };
  const done = page({ request, response, query: new URLSearchParams(query), captures: new Map(), ehr, session });
  const settled = done.then(
    () => 'done',
    () => 'cut',
  );
  const hangUp = async (): Promise<void> => {
    client.destroy();
    await settled;
    server.close();
  };
  return { answer: answered ? (await answers)[0] : null, response, page: settled, hangUp };
}

describe('streams', () => {
  it('wait for a reader who does not read', async () => {
    const { response, page, hangUp } = await serve(sendLarge, 'megabytes=512', true);
    await expect.poll(() => response.writableNeedDrain).toBe(true);
    expect(response.writableLength).toBeLessThan(1024 * 1024);
    await hangUp();
    expect(await page).toBe('cut');
  });

  it('give up a slow page when nobody waits any longer', async () => {
    const { response, page, hangUp } = await serve(showSlow, 'seconds=999', false);
    await hangUp();
    expect(await page).toBe('done');
    expect(response.headersSent).toBe(false);
  });
});
