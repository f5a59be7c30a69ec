// Who may take which step of a case, and behind which others.

import { describe, expect, test } from 'vitest';
import { mostSteps, mostStepText } from '../../../src/core/cases/case.ts';
import type { Case, CaseActor, CaseAlert, CaseStep, KeptStep } from '../../../src/core/cases/case.ts';
import { caseStanding } from '../../../src/core/cases/case-standing.ts';
import { concerns } from '../../../src/core/cases/concerns.ts';
import { judgeStep } from '../../../src/core/cases/judge-step.ts';
import type { Acting, AskedStep, StepRefused } from '../../../src/core/cases/judge-step.ts';
import { readStep, writeStep } from '../../../src/core/cases/step-note.ts';

const issuer = 'https://op.example';
const jane = { issuer, sub: 'j', name: 'jane', key: `${issuer} j` };
const rita = { issuer, sub: 'r', name: 'rita' };
const alert: CaseAlert = { sequence: 7, time: 1, detector: 'after-hours', person: jane, patient: null, words: 'At night' };

type Kind = CaseStep['kind'];

function kept(kind: Kind, at: number, disposition = 'violation', by: CaseActor = rita): KeptStep {
  const more = { alerts: [7], text: 'words', disposition };
  return { kind, at, by, id: `s${at}`, record: at, commitment: null, ...more } as unknown as KeptStep;
}

function after(...kinds: readonly (Kind | readonly ['disposition', string])[]): Case {
  const steps = ['opened' as const, ...kinds].map((one, at) =>
    typeof one === 'string' ? kept(one, at) : kept(one[0], at, one[1]),
  );
  return { id: 'c', openedAt: 0, person: jane, patient: null, alerts: [alert], steps };
}

const reviewer: Acting = { as: 'reviewer', person: rita, editsRules: false, deputysAlone: false };
const editor: Acting = { as: 'reviewer', person: rita, editsRules: true, deputysAlone: false };
const colleague: Acting = { as: 'reviewer', person: rita, editsRules: false, deputysAlone: true };
const herself: Acting = { as: 'reviewer', person: { ...jane, name: 'another name' }, editsRules: false, deputysAlone: false };
const asked: Acting = { as: 'asked', person: jane };
const other: Acting = { as: 'asked', person: rita };
const gateway: Acting = { as: 'gateway' };

const step = (kind: AskedStep['kind'], text: string | null = null): AskedStep => ({ kind, text });
const justified = ['disposition', 'justified'] as const;
const nobody = { ...after(), person: null };
const endless = {
  ...after(),
  steps: Array.from({ length: mostSteps }, (_, at) => kept(at === 0 ? 'disposition' : 'message', at, 'unclear')),
};

describe('a step', () => {
  test.each<[string, Case, AskedStep, Acting, StepRefused | null]>([
    ['a finding of an open case', after(), step('finding', 'looked at it'), reviewer, null],
    ['a message', after(), step('message', 'hello'), reviewer, null],
    ['one more alert', after(), step('alert-added'), reviewer, null],
    ['one more alert by the gateway', after(), step('alert-added'), gateway, null],
    ['a disposition without a finding', after(), step('disposition', 'why'), reviewer, 'no-finding'],
    ['a disposition behind one', after('finding'), step('disposition', 'why'), reviewer, null],
    ['a disposition by who changes the rules', after('finding'), step('disposition', 'why'), editor, 'edits-rules'],
    ['a finding by who changes the rules', after(), step('finding', 'what I saw'), editor, null],
    ['closing by who changes the rules', after('finding', justified), step('closed', 'done'), editor, 'edits-rules'],
    ['reopening by who changes the rules', after('finding', justified, 'closed'), step('reopened'), editor, 'edits-rules'],
    ['a finding about who reviews', after(), step('finding', 'what I saw'), colleague, null],
    ['a disposition about who reviews', after('finding'), step('disposition', 'why'), colleague, 'deputys'],
    ['closing about who reviews', after('finding', justified), step('closed', 'done'), colleague, 'deputys'],
    ['a sanction without a disposition', after('finding'), step('sanction', 'training'), reviewer, 'no-disposition'],
    ['a sanction for what was justified', after('finding', justified), step('sanction', 'training'), reviewer, 'no-violation'],
    ['a sanction for a violation', after('finding', 'disposition'), step('sanction', 'training'), reviewer, null],
    ['closing without a disposition', after('finding'), step('closed', 'done'), reviewer, 'no-disposition'],
    ['closing a violation without a sanction', after('finding', 'disposition'), step('closed', 'done'), reviewer, 'no-sanction'],
    ['closing a violation with one', after('finding', 'disposition', 'sanction'), step('closed', 'done'), reviewer, null],
    ['a sanction for an earlier disposition', after('finding', 'disposition', 'sanction', 'disposition'), step('closed', 'done'), reviewer, 'no-sanction'], // prettier-ignore
    ['closing what was justified', after('finding', justified), step('closed', 'done'), reviewer, null],
    ['anything of a closed case', after('finding', justified, 'closed'), step('finding', 'more'), reviewer, 'closed'],
    ['closing twice', after('finding', justified, 'closed'), step('closed', 'done'), reviewer, 'closed'],
    ['reopening a closed one', after('finding', justified, 'closed'), step('reopened'), reviewer, null],
    ['reopening an open one', after(), step('reopened'), reviewer, 'not-closed'],
    ['closing a reopened one at once', after('finding', justified, 'closed', 'reopened'), step('closed', 'done'), reviewer, 'no-disposition'], // prettier-ignore
    ['anything about oneself, under another name', after(), step('finding', 'fine'), herself, 'yourself'],
    ['closing about oneself', after('finding', justified), step('closed', 'fine'), herself, 'yourself'],
    ['about oneself among the alerts', nobody, step('finding', 'fine'), herself, 'yourself'],
    ['an answer in the place of its person', after('question'), step('answer', 'I was asked'), reviewer, 'not-yours'],
    ['an answer of its person', after('question'), step('answer', 'I was asked'), asked, null],
    ['an answer of another', after('question'), step('answer', 'I was asked'), other, 'not-its-person'],
    ['an answer about nobody', nobody, step('answer', 'I was asked'), asked, 'not-its-person'],
    ['an answer without a question', after(), step('answer', 'I was asked'), asked, 'no-question'],
    ['a second answer', after('question', 'answer'), step('answer', 'and'), asked, 'no-question'],
    ['a message of its person', after('question', 'answer'), step('message', 'one more thing'), asked, null],
    ['a finding of its person', after(), step('finding', 'nothing'), asked, 'not-yours'],
    ['postponing', after('question'), step('question-postponed'), asked, null],
    ['postponing without a question', after(), step('question-postponed'), asked, 'no-question'],
    ['seeing', after('question'), step('question-seen'), asked, null],
    ['seeing what was withheld', after('question', 'question-withheld'), step('question-seen'), asked, 'no-question'],
    ['a question', after(), step('question', 'why?'), reviewer, null],
    ['a question of the gateway', after(), step('question', 'why?'), gateway, null],
    ['a second question while one is open', after('question'), step('question', 'why?'), reviewer, 'question-open'],
    ['a question behind an answer', after('question', 'answer'), step('question', 'and why?'), reviewer, null],
    ['a question to nobody', { ...nobody, alerts: [] }, step('question', 'why?'), reviewer, 'no-person'],
    ['withholding', after('question'), step('question-withheld'), reviewer, null],
    ['withholding nothing', after(), step('question-withheld'), reviewer, 'no-question'],
    ['a finding of the gateway', after(), step('finding', 'bad'), gateway, 'not-yours'],
    ['no words', after(), step('finding', ' '), reviewer, 'no-text'],
    ['too many words', after(), step('finding', 'x'.repeat(mostStepText + 1)), reviewer, 'text-too-long'],
    ['one more of too many', endless, step('message', 'x'), reviewer, 'full'],
    ['closing a full one', endless, step('closed', 'x'), reviewer, null],
  ])('%s', (_, one, what, who, expected) => {
    expect(judgeStep(one, what, who)).toBe(expected);
  });
});

test('a case stands where its last steps put it', () => {
  expect(caseStanding(after('finding', 'disposition', 'sanction', 'question'))).toEqual({
    open: true,
    finding: true,
    disposition: 'violation',
    sanction: true,
    question: 'asked',
  });
  expect(caseStanding(after('question', 'answer', 'finding', justified, 'closed', 'reopened'))).toEqual({
    open: true,
    finding: false,
    disposition: null,
    sanction: false,
    question: 'answered',
  });
});

test('another person of the same name, and the same number of another issuer, are others', () => {
  expect(concerns(after(), jane)).toBe(true);
  expect(concerns(after(), { issuer: 'https://other.example', sub: 'j' })).toBe(false);
  expect(concerns({ person: null, alerts: [{ ...alert, person: null }] }, jane)).toBe(false);
});

test('the record names the case, the step and whom it is about, and never the text', () => {
  const said: CaseStep = { kind: 'finding', at: 1, by: rita, text: 'John Doe was seen' };
  const note = writeStep({ id: 'c1', person: { ...jane, name: 'ja"ne' }, alerts: [] }, said, 's1', 'abc');
  expect(note).toBe(`case c1, step s1: finding, about "ja'ne"; text abc`);
  expect(readStep(note)).toEqual({ of: 'c1', id: 's1' });
  const opened: CaseStep = { kind: 'opened', at: 1, by: 'gateway', alerts: [7] };
  expect(writeStep(nobody, opened, 's', null)).toBe('case c, step s: opened with alert 7, about nobody in particular');
  const many: CaseStep = { ...opened, kind: 'alert-added', alerts: Array.from({ length: 12 }, (_, at) => at) };
  const reviewed = { ...opened, origin: { review: 'monthly-2026-11', item: 3 } };
  expect(writeStep(nobody, reviewed, 's', null)).toContain('opened with record 7 of review monthly-2026-11 item 3, about nobody');
  expect(writeStep(nobody, many, 's', null)).toContain('alert-added with alerts 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more');
  const disposed: CaseStep = { kind: 'disposition', at: 1, by: rita, disposition: 'unclear', text: 'x' };
  expect(writeStep(after(), disposed, 's', 'd')).toContain('disposition unclear of after-hours, about "jane"; text d');
  expect(writeStep({ ...after(), alerts: [{ ...alert, detector: null }] }, disposed, 's', 'd')).toContain(
    'disposition unclear, about',
  );
  expect(readStep('something else')).toBeNull();
});
