// Which roles people have since when, as their sign-ins and refreshes tell it.

import { expect, test } from 'vitest';
import { SqlitePeopleRegister } from '../../src/adapters/people-register-sqlite.ts';
import { SqliteFactorStore } from '../../src/adapters/factor-store-sqlite.ts';
import { SqliteRecertifications } from '../../src/adapters/recertification-sqlite.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { onEachEngine, openStateDb } from '../support/state-engines.ts';

const ada = { issuer: 'https://idp', sub: '1', name: 'ada', displayName: 'Ada' };

onEachEngine(() => {
  test('a role is known since it was first there, gone when its person came without it, and new when it is given again', async () => {
    const db = await openStateDb(temporaryDirectory());
    const people = new SqlitePeopleRegister(db);
    const store = new SqliteRecertifications(db);
    const roles = async () =>
      (await store.roles()).map(({ role, grantedAt, seenAt, goneAt }) => [role, grantedAt, seenAt, goneAt]);
    await people.seen(ada, 10, ['nurse', 'records']);
    await people.seen(ada, 20, ['nurse']);
    expect(await roles()).toEqual([
      ['nurse', 10, 20, null],
      ['records', 10, 10, 20],
    ]);
    // Without the provider nobody says what they lost.
    await people.seen(ada, 30);
    expect(await roles()).toHaveLength(2);
    await people.rolesRead(ada, 40, ['records']);
    expect(await roles()).toEqual([
      ['nurse', 10, 20, 40],
      ['records', 40, 40, null],
    ]);
    await people.rolesRead(ada, 50, []);
    expect((await roles()).map(([, , , gone]) => gone)).toEqual([40, 50]);
    await db.close();
  });

  test('people are listed by their login name, those who have none last, with when they left', async () => {
    const db = await openStateDb(temporaryDirectory());
    const people = new SqlitePeopleRegister(db);
    await people.seen({ ...ada, sub: '2', name: 'bob', displayName: 'Bob' }, 10);
    await people.seen(ada, 20);
    await new SqliteFactorStore(db).enrolTotp('https://idp', '3', 'sealed', 1, 30, []);
    expect((await people.all()).map(({ sub, name }) => [sub, name])).toEqual([
      ['1', 'ada'],
      ['2', 'bob'],
      ['3', null],
    ]);
    await db.close();
  });
});
