// Somebody saved new rules while the audit disk was full. The change could not be recorded, the rejection was caught by
// nobody, and Node ended the whole gateway: a full disk and an editor took the clinic down. And had it lived, the new rules
// would have been forgotten. Now the old rules stay, and the new ones are taken as soon as the change can be recorded.

import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { clinic } from '../support/clinic.ts';
import type { Clinic } from '../support/clinic.ts';
import { rulesChanges } from '../support/clinic-story.ts';
import { endCommands, gatewayProcess } from '../support/command.ts';
import { eventually } from '../support/demo-story.ts';
import { enrol } from '../support/enrol.ts';

const script = { accept: '*/*', 'sec-fetch-mode': 'cors' };
let place: Clinic;

afterEach(async () => {
  await endCommands();
  await place.close();
});

test('the gateway lives on, and takes the rules once it can record that it did', { timeout: 60_000 }, async () => {
  place = await clinic();
  const gateway = await gatewayProcess(place.file);
  const { client } = await enrol(place.origin, 'newcomer');
  const chart = async (): Promise<number> => (await client.ask(`${place.origin}/chart?pid=7`, { headers: script })).status;
  expect(await chart()).toBe(200);

  const aside = `${place.auditDirectory}-aside`;
  renameSync(place.auditDirectory, aside);
  writeFileSync(place.auditDirectory, '');
  await expect.poll(chart, { timeout: 15_000 }).toBe(503);

  const rules = join(place.directory, 'rules.yaml');
  const shipped = readFileSync(rules, 'utf8');
  const changed = shipped.replace('allow: [physician, nurse, records], emergency', 'allow: [physician, records], emergency');
  const seen = place.ehr.requests().length;
  writeFileSync(rules, 'rules: [');
  await eventually(() => gateway.stdout().includes('the old ones stay in force'), 'the broken rules to be read');
  writeFileSync(rules, changed.slice(0, changed.indexOf('\ntests:')));
  expect(await chart()).toBe(503);
  expect(place.ehr.requests()).toHaveLength(seen);

  rmSync(place.auditDirectory);
  renameSync(aside, place.auditDirectory);
  await expect.poll(chart, { timeout: 15_000 }).toBe(403);
  const [change] = rulesChanges(place);
  expect(change).toMatchObject({
    detail: expect.stringMatching(/^Rules [0-9a-f]{16} replaced by [0-9a-f]{16}: author not recorded$/),
  });
  expect(await gateway.end()).toEqual({ code: 0, signal: null });
});
