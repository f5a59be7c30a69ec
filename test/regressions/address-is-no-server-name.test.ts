// An EHR that is configured by its address was asked for by that address as if it were a name. For IPv6 the name still had
// its brackets, no certificate can carry such a name, and every request was 502; for IPv4 Node only warned that it will stop
// to accept it. An address is sent as no name (RFC 6066 section 3) and checked as an address.

import { expect, test } from 'vitest';
import { serverName } from '../../src/adapters/server-name.ts';

test.each([
  ['https://ehr.clinic.example', 'ehr.clinic.example'],
  ['https://EHR.clinic.example:8443', 'ehr.clinic.example'],
  ['https://localhost:8443', 'localhost'],
  ['https://10.20.0.5', ''],
  ['https://127.0.0.1:8443', ''],
  ['https://[::1]:8443', ''],
  ['https://[2001:db8::5]', ''],
])('%s is asked for as "%s"', (origin, name) => {
  expect(serverName(origin)).toBe(name);
});
