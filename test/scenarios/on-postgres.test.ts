// The stories at the heart of the product once more, with everything that the gateway keeps in a PostgreSQL, its index of the record
// included: the words that people see, and what stands on record, are the same.

import { dirname } from 'node:path';
import { beforeAll, describe } from 'vitest';
import { startPostgres } from '../support/postgres-server.ts';
import { requirement } from '../support/requirements.ts';
import { keepStoriesIn } from '../support/story-store.ts';

/** Signing in and confirming, emergency access, desks, locks, ends of access, cases and reviews. */
const stories = ['step-up', 'rules', 'locking', 'end-person', 'cases', 'reviews'];

const postgres = requirement('postgres');
postgres.describe('on PostgreSQL', () => {
  beforeAll(async () => {
    const server = await startPostgres(dirname(postgres.path ?? ''));
    const release = keepStoriesIn(server.url);
    return async () => {
      await release();
      await server.close();
    };
  });

  describe.each(stories)('%s', async (story) => {
    await import(`./${story}.test.ts`);
  });
});
