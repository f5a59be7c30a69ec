// The EHR had ended its session, and the gateway had emptied the jar. A slow answer to an earlier request of that session then
// brought a cookie, which went into the empty jar and was remembered as this person's: a logout in that state was sent with
// it, and so was whatever came next.

import { expect, test } from 'vitest';
import { guardCookies } from '../../src/reply/guard-cookies.ts';
import { applicationOf, replyOf } from '../support/edge-facts.ts';
import { FakeStandings, targetOf } from '../support/fake-ehr.ts';
import { loginRecipe } from '../support/login-recipe.ts';
import { sessionOf } from '../support/session-of.ts';

test('what comes after the end of a session stays out of the jar and is learned by nobody', () => {
  const ada = sessionOf('a');
  const standings = new FakeStandings();
  const over = { generation: 1, standing: 'ended', jar: [], signedOnAt: 0 } as const;
  standings.put(ada, 'ehr', over);
  const signOn = { by: 'recipe', recipe: loginRecipe(), values: new Map(), account: { of: 'own' } } as const;
  const application = applicationOf({ signOn, cookies: { jar: ['SID'], passthrough: [], seed: [] }, sessionCookie: 'SID' });
  const ehrStanding = { ...over, standing: 'signed-on' } as const;
  const facts = { application, session: ada, ehrStanding, target: targetOf('/slow'), arrivedAt: 1, selects: null };
  const step = guardCookies({ standings, learnEhrSessions: () => expect.fail('Nobody was given a session') });
  const reply = replyOf(['Set-Cookie', 'SID=zombie; Path=/']);
  void step(facts as never, reply);
  expect([reply.headers, standings.get(ada, 'ehr')]).toEqual([[], over]);
});
