// SIGKILL at a random moment under load: every request that the EHR saw has its attempt in the record, the chain is sound,
// and after the restart nobody has lost their session, their second factor or the knowledge of which codes were used.
// WARDGATE_SOAK_ROUNDS=200 goes on for longer.

import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { segments, verify } from '../support/audit-log.ts';
import { clinic } from '../support/clinic.ts';
import type { Clinic } from '../support/clinic.ts';
import { endCommands, gatewayProcess } from '../support/command.ts';
import type { Command } from '../support/command.ts';
import type { CookieClient } from '../support/cookie-client.ts';
import { eventually, records } from '../support/demo-story.ts';
import { enrol, tryCode } from '../support/enrol.ts';
import type { Enrolled } from '../support/enrol.ts';
import { seeded } from '../support/seeded.ts';

const rounds = Number(process.env.WARDGATE_SOAK_ROUNDS ?? 5);
const lanes = 8;
const script = { accept: '*/*', 'sec-fetch-mode': 'cors' };
const byHand = { accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', 'sec-fetch-user': '?1' };

const seen = new Set<string>();
let place: Clinic;
let gateway: Command;
let nurse: Enrolled;

beforeAll(async () => {
  const observe = ({ headers }: { readonly headers: readonly string[] }): void => {
    const at = headers.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'x-request-id');
    seen.add(at === -1 ? 'a request without an id' : (headers[at + 1] ?? ''));
  };
  place = await clinic({ ehr: { observe } });
  gateway = await gatewayProcess(place.file);
  nurse = await enrol(place.origin, 'newcomer');
});

afterAll(async () => {
  await endCommands();
  await place.close();
});

/** Reads charts and writes notes until the gateway is gone. Resolves with how many answers came. */
async function load(client: CookieClient, lane: number): Promise<number> {
  for (let count = 0; ; count += 1) {
    const pid = 1 + ((lane + count) % 5);
    const note = {
      method: 'POST',
      body: `note=line+${count}`,
      headers: { ...script, 'content-type': 'application/x-www-form-urlencoded' },
    };
    const path = count % 3 === 0 ? `/chart/notes?pid=${pid}` : `/chart?pid=${pid}`;
    try {
      const reply = await client.ask(place.origin + path, count % 3 === 0 ? note : { headers: script });
      if (reply.status >= 400) throw new Error(`${path} was answered ${reply.status}: ${reply.text}`);
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause) return count;
      throw cause;
    }
  }
}

test(
  `${rounds} crashes under load lose no attempt, no session and no link of the chain`,
  { timeout: 60_000 + rounds * 10_000 },
  async () => {
    const random = seeded(11);
    for (let round = 0; round < rounds; round += 1) {
      const target = seen.size + 20 + Math.floor(random() * 300);
      const running = Array.from({ length: lanes }, (_, lane) => load(nurse.client, lane));
      await eventually(() => seen.size >= target, 'the load to reach the EHR', 30_000);
      expect(await gateway.end('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
      const answered = await Promise.all(running);
      expect(answered.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(10);
      expect(await verify(place.auditDirectory)).toMatchObject({ sound: true, flaw: null });
      gateway = await gatewayProcess(place.file);
      expect(await verify(place.auditDirectory)).toMatchObject({ sound: true, flaw: null });
      // A page that a person opens, so that a long run does not find them locked for want of anybody there.
      const stillIn = await nurse.client.ask(`${place.origin}/main`, { headers: byHand });
      expect(stillIn.status).toBe(200);
    }
    const attempts = new Set(records(place).filter((one) => one['event'] === 'attempt').map((one) => one['request'])); // prettier-ignore
    expect([...seen].filter((id) => !attempts.has(id))).toEqual([]);
    expect(seen.size).toBeGreaterThan(rounds * 20);
  },
);

test('a line that the crash has torn is cut at the next start, and said so', async () => {
  await gateway.end('SIGKILL');
  const last = segments(place.auditDirectory).at(-1) ?? '';
  appendFileSync(join(place.auditDirectory, last), '{"v":1,"seq":9999,"event":"atte');

  gateway = await gatewayProcess(place.file);
  const repaired = await eventually(() => records(place).find((one) => one['event'] === 'audit-repaired'), 'the repair');
  expect(repaired['detail']).toBe(`31 bytes of a torn last line were cut from "${last}"`);
  expect(gateway.stdout()).toContain('torn line');

  expect(await verify(place.auditDirectory)).toMatchObject({ sound: true, flaw: null });
});

test('enrolments and used codes outlive a crash', async () => {
  const [spent = '', fresh = ''] = nurse.recoveryCodes;
  expect(await tryCode(place.origin, 'newcomer', spent)).toMatchObject({ signedIn: true });
  await gateway.end('SIGKILL');
  gateway = await gatewayProcess(place.file);
  expect(await tryCode(place.origin, 'newcomer', spent)).toMatchObject({ status: 403, signedIn: false });
  expect(await tryCode(place.origin, 'newcomer', nurse.usedCode)).toMatchObject({ status: 403, signedIn: false });
  expect(await tryCode(place.origin, 'newcomer', fresh)).toMatchObject({ signedIn: true });
});
