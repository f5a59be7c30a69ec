// With the rules that docs/presets.md gave for HAPI FHIR, `GET /fhir/Patient/$export` and `/fhir/Patient/$everything` fell
// to the rule for one patient's address, whose pattern takes any name there: the front desk could start a bulk export, and
// the record named a patient "$export". Now the rule of the exports stands before it, there and in what init writes.

import { describe, expect, test } from 'vitest';
import { judge, presetClinic } from '../config/preset-clinic.ts';
import { everyOption, runInit, soundlyWritten, without } from '../support/run-init.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

async function initClinic() {
  const directory = temporaryDirectory();
  await runInit([...without(everyOption(directory, 'hapi-fhir'), '--zone'), '--zone', 'none']);
  return soundlyWritten(directory);
}

describe.each([
  ['the rules of docs/presets.md', () => presetClinic('hapi-fhir')],
  ['the rules that init writes', initClinic],
])('%s', (_name, clinic) => {
  test.each(['/fhir/Patient/$export', '/fhir/Patient/%24export', '/fhir/Patient/$everything', '/fhir/$export'])(
    'let nobody but records start %s',
    async (path) => {
      const configuration = await clinic();
      for (const method of ['GET', 'POST'] as const) {
        for (const role of ['physician', 'nurse', 'front-desk', 'billing', 'it']) {
          const { explanation } = judge(configuration, [role, method, path, '']);
          expect.soft(explanation, `${role} ${method}`).toMatchObject({ allow: false, rule: 'exports', patient: null });
        }
        const { explanation } = judge(configuration, ['records', method, path, '']);
        expect.soft(explanation, `records ${method}`).toMatchObject({ allow: true, rule: 'exports' });
      }
    },
  );

  test('still let the front desk look up one patient', async () => {
    const { explanation } = judge(await clinic(), ['front-desk', 'GET', '/fhir/Patient/7', '']);
    expect(explanation).toMatchObject({ allow: true, rule: 'desk', patient: '7' });
  });
});
