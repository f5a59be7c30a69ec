// What its person sees of a case, what of it waits for them, and when a question follows an alert.

import { describe, expect, test } from 'vitest';
import { askedAbout } from '../../../src/core/cases/asked-about.ts';
import type { AskedAbout } from '../../../src/core/cases/asked-about.ts';
import type { Case, CaseActor, CaseStep, KeptStep } from '../../../src/core/cases/case.ts';
import { judgeStep } from '../../../src/core/cases/judge-step.ts';
import { owesQuestion } from '../../../src/core/cases/owes-question.ts';
import { postponedMilliseconds, questionThread, quietUntil } from '../../../src/core/cases/question-thread.ts';
import type { DetectorName } from '../../../src/core/detect/detector.ts';

const issuer = 'https://op.example';
const jane = { issuer, sub: 'j', name: 'jane', key: `${issuer} j` };
const rita = { issuer, sub: 'r', name: 'rita' };
const namesake = { issuer: 'https://other.example', sub: 'j', name: 'jane' };

type Kind = CaseStep['kind'];
type Said = Kind | readonly [Kind, CaseActor] | readonly ['alert-added', number];

function kept(said: Said, at: number): KeptStep {
  const [kind, more] = typeof said === 'string' ? [said, rita] : said;
  const alerts = kind === 'opened' ? { alerts: [7] } : kind === 'alert-added' ? { alerts: [more] } : {};
  const by = typeof more === 'number' ? 'gateway' : more;
  return { kind, at, by, id: `s${at}`, record: at, commitment: null, ...alerts, text: `${kind} ${at}` } as unknown as KeptStep;
}

function after(...said: readonly Said[]): Case {
  const steps = ['opened' as const, ...said].map(kept);
  return { id: 'c', openedAt: 0, person: jane, patient: null, alerts: [], steps };
}

const message = ['message', jane] as const;
const answer = ['answer', jane] as const;
const byGateway = ['question', 'gateway'] as const;

describe('a thread', () => {
  test.each<[string, Case, string[] | null, 'question' | 'message' | null, boolean?]>([
    ['nobody spoke to them', after('finding'), null, null],
    ['a question', after(byGateway), ['question 1'], 'question', false],
    ['a question they saw', after('question', 'question-seen'), ['question 1'], 'question', true],
    ['a question they answered', after('question', answer), ['question 1', 'answer 2'], null, true],
    ['a message to them', after('message'), ['message 1'], 'message', false],
    ['a message they saw', after('message', 'question-seen'), ['message 1'], null, true],
    ['their own words alone', after(message), null, null],
    [
      'a message behind an answer',
      after('question', answer, 'message'),
      ['question 1', 'answer 2', 'message 3'],
      'message',
      false,
    ],
    [
      'answered once more',
      after('question', answer, 'message', message),
      ['question 1', 'answer 2', 'message 3', 'message 4'],
      null,
      true,
    ],
    ['a question that was withheld', after('question', 'question-withheld'), null, null],
    ['a message behind it', after('question', 'question-withheld', 'message'), ['message 3'], 'message', false],
    ['a closed case', after('question', answer, 'closed'), null, null],
    ['a message of a namesake elsewhere', after(['message', namesake]), ['message 1'], 'message', false],
    ['a message of nobody', after(['message', 'gateway']), ['message 1'], 'message', false],
  ])('%s', (_, one, says, waits, seen) => {
    const thread = questionThread(one);
    expect(thread?.steps.map(({ text }) => text) ?? null).toEqual(says);
    expect([thread?.waits ?? null, thread?.seen]).toEqual([waits, seen]);
  });

  test('a case about nobody has a thread, and nothing in it is theirs', () => {
    expect(questionThread({ ...after('message', message), person: null })?.waits).toBe('message');
  });

  test('says since when a question is open, and how often it was put off', () => {
    const later = 'question-postponed';
    expect(questionThread(after('question', later, later))).toMatchObject({ askedAt: 1, postponed: { times: 2, lastAt: 3 } });
    expect(questionThread(after('question', later, answer, 'question'))).toMatchObject({
      askedAt: 4,
      postponed: { times: 0, lastAt: 0 },
    });
    expect(questionThread(after('question', answer))).toMatchObject({ askedAt: null });
  });

  test.each([
    ['not put off', 0, 0, 9e9, 0],
    ['put off', 1, 100, 9e9, 100 + postponedMilliseconds],
    ['no longer than it may be', 1, 100, 500, 500],
  ])('is quiet: %s', (_, times, lastAt, due, until) => {
    expect(quietUntil({ postponed: { times, lastAt } }, due)).toBe(until);
  });
});

test('a question is put off three times, and no more', () => {
  const later = 'question-postponed' as const;
  const judge = (one: Case) => judgeStep(one, { kind: later, text: null }, { as: 'asked', person: jane });
  expect(judge(after('question', later, later))).toBeNull();
  expect(judge(after('question', later, later, later))).toBe('postponed-enough');
  expect(judge(after())).toBe('no-question');
  expect(judge(after('question', answer))).toBe('no-question');
});

describe('after an alert', () => {
  test.each<[string, Case, number, boolean]>([
    ['a new case', after(), 7, true],
    ['asked already', after(byGateway), 7, false],
    ['asked and answered', after(byGateway, answer), 7, false],
    ['a later alert behind the answer', after(byGateway, answer, ['alert-added', 8]), 8, true],
    ['the later one asked about', after(byGateway, answer, ['alert-added', 8], byGateway, answer), 8, false],
    ['withheld', after(byGateway, 'question-withheld', ['alert-added', 8]), 8, false],
    ['closed', after('closed'), 7, false],
  ])('a question follows: %s', (_, one, alert, owes) => {
    expect(owesQuestion(one, alert)).toBe(owes);
  });
});

test.each<[DetectorName | null, boolean, AskedAbout]>([
  [null, true, 'looked-at'],
  ['many-patients', true, 'charts'],
  ['export-burst', false, 'downloads'],
  ['colleague', true, 'chart'],
  ['after-hours', false, 'work'],
])('a person is told what %s is about', (detector, names, about) => {
  expect(askedAbout(detector, names)).toBe(about);
});
