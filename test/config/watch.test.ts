import { mkdir, readFile, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import type { LoadedRules } from '../../src/config/load.ts';
import { watchRules } from '../../src/config/watch.ts';
import type { RuleWatch } from '../../src/config/watch.ts';
import { environment, soundGateway, soundRules, writeConfiguration } from './write-configuration.ts';

/** Each file is read in a thread of its own, and a busy machine takes its time for that. */
const soon = 20_000;

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
    await vi.waitFor(() => expect(told.map((result) => result.ok && result.policy.mode)).toEqual(['observe']), soon);
  });

  it('is told of when it is bad, and again when it is mended', async () => {
    const { rules, told } = await watched();
    await writeFile(rules, soundRules.replace('nurse]', 'nurze]'));
    await vi.waitFor(() => expect(told).toHaveLength(1), soon);
    expect(told[0]).toMatchObject({ ok: false, mistakes: [{ line: 9, suggestion: 'nurse' }] });
    await writeFile(rules, soundRules);
    await vi.waitFor(() => expect(told).toHaveLength(2), soon);
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
    await vi.waitFor(() => expect(calls).toBe(2), soon);
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

/** What kubelet does with the files of a ConfigMap: a new folder beside the old one, and one link that is moved over. */
async function project(directory: string, version: string, files: Readonly<Record<string, string>>): Promise<void> {
  const folder = join(directory, `..${version}`);
  await mkdir(folder);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const before = await readFile(join(directory, '..version'), 'utf8').catch(() => null);
  await symlink(`..${version}`, join(directory, '..data_tmp'));
  await rename(join(directory, '..data_tmp'), join(directory, '..data'));
  await writeFile(join(folder, '..version'), version);
  if (before !== null) await rm(join(directory, `..${before}`), { recursive: true });
}

describe('a rule file from a ConfigMap', () => {
  const withRules = (rules: string) => ({ 'gateway.yaml': soundGateway, 'rules.yaml': rules });
  const observed = soundRules.replace('mode: enforce', 'mode: observe');

  async function mounted(): Promise<Watched & { readonly directory: string }> {
    const { directory, gateway, rules, presets } = await writeConfiguration(soundGateway, soundRules);
    await Promise.all([gateway, rules].map((file) => unlink(file)));
    await project(directory, 'first', withRules(soundRules));
    for (const name of ['gateway.yaml', 'rules.yaml', '..version']) await symlink(`..data/${name}`, join(directory, name));
    const loaded = await loadConfiguration(gateway, { presets, environment });
    if (!loaded.ok) throw new Error('The configuration is sound');
    const told: LoadedRules[] = [];
    const { settings, policy } = loaded.configuration;
    const watch = watchRules(settings, (result) => told.push(result), policy.version);
    onTestFinished(() => watch.close());
    return { directory, rules, told, watch };
  }
  const modes = (told: readonly LoadedRules[]) => told.map((result) => (result.ok ? result.policy.mode : 'refused'));

  it('is taken each time the link of its folder is moved, and told of when it is bad', async () => {
    const { directory, told } = await mounted();
    const steps = [
      ['second', observed, 'observe'],
      ['third', soundRules.replace('nurse]', 'nurze]'), 'refused'],
      ['fourth', soundRules, 'enforce'],
    ] as const;
    for (const [index, [version, rules, mode]] of steps.entries()) {
      await project(directory, version, withRules(rules));
      await vi.waitFor(() => expect(modes(told)).toHaveLength(index + 1), soon);
      expect(modes(told).at(-1)).toBe(mode);
    }
  });

  it('changes nothing while its folder is gone or lacks it, and is taken when it is back', async () => {
    const { directory, told } = await mounted();
    await project(directory, 'empty', { 'gateway.yaml': soundGateway });
    await vi.waitFor(() => expect(modes(told)).toEqual(['refused']), soon);
    await project(directory, 'whole', withRules(observed));
    await vi.waitFor(() => expect(modes(told)).toEqual(['refused', 'observe']), soon);
  });
});
