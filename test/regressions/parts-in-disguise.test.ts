// The story: PHP takes `name='send'` for send, and we took it for 'send' with its quotes, so a rule that asked for the field
// missed it. A file with the field's name counted as the field here and as none there, so a rule that permits more where
// the field is present let through what the EHR treated as a form without it. And a type in capitals, or with a tab, was a
// form to us and nothing to Tomcat or PHP.

import { describe, expect, test } from 'vitest';
import { fieldOf } from '../../src/core/policy/fields.ts';
import { formEncoding } from '../../src/core/policy/form-encoding.ts';
import { readMultipart } from '../../src/core/policy/multipart.ts';

function read(disposition: string, content = '1'): string {
  const bytes = Buffer.from(`--b\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${content}\r\n--b--\r\n`, 'latin1');
  const fields = readMultipart(bytes, 'b', 'php');
  if ('problem' in fields) return 'refused';
  return fieldOf(fields, 'send', 'php').kind;
}

describe('a part', () => {
  test.each([
    [`name="send"`, 'one'],
    [`name='send'`, 'refused'],
    [`name=send'`, 'refused'],
    [`x='; name=send; y='`, 'refused'],
    [`name="it's"; x="'"`, 'absent'],
    [`name="send"; filename="a.txt"`, 'ambiguous'],
    [`name="send"; filename=""`, 'ambiguous'],
    [`filename=a; name=send`, 'ambiguous'],
    [`name="\u00e9"; filename="a"`, 'absent'],
  ])('%s', (disposition, kind) => {
    expect(read(disposition)).toBe(kind);
  });
});

test.each([
  'Application/x-www-form-urlencoded',
  'application/x-www-form-urlencoded\t',
  'application/x-www-form-urlencoded\t;a=b',
  'multipart/Form-Data; boundary=b',
])('the type %j is read by nobody for certain', (type) => {
  expect(formEncoding(type).kind).toBe('unreadable');
});
