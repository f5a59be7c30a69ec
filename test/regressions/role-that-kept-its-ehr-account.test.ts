// Where each role has its account at the EHR, a person whose role was taken away kept the session that the account of that
// role had opened, for as long as they worked: the gateway judged them as a nurse, and the EHR served them as a physician.

import { afterEach, expect, test } from 'vitest';
import { formEhrGateway } from '../support/form-ehr-gateway.ts';
import type { FormEhrGateway } from '../support/form-ehr-gateway.ts';

let house: FormEhrGateway;
afterEach(() => house.close());

test('nobody works on with the account of a role they had', async () => {
  const physician = 'physician: { account: ehr-physician, passwordFile: doc }';
  house = await formEhrGateway(`{ roles: { ${physician} } }`, { doc: 'right-password-of-physician' });
  house.ehr.passwords.set('ehr-physician', 'right-password-of-physician');
  const desk = await house.desk('physician');
  expect((await desk.page('/home')).text).toBe('user ehr-physician, patient nobody');
  await house.gateway().composed.state.sessions.update(desk.session.key, { roles: ['nurse'] });
  const before = house.ehr.count('GET /home');
  expect([(await desk.script('/home')).status, (await desk.frame('/home')).status]).toEqual([401, 401]);
  expect((await desk.page('/home')).status).toBe(403);
  expect(house.ehr.count('GET /home')).toBe(before);
});
