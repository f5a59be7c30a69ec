// alerts.yaml beside gateway.yaml: left out, in part, with detectors off, and with mistakes, which are told like all others.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { alertSettings } from '../../src/config/alert-settings.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import { renderMistake } from '../../src/config/mistake.ts';
import { usualDetectors } from '../../src/core/detect/detector-settings.ts';
import { writeConfiguration } from './write-configuration.ts';

/** What stands in the two other files does not matter here. */
const others = {
  gateway: new URL('../../config/gateway.yaml', import.meta.url),
  rules: new URL('../../config/rules.yaml', import.meta.url),
};

async function loaded(alerts: string | null) {
  const { directory, gateway } = await writeConfiguration(readFileSync(others.gateway), readFileSync(others.rules));
  if (alerts !== null) writeFileSync(join(directory, 'alerts.yaml'), alerts);
  return loadConfiguration(gateway, { secrets: 'optional' });
}

async function detectors(alerts: string | null) {
  const result = await loaded(alerts);
  if (!result.ok) throw new Error(result.mistakes.map(renderMistake).join('\n'));
  return result.configuration.settings.alerts.detectors;
}

it('is as usual where it is left out, or says nothing else', async () => {
  expect(await detectors(null)).toEqual(usualDetectors);
  expect(await detectors('detectors: { two-places: on, many-patients: {} }')).toEqual(usualDetectors);
  expect(alertSettings({})).toEqual({ detectors: usualDetectors });
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

it.each(Object.keys(usualDetectors))('turns %s off', async (name) => {
  expect(await detectors(`detectors: { ${name}: off }`)).toEqual({ ...usualDetectors, [name]: null });
});

it.each([
  ['detectors: { many-patient: off }', 'alerts.yaml:1:14', 'many-patients'],
  ['detectors: { many-patients: { moreThan: 0 } }', 'alerts.yaml:1:', 'whole number from 1 to 100000'],
  ['detectors: { two-places: { within: 60 } }', 'alerts.yaml:1:', '60s'],
  ['detectors: { two-places: maybe }', 'alerts.yaml:1:', 'on'],
  ['rules: []', 'alerts.yaml:1:1', 'rules.yaml'],
])('tells what is wrong in %s', async (text, place, words) => {
  const result = await loaded(text);
  const told = result.ok ? [] : result.mistakes.map(renderMistake);
  expect(told).toHaveLength(1);
  expect(told[0]).toContain(place);
  expect(told[0]).toContain(words);
});
