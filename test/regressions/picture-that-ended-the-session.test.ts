// A preset told the end of the EHR's session by what did not stand in its page: its sign-out button. Pictures, compressed
// pages and long ones are not looked into, and nothing stood in what nobody had read: the first picture of a page ended the
// session that had just been opened. A page that is cut at its first kilobytes said as little.

import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { noticeEhrEnd } from '../../src/reply/notice-ehr-end.ts';
import { replyTest } from '../core/ehr/build-recipe.ts';
import { applicationOf, replyOf } from '../support/edge-facts.ts';
import { FakeStandings, targetOf } from '../support/fake-ehr.ts';
import { loginRecipe } from '../support/login-recipe.ts';
import { sessionOf } from '../support/session-of.ts';

test.each<readonly [what: string, headers: readonly string[], body: Buffer]>([
  ['a picture', ['Content-Type', 'image/png', 'Content-Length', '3'], Buffer.from('PNG')],
  ['a compressed page', ['Content-Type', 'text/html', 'Content-Encoding', 'gzip'], gzipSync('Sign out')],
  ['a long page', ['Content-Type', 'text/html', 'Content-Length', '90000'], Buffer.alloc(90_000, ' ')],
  ['a page in chunks', ['Content-Type', 'text/html'], Buffer.from(`${' '.repeat(50_000)}Sign out`)],
])('%s ends nothing', async (_what, headers, body) => {
  const ada = sessionOf('a');
  const standings = new FakeStandings();
  const ehrStanding = { generation: 1, standing: 'signed-on', jar: [], signedOnAt: 0 } as const;
  standings.put(ada, 'ehr', ehrStanding);
  const recipe = loginRecipe({ loggedOut: [replyTest({ bodyWithout: ['Sign out'] })] });
  const application = applicationOf({ signOn: { by: 'recipe', recipe, values: new Map(), account: { of: 'own' } } });
  const facts = { application, session: ada, ehrStanding, shape: 'script', method: 'GET', target: targetOf('/x') };
  const reply = { ...replyOf(headers), peek: (most: number) => Promise.resolve(body.subarray(0, most)) };
  const step = noticeEhrEnd({ standings, logOutOfEhr: () => expect.fail('Nothing is to be closed') });
  expect(await step(facts as never, reply)).toBeUndefined();
  expect(standings.get(ada, 'ehr')).toEqual(ehrStanding);
});
