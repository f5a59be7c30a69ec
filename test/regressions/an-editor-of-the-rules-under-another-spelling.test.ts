// The story: who changes the rules says how they are called. Nora wrote "Nora", or gave her full name, beside which the gateway put
// her account in brackets, and opened charts at once: the detector compared "Nora Ames (nora)" with the login name nora and was
// silent.

import { expect, test } from 'vitest';
import { writeRulesNote } from '../../src/core/audit/rules-note.ts';
import { usualDetectors } from '../../src/core/detect/detector-settings.ts';
import { rulesThenAccess } from '../../src/core/detect/rules-then-access.ts';
import { findings, opened, seen } from '../support/seen.ts';

const change = (person: string, at: number, deed: 'applied' | 'claimed' = 'applied') => {
  const author = { deed, person, time: '2026-11-02T08:00:00Z', approver: null, reason: 'x' } as const;
  const detail = writeRulesNote({ of: 'rules', before: 'a', after: 'b', author });
  return seen('configuration', at, { person: null, detail });
};
const detect = (...all: Parameters<typeof findings>[1]) =>
  findings(rulesThenAccess(usualDetectors['rules-then-access']), all).map(({ person }) => person?.name);

test.each([
  ['nora', ['nora']],
  ['Nora', ['nora']],
  [' NORA ', ['nora']],
  ['Nora Ames (nora)', ['nora']],
  ['nora (root)', ['nora']],
  ['Nora Ames (nora) (root)', ['nora']],
  ['omar', []],
  ['Omar (nora ames)', []],
])('a change by %s, then a chart by nora', (author, told) => {
  expect(detect(change(author, 0), opened(1, 'p1'))).toEqual(told);
});

test('a chart, and then the change is claimed under two names: told once', () => {
  const byHand = seen('configuration', 0, {
    person: null,
    detail: writeRulesNote({ of: 'rules', before: 'a', after: 'b', author: null }),
  });
  expect(detect(byHand, opened(1, 'p1'), change('NORA (nora)', 2, 'claimed'))).toEqual(['nora']);
});
