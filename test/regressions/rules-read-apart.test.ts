// Somebody saved a rule file with tens of thousands of unknown keys. The gateway read it where it serves people, every key was
// compared with every other, and for ten seconds nobody was answered. Now the file is read in a thread of its own, in one
// pass, and what cannot be read in time changes nothing.

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadRulesApart } from '../../src/config/load-rules-apart.ts';
import { covers } from '../../src/config/covers.ts';
import { pattern } from '../core/policy/build-policy.ts';
import { sessionConfiguration } from '../support/session-gateway.ts';

const sound = ['{ name: a, paths: ["/a/{patient}"], allow: everyone, patient: path.patient }'];

test('the gateway goes on while a long rule file is read, and hears every mistake', async () => {
  const { configuration, directory } = await sessionConfiguration({ rules: sound }, 'http://127.0.0.1:9');
  const file = join(directory, 'rules.yaml');
  try {
    writeFileSync(file, Array.from({ length: 25_000 }, (_, index) => `k${index}: 1\n`).join(''));
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    const loaded = await loadRulesApart(configuration.settings, file);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(10);
    expect(loaded).toMatchObject({ ok: false, mistakes: expect.arrayContaining([expect.objectContaining({ file, line: 1 })]) });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

test('what was read apart is what would have been read here', async () => {
  const { configuration, directory } = await sessionConfiguration({ rules: sound }, 'http://127.0.0.1:9');
  try {
    const loaded = await loadRulesApart(configuration.settings, join(directory, 'rules.yaml'));
    const { policy, settings } = configuration;
    expect({ ...loaded, warnings: [], read: null }).toEqual({
      ok: true,
      policy,
      machines: settings.machines,
      warnings: [],
      read: null,
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

test('two patterns of many stars are compared in one pass', () => {
  const many = pattern(`/**${'/a/**'.repeat(80)}/b`);
  expect(covers(many, pattern('/a'.repeat(250)))).toBe(false);
  expect(covers(many, pattern(`${'/a'.repeat(240)}/b`))).toBe(true);
});
