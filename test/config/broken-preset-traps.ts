// What YAML does to people who write a preset of their own.

import { preset } from './broken-preset.ts';
import type { BrokenPreset } from './broken-preset.ts';

export const brokenPresetTraps: readonly BrokenPreset[] = [
  preset(
    'a path with braces in brackets',
    'shell: [/main]',
    'shell: [/main/{page}]',
    '43:11: Braces start a mapping here, so a path with {name} must stand in double quotes: shell: ["/main/{page}"]',
  ),
  preset(
    'two stars in a list',
    'denyAlways: [/setup/**]',
    'denyAlways:\n  - **',
    '42:5: Pattern ** begins with "*", which YAML reads as an alias; put it into double quotes, with a slash in front: - "/**"',
  ),
  preset(
    'no space after a colon',
    'landing: location',
    'landing:location',
    '33:3: Key "landing" needs a space after the colon: landing: location',
  ),
  preset(
    'a step without its dash',
    "    - post: '{action}'",
    "      post: '{action}'",
    '17:13: Keys get and post stand together, keep one',
  ),
  preset(
    'a key of the recipe at the left',
    '  landing: location',
    'landing: location',
    '33:1: Key "landing" stands at the top, and belongs into signOn, with 2 blanks in front: landing: location',
  ),
  preset(
    'a quote left open',
    "body: 'Wrong password' }",
    "body: 'Wrong password }",
    "30:28: Closing quote is missing: the one opened here needs another ' where its value ends: - { status: 200, body: 'Wrong password' }",
  ),
  preset(
    'a brace left open',
    'code: 1 } }',
    'code: 1 }',
    '40:5: Closing "}" is missing: "{" is opened here and never closed, it most likely ends in this line: - { paths: [/poll], json: { timeoutMessage: timeout, code: 1 } }',
  ),
  preset(
    'a tab',
    '    - get: /login',
    '\t- get: /login',
    '12:1: Line is indented with a tab, which YAML does not accept; use spaces: - get: /login.jsp?site={site}',
  ),
  preset(
    'a template without quotes',
    "post: '{action}'",
    'post: {action}',
    '17:14: Braces make a mapping of "action" here; put {action} into double quotes if it stands for a value or a path, or write it without the braces: - post: "{action}"',
  ),
  preset(
    'templates without quotes in braces',
    "user: '{username}'",
    'user: {username}',
    "18:22: Braces make a mapping of \"username\" here; put {username} into double quotes if it stands for a value or a path, or write it without the braces: form: { user: \"{username}\", word: '{password}', pin: '{pin}', token: '{token}', lang: 01, go: '' }",
  ),
  preset(
    'an escape in double quotes',
    "body: 'Wrong password'",
    'body: "Wrong\\password"',
    "30:34: Backslash inside double quotes, use single quotes: - { status: 200, body: 'Wrong\\password' }",
  ),
  preset(
    'one step that is no list',
    '    - delete: /tickets/{key}',
    '    -delete: /tickets/{key}',
    '25:5: A list entry needs a space after its "-": - delete: /tickets/{key}',
  ),
  preset(
    'yes for true',
    'basic: true',
    'basic: yes',
    '21:14: Value "yes" of signOn.steps[3].basic is only text to YAML, write true: basic: true',
  ),
  preset(
    'a section of gateway.yaml',
    'root: /emr',
    'root: /emr\nzones: { a: 10.0.0.0/8 }',
    '3:1: Key "zones" belongs into gateway.yaml, and stands here',
  ),
  preset(
    'a status in text',
    'status: [302, 303]',
    'status: ["302"]',
    '28:18: Value "302" of signOn.success[1].status[1] is text to YAML, and a number is wanted; write it without quotes: - { status: [302], location: /main/** }',
  ),
];
