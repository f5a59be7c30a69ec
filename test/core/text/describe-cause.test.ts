// An error in one line: with its causes, cut where it is long, and whatever was thrown.

import { expect, test } from 'vitest';
import { Fault } from '../../../src/core/faults.ts';
import { describeCause } from '../../../src/core/text/describe-cause.ts';

test.each([
  ['nothing', undefined, undefined],
  ['null', null, undefined],
  ['an error', new TypeError('It is none'), 'TypeError: It is none'],
  ['one with causes', new Error('A', { cause: new Error('B', { cause: 'C' }) }), 'Error: A; Error: B; C'],
  ['a fault', new Fault('internal', { detail: 'It broke' }), 'Fault: It broke'],
  ['a text that is no JSON', unread(), 'SyntaxError'],
  ['a value that a column does not take', Object.assign(new Error('invalid: "Jane"'), { code: '22P02' }), 'Error'],
  ['another code', Object.assign(new Error('It is gone'), { code: 'ENOENT' }), 'Error: It is gone'],
  ['a text', 'ended', 'ended'],
  ['anything else', { code: 7 }, '{"code":7}'],
  ['a long text', 'x'.repeat(600), 'x'.repeat(500)],
  ['a long message', new Error('x'.repeat(2000)), `Error: ${'x'.repeat(993)}`],
])('%s', (_what, cause, expected) => {
  expect(describeCause(cause)).toBe(expected);
});

function unread(): unknown {
  try {
    return JSON.parse('Doe, Jane');
  } catch (cause) {
    return cause;
  }
}
