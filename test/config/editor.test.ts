// What an editor with YAML support makes of the files: completion and checks by the JSON Schemas, and on every key the very
// words of the commented samples.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkJsonSchema } from '../support/check-json-schema.ts';
import { soundGateway, soundRules } from './write-configuration.ts';
import { fullPreset } from './full-preset.ts';

type Json = Readonly<Record<string, unknown>>;

const schemaOf = (file: string): Json => JSON.parse(readFileSync(join('config/schema', file), 'utf8')) as Json;
const gatewaySchema = schemaOf('gateway.schema.json');
const rulesSchema = schemaOf('rules.schema.json');
const presetSchema = schemaOf('preset.schema.json');

const presets = readdirSync('config/presets').map((name) => join('config/presets', name));
const files: readonly (readonly [string, string])[] = [
  ['config/gateway.yaml', 'gateway.schema.json'],
  ['config/rules.yaml', 'rules.schema.json'],
  ['config/our-ehr.yaml', 'preset.schema.json'],
  ...presets.map((file) => [file, 'preset.schema.json'] as const),
];

describe.each(files)('%s', (file, schema) => {
  it(`says at its head that ${schema} is its schema`, () => {
    const named = /^# yaml-language-server: \$schema=(\S+)\n/.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
    expect(resolve(dirname(file), named)).toBe(resolve('config/schema', schema));
    expect(existsSync(resolve(dirname(file), named))).toBe(true);
  });

  it('has nothing that the schema marks', () => {
    expect(checkJsonSchema(schemaOf(schema), parse(readFileSync(file, 'utf8')), '')).toEqual([]);
  });
});

/** Every key with its description, as `clinic.name: words`. */
function keysOf(schema: unknown, path = ''): (readonly [path: string, words: unknown])[] {
  if (Array.isArray(schema)) return schema.flatMap((one) => keysOf(one, path));
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([keyword, inner]: [string, unknown]) => {
    if (keyword !== 'properties') return keysOf(inner, path);
    return Object.entries(inner as Json).flatMap(([key, one]) => {
      const whole = path === '' ? key : `${path}.${key}`;
      return [[whole, (one as Json)['description']] as const, ...keysOf(one, whole)];
    });
  });
}

/** The comments of a file as running text, without the columns that rows stand in. */
function commentsOf(file: string): string {
  const lines = readFileSync(file, 'utf8').split('\n');
  const text = lines.map((line) => /(?:^|\s)#(.*)$/.exec(line)?.[1] ?? '').join(' ');
  return text.replaceAll(/[\s#]+/g, ' ').toLowerCase();
}

describe.each([
  ['gateway.schema.json', gatewaySchema, ['config/gateway.yaml']],
  ['rules.schema.json', rulesSchema, ['config/rules.yaml']],
  ['preset.schema.json', presetSchema, ['config/our-ehr.yaml', 'config/rules.yaml']],
])('%s', (_, schema, samples) => {
  const said = samples.map(commentsOf).join(' ');

  it('tells of every key what the commented sample tells of it', () => {
    const keys = keysOf(schema);
    expect(keys.filter(([, words]) => typeof words !== 'string' || words.length < 5)).toEqual([]);
    const strange = keys.filter(([, words]) => !said.includes(String(words).toLowerCase()));
    expect(strange).toEqual([]);
    expect(keys.length).toBeGreaterThan(60);
  });
});

describe('a key', () => {
  it.each([
    ['clinic.help', gatewaySchema, 'Whom to ask, shown on every refusal'],
    ['listen.health.port', gatewaySchema, 'Port for them; default: 9464'],
    [
      'applications.signOn.roles.account',
      gatewaySchema,
      'One account for all: { account: wardgate, passwordFile: /run/secrets/ehr }',
    ],
    ['applications.trust', gatewaySchema, "PEM file of the authority that signed the EHR's certificate"],
    ['signIn.trust', gatewaySchema, "PEM file of the authority that signed the provider's certificate"],
    ['lock.everywhere.after', gatewaySchema, 'Locks after nobody was seen for this long'],
    ['rules.when.form', rulesSchema, 'Fields of the form, such as { send: present }'],
    ['areas.methods', rulesSchema, 'GET where nothing is said; GET includes HEAD'],
    ['denyAlways.methods', rulesSchema, 'Methods that are refused; all of them where nothing is said'],
    ['tests.expect', rulesSchema, 'What must come out: allowed or refused'],
    ['signOn.steps.take.between', presetSchema, `What stands between two texts: { between: ['token = "', '"'] }`],
    ['loggedOut.bodyWithout', presetSchema, 'Texts of which none stands in the body'],
    ['areas.category', presetSchema, 'What the audit calls the data, such as chart or schedule'],
    ['logout.paths.methods', presetSchema, 'GET and POST where nothing is said'],
  ])('%s is told of in its own words', (path, schema, words) => {
    expect(new Map(keysOf(schema)).get(path)).toBe(words);
  });
});

describe('a broken file is marked:', () => {
  const gateway = (from: string, to: string): [Json, string, string, string] => [gatewaySchema, soundGateway, from, to];
  const rules = (from: string, to: string): [Json, string, string, string] => [rulesSchema, soundRules, from, to];
  const preset = (from: string, to: string): [Json, string, string, string] => [presetSchema, fullPreset, from, to];

  it.each<[string, [Json, string, string, string], string[]]>([
    ['a misspelt key', gateway('timezone:', 'timezon:'), ['.clinic.timezone: is missing', '.clinic.timezon: is not a known key']],
    ['a key at the wrong level', gateway('    signOn: none', 'signOn: none'), ['.signOn: is not a known key']],
    ['a section that is missing', gateway('audit:', 'audits:'), ['.audits: is not a known key']],
    ['a time without its unit', gateway('after: 15m', 'after: 15'), ['.lock.everywhere.after: must be string']],
    [
      'a time with two units',
      gateway('after: 15m', 'after: 1h 30m'),
      ['.lock.everywhere.after: must match ^[0-9]+(\\.[0-9]+)? ?[A-Za-z]+$'],
    ],
    ['a provider that is none', gateway('keycloak', 'okta'), ['.signIn.provider: must be one of keycloak,entra,generic']],
    [
      'a secret where its variable belongs',
      gateway('OIDC_SECRET', 'hunter2'),
      ['.signIn.clientSecretEnv: must match ^[A-Z_][A-Z0-9_]*$'],
    ],
    ['an application name in capitals', gateway('  ehr:', '  EHR:'), ['.applications.EHR: must match ^[a-z][a-z0-9-]{0,63}$']],
    ['a port that is none', gateway('audit: { keep: 6y }', 'listen: { port: 70000 }'), ['.listen.port: must be at most 65535']],
    ['a mode that is none', rules('mode: enforce', 'mode: on'), ['.mode: must be one of enforce,observe']],
    ['a rule without allow', rules(', allow: everyone', ''), ['.rules[0].allow: is missing']],
    ['yes for true', rules('allow: everyone', 'allow: everyone, webSocket: yes'), ['.rules[0].webSocket: must be boolean']],
    [
      'a method in small letters',
      rules('[GET, POST]', '[GET, post]'),
      ['.rules[3].methods[1]: must be one of GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS'],
    ],
    [
      'a source that is none',
      rules('path.patient', 'patient'),
      ['.rules[3].patient: must match ^(session|(path|query|form)\\..+)$'],
    ],
    ['an outcome that is none', rules('expect: allowed', 'expect: allow'), ['.tests[0].expect: must be one of allowed,refused']],
    ['a step with a strange key', preset('decides: true', 'decide: true'), ['.signOn.steps[1].decide: is not a known key']],
    ['a status that is none', preset('status: 200', 'status: 2000'), ['.signOn.failure[0].status: must be at most 599']],
  ])('%s', (_, [schema, sound, from, to], answers) => {
    expect(checkJsonSchema(schema, parse(sound), '')).toEqual([]);
    expect(sound).toContain(from);
    const marks = checkJsonSchema(schema, parse(sound.replace(from, () => to)), '');
    expect(marks.toSorted()).toEqual(answers.toSorted());
  });
});
