// `set_pt.php?set_pid=0` was taken for the choice of a patient 0. OpenEMR takes it for no choice and goes on with the chart that
// is open, so whoever sent it read on in patient 5 and stood on record with patient 0. Without a number the dashboard chose
// nobody, and the next `pid=13` opened chart 13 under the name of patient 5.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { problemOf, script } from '../support/clinic-story.ts';
import { eventually } from '../support/demo-story.ts';
import type { HearingClient } from '../support/hearing-client.ts';
import { CHART, openEmrClinic, passwordOf } from '../support/openemr-clinic.ts';
import type { OpenEmrClinic } from '../support/openemr-clinic.ts';

let house: OpenEmrClinic;
let nurse: HearingClient;
beforeAll(async () => {
  house = await openEmrClinic();
  house.importPassword('nurse', passwordOf('nurse'));
  ({ client: nurse } = await house.enter('nurse'));
  await nurse.page(house.url(`${CHART}?set_pid=5`), { 'sec-fetch-dest': 'iframe' });
});
afterAll(async () => house.close());

test.each([
  ['/library/ajax/set_pt.php?set_pid=0', 'patient-ambiguous'],
  ['/library/ajax/set_pt.php?set_pid=', 'patient-ambiguous'],
  [`${CHART}?set_pid=0`, 'patient-ambiguous'],
  [`${CHART}?set_pid=`, 'patient-ambiguous'],
  ['/interface/patient_file/encounter/encounter_top.php?set_encounter=3&pid=0', 'patient-ambiguous'],
])('%s is refused, and what is read next stands with the patient whose chart it is', async (path, reason) => {
  const before = house.emr.requests().length;
  const refused = await script(nurse, house.url(path));
  expect({ status: refused.status, reason: problemOf(refused)['reason'] }).toEqual({ status: 400, reason });
  expect(house.emr.seenSince(before)).toEqual([]);

  const asked = `/interface/patient_file/history/encounters.php?after=${encodeURIComponent(path)}`;
  const chart = await script(nurse, house.url(asked));
  expect(chart.text).toContain('(5)');
  const find = (): Record<string, unknown> | undefined =>
    house.records().findLast((one) => one['event'] === 'attempt' && String(one['target']).includes('encounters.php'));
  expect(await eventually(find, 'the record')).toMatchObject({ patient: '5', patientSource: 'session' });
});
