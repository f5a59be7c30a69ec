// A servlet container writes its session id into addresses. Only that, and only at the end of the path, is taken out.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalize } from '../../../src/core/target/canonicalize.ts';
import { stripSessionId } from '../../../src/core/target/strip-session-id.ts';

test.each([
  ['/a', '/a'],
  ['/a;jsessionid=0A1B', '/a'],
  ['/a;JSESSIONID=0A1B.node1', '/a'],
  ['/a;jsessionid=0A1B?b=1', '/a?b=1'],
  ['/j_security_check;jsessionid=0A1B?x=;jsessionid=2', '/j_security_check?x=;jsessionid=2'],
  ['/a/;jsessionid=1', '/a/'],
  ['/;jsessionid=1', '/'],
  ['/a?b=;jsessionid=1', '/a?b=;jsessionid=1'],
  ['/a;jsessionid=1/b', '/a;jsessionid=1/b'],
  ['/a;jsessionid=', '/a;jsessionid='],
  ['/a;jsessionid=1;x=y', '/a;jsessionid=1;x=y'],
  ['/a;x=y;jsessionid=1', '/a;x=y'],
  ['/a;jsessionid=1;jsessionid=2', '/a;jsessionid=1'],
  ['/a;jsessionid=%31', '/a;jsessionid=%31'],
  ['/a;xjsessionid=1', '/a;xjsessionid=1'],
])('%s becomes %s', (raw, stripped) => {
  expect(stripSessionId(raw)).toBe(stripped);
});

test('whatever is left behind a semicolon is refused, and what is accepted stays as it is', () => {
  const piece = fc.constantFrom(';', 'jsessionid=', ';jsessionid=1', '/', 'a', '?', '%3b', '..', 'JSESSIONID', '=');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const stripped = stripSessionId(`/${pieces.join('')}`);
      const target = canonicalize(stripped, 'java', 8192);
      if ('reason' in target) return;
      expect(target.path).not.toContain(';');
      expect(stripSessionId(target.path)).toBe(target.path);
    }),
  );
});
