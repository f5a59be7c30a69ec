import { expect, test } from 'vitest';
import { clientAddresses } from '../../src/http/client-address.ts';
import { identifyRequest } from '../../src/stages/identify-request.ts';
import type { Identified } from '../../src/facts.ts';
import { applicationOf, exchangeOf, reasonOf } from '../support/edge-facts.ts';

const ehr = applicationOf();
const local = applicationOf({ name: 'local', host: 'localhost:8080', origin: 'http://localhost:8080' });
const rules = { policy: {}, index: {} } as unknown as Pick<Identified, 'policy' | 'index'>;
const stage = identifyRequest({
  addresses: clientAddresses(['10.9.0.0/16'], new Map([['clinic', ['10.1.0.0/16']]])),
  applications: new Map([ehr, local].map((one) => [one.host, one])),
  rules: () => rules,
});

const run = (headers: readonly string[], more = {}) => stage({ exchange: exchangeOf(headers, more), id: 'r-1', arrivedAt: 1000, startedAt: 5 }); // prettier-ignore

test.each<readonly [what: string, headers: readonly string[], reason: string]>([
  ['no host', [], 'host-ambiguous'],
  ['an empty host', ['Host', ''], 'host-ambiguous'],
  ['two hosts', ['Host', 'ehr.example', 'Host', 'ehr.example'], 'header-malformed'],
  ['a host with a path', ['Host', 'ehr.example/admin'], 'host-ambiguous'],
  ['a host with a name and password', ['Host', 'a@ehr.example'], 'host-ambiguous'],
  ['a host with a comma', ['Host', 'ehr.example, evil.test'], 'host-ambiguous'],
  ['a host with a Kelvin sign', ['Host', 'e\u212Ar.example'], 'host-ambiguous'],
  ['a host that is too long', ['Host', 'a'.repeat(256)], 'host-ambiguous'],
  ['another host', ['Host', 'evil.test'], 'host-unknown'],
  ['a trailing dot', ['Host', 'ehr.example.'], 'host-unknown'],
  ['a port that is not ours', ['Host', 'ehr.example:8443'], 'host-unknown'],
  ['an address', ['Host', '[::1]'], 'host-unknown'],
  ['two lengths', ['Host', 'ehr.example', 'Content-Length', '5', 'content-length', '5'], 'header-malformed'],
  ['two types', ['Host', 'ehr.example', 'Content-Type', 'a/b', 'Content-Type', 'c/d'], 'header-malformed'],
  ['two origins', ['Host', 'ehr.example', 'Origin', 'a', 'ORIGIN', 'b'], 'header-malformed'],
])('%s is refused', (_what, headers, reason) => {
  expect(reasonOf(run(headers))).toBe(reason);
});

test.each<readonly [what: string, serverName: string | undefined, host: string, reason: string | null]>([
  ['the same name', 'EHR.example', 'ehr.example', null],
  ['no name', undefined, 'ehr.example', null],
  ['the name of a proxy on the way', 'gateway.internal', 'ehr.example', null],
  ['the name of another application', 'localhost', 'ehr.example', 'host-unknown'],
  ['the name of the first for the second', 'ehr.example', 'localhost:8080', 'host-unknown'],
])('a connection that asked TLS for %s', (_what, serverName, host, reason) => {
  const asked = serverName === undefined ? {} : { serverName };
  const result = reasonOf(run(['Host', host], asked));
  if (reason === null) expect(result).toMatchObject({ application: { host } });
  else expect(result).toBe(reason);
});

test('whoever asks for another host is told what is served here', () => {
  expect(run(['Host', '10.0.0.1'])).toMatchObject({
    answer: { detail: 'What is served here is https://ehr.example, http://localhost:8080' },
  });
});

test.each<readonly [what: string, headers: readonly string[], more: object, facts: object]>([
  ['the host in capitals', ['Host', 'EHR.example'], {}, { application: ehr }],
  ['a host with a port', ['Host', 'localhost:8080'], {}, { application: local }],
  ['a peer in a zone', ['Host', 'ehr.example'], {}, { address: '10.1.1.1', zones: ['clinic'] }],
  [
    'a forwarding header of anybody',
    ['Host', 'ehr.example', 'X-Forwarded-For', '10.1.9.9'],
    { peerAddress: '203.0.113.7' },
    { address: '203.0.113.7', zones: [] },
  ],
  [
    'a forwarding header of our proxy',
    ['Host', 'ehr.example', 'X-Forwarded-For', '6.6.6.6, 10.1.9.9'],
    { peerAddress: '10.9.0.1' },
    { address: '10.1.9.9', zones: ['clinic'] },
  ],
  ['an upgrade', ['Host', 'ehr.example'], { isUpgrade: true }, { shape: 'upgrade' }],
  [
    'a script',
    ['Host', 'ehr.example', 'X-Requested-With', 'XMLHttpRequest', 'User-Agent', 'a'],
    {},
    { shape: 'script', agent: 'a' },
  ],
  ['no agent', ['Host', 'ehr.example'], {}, { agent: null, shape: 'page' }],
])('%s', (_what, headers, more, facts) => {
  expect(run(headers, more)).toMatchObject(facts);
});

test('repeats of a list are joined, cookies by a semicolon, and names lose their case', () => {
  const facts = run([
    'Host',
    'ehr.example',
    'Accept',
    'a',
    'ACCEPT',
    'b',
    'Cookie',
    'a=1',
    'cookie',
    'b=2',
    '__proto__',
    'x',
  ]) as Identified;
  expect([...facts.headers]).toEqual([['host', 'ehr.example'], ['accept', 'a, b'], ['cookie', 'a=1; b=2'], ['__proto__', 'x']]); // prettier-ignore
});
