// The socket for commands under whatever anybody may send to it. What an order means is tried elsewhere; here it counts what
// reaches it at all.

import { existsSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { controlPlace } from '../../src/http/control-place.ts';
import { controlServer } from '../../src/http/control-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

async function opened() {
  const path = join(temporaryDirectory(), 'control.sock');
  const taken: unknown[] = [];
  const server = await controlServer(path, async (value) => {
    taken.push(value);
    return Promise.resolve({ status: 200, body: { told: {} } });
  });
  onTestFinished(server.close);
  return { path, taken, server };
}

function post(body: string, encoding: BufferEncoding = 'utf8'): string {
  const length = Buffer.from(body, encoding).length;
  return `POST /1/orders HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n${body}`;
}

function exchange(path: string, request: string): Promise<string> {
  return new Promise((resolve) => {
    let said = '';
    const one = connect(path, () => one.write(request, 'latin1'));
    one.on('data', (chunk) => (said += chunk.toString('latin1')));
    one.on('error', () => undefined);
    one.on('close', () => resolve(said));
  });
}

test('an order is taken, and its answer has a version and ends the connection', async () => {
  const { path, taken } = await opened();
  const answer = await exchange(path, post('{"version":1}'));
  expect([answer.slice(9, 12), answer.includes('{"version":1,"told":{}}'), taken]).toEqual(['200', true, [{ version: 1 }]]);
});

test.each<readonly [what: string, request: string, status: string]>([
  ['not JSON', post('user list'), '400'],
  ['half of JSON', post('{"version":'), '400'],
  ['bytes that are no text', post('"\xff\xfe"', 'latin1'), '400'],
  ['one byte more than an order has', post(`"${'x'.repeat(16_383)}"`), '413'],
  [
    'an order without an end',
    `POST /1/orders HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n4e20\r\n${'x'.repeat(20_000)}`,
    '413',
  ],
  ['a form', post('{}').replace('application/json', 'application/x-www-form-urlencoded'), '415'],
  ['a GET', 'GET /1/orders HTTP/1.1\r\nhost: x\r\n\r\n', '405'],
  ['another version', post('{}').replace('/1/orders', '/2/orders'), '404'],
  ['no HTTP', 'user list\r\n\r\n', '400'],
  ['headers without an end', `POST /1/orders HTTP/1.1\r\nx: ${'x'.repeat(20_000)}`, '431'],
])('%s is refused and reaches nobody', async (_what, request, status) => {
  const { path, taken } = await opened();
  expect((await exchange(path, request)).slice(9, 12)).toBe(status);
  expect(taken).toEqual([]);
});

test('the longest order is taken', async () => {
  const { path, taken } = await opened();
  expect((await exchange(path, post(`"${'x'.repeat(16_382)}"`))).slice(9, 12)).toBe('200');
  expect(taken).toHaveLength(1);
});

test('whoever says nothing is cut off, and does not keep others out for good', async () => {
  const { path, taken } = await opened();
  const silent = Array.from({ length: 16 }, () => connect(path));
  const ends = silent.map(
    (one) =>
      new Promise((resolve) =>
        one
          .on('error', () => undefined)
          .on('close', resolve)
          .resume(),
      ),
  );
  for (const one of silent.slice(8)) one.write('POST /1/orders HTTP/1.1\r\n');
  await Promise.all(ends);
  expect((await exchange(path, post('{}'))).slice(9, 12)).toBe('200');
  expect(taken).toEqual([{}]);
});

test('nobody but the owner may open it, and it is gone when it is closed', async () => {
  const { path, server } = await opened();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(process.umask()).not.toBe(0o177);
  await server.close();
  expect(existsSync(path)).toBe(false);
});

test('a path longer than a socket may have is told with the fix', () => {
  const room = 103 - '/control.sock'.length;
  const at = (length: number) => controlPlace(`/${'d'.repeat(length - 1)}`, 'linux');
  expect(at(room)).toEqual({ usable: true, path: `/${'d'.repeat(room - 1)}/control.sock` });
  expect(at(room + 1)).toEqual({ usable: false, why: expect.stringMatching(/104 bytes long and a socket takes 103; give "dataDirectory" a shorter path$/) as string }); // prettier-ignore
  // Two bytes each.
  expect(controlPlace(`/${'ü'.repeat(50)}`, 'linux')).toMatchObject({ usable: false });
});

test('on Windows it is a pipe whose name follows from the data directory', () => {
  const one = controlPlace('/data/one', 'win32');
  expect(one).toEqual({ usable: true, path: expect.stringMatching(/^\\\\\.\\pipe\\wardgate-[0-9a-f]{32}$/) as string });
  expect(controlPlace('/DATA/one', 'win32')).toEqual(one);
  expect(controlPlace('/data/other', 'win32')).not.toEqual(one);
});
