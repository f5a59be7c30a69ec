// YAML reads 007 as the number 7. A telephone number 0471 was told to be put into double quotes as "471", and a test in
// rules.yaml with `form: { pin: 007 }` was judged as if the form held 7, so it passed or failed for the wrong reason.

import { expect, it } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import { environment, soundGateway, soundRules, writeConfiguration } from '../config/write-configuration.ts';

async function toldOf(gateway: string, rules: string): Promise<string[]> {
  const written = await writeConfiguration(gateway, rules);
  const loaded = await loadConfiguration(written.gateway, { presets: written.presets, environment });
  return loaded.ok ? [] : loaded.mistakes.map(({ message }) => message);
}

it('a number in the place of text keeps its zeros when it is put into quotes', async () => {
  const told = await toldOf(soundGateway.replace('help: ext. 4357', 'help: 0471'), soundRules);
  expect(told).toEqual([expect.stringContaining('help: "0471"')]);
});

it.each([
  ['007', []],
  ['7', [expect.stringContaining('Test fails')]],
])('a test of a rule sends %s as it is written', async (pin, answers) => {
  const rules = soundRules
    .replace('    patient: path.patient\n', '    patient: path.patient\n    when: { form: { pin: 007 } }\n')
    .replace('methods: [GET, POST]', 'methods: POST');
  const tests = `  - { as: physician, post: /letters/1/2, form: { pin: ${pin} }, expect: allowed }\n`;
  expect(await toldOf(soundGateway, rules + tests)).toEqual(answers);
});
