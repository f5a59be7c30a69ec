// alerts.yaml beside gateway.yaml: left out, in part, with detectors off, and with mistakes, which are told like all others.

import { usualReview } from '../../src/core/review/review-settings.ts';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { alertSettings } from '../../src/config/alert-settings.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import { renderMistake } from '../../src/config/mistake.ts';
import { usualDetectors } from '../../src/core/detect/detector-settings.ts';
import { usualRestrictions } from '../../src/core/respond/restriction-settings.ts';
import { writeConfiguration } from './write-configuration.ts';

/** What stands in the two other files does not matter here. */
const others = {
  gateway: new URL('../../config/gateway.yaml', import.meta.url),
  rules: new URL('../../config/rules.yaml', import.meta.url),
};

async function loaded(text: string | null) {
  const { directory, gateway } = await writeConfiguration(readFileSync(others.gateway), readFileSync(others.rules));
  if (text !== null) writeFileSync(join(directory, 'alerts.yaml'), text);
  return loadConfiguration(gateway, { secrets: 'optional' });
}

async function alerts(text: string | null) {
  const result = await loaded(text);
  if (!result.ok) throw new Error(result.mistakes.map(renderMistake).join('\n'));
  return result.configuration.settings.alerts;
}

async function detectors(text: string | null) {
  return (await alerts(text)).detectors;
}

it('is as usual where it is left out, or says nothing else', async () => {
  expect(await detectors(null)).toEqual(usualDetectors);
  expect(await detectors('detectors: { two-places: on, many-patients: {} }')).toEqual(usualDetectors);
  expect(alertSettings({}).detectors).toEqual(usualDetectors);
});

it('takes what it says, and leaves the rest as usual', async () => {
  const given = `detectors:
  failed-sign-ins: { attempts: 3 }
  sign-in-spray: { within: 1h }
  many-patients: { moreThan: 50 }
  after-hours: { usualFromDays: 5 }
  large-transfer: { atLeast: 1GB }
  two-places: { within: 5m }
  patient-surge: { people: 20 }
  dormant-account: { after: 90d }
  new-network: { afterSignIns: 2 }
  emergency-access-often: { times: 9 }
`;
  expect(await detectors(given)).toEqual({
    ...usualDetectors,
    'failed-sign-ins': { attempts: 3, withinSeconds: 900 },
    'sign-in-spray': { people: 10, withinSeconds: 3600 },
    'many-patients': { moreThan: 50 },
    'after-hours': { usualFromDays: 5 },
    'large-transfer': { atLeastBytes: 1_000_000_000, timesUsual: 10 },
    'two-places': { withinSeconds: 300 },
    'patient-surge': { people: 20, withinSeconds: 86_400 },
    'dormant-account': { afterSeconds: 90 * 86_400 },
    'new-network': { afterSignIns: 2 },
    'emergency-access-often': { times: 9, withinSeconds: 7 * 86_400 },
  });
});

it('takes places, and every key that carries its unit', async () => {
  const given = `detectors:
  search-peek: { look: 5s }
  clock-jump: { by: 2m }
  record-gap: { longerThan: 1h }
  impossible-travel: { places: [{ name: Hill, networks: 10.30.0.0/16, latitude: 46.95, longitude: 7.45 }] }
`;
  expect(await detectors(given)).toEqual({
    ...usualDetectors,
    'search-peek': { times: 6, withinSeconds: 3600, lookSeconds: 5 },
    'clock-jump': { bySeconds: 120 },
    'record-gap': { longerThanSeconds: 3600 },
    'impossible-travel': {
      kilometresPerHour: 150,
      places: [{ name: 'Hill', networks: ['10.30.0.0/16'], latitude: 46.95, longitude: 7.45 }],
    },
  });
});

it.each(Object.keys(usualDetectors))('turns %s off', async (name) => {
  expect(await detectors(`detectors: { ${name}: off }`)).toEqual({ ...usualDetectors, [name]: null });
});

it('notes and notifies where nothing else is said of a detector, and restricts nobody', async () => {
  const { responses, restrictions } = alertSettings(null);
  expect(Object.keys(responses).toSorted()).toEqual(Object.keys(usualDetectors).toSorted());
  expect(new Set(Object.values(responses).map((one) => one.join(' ')))).toEqual(new Set(['note notify']));
  expect(restrictions).toEqual(usualRestrictions);
  expect(await alerts('detectors: { two-places: on, new-network: off }')).toMatchObject({ responses });
});

it('takes what follows an alert of each detector, which is on record in any case', async () => {
  const given = `detectors:
  two-places: { within: 5m, response: [step-up, notify, step-up] }
  large-transfer: { response: end-session }
  after-termination: { response: note }
  sign-in-spray: { response: [] }
restrictions: { slow: { wait: 5s }, block: { for: until-lifted } }
`;
  const { detectors: judged, responses, restrictions, toldEach } = await alerts(given);
  expect(toldEach).toEqual(['two-places']);
  expect(judged['two-places']).toEqual({ withinSeconds: 300 });
  expect(judged['after-termination']).toEqual({});
  expect(responses).toMatchObject({
    'two-places': ['note', 'step-up', 'notify'],
    'large-transfer': ['note', 'end-session'],
    'after-termination': ['note'],
    'sign-in-spray': ['note'],
    'after-hours': ['note', 'notify'],
  });
  expect(restrictions).toEqual({ slow: { waitSeconds: 5, forSeconds: 3600 }, block: { forSeconds: null } });
});

it.each([
  ['detectors: { many-patient: off }', 'alerts.yaml:1:14', 'many-patients'],
  ['detectors: { many-patients: { moreThan: 0 } }', 'alerts.yaml:1:', 'whole number from 1 to 100000'],
  ['detectors: { two-places: { within: 60 } }', 'alerts.yaml:1:', '60s'],
  ['detectors: { two-places: maybe }', 'alerts.yaml:1:', 'on'],
  ['detectors: { two-places: { response: [stop] } }', 'alerts.yaml:1:', 'block'],
  ['detectors: { patient-surge: { response: block } }', 'alerts.yaml:1:', 'notify'],
  ['restrictions: { slow: { wait: 2m } }', 'alerts.yaml:1:', 'between 1s and 20s'],
  ['restrictions: { block: { for: ever } }', 'alerts.yaml:1:', 'until-lifted'],
  ['rules: []', 'alerts.yaml:1:1', 'rules.yaml'],
])('tells what is wrong in %s', async (text, place, words) => {
  const result = await loaded(text);
  const told = result.ok ? [] : result.mistakes.map(renderMistake);
  expect(told).toHaveLength(1);
  expect(told[0]).toContain(place);
  expect(told[0]).toContain(words);
});

it('names a deputy, or none', async () => {
  expect((await alerts(null)).review).toEqual(usualReview);
  expect((await alerts('review: { deputy: dora }')).review).toEqual({ ...usualReview, deputy: 'dora' });
  const off = 'review: { triage: off, monthly: off, triageWithin: 2d, sample: 9, holidays: [2026-12-25] }';
  expect((await alerts(off)).review).toEqual({
    triageWithinSeconds: null,
    monthlyWithinSeconds: null,
    sampleSize: 9,
    holidays: ['2026-12-25'],
    deputy: null,
  });
  const on = 'review: { triageWithin: 2d, monthlyWithin: 5d }';
  expect((await alerts(on)).review).toMatchObject({ triageWithinSeconds: 172_800, monthlyWithinSeconds: 432_000 });
});
