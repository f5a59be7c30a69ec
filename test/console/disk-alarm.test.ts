// A disk that is about to be full is told where people look: on the console and in the metrics of a running gateway.

import { expect, onTestFinished, test } from 'vitest';
import { readRecordForm } from '../../src/console/record-query.ts';
import { recordsPage } from '../../src/console/records-page.ts';
import { startSessionGateway } from '../support/session-gateway.ts';

const parts = {
  clinic: { name: 'Northside', help: 'ext. 4357', timezone: 'America/Chicago' },
  form: readRecordForm(null),
  found: { requests: [], next: null, indexed: 0 },
  explanations: new Map(),
};

test('the console begins with what is about to stop the gateway, and says nothing where nothing is', () => {
  const page = recordsPage({
    ...parts,
    known: new Map(),
    whose: null,
    notices: ['The disk that holds <all> will be full in 9 days'],
  });
  expect(page).toContain('<p class="notice bad" role="alert">The disk that holds &lt;all&gt; will be full in 9 days.</p>');
  expect(recordsPage({ ...parts, known: new Map(), whose: null, notices: [] })).not.toContain('role="alert"');
});

test('a running gateway watches its disks from its start on', async () => {
  const gateway = await startSessionGateway({ rules: ['{ name: all, paths: /**, allow: everyone }'] });
  onTestFinished(() => gateway.close());
  const { text } = await gateway.gateway.composed.metrics.text();
  expect(Number(/^wardgate_disk_free_bytes (\S+)$/m.exec(text)?.[1])).toBeGreaterThan(0);
  // Nobody knows before six hours have passed.
  expect(/^wardgate_disk_full_in_days (\S+)$/m.exec(text)?.[1]).toBe('Nan');
});
