import { rename, writeFile } from 'node:fs/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import type { LoadedRules } from '../../src/config/load.ts';
import { watchRules } from '../../src/config/watch.ts';
import type { RuleWatch } from '../../src/config/watch.ts';
import { environment, soundGateway, soundRules, writeConfiguration } from './write-configuration.ts';

interface Watched {
  readonly rules: string;
  readonly told: LoadedRules[];
  readonly watch: RuleWatch;
}

async function watched(): Promise<Watched> {
  const written = await writeConfiguration(soundGateway, soundRules);
  const loaded = await loadConfiguration(written.gateway, { presets: written.presets, environment });
  if (!loaded.ok) throw new Error('The configuration is sound');
  const told: LoadedRules[] = [];
  const { settings, policy } = loaded.configuration;
  const watch = watchRules(settings, (result) => told.push(result), policy.version);
  onTestFinished(() => watch.close());
  return { rules: written.rules, told, watch };
}

describe('a watched rule file', () => {
  it('is taken when it has been replaced, as editors do', async () => {
    const { rules, told } = await watched();
    await writeFile(`${rules}.new`, soundRules.replace('mode: enforce', 'mode: observe'));
    await rename(`${rules}.new`, rules);
    await vi.waitFor(() => expect(told.map((result) => result.ok && result.policy.mode)).toEqual(['observe']), 5000);
  });

  it('is told of when it is bad, and again when it is mended', async () => {
    const { rules, told } = await watched();
    await writeFile(rules, soundRules.replace('nurse]', 'nurze]'));
    await vi.waitFor(() => expect(told).toHaveLength(1), 5000);
    expect(told[0]).toMatchObject({ ok: false, mistakes: [{ line: 9, suggestion: 'nurse' }] });
    await writeFile(rules, soundRules);
    await vi.waitFor(() => expect(told).toHaveLength(2), 5000);
    expect(told[1]?.ok).toBe(true);
  });

  it('is told again while the change cannot be taken', async () => {
    const written = await writeConfiguration(soundGateway, soundRules);
    const loaded = await loadConfiguration(written.gateway, { presets: written.presets, environment });
    if (!loaded.ok) throw new Error('The configuration is sound');
    let calls = 0;
    const takeSecond = async (): Promise<void> => {
      calls += 1;
      if (calls === 1) throw new Error('The record cannot be written');
    };
    const watch = watchRules(loaded.configuration.settings, takeSecond, loaded.configuration.policy.version);
    onTestFinished(() => watch.close());
    await writeFile(written.rules, soundRules.replace('mode: enforce', 'mode: observe'));
    await vi.waitFor(() => expect(calls).toBe(2), 5000);
  });

  it('is read at once on request, changed or not', async () => {
    const { told, watch } = await watched();
    expect((await watch.reload()).ok).toBe(true);
    expect(told).toHaveLength(1);
  });

  it('is left alone once the watch is closed', async () => {
    const { rules, told, watch } = await watched();
    watch.close();
    await writeFile(rules, 'mode: observe\n');
    expect((await watch.reload()).ok).toBe(false);
    expect(told).toEqual([]);
  });
});
