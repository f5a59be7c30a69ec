// What `wardgate init` writes for every preset: it passes the check, its own tests among it, and decides about the requests
// that the EHR is known to take as the rules of docs/presets.md do.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test, vi } from 'vitest';
import { check } from '../../src/cli/check.ts';
import { presetNames, shippedPresets } from '../../src/config/presets.ts';
import { judge, presetClinic } from '../config/preset-clinic.ts';
import type { PresetRequest } from '../config/preset-clinic.ts';
import { libreehrRequests } from '../config/preset-requests/libreehr.ts';
import { openemrApiRequests, openemrRequests } from '../config/preset-requests/openemr.ts';
import { openmrs2Requests, openmrs3Requests, openmrsLegacyRequests } from '../config/preset-requests/openmrs.ts';
import { oscarRequests } from '../config/preset-requests/oscar.ts';
import { hapiRequests, orthancRequests, tomcatRequests } from '../config/preset-requests/others.ts';
import { everyOption, runInit, soundlyWritten, without, written } from '../support/run-init.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const requests: Readonly<Record<string, readonly PresetRequest[]>> = {
  'hapi-fhir': hapiRequests,
  libreehr: libreehrRequests,
  openemr: [...openemrRequests, ...openemrApiRequests],
  'openemr-5': openemrRequests,
  'openmrs-2': openmrs2Requests,
  'openmrs-3': openmrs3Requests,
  'openmrs-legacy': openmrsLegacyRequests,
  orthanc: orthancRequests,
  oscar: oscarRequests,
  'tomcat-form': tomcatRequests,
};

const presets = [...(await presetNames(shippedPresets)), 'other'];

describe.each(presets)('for the preset %s', (preset) => {
  it('writes files that pass the check, with rules, budgets and tests', async () => {
    const directory = temporaryDirectory();
    const run = await runInit(everyOption(directory, preset));
    expect(run.err).toBe('');
    expect(run.code).toBe(0);
    const said = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    expect(await check(['--config', join(directory, 'gateway.yaml')])).toBe(0);
    said.mockRestore();
    const { settings, policy } = await soundlyWritten(directory);
    expect(policy.mode).toBe('observe');
    expect(policy.rules.length).toBeGreaterThanOrEqual(preset === 'other' ? 2 : 3);
    expect(policy.rules.at(-1)?.name).toBe('console');
    expect([...policy.budgets.keys()]).toContain('everyone');
    const { by } = settings.applications.get('ehr')?.signOn ?? {};
    expect(by).toBe({ 'hapi-fhir': 'none', other: 'none', orthanc: 'basic-own-password' }[preset] ?? 'recipe');
    const tests = readFileSync(join(directory, 'rules.yaml'), 'utf8').match(/^ {2}- \{ as: /gm) ?? [];
    expect(tests.length).toBeGreaterThanOrEqual(preset === 'other' ? 2 : 3);
  });

  it('takes the defaults of what is not said', async () => {
    const directory = temporaryDirectory();
    const given = ['--address', '--ehr', '--upstream', '--provider', '--issuer', '--sign-on-value', '--root', '--directory'];
    const all = everyOption(directory, preset);
    const fewest = all.filter((word, at) => given.includes(word) || given.includes(all[at - 1] ?? ''));
    const run = await runInit([...fewest, '--yes']);
    expect(run.err).toBe('');
    const { settings } = await soundlyWritten(directory);
    expect(settings.clinic.name).toBe('Northside');
    expect(settings.applications.get('ehr')?.signOn.by).toBe(
      { 'hapi-fhir': 'none', other: 'none', orthanc: 'basic-own-password' }[preset] ?? 'recipe',
    );
    expect(settings.zones.get('clinic')).toEqual(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']);
  });
});

test('every preset is tried with the requests of its own', () => {
  expect(presets.filter((name) => !(name in requests))).toEqual(['legacy-demo', 'other']);
});

describe.each(Object.entries(requests))('the rules for %s', (preset, rows) => {
  it('decide as those of docs/presets.md do', async () => {
    const directory = temporaryDirectory();
    // Without a zone, because nobody in these rows stands in one.
    await runInit([...without(everyOption(directory, preset), '--zone'), '--zone', 'none']);
    const ours = await soundlyWritten(directory);
    const documented = await presetClinic(preset);
    // The documentation gives the EHR on Tomcat an area of its own besides.
    for (const row of rows.filter(([, , path]) => !path.startsWith('/clinic/patients/'))) {
      const where = `${row[0]} ${row[1]} ${row[2]}`;
      const [mine, theirs] = [judge(ours, row), judge(documented, row)];
      expect.soft(mine.explanation.allow, `${where}: ${mine.explanation.detail}`).toBe(theirs.explanation.allow);
      expect.soft(mine.explanation.patient, where).toBe(theirs.explanation.patient);
      expect.soft(mine.route?.category, where).toBe(theirs.route?.category);
    }
  });

  it('keep administration, deletions and lists of many within the clinic', async () => {
    const directory = temporaryDirectory();
    await runInit(everyOption(directory, preset));
    const { policy } = await soundlyWritten(directory);
    const inside = policy.rules.filter(({ name }) => ['admin', 'deletions', 'reports', 'exports', 'interface'].includes(name));
    for (const rule of inside) expect.soft(rule.zones, rule.name).toEqual(['clinic']);
    expect(inside.length).toBeGreaterThanOrEqual(preset === 'tomcat-form' ? 0 : 1);
    expect(policy.rules.find(({ name }) => name === 'console')?.allow).toEqual(['privacy']);
  });
});

describe('a clinic without some of the roles', () => {
  it('has no rule for them, and warns of none that nobody may use', async () => {
    const directory = temporaryDirectory();
    const args = without(everyOption(directory), '--group');
    const groups = ['physician', 'front-desk', 'billing', 'records', 'it', 'privacy'].flatMap((role) => ['--group', `${role}=-`]);
    const run = await runInit([...args, '--group', 'nurse=Nurses', ...groups]);
    expect(run.err).toBe('');
    const { policy } = await soundlyWritten(directory);
    expect([...policy.roles]).toEqual([['nurse', ['Nurses']]]);
    expect(policy.rules.map(({ name }) => name)).toEqual(['screens', 'find', 'desk', 'charts', 'notes']);
  });

  it('of whom no rule speaks stands there as a comment, so that check has nothing to say of it', async () => {
    const directory = temporaryDirectory();
    await runInit(everyOption(directory, 'orthanc'));
    expect(readFileSync(join(directory, 'rules.yaml'), 'utf8')).toContain(
      '  # front-desk: Clinic-front-desk # no rule names it yet',
    );
    const loaded = await written(directory);
    expect(loaded.ok && loaded.warnings.map(({ message }) => message).filter((message) => message.includes('Role'))).toEqual([]);
  });
});
