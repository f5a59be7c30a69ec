// `tlsEndedBy: 0.0.0.0/0` refused to start, and `::ffff:0:0/96`, which is the same in the words of IPv6, did not: whoever came
// could state any address in X-Forwarded-For and stood in the clinic's zone.

import { expect, test } from 'vitest';
import { recordsOf } from '../support/clinic-story.ts';
import { signIn, story } from '../support/demo-story.ts';

const trusting = (range: string) =>
  story({ rewriteGateway: (yaml) => yaml.replace('health: { port: 0 }', `health: { port: 0 }, tlsEndedBy: ["${range}"]`) });

test.each(['0.0.0.0/0', '::/0', '::ffff:0:0/96', '::ffff:127.0.0.0/104', '::/80', '::/9', '2000::/3', '0.0.0.0/1'])(
  '%s refuses to start',
  async (range) => {
    await expect(trusting(range)).rejects.toThrow(/tlsEndedBy|Range/);
  },
);

test('a named proxy is believed, and an address has one spelling in the record', async () => {
  const demo = await trusting('127.0.0.1');
  try {
    const client = await signIn(demo, 'nurse');
    for (const stated of ['203.0.113.9', '::ffff:203.0.113.9', '::FFFF:cb00:7109']) {
      await client.ask(`${demo.origin}/nowhere`, { headers: { 'x-forwarded-for': stated } });
      expect(recordsOf(demo, 'refusal').at(-1)).toMatchObject({ address: '203.0.113.9' });
    }
  } finally {
    await demo.close();
  }
});
