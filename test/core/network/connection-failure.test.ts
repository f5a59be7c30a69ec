import { expect, test } from 'vitest';
import { connectionFailure } from '../../../src/core/network/connection-failure.ts';

test.each`
  code                                      | isCertificate | says                       | fix
  ${'DEPTH_ZERO_SELF_SIGNED_CERT'}          | ${true}       | ${/signed by itself/}      | ${/trust/}
  ${'SELF_SIGNED_CERT_IN_CHAIN'}            | ${true}       | ${/authority .* not know/} | ${/as trust in gateway\.yaml/}
  ${'UNABLE_TO_VERIFY_LEAF_SIGNATURE'}      | ${true}       | ${/leaves out the inter/}  | ${/trust/}
  ${'CERT_HAS_EXPIRED'}                     | ${true}       | ${/has ended/}             | ${/renew/}
  ${'ERR_TLS_CERT_ALTNAME_INVALID'}         | ${true}       | ${/another name/}          | ${/name/}
  ${'ERR_SSL_WRONG_VERSION_NUMBER'}         | ${false}      | ${/does not speak TLS/}    | ${/plainHttpBecause/}
  ${'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'} | ${false}      | ${/older than 1\.2/}       | ${/TLS 1\.2/}
  ${'EPROTO'}                               | ${false}      | ${/handshake failed/}      | ${/plainHttpBecause/}
  ${'ECONNREFUSED'}                         | ${false}      | ${/nothing listens/}       | ${/port/}
  ${'ENOTFOUND'}                            | ${false}      | ${/name is not known/}     | ${/DNS/}
  ${'UND_ERR_CONNECT_TIMEOUT'}              | ${false}      | ${/not answer in time/}    | ${/firewall/}
`('$code is told in words', ({ code, ...told }: { code: string; isCertificate: boolean; says: RegExp; fix: RegExp }) => {
  expect(connectionFailure(code)).toEqual({
    isCertificate: told.isCertificate,
    says: expect.stringMatching(told.says),
    fix: expect.stringMatching(told.fix),
  });
});

test.each(['', 'EWHATEVER', 'constructor', 'toString'])('%j is not known', (code) => {
  expect(connectionFailure(code)).toBeNull();
});
