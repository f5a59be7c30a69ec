// Mistakes in what a recipe looks for, in where it leads and in cookies.

import { preset } from './broken-preset.ts';
import type { BrokenPreset } from './broken-preset.ts';

export const brokenReplyTests: readonly BrokenPreset[] = [
  preset(
    'a test that looks at nothing',
    '{ status: [302, 303], location: /main/** }',
    '{ paths: [/x] }',
    '28:7: Test looks at nothing of the reply, write one of status, location, body, bodyWithout or json',
  ),
  preset('an empty test', '{ status: [302, 303], location: /main/** }', '{}', '28:7: Test looks at nothing of the reply'),
  preset(
    'a success that is a failure',
    "{ status: 200, body: 'Wrong password' }",
    '{ status: [302, 303], location: /main/** }',
    '28:7: Success is never seen: the failure test full.yaml:30 is looked at first and takes the same replies',
  ),
  preset(
    'a success that a wider failure takes',
    "{ status: 200, body: 'Wrong password' }",
    '{ status: [301, 302, 303] }',
    '28:7: Success is never seen: the failure test full.yaml:30',
  ),
  preset(
    'a capture in a location',
    '/main/**',
    '"/main/{page}"',
    '28:39: Path "/main/{page}" has {page}, and nothing is read or filled in here; write * for any one segment',
  ),
  preset('a location with a query', '/main/**', '/main?x=1', '28:39: Pattern "/main?x=1" holds "?"'),
  preset(
    'a path of a test without its slash',
    'paths: [/login.jsp]',
    'paths: [login.jsp]',
    '31:17: Pattern "login.jsp" does not begin with a slash; write "/login.jsp"',
  ),
  preset('an empty list of paths', 'paths: [/login.jsp]', 'paths: []', '31:16: List of paths is empty'),
  preset(
    'a change of passwords nobody tells',
    'tests: { location: /change }',
    'tests: []',
    '32:28: List of tests is empty, so no new password would ever be asked for',
  ),
  preset(
    'a page without its slash',
    "page: '/change?first=1'",
    'page: change',
    '32:57: Address "change" must begin with "/", write /change',
  ),
  preset(
    'a landing that is no path',
    'landing: location',
    'landing: locaton',
    '33:12: Landing "locaton" must be requested, location or a path that begins with "/", did you mean "location"?',
  ),
  preset(
    'a landing with a value',
    'landing: location',
    "landing: '/a/{username}'",
    `33:12: Address "/a/{username}" takes no values in braces`,
  ),
  preset(
    'a logout without a request',
    'request: { get: /logout.jsp?now=1 }',
    'request: {}',
    '38:12: Logout names no request, write get:, post: or delete: with the path',
  ),
  preset('a logout with two', 'get: /logout.jsp?now=1', 'get: /a, post: /a', '38:29: Keys get and post stand together, keep one'),
  preset('a path of a reply with a name', 'paths: [/poll]', 'paths: ["/poll/{x}"]', '40:15: Path "/poll/{x}" has {x}'),

  preset(
    'a cookie of two classes',
    'passthrough: [theme]',
    'passthrough: [SID]',
    '6:38: Cookie "SID" stands under jar as well, keep one',
  ),
  preset(
    'a password in a browser',
    '\'"{username}"\'',
    "'{password}'",
    '6:65: Cookie "last.user" cannot hold {password}: scripts in the browser read it, so it may hold "username", "name", "site" and "room"',
  ),
  preset('a taken value in a browser', '\'"{username}"\'', "'{token}'", '6:65: Cookie "last.user" cannot hold {token}'),
  preset(
    'a cookie that no browser has',
    'last.user:',
    'SID:',
    '6:59: Cookie "SID" stands under jar, and no browser has one of those',
  ),
];
