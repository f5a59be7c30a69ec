// Every shipped preset loads, keeps to the rules by which presets are written, and answers requests as its EHR is known to
// take them, with the very lines that docs/presets.md tells people to copy.

import { readFile, readdir } from 'node:fs/promises';
import { describe, expect, it, test } from 'vitest';
import { covers } from '../../src/config/covers.ts';
import { presetNames, shippedPresets } from '../../src/config/presets.ts';
import type { FieldCondition, Route } from '../../src/core/policy/policy.ts';
import { areasOf } from './preset-areas.ts';
import { judge, presetClinic } from './preset-clinic.ts';
import type { PresetRequest } from './preset-clinic.ts';
import { libreehrRequests } from './preset-requests/libreehr.ts';
import { openemrApiRequests, openemrDays, openemrRequests } from './preset-requests/openemr.ts';
import { openmrs2Requests, openmrs3Requests, openmrsLegacyRequests } from './preset-requests/openmrs.ts';
import { oscarRequests } from './preset-requests/oscar.ts';
import { hapiRequests, orthancRequests, tomcatRequests } from './preset-requests/others.ts';

const requests: Readonly<Record<string, readonly PresetRequest[]>> = {
  'hapi-fhir': hapiRequests,
  libreehr: libreehrRequests,
  openemr: [...openemrRequests, ...openemrDays, ...openemrApiRequests],
  'openemr-5': [...openemrRequests, ...openemrDays],
  'openmrs-2': openmrs2Requests,
  'openmrs-3': openmrs3Requests,
  'openmrs-legacy': openmrsLegacyRequests,
  orthanc: orthancRequests,
  oscar: oscarRequests,
  'tomcat-form': tomcatRequests,
};

/** The demo's complete example are the shipped gateway.yaml and rules.yaml, with tests of their own. */
const demo = 'legacy-demo';
const all = [...Object.keys(requests), demo];

const forEverybody = ['shell', 'poller', 'session', 'metadata', 'account'];

test('every shipped preset is here', async () => {
  expect(await presetNames(shippedPresets)).toEqual(all.toSorted());
  expect((await readdir(shippedPresets)).filter((file) => !file.endsWith('.yaml'))).toEqual([]);
});

describe.each(all)('preset %s', (name) => {
  it('says at its head what it was proven against, or that it was not', async () => {
    const lines = (await readFile(`${shippedPresets}/${name}.yaml`, 'utf8')).split('\n');
    expect(lines[0]).toBe('# yaml-language-server: $schema=../schema/preset.schema.json');
    expect(lines[1]).toMatch(/^# (Proven against: \S|Never ran (against the real product|through the gateway)\b.*; read from )/);
  });

  it('keeps what is meant for everybody clear of patients, exports and everything that other areas hold', async () => {
    const areas = await areasOf(name);
    for (const area of ['shell', 'poller']) {
      for (const route of areas.get(area) ?? []) {
        const where = `${area} ${route.pattern.source}`;
        expect.soft(route.patient, where).toEqual([]);
        expect.soft(route.selects, where).toBe(null);
        expect.soft(route.download, where).not.toBe('always');
        expect.soft(route.action, where).toBe(null);
        expect.soft([null, 'static', 'settings'], where).toContain(route.category);
      }
    }
    for (const area of forEverybody) {
      for (const route of areas.get(area) ?? []) {
        expect.soft(firstTaken(areas, area, route), `${area} ${route.pattern.source}`).toBe(null);
      }
    }
  });

  it('lets only pollers and what asks by itself pass for inactive', async () => {
    const areas = await areasOf(name);
    const passive = [...areas].filter(([, routes]) => routes.some((route) => route.passive)).map(([area]) => area);
    expect(['chart', 'documents', 'poller', 'reports', 'schedule', 'shell', 'wards']).toEqual(expect.arrayContaining(passive));
  });
});

/** The first route of another area that an area for everybody would take to itself, or null. */
function firstTaken(areas: ReadonlyMap<string, readonly Route[]>, area: string, route: Route): string | null {
  for (const [other, routes] of areas) {
    if (other === area || other === 'poller') continue;
    const taken = routes.find((one) => takes(route, one));
    if (taken !== undefined) return `${other} ${taken.pattern.source}`;
  }
  return null;
}

function takes(wider: Route, narrower: Route): boolean {
  const methods = narrower.methods.filter((method) => wider.methods.includes(method));
  const asksMore = [...wider.query, ...wider.form].length > [...narrower.query, ...narrower.form].length;
  const isApart = excludes(wider.query, narrower.query) || excludes(wider.form, narrower.form);
  return methods.length > 0 && !asksMore && !isApart && covers(wider.pattern, narrower.pattern);
}

/** Whether one asks for a field to be there and the other for it not to be. */
function excludes(some: readonly FieldCondition[], others: readonly FieldCondition[]): boolean {
  return some.some(({ name, expect: one }) =>
    others.some((other) => other.name === name && (other.expect === 'absent') !== (one === 'absent')),
  );
}

describe.each(Object.entries(requests))('the lines of docs/presets.md for %s', (name, rows) => {
  it('load without a mistake, and warn of nothing that is not so', async () => {
    const { settings, warnings } = await presetClinic(name);
    expect(settings.applications.get('ehr')?.preset).toBe(`${shippedPresets}/${name}.yaml`);
    const expected = /^Role "(front-desk|billing)" is named by no rule/;
    expect(warnings.map(({ message }) => message).filter((message) => !expected.test(message))).toEqual([]);
  });

  it('let in, refuse and record', async () => {
    const clinic = await presetClinic(name);
    for (const row of rows) {
      const [role, method, path, expected, patient, category] = row;
      const where = `${role} ${method} ${path}`;
      const { explanation, route } = judge(clinic, row);
      expect.soft(explanation.allow ? explanation.rule : explanation.reason, `${where}: ${explanation.detail}`).toBe(expected);
      if (patient !== undefined) expect.soft(explanation.patient, where).toBe(patient);
      if (category !== undefined) expect.soft(route?.category ?? null, where).toBe(category);
    }
    expect(rows.length).toBeGreaterThanOrEqual(12);
  });

  it('put every path below the root', async () => {
    const { settings, policy } = await presetClinic(name);
    const root = settings.applications.get('ehr')?.root ?? '';
    const ruled = policy.rules.flatMap(({ routes }) => routes);
    const paths = [...policy.denyAlways, ...ruled].map(({ pattern }) => pattern.source);
    expect(paths.filter((path) => !path.startsWith(`${root}/`))).toEqual([]);
  });
});
