// An EHR that is reached without encryption: the reason that IT wrote down stands in the record of every start, beside the
// access it allowed.

import { expect, onTestFinished, test } from 'vitest';
import { clinic, openGateway } from '../support/clinic.ts';
import { records } from '../support/demo-story.ts';

test('the reason for plain http is repeated', async () => {
  const reason = 'isolated server VLAN';
  // Written so, this machine is another one for the configuration.
  const upstream = 'http://[::ffff:127.0.0.1]:9';
  const place = await clinic({
    upstream,
    applicationLines: ['signOn: none', 'preset: legacy-demo', `plainHttpBecause: ${reason}`],
  });
  onTestFinished(() => place.close());
  const gateway = await openGateway(place);
  const details = (event: string): unknown[] => records(place).flatMap((one) => (one['event'] === event ? [one['detail']] : []));
  const note = expect.stringContaining(`; "ehr" by http: because "${reason}"`);
  expect(details('start')).toEqual([note]);
  await gateway.close();
});
