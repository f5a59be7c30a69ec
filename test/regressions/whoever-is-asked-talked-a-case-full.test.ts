// The story: a case takes two hundred steps. Whoever it was about was asked a question and answered with two hundred messages; from
// then on no finding, disposition or sanction had room, and a case without a disposition cannot be closed. The last word of a case
// was its subject's.

import { expect, test } from 'vitest';
import { mostSteps } from '../../src/core/cases/case.ts';
import type { Case, KeptStep } from '../../src/core/cases/case.ts';
import { judgeStep } from '../../src/core/cases/judge-step.ts';
import type { Acting, AskedStep } from '../../src/core/cases/judge-step.ts';

const jane = { issuer: 'https://op.example', sub: 'j', name: 'jane', key: 'https://op.example j' };
const rita = { issuer: 'https://op.example', sub: 'r', name: 'rita' };
const asked: Acting = { as: 'asked', person: jane };
const reviewer = { as: 'reviewer' as const, person: rita, editsRules: false, deputysAlone: false };
const gateway: Acting = { as: 'gateway' };

function caseOf(steps: number): Case {
  const kept = Array.from({ length: steps }, (_none, at): KeptStep => ({
    kind: 'message',
    text: 'words',
    at,
    by: jane,
    id: `s${at}`,
    record: at,
    commitment: null,
  }));
  return { id: 'c', openedAt: 0, person: jane, patient: null, alerts: [], steps: kept };
}

test.each<[string, number, AskedStep, Acting, 'full' | null]>([
  ['a message of its person', mostSteps / 2 - 1, { kind: 'message', text: 'hello' }, asked, null],
  ['one more of them', mostSteps / 2, { kind: 'message', text: 'hello' }, asked, 'full'],
  ['an alert that the gateway adds then', mostSteps / 2, { kind: 'alert-added', text: null }, gateway, 'full'],
  ['a finding then', mostSteps / 2, { kind: 'finding', text: 'looked' }, reviewer, null],
  ['a finding of the last step', mostSteps - 1, { kind: 'finding', text: 'looked' }, reviewer, null],
  ['a finding behind it', mostSteps, { kind: 'finding', text: 'looked' }, reviewer, 'full'],
])('%s', (_what, steps, step, acting, refused) => {
  expect(judgeStep(caseOf(steps), step, acting)).toBe(refused);
});
