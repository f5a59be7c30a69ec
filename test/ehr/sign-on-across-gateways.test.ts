// One person's requests that reach two gateways at once: the EHR is signed on to once, a password or an account that it
// refused is not tried at the other gateway, and whoever waited goes on in what the first one opened.

import { expect, test } from 'vitest';
import { openEhrState } from '../../src/adapters/open-ehr-state.ts';
import { createMasterKey, FileSealer } from '../../src/adapters/sealer-file.ts';
import { SqliteSessionStore } from '../../src/adapters/session-store-sqlite.ts';
import { RecipeSignOn } from '../../src/ehr/recipe-sign-on.ts';
import { answer, entryOf, signOnStage } from '../support/fake-ehr.ts';
import type { RecipeSettings } from '../support/fake-ehr.ts';
import { FakeClock, FakeLog } from '../support/fake-ports.ts';
import { GatewaysTogether } from '../support/gateways-together.ts';
import { ifRight, loginEhr, loginRecipe, rightPassword } from '../support/login-recipe.ts';
import type { LoginAnswer } from '../support/login-recipe.ts';
import { noMachines } from '../support/no-machines.ts';
import { sessionOf } from '../support/session-of.ts';
import { onEachEngine, openStateDb } from '../support/state-engines.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const [ada, bob] = [sessionOf('a'), sessionOf('b')];

/** Two gateways in front of one EHR, which counts; vault and records are theirs together, as a database is. */
async function setUp(account: RecipeSettings['account'], login: LoginAnswer = ifRight, mostFailures = 5) {
  const directory = temporaryDirectory();
  createMasterKey(`${directory}/key`);
  const db = await openStateDb(directory);
  const [clock, log, sealer] = [new FakeClock(), new FakeLog(), new FileSealer(`${directory}/key`)];
  const judge = () => ({ standing: 'active' as const, locksAt: 0, endsAt: 0 });
  const sessions = await SqliteSessionStore.open(db, clock, log, { touchStepMilliseconds: 60_000, judge });
  for (const session of [ada, bob]) await sessions.create(session);
  const recipe = loginRecipe({ landing: { to: 'location' } });
  const stage = signOnStage({ recipe, account, answer: loginEhr(login) });
  const together = new GatewaysTogether();
  const open = async () => {
    const shared = together.gateway();
    const { standings, brakeOf } = await openEhrState({ db, sessions, sealer, clock, log }, shared);
    const signOn = new RecipeSignOn({
      application: stage.application,
      signOn: { by: 'recipe', recipe, values: new Map(), account },
      clock,
      client: stage.client,
      standings,
      vault: stage.vault,
      machines: noMachines,
      turns: shared.turns,
      brake: brakeOf?.(mostFailures) ?? expect.fail('It is alone'),
      encode: (text) => Buffer.from(text).toString('base64'),
      learn: () => undefined,
      logOut: (_application, { jar }) => void stage.loggedOut.push({ jar }),
      record: async () => Promise.resolve(),
    });
    return { standings, signOn };
  };
  const [one, two] = [await open(), await open()];
  const stop = async () => {
    await one.standings.close();
    await two.standings.close();
    await sessions.close();
    await db.close();
  };
  return { stage, one, two, sessions, stop };
}

const posts = ({ client }: Awaited<ReturnType<typeof setUp>>['stage']) =>
  client.lines.filter((line) => line === 'POST /login').length;

onEachEngine(() => {
  test('pages of one session at two gateways are one sign-on, and its landing belongs to one of them', async () => {
    const { stage, one, two, stop } = await setUp({ of: 'own' });
    await stage.vault.put(ada.subject, 'ehr', { username: 'ada', password: rightPassword, more: {} });
    const pages = [one, two, one, two].map(async ({ signOn }, at) => signOn.enter(entryOf(`/${at}`, { session: ada })));
    const entered = await Promise.all(pages);
    expect(posts(stage)).toBe(1);
    expect(entered.map((how) => how.entered).toSorted()).toEqual(['landing', 'yes', 'yes', 'yes']);
    for (const { signOn } of [one, two])
      expect(await signOn.enter(entryOf('/next', { session: ada }))).toMatchObject({ standing: { jar: [{ value: 'open-1' }] } });
    expect(stage.loggedOut).toEqual([]);
    await stop();
  });

  test('a password that the EHR refused at one is not tried at the other', async () => {
    const { stage, one, two, stop } = await setUp({ of: 'own' });
    await stage.vault.put(ada.subject, 'ehr', { username: 'ada', password: 'wrong', more: {} });
    const pages = [one, two, two].map(async ({ signOn }) => signOn.enter(entryOf('/', { session: ada })));
    expect(await Promise.all(pages)).toEqual(pages.map(() => ({ entered: 'credential-needed', refused: true })));
    expect(posts(stage)).toBe(1);
    await stop();
  });

  test('an account of the configuration that the EHR refused at one is not tried at the other', async () => {
    const account = { of: 'everyone', account: 'ward', password: 'wrong' } as const;
    const { stage, one, two, stop } = await setUp(account);
    expect(await one.signOn.enter(entryOf('/', { session: ada }))).toMatchObject({ entered: 'unrecognised' });
    expect(await two.signOn.enter(entryOf('/', { session: bob }))).toMatchObject({ entered: 'unrecognised' });
    expect(posts(stage)).toBe(1);
    await stop();
  });

  test('failures at one pause the other', async () => {
    const login = () => answer(200, ['Content-Type', 'text/html'], 'wrong password');
    const { stage, one, two, stop } = await setUp({ of: 'own' }, login, 1);
    for (const { subject } of [ada, bob]) await stage.vault.put(subject, 'ehr', { username: 'x', password: 'y', more: {} });
    await one.signOn.enter(entryOf('/', { session: ada }));
    expect(await two.signOn.try(bob, { username: 'b', password: 'z', more: {} }, '10.1.1.1')).toMatchObject({ trial: 'paused' });
    expect(posts(stage)).toBe(1);
    await stop();
  });

  test('a new password that is tried at one counts at the other, and an account of another role is left at both', async () => {
    const { stage, one, two, stop } = await setUp({ of: 'own' });
    const credential = { username: 'ada', password: rightPassword, more: {} };
    expect(await one.signOn.try(ada, credential, '10.1.1.1')).toMatchObject({ trial: 'signed-on' });
    expect(await two.signOn.enter(entryOf('/', { session: ada }))).toMatchObject({ standing: { generation: 1 } });
    await two.signOn.leave(ada);
    expect((await one.standings.current(ada, 'ehr'))?.standing).toBe('ended');
    expect([posts(stage), stage.loggedOut.length]).toEqual([1, 1]);
    await stop();
  });

  test('whose session ends while the EHR answers has none there', async () => {
    const { stage, one, two, sessions, stop } = await setUp({ of: 'own' });
    await stage.vault.put(ada.subject, 'ehr', { username: 'ada', password: rightPassword, more: {} });
    const answering = stage.client.answer;
    stage.client.answer = async (request) => {
      if (request.method === 'POST') await sessions.end('a', 'revoked');
      return answering(request);
    };
    expect(await one.signOn.enter(entryOf('/', { session: ada }))).toEqual({ entered: 'ended' });
    expect(stage.loggedOut).toHaveLength(1);
    expect(await two.standings.take(ada)).toEqual(new Map());
    await stop();
  });
});
