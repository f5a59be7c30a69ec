import { expect, test } from 'vitest';
import { plainHttpNote } from '../../../src/core/audit/plain-http-note.ts';

test('names each EHR that is reached without encryption, with the reason that was written down', () => {
  const ehr = { name: 'ehr' };
  const safe = { name: 'safe', plainHttpBecause: null };
  const pacs = { name: 'pacs', plainHttpBecause: 'isolated server VLAN' };
  expect(plainHttpNote([ehr, safe])).toBe('');
  expect(plainHttpNote([ehr, pacs, safe, { ...pacs, name: 'lab' }])).toBe(
    '; "pacs" by http: because "isolated server VLAN"; "lab" by http: because "isolated server VLAN"',
  );
});
