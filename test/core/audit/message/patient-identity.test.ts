// How the patient of a record is named to other systems.

import { expect, test } from 'vitest';
import { identityById, identityByToken } from '../../../../src/core/audit/message/patient-identity.ts';
import { fakeToken } from '../../../support/fake-patients.ts';

const token = fakeToken('7');
const byToken = { value: token, system: 'urn:wardgate:patient-token' };

test('by the token as recorded, with its system; what is older than tokens is the number of the EHR', () => {
  expect(identityByToken(token)).toEqual(byToken);
  expect(identityByToken('7')).toEqual({ value: '7', system: null });
});

test('by the id where it is known', () => {
  const identify = identityById((one) => (one === token ? '7' : undefined));
  expect(identify(token)).toEqual({ value: '7', system: null });
  expect(identify(fakeToken('8'))).toEqual({ ...byToken, value: fakeToken('8') });
});
