// Keys and values of a sign-on that are wrong by themselves.

import { preset } from './broken-preset.ts';
import type { BrokenPreset } from './broken-preset.ts';

export const brokenPresetKeys: readonly BrokenPreset[] = [
  preset(
    'a misspelt key',
    'landing: location',
    'landings: location',
    '33:3: Unknown key "landings" in signOn, did you mean "landing"?',
  ),
  preset(
    'a misspelt key in a step',
    'decides: true',
    'decide: true',
    '19:7: Unknown key "decide" in signOn.steps[2], did you mean "decides"?',
  ),
  preset(
    'a misspelt key in a test',
    ', location: /main/**',
    ', locaton: /main/**',
    '28:29: Unknown key "locaton" in signOn.success[1], did you mean "location"?',
  ),
  preset(
    'a misspelt place of a value',
    'field: csrf',
    'feild: csrf',
    '16:18: Unknown key "feild" in signOn.steps[1].take.token, did you mean "field"?',
  ),
  preset(
    'a kind of sign-on that is none',
    'by: recipe',
    'by: recpie',
    '8:7: Value "recpie" of signOn.by must be "recipe" or "basic", did you mean "recipe"?',
  ),
  preset(
    'a status that is none',
    'status: 200',
    'status: 2000',
    '30:17: Value "2000" of signOn.failure[1].status must be a whole number from 100 to 599',
  ),
  preset(
    'a pointer that is none',
    '/user/ok: false',
    'user.ok: false',
    '31:69: Name "user.ok" in signOn.failure[2].json is no JSON pointer, write for example /user/authenticated (RFC 6901)',
  ),
  preset(
    'a pointer with a loose tilde',
    'field: csrf',
    'json: /a~2',
    '16:24: Value "/a~2" of signOn.steps[1].take.token.json is no JSON pointer, write for example /user/authenticated (RFC 6901)',
  ),
  preset(
    'one text where two belong',
    "['k=\"', '\"']",
    "['k=\"']",
    '24:31: Value […] of signOn.steps[3].take.key.between must be two texts',
  ),
  preset(
    'a brace that is not closed',
    "'{action}'",
    "'{action'",
    `17:13: Value "{action" of signOn.steps[2].post opens "{" without closing it; write {name} for a value, or {{ for a brace`,
  ),
  preset(
    'a number where JSON takes text',
    "note: '{{}'",
    'note: 7',
    '22:37: Value "7" of signOn.steps[3].json.note is a number to YAML, and text is wanted; put it into double quotes',
  ),
  preset(
    'a header that is none',
    'Accept: text',
    'A_B: text',
    '13:18: Name "A_B" in signOn.steps[1].headers must be a header name',
  ),
  preset('a text that is too long', 'Wrong password', 'x'.repeat(501), '30:28: Value "xxx'),
  preset(
    'more tests than anybody reads',
    "'Wrong password'",
    `[${'x, '.repeat(51)}]`,
    '30:28: Value […] of signOn.failure[1].body has more than 50 entries',
  ),
  preset(
    'more steps than a sign-on has',
    '    - get: /login',
    `${'    - get: /a\n'.repeat(20)}    - get: /login`,
    '12:5: Value […] of signOn.steps has more than 20 entries',
  ),
  preset(
    'a root with a slash at its end',
    'root: /emr',
    'root: /emr/',
    '2:7: Value "/emr/" of root must not end in "/", write /emr',
  ),
  preset(
    'a root without a slash',
    'root: /emr',
    'root: emr',
    '2:7: Value "emr" of root is no path: Pattern "emr" does not begin with a slash; write "/emr"',
  ),
  preset(
    'a root with a star',
    'root: /emr',
    'root: /emr/*',
    '2:7: Value "/emr/*" of root must be a plain path such as /openemr, without { }, * and spaces',
  ),
  preset(
    'a host name that is nearly a word',
    'hostHeader: emr.internal:8443',
    'hostHeader: externl',
    '3:13: Value "externl" of hostHeader is nearly "external", write that, or a host name with a dot or a port',
  ),
  preset(
    'a host name that is none',
    'hostHeader: emr.internal:8443',
    'hostHeader: https://emr',
    '3:13: Value "https://emr" of hostHeader must be external, upstream or a host name such as ehr.clinic.example',
  ),
  preset(
    'basic with more',
    'by: recipe',
    'by: basic',
    ...['asks', 'values', 'steps', 'success', 'failure', 'passwordChange', 'landing'].map((key) => {
      const line = { asks: 9, values: 10, steps: 11, success: 27, failure: 29, passwordChange: 32, landing: 33 }[key];
      return `${line}:3: Key "${key}" belongs to by: recipe, and basic takes no further key`;
    }),
  ),
];
