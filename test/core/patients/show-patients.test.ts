// A record as whoever may see patients is shown it.

import { expect, test } from 'vitest';
import { showPatients, textsOf } from '../../../src/core/patients/show-patients.ts';
import { fakeToken } from '../../support/fake-patients.ts';

const [seven, eight] = [fakeToken('7'), fakeToken('8')];
const record = { sequence: 1, patient: seven, target: `/chart/${seven}/${eight}`, detail: null };

test('ids stand in the place of tokens wherever they are known', () => {
  expect(showPatients(record, new Map([[seven, { id: '7' }]]))).toEqual({
    sequence: 1,
    patient: '7',
    target: `/chart/7/${eight}`,
    detail: null,
  });
  expect(showPatients(record, new Map())).toEqual(record);
  expect(textsOf([record])).toEqual([seven, record.target, null]);
});
