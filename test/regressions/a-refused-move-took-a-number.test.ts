// `wardgate store move` into a PostgreSQL that another gateway had used was refused, and by then the log had been given the number 2
// there. It keeps its number for good, so the empty schema that was named next was refused as well, whichever it was.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { sharedIndex } from '../../src/compose/shared-index.ts';
import { whyNotFirst } from '../../src/compose/why-not-first.ts';
import { auditDirectory, openTestLog, removeAuditDirectories } from '../support/audit-log.ts';
import { storeOn, withPostgres } from '../support/index-engines.ts';

afterAll(removeAuditDirectories);

withPostgres('a PostgreSQL that another gateway has used', (server) => {
  async function gatewayOn(schema: string, directory = auditDirectory()) {
    await (await openTestLog(directory)).close();
    const store = { durable: storeOn(server(), schema), redis: null };
    return { store, dataDirectory: dirname(directory), audit: { directory } as never };
  }

  test('is refused without a number, and an empty schema is not', async () => {
    expect((await sharedIndex(await gatewayOn('used'), 0))?.gateway).toBe(1);
    const late = await gatewayOn('used');
    expect(await whyNotFirst(late)).toBe('another gateway has used this PostgreSQL already; name an empty schema');
    const number = join(late.dataDirectory, 'gateway-number.json');
    expect(existsSync(number)).toBe(false);
    const elsewhere = { ...late, store: { durable: storeOn(server(), 'empty'), redis: null } };
    expect(await whyNotFirst(elsewhere)).toBeNull();
    expect((await sharedIndex(elsewhere, 0))?.gateway).toBe(1);
    // The first one itself may be asked again, and one that was among others says where its rows are.
    expect(await whyNotFirst(elsewhere)).toBeNull();
    expect((await sharedIndex(await gatewayOn('second', undefined), 0))?.gateway).toBe(1);
    const second = await gatewayOn('second');
    expect((await sharedIndex(second, 0))?.gateway).toBe(2);
    expect(await whyNotFirst({ ...second, store: { durable: storeOn(server(), 'third'), redis: null } })).toContain(
      'says that this is gateway 2 of several',
    );
  });
});
