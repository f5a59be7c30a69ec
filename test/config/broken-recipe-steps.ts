// Mistakes in the steps of a recipe and in the values that go through them.

import { preset } from './broken-preset.ts';
import type { BrokenPreset } from './broken-preset.ts';
import { fullPreset } from './full-preset.ts';

const post = "- post: '{action}'";
const fields = "user: '{username}', ";
const taken = "take: { key: { between: ['k=\"', '\"'] } }";

export const brokenRecipeSteps: readonly BrokenPreset[] = [
  preset(
    'no step',
    fullPreset.slice(fullPreset.indexOf('  steps:'), fullPreset.indexOf('  success:')),
    '',
    '8:3: Recipe has no steps; write what is sent to the EHR',
  ),
  preset(
    'no success',
    fullPreset.slice(fullPreset.indexOf('  success:'), fullPreset.indexOf('  failure:')),
    '',
    '8:3: Recipe has no success; without them nobody could be signed on',
  ),
  preset(
    'no failure',
    fullPreset.slice(fullPreset.indexOf('  failure:'), fullPreset.indexOf('  passwordChange:')),
    '',
    '8:3: Recipe has no failure; without them a wrong password could not be told from a change of the EHR',
  ),
  preset(
    'an empty list of tests',
    '{ status: [302, 303], location: /main/** }',
    '',
    '28:7: Entry 1 of signOn.success has no value, it must be a mapping of "key: value"',
  ),
  preset(
    'a step without a request',
    post,
    '- basic: true',
    '17:7: Step names no request, write get:, post: or delete: with the path',
  ),
  preset('a step with two requests', post, `${post}\n      get: /x`, '17:13: Keys get and post stand together, keep one'),
  preset(
    'a path without its slash',
    'get: /login',
    'get: login',
    '12:12: Path "login.jsp?site={site}" must begin with "/", write /login.jsp?site=',
  ),
  preset(
    'a path to another host',
    'get: /login',
    'get: //login',
    '12:12: Path "//login.jsp?site={site}" begins with "//", which names another host; write one "/"',
  ),
  preset(
    'a path with a space',
    'site={site}',
    'site=a b',
    '12:12: Path "/login.jsp?site=a b" holds a space or a character beyond ASCII, write it in percent form such as %20',
  ),
  preset(
    'a path that people type',
    post,
    "- post: '{username}'",
    '17:13: Path begins with {username}, which people type, so it could lead anywhere; begin it with "/"',
  ),
  preset('a form with a get', post, "- get: '{action}'", '18:7: Request by GET carries no form, write post: or delete the key'),
  preset(
    'a form beside JSON',
    '      json: { room',
    '      form: { a: b }\n      json: { room',
    '23:7: Keys form and json stand together, keep one',
  ),
  preset(
    'a header of the gateway',
    'Accept: text',
    'Cookie: text',
    '13:18: Header "Cookie" is written by the gateway itself, delete it here',
  ),
  preset(
    'a header twice',
    'basic: true',
    "basic: true\n      headers: { Authorization: 'Bearer {token}' }",
    '22:18: Header "Authorization" is what basic: true sends, keep one',
  ),
  preset(
    'a header beyond ASCII',
    'Accept: text/html',
    'Accept: süß',
    '13:26: Header "Accept" must have printable ASCII characters only',
  ),
  preset('two steps that decide', 'basic: true', 'decides: true', '21:16: Step in line 17 decides already, and only one may'),
  preset(
    'a step that decides and may be left out',
    '      decides: true\n',
    '',
    '25:17: Step that decides may not be left out; remove onlyWith, or write decides: true at the step that always tells',
  ),
  preset(
    'no password',
    "word: '{password}', ",
    '',
    '12:5: Recipe sends no password before it decides; write {password} or basic: true',
  ),

  preset(
    'a value that nobody gives',
    fields,
    "user: '{usrname}', ",
    '18:21: Value {usrname} is given by nobody, there is "username", "password"',
  ),
  preset(
    'a value used before it is taken',
    '/login.jsp?site={site}',
    '/login.jsp?site={token}',
    '12:12: Value {token} is used before it is taken, which happens in line 16',
  ),
  preset(
    'a value used in the step that takes it',
    'json: { room:',
    "json: { key: '{key}', room:",
    '22:20: Value {key} is used before it is taken, which happens in line 24',
  ),
  preset(
    'a value of a step that may be left out',
    '      onlyWith: [room]\n  success',
    '  success',
    '25:15: Value {key} is taken by a step that may be left out (line 24); write the same onlyWith here',
  ),
  preset('a value taken from nowhere', '{ field: csrf }', '{}', '16:16: Value "token" is taken from nowhere'),
  preset(
    'a value taken twice',
    '{ field: csrf }',
    '{ field: csrf, cookie: X }',
    '16:16: Value "token" is taken from "field" and "cookie", keep one',
  ),
  preset(
    'a value taken by a name that is given',
    taken,
    taken.replace('key:', 'site:'),
    '24:15: Value "site" is given already, take it by another name',
    '25:15: Value {key} is given by nobody',
  ),
  preset(
    'a value asked for that is always there',
    'asks: pin',
    'asks: [pin, password]',
    '9:15: Value "password" is always there, delete it from asks',
  ),
  preset(
    'a value of IT that people are asked for',
    'values: { site',
    'values: { pin: 1, site',
    '10:13: Value "pin" is what people are asked for, choose another name',
  ),
  preset(
    'an unknown onlyWith',
    '      onlyWith: [room]\n      take',
    '      onlyWith: [romm]\n      take',
    '23:18: Value "romm" stands neither under values nor under asks, there is "site", "room" and "pin", did you mean "room"?',
    '25:15: Value {key} is taken by a step that may be left out (line 24)',
  ),
];
