import { readFile, readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ask } from '../../src/config/ask.ts';
import { gatewaySchema } from '../../src/config/gateway-schema.ts';
import { jsonSchemas } from '../../src/config/json-schema.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import { Findings, renderMistake } from '../../src/config/mistake.ts';
import { presetFile, presetNames, readPreset, shippedPresets } from '../../src/config/presets.ts';
import { presetSchema } from '../../src/config/preset-schema.ts';
import { rulesSchema } from '../../src/config/rules-schema.ts';
import type { Configuration } from '../../src/config/settings.ts';
import type { Method } from '../../src/core/policy/policy.ts';
import { indexRules } from '../../src/core/policy/rule-index.ts';
import { soundGateway, writeConfiguration } from './write-configuration.ts';

describe('the shipped files', () => {
  it('are sound, pass their own tests and warn of nothing but the missing secret', async () => {
    const loaded = await loadConfiguration('config/gateway.yaml', { secrets: 'optional', environment: {} });
    if (!loaded.ok) throw new Error(loaded.mistakes.map(renderMistake).join('\n'));
    expect(loaded.warnings.map(({ message }) => message)).toEqual([
      'Environment variable WARDGATE_CLIENT_SECRET is not set, it must hold the secret',
    ]);
  });

  it('start once the secret is there', async () => {
    const loaded = await loadConfiguration('config/gateway.yaml', { environment: { WARDGATE_CLIENT_SECRET: 'x' } });
    expect(loaded.ok && loaded.warnings).toEqual([]);
  });

  it('show the defaults of every limit', async () => {
    const shipped = await loadConfiguration('config/gateway.yaml', { secrets: 'optional' });
    const written = await writeConfiguration(soundGateway, 'roles: {}\nrules: []\n');
    const bare = await loadConfiguration(written.gateway, { presets: written.presets, secrets: 'optional' });
    if (!shipped.ok || !bare.ok) throw new Error('Both are sound');
    expect(shipped.configuration.settings.limits).toEqual(bare.configuration.settings.limits);
  });

  it.each([
    ['config/gateway.yaml', gatewaySchema],
    ['config/rules.yaml', rulesSchema],
  ])('%s names every key there is', async (file, schema) => {
    const text = await readFile(file, 'utf8');
    const missing = propertyNames(z.toJSONSchema(schema, { io: 'input' })).filter(
      (name) => !new RegExp(`\\b${name}\\b`).test(text),
    );
    expect(missing).toEqual([]);
  });

  it('have JSON Schemas that are up to date (npm run -s wardgate -- schema)', async () => {
    const written = await Promise.all([...jsonSchemas().keys()].map((file) => readFile(`config/schema/${file}`, 'utf8')));
    expect(written).toEqual([...jsonSchemas().values()]);
    expect(await readdir('config/schema')).toHaveLength(written.length);
  });
});

describe('the preset that shows every key', () => {
  const file = 'config/our-ehr.yaml';

  it('is sound, and warns of nothing', async () => {
    const preset = resolve(file);
    const gateway = soundGateway.replace('preset: small', `preset: ${preset}`).replace('signOn: none', 'signOn: own-password');
    const written = await writeConfiguration(gateway, 'roles: { a: A }\nrules:\n  - { name: x, area: ehr.chart, allow: a }\n');
    const loaded = await loadConfiguration(written.gateway, { environment: { OIDC_SECRET: 'x' } });
    expect(loaded.ok ? loaded.warnings : loaded.mistakes).toEqual([]);
    expect(loaded.ok && loaded.configuration.settings.applications.get('ehr')?.preset).toBe(preset);
  });

  it('names every key there is', async () => {
    const text = await readFile(file, 'utf8');
    const beside = await readFile('config/rules.yaml', 'utf8');
    const missing = propertyNames(z.toJSONSchema(presetSchema, { io: 'input' })).filter(
      (name) => !new RegExp(`\\b${name}\\b`).test(text + beside),
    );
    expect(missing).toEqual([]);
  });
});

describe('the shipped presets', async () => {
  const names = await presetNames(shippedPresets);

  it('are there', () => expect(names).toEqual(expect.arrayContaining(['legacy-demo', 'orthanc'])));

  it.each(names)('%s is sound as a whole and says what it rests on', async (name) => {
    const file = presetFile(shippedPresets, name);
    const preset = await readPreset(file, new Findings());
    const unset = Object.entries(preset?.value.signOn?.values ?? {}).flatMap(([key, value]) => (value === null ? [key] : []));
    const values = unset.length === 0 ? '' : `\n    signOnValues: { ${unset.map((key) => `${key}: /set`).join(', ')} }`;
    const gateway = soundGateway
      .replace('preset: small', `preset: ${name}${values}`)
      .replace('signOn: none', 'signOn: own-password');
    const written = await writeConfiguration(gateway, 'roles: { a: A }\nrules:\n  - { name: x, paths: /x, allow: a }\n');
    const loaded = await loadConfiguration(written.gateway, { environment: { OIDC_SECRET: 'x' } });
    expect((loaded.ok ? loaded.warnings : loaded.mistakes).map(renderMistake)).toEqual([]);
    expect(await readFile(file, 'utf8')).toMatch(/^# (Proven against:|Never ran) \S/m);
  });
});

const uid = 'bf9ae57c-49606dd2-1d9528a2-f2f1fa15-dc851853';

describe('the preset of Orthanc', () => {
  // What the explorer of Orthanc 1.10.1 was seen to ask in a browser, then what leaves, changes or sends.
  it.each([
    ['GET', '/', 'view'],
    ['GET', '/app/explorer.html', 'view'],
    ['GET', '/app/images/favicon.ico', 'view'],
    ['GET', '/plugins/explorer.js?_=1', 'view'],
    ['GET', '/plugins/dicom-web?_=1', 'view'],
    ['GET', '/system?_=1', 'view'],
    ['GET', '/patients?expand&since=0&limit=101&full&_=1', 'view'],
    ['GET', `/patients/${uid}/studies?full&_=1`, 'view'],
    ['GET', `/patients/${uid}/protected`, 'view'],
    ['GET', `/studies/${uid}/attachments?full`, 'view'],
    ['GET', `/series/${uid}/instances?full`, 'view'],
    ['GET', `/instances/${uid}/preview?returnUnsupportedImage`, 'view'],
    ['GET', `/instances/${uid}/frames/0/preview`, 'view'],
    ['POST', '/tools/find', 'view'],
    ['GET', '/dicom-web/studies?PatientID=7', 'view'],
    ['GET', `/studies/${uid}/archive`, 'download'],
    ['GET', `/patients/${uid}/media`, 'download'],
    ['GET', `/instances/${uid}/file`, 'download'],
    ['GET', `/instances/${uid}/attachments/dicom/data`, 'download'],
    ['POST', '/tools/create-archive', 'download'],
    ['GET', '/wado?requestType=WADO', 'download'],
    ['GET', '/dicom-web/studies/1.2.3', 'download'],
    ['POST', '/instances', 'upload'],
    ['DELETE', `/patients/${uid}`, 'delete'],
    ['DELETE', `/instances/${uid}`, 'delete'],
    ['GET', '/jobs?expand', 'admin'],
    ['POST', `/studies/${uid}/anonymize`, 'admin'],
    ['GET', `/patients/${uid}?_method=DELETE`, 'method-override-refused'],
    ['GET', '/app/..%2fpatients/1', 'target-malformed'],
    ['POST', '/tools/shutdown', 'denied-always'],
    ['POST', '/TOOLS/Reset', 'denied-always'],
    ['POST', '/tools/execute-script', 'denied-always'],
    ['PUT', '/tools/log-level', 'denied-always'],
    ['POST', '/modalities/pacs/store', 'denied-always'],
    ['PUT', '/modalities/new', 'denied-always'],
    ['POST', '/peers/other/store-straight', 'denied-always'],
    ['GET', '/webdav/by-dates', 'denied-always'],
    ['POST', `/instances/${uid}/export`, 'denied-always'],
    ['POST', '/dicom-web/servers/other/stow', 'denied-always'],
    ['POST', '/tools/create-dicom', 'no-rule'],
  ])('%s %s: %s', async (method, path, expected) => {
    const { settings, policy } = await pacs();
    const explanation = ask(policy, indexRules(policy), 8192, {
      application: settings.applications.get('ehr')!,
      method: method as Method,
      path,
      form: [],
      webSocket: false,
      person: { roles: ['viewer'], zones: [], weekday: 1, minute: 600, grantOpen: false, selection: null },
    });
    expect(explanation.allow ? explanation.rule : explanation.reason).toBe(expected);
    const byPatient = path.startsWith(`/patients/${uid}`) && explanation.allow;
    expect(explanation.patient).toBe(byPatient ? uid : null);
  });

  async function pacs(): Promise<Configuration> {
    const areas = ['view', 'download', 'upload', 'delete', 'admin'];
    const rules = areas.map((area) => `  - { name: ${area}, area: ehr.${area}, allow: viewer }\n`).join('');
    const written = await writeConfiguration(
      soundGateway.replace('preset: small', 'preset: orthanc'),
      `roles: { viewer: V }\nrules:\n${rules}`,
    );
    const loaded = await loadConfiguration(written.gateway, { secrets: 'optional' });
    if (!loaded.ok) throw new Error(loaded.mistakes.map(renderMistake).join('\n'));
    return loaded.configuration;
  }
});

function propertyNames(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  if (Array.isArray(schema)) return schema.flatMap(propertyNames);
  const own = 'properties' in schema && typeof schema.properties === 'object' ? Object.keys(schema.properties ?? {}) : [];
  return [...new Set([...own, ...Object.values(schema).flatMap(propertyNames)])];
}
