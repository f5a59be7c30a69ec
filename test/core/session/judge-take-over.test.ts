// What becomes of other sessions of the same person, as one table.

import { expect, test } from 'vitest';
import { judgeTakeOver } from '../../../src/core/session/judge-take-over.ts';

test.each`
  configured  | others | mayAsk   | does
  ${'ask'}    | ${0}   | ${true}  | ${'nothing'}
  ${'always'} | ${0}   | ${true}  | ${'nothing'}
  ${'never'}  | ${0}   | ${true}  | ${'nothing'}
  ${'ask'}    | ${1}   | ${true}  | ${'ask'}
  ${'ask'}    | ${3}   | ${false} | ${'keep'}
  ${'always'} | ${1}   | ${true}  | ${'end'}
  ${'always'} | ${2}   | ${false} | ${'end'}
  ${'never'}  | ${1}   | ${true}  | ${'keep'}
`('$configured, $others others, may ask $mayAsk: $does', ({ configured, others, mayAsk, does }) => {
  expect(judgeTakeOver(configured, others, mayAsk)).toBe(does);
});
