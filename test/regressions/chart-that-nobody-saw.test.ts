// An EHR that had ended its session answered the request for a chart with a page of status 200 that said so. The gateway held
// that page back, as it must, and wrote "chart opened" all the same: the record of what people saw named a chart that
// nobody had seen. The same happened with a download that was refused, and with a reply that a fault of ours held back.

import { afterEach, expect, test } from 'vitest';
import { eventually } from '../support/demo-story.ts';
import { formEhrGateway } from '../support/form-ehr-gateway.ts';
import type { FormEhrGateway } from '../support/form-ehr-gateway.ts';

let house: FormEhrGateway;
afterEach(() => house.close());

test('a chart whose page only said that the session is over was not opened', async () => {
  house = await formEhrGateway();
  await house.knows('nurse');
  const desk = await house.desk('nurse');
  await desk.page('/home');
  house.ehr.says = 'Your session is over';
  const told = await desk.script('/chart?set=7');
  expect([told.status, told.reason]).toEqual([401, 'ehr-session-ended']);
  await eventually(() => house.records('outcome').length === 2, 'the outcome');
  expect(house.records('attempt').at(-1)).toMatchObject({ patient: '7' });
  expect(house.records('chart-opened')).toEqual([]);
  house.ehr.says = null;
  await desk.page('/home');
  await desk.script('/chart?set=7');
  await eventually(() => house.records('chart-opened').length === 1, 'the record of the chart that was opened');
});
