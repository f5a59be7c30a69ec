// Somebody saved a rule file with tens of thousands of unknown keys. The gateway read it where it serves people, every key was
// compared with every other, and for ten seconds nobody was answered. Now the file is read in a thread of its own, in one
// pass, and what cannot be read in time changes nothing.

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadRulesApart } from '../../src/config/load-rules-apart.ts';
import { loadRules } from '../../src/config/load.ts';
import { readingsOf } from '../../src/core/rights/readings-of.ts';
import { rightLines } from '../../src/core/rights/right-changes.ts';
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

test('what the new rules change is told as it would be here, and nobody waits while they come', async () => {
  const many = Array.from(
    { length: 300 },
    (_, at) => `{ name: r${at}, paths: ["/x${at}/{patient}"], allow: everyone, patient: path.patient }`,
  );
  const { configuration, directory } = await sessionConfiguration({ rules: [...sound, ...many] }, 'http://127.0.0.1:9');
  const { policy, settings } = configuration;
  const file = join(directory, 'rules.yaml');
  try {
    writeFileSync(file, readFileSync(file, 'utf8').replace('allow: everyone,', 'allow: [nurse],').replace('"/x7/', '"/x7/y/'));
    const loaded = await loadRulesApart(settings, file, policy);
    const here = await loadRules(settings, file);
    if (!loaded.ok || !here.ok) throw new Error('The rules are sound');
    const lines = rightLines(policy, here.policy, readingsOf(settings.applications));
    expect(lines.length).toBeGreaterThan(2);
    expect(loaded.effect).toEqual({ before: policy.version, lines });
    expect(loaded.policy).toEqual(here.policy);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

test('the same rules once more change nothing, and mistakes are told though the rules in force are still coming', async () => {
  const { configuration, directory } = await sessionConfiguration({ rules: sound }, 'http://127.0.0.1:9');
  const { policy, settings } = configuration;
  const file = join(directory, 'rules.yaml');
  try {
    expect(await loadRulesApart(settings, file, policy)).not.toHaveProperty('effect');
    writeFileSync(file, 'rules: [\n');
    const long = { ...policy, rules: Array.from({ length: 5000 }, () => policy.rules[0]).filter((rule) => rule !== undefined) };
    expect(await loadRulesApart(settings, file, long)).toMatchObject({ ok: false });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

test('two patterns of many stars are compared in one pass', () => {
  const many = pattern(`/**${'/a/**'.repeat(80)}/b`);
  expect(covers(many, pattern('/a'.repeat(250)))).toBe(false);
  expect(covers(many, pattern(`${'/a'.repeat(240)}/b`))).toBe(true);
});
