// A chart was asked for, the person signed out while the EHR was still at work, and the chart arrived all the same: a
// stream was only known once its first byte was sent. A live connection that the EHR was slow to agree to was joined
// after the sign-out, and lived on.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { handshakeHeaders, switchProtocols } from '../support/live-connection.ts';
import { eventually } from '../support/demo-story.ts';
import { signedIn } from '../support/session-gateway.ts';
import { wireHost, wirePlace, wireStory } from '../support/wire-story.ts';
import type { WireStory } from '../support/wire-story.ts';
import type { WireRequest } from '../support/wire-ehr.ts';

let wire: WireStory;
beforeAll(async () => {
  wire = await wireStory();
  wire.ehr.answer = () => undefined;
});
afterAll(async () => wire.close());

async function somebody() {
  const { id, session } = signedIn('nurse');
  await wire.demo.gateway.composed.state.sessions.create({ ...session, place: wirePlace });
  const head = (line: string, ...headers: readonly string[]): string =>
    wire.head(line, ...headers).replace(/^Cookie: .*$/m, `Cookie: wardgate=${id}`);
  return { session, head, end: () => wire.demo.gateway.composed.state.sessions.end(session.key, 'signed-out') };
}

async function pending(path: string): Promise<WireRequest> {
  return eventually(() => wire.ehr.requests.find(({ line }) => line.includes(path)), 'the EHR to be asked');
}

const outcome = (target: string) => wire.records().find((one) => one['event'] === 'outcome' && one['target'] === target);

test('a request that waits for the EHR is refused when its session ends, and the EHR is let go', async () => {
  const { head, end } = await somebody();
  const connection = (await wire.open()).send(head('GET /chart', 'Accept: application/json'));
  const request = await pending('/chart');
  await end();
  request.socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nchart');
  const answer = await connection.answered();
  expect(answer).toMatchObject({ status: 401 });
  expect(JSON.parse(answer.body)).toMatchObject({ reason: 'session-expired' });
  await eventually(() => request.socket.destroyed, 'the EHR to be let go');
  expect(await eventually(() => outcome('/chart'), 'the outcome')).toMatchObject({
    decision: 'refused',
    reason: 'session-expired',
    status: 401,
  });
});

test('a handshake that waits for the EHR is not joined after its session ended', async () => {
  const { head, end } = await somebody();
  const connection = (await wire.open()).send(head('GET /ws/late', ...handshakeHeaders(wireHost)));
  const request = await pending('/ws/late');
  await end();
  switchProtocols(request);
  expect(await connection.answered()).toMatchObject({ status: 401 });
  await eventually(() => request.socket.destroyed, 'the EHR to be let go');
  expect(await eventually(() => outcome('/ws/late'), 'the outcome')).toMatchObject({ reason: 'session-expired' });
});

test('a session that goes on under another key keeps its reply, and loses it when that one ends', async () => {
  const { session, head } = await somebody();
  const { sessions } = wire.demo.gateway.composed.state;
  const kept = (await wire.open()).send(head('GET /kept'));
  const lost = (await wire.open()).send(head('GET /lost', 'Accept: application/json'));
  const [first] = [await pending('/kept'), await pending('/lost')];
  const { session: next } = signedIn('nurse');
  expect(await sessions.rename(session.key, next.key, {})).toBe(true);
  first.socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nkept');
  expect(await kept.answered()).toMatchObject({ status: 200, body: 'kept' });
  await sessions.end(next.key, 'signed-out');
  expect(await lost.answered()).toMatchObject({ status: 401 });
});
