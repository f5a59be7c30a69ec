// Groups as Windows administrators write them: accepted, for a group may be called anything, and warned of.

import { expect, it } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import { environment, soundGateway, soundRules, writeConfiguration } from './write-configuration.ts';

it.each([
  [
    'Clinic-Doctors; Clinic-Physicians',
    'Group "Clinic-Doctors; Clinic-Physicians" holds a semicolon; where it means several, write [Clinic-Doctors, Clinic-Physicians]',
  ],
  [
    '[CN=Physicians,OU=Groups,DC=clinic]',
    'Groups such as "OU=Groups" are parts of one name that its commas split; write it in double quotes',
  ],
  ['"CN=Physicians,OU=Groups,DC=clinic"', null],
  ["'CLINIC\\Physicians'", null],
  ['[OU=Groups]', null],
])('%s', async (groups, told) => {
  const rules = soundRules.replace('Clinic-Physicians', () => groups);
  const written = await writeConfiguration(soundGateway, rules);
  const loaded = await loadConfiguration(written.gateway, { presets: written.presets, environment });
  expect(loaded.ok).toBe(true);
  const messages = loaded.ok ? loaded.warnings.map(({ message }) => message).filter((one) => one.startsWith('Group')) : [];
  expect(messages).toEqual(told === null ? [] : [told]);
});
