// oxlint-disable unicorn/no-thenable -- `then` is the key of the rule file, its value is never awaited
import { describe, expect, it } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import { renderMistake } from '../../src/config/mistake.ts';
import type { Policy } from '../../src/core/policy/policy.ts';
import { environment, soundGateway, soundRules, writeConfiguration } from './write-configuration.ts';

const head = soundRules.slice(0, soundRules.indexOf('rules:'));

async function load(rules: string, gateway = soundGateway) {
  const written = await writeConfiguration(gateway, rules);
  return loadConfiguration(written.gateway, { presets: written.presets, environment });
}

async function policyOf(rules: string): Promise<Policy> {
  const loaded = await load(rules);
  if (!loaded.ok) throw new Error(loaded.mistakes.map(renderMistake).join('\n'));
  return loaded.configuration.policy;
}

async function mistakesOf(rules: string, gateway = soundGateway): Promise<string> {
  const loaded = await load(rules, gateway);
  return loaded.ok ? 'sound' : loaded.mistakes.map(({ message }) => message).join('\n');
}

async function warningsOf(rules: string): Promise<string[]> {
  const loaded = await load(`${head}rules:\n  - { name: all, area: ehr.shell, allow: [physician, nurse, front-desk] }\n${rules}`);
  return loaded.ok ? loaded.warnings.map(({ line, message }) => `${line}: ${message}`) : loaded.mistakes.map(renderMistake);
}

describe('a rule', () => {
  it('takes every key there is', async () => {
    const policy = await policyOf(`${head}rules:
  - name: everything
    application: ehr
    paths: ["/a/{patient}", "/b/{patient}/**"]
    methods: [POST, PUT]
    when: { query: { tab: absent, mode: =present, page: 01 }, form: { send: present, kind: true } }
    allow: physician
    export: nobody
    emergency: [nurse, front-desk]
    from: [clinic, desks]
    hours: Mon-Fri 07:00-19:00
    freshFactor: 5m
    patient: [form.pid, path.patient, session]
    selectsPatient: form.pid
    clearsPatient: true
    identifying: [path.patient, query.doc]
    category: chart
    action: update
    webSocket: true
    changes: true
    passive: true
    download: never
    record: [tab]
    timeout: 10m
`);
    const { routes, ...rule } = policy.rules[0]!;
    expect(rule).toEqual({
      name: 'everything',
      application: 'ehr',
      allow: ['physician'],
      exportRoles: [],
      emergencyRoles: ['nurse', 'front-desk'],
      zones: ['clinic', 'desks'],
      hours: [{ days: [1, 2, 3, 4, 5], fromMinute: 420, toMinute: 1140 }],
      freshFactorSeconds: 300,
      webSocket: true,
      changes: true,
      recordQuery: ['tab'],
      upstreamHeaderTimeoutSeconds: 600,
      at: 'rules.yaml:7',
    });
    expect(routes.map(({ pattern }) => pattern.source)).toEqual(['/a/{patient}', '/b/{patient}/**']);
    const { pattern, ...route } = routes[0]!;
    expect(pattern.segments).toHaveLength(2);
    expect(route).toEqual({
      methods: ['POST', 'PUT'],
      query: [
        { name: 'tab', expect: 'absent' },
        { name: 'mode', expect: { value: 'present' } },
        { name: 'page', expect: { value: '01' } },
      ],
      form: [
        { name: 'send', expect: 'present' },
        { name: 'kind', expect: { value: 'true' } },
      ],
      patient: [{ in: 'form', name: 'pid' }, { in: 'path', name: 'patient' }, { in: 'session' }],
      selects: { in: 'form', name: 'pid' },
      clearsSelection: true,
      identifying: [
        { in: 'path', name: 'patient' },
        { in: 'query', name: 'doc' },
      ],
      category: 'chart',
      action: 'update',
      passive: true,
      download: 'never',
    });
  });

  it('lays its own keys over those of its area, and adds its conditions', async () => {
    const policy = await policyOf(`${head}areas:
  list: [/list, { paths: /list/rows, methods: POST, when: { form: { a: present } }, category: report, download: always }]
rules:
  - { name: plain, area: ehr.list, allow: nurse }
  - { name: narrow, area: list, allow: physician, when: { form: { b: present } }, methods: POST, category: chart }
`);
    const [plain, narrow] = policy.rules.map((rule) =>
      rule.routes.map(({ methods, form, category, download }) => ({ methods, form, category, download })),
    );
    expect(plain).toEqual([
      { methods: ['GET'], form: [], category: null, download: 'by-reply' },
      { methods: ['POST'], form: [{ name: 'a', expect: 'present' }], category: 'report', download: 'always' },
    ]);
    expect(narrow?.map(({ form }) => form.map(({ name }) => name))).toEqual([['b'], ['a', 'b']]);
    expect(narrow?.map(({ methods, category }) => [methods, category])).toEqual([
      [['POST'], 'chart'],
      [['POST'], 'chart'],
    ]);
  });

  it('may join areas and paths', async () => {
    const policy = await policyOf(`${head}rules:\n  - { name: both, area: ehr.shell, paths: [/more], allow: everyone }\n`);
    expect(policy.rules[0]?.routes.map(({ pattern }) => pattern.source)).toEqual(['/main', '/more']);
  });

  it('of the console belongs to the gateway itself', async () => {
    const policy = await policyOf(`${head}rules:\n  - { name: console, area: wardgate.console, allow: nurse }\n`);
    expect(policy.rules[0]).toMatchObject({ application: 'wardgate', routes: [{ methods: ['GET', 'POST'] }] });
    expect(policy.rules[0]?.routes[0]?.pattern.source).toBe('/.wardgate/console/**');
  });

  it('that lets nobody in is a rule all the same', async () => {
    const policy = await policyOf(`${head}rules:\n  - { name: shut, area: ehr.shell, allow: nobody }\n`);
    expect(policy.rules[0]?.allow).toEqual([]);
  });
});

describe('two applications', () => {
  const two = soundGateway.replace(
    'signIn:',
    '  pacs: { address: "http://localhost:8080", upstream: "http://127.0.0.1:8042", preset: small }\nsignIn:',
  );
  const gateway = two.replace('http://localhost:8080"', 'http://127.0.0.1:8080"');

  it('keep their areas apart', async () => {
    const rules = `${head}rules:\n  - { name: mixed, area: [ehr.shell, pacs.shell], allow: nurse }\n`;
    expect(await mistakesOf(rules, gateway)).toContain('write one rule for each application');
    const other = `${head}rules:\n  - { name: mixed, application: pacs, area: ehr.shell, allow: nurse }\n`;
    expect(await mistakesOf(other, gateway)).toContain('is of application "pacs", its area of "ehr"');
  });

  it('must be told apart by paths and by own areas', async () => {
    expect(await mistakesOf(`${head}rules:\n  - { name: a, paths: /x, allow: nurse }\n`, gateway)).toContain(
      'write application: "ehr" or "pacs"',
    );
    expect(await mistakesOf(`${head}areas: { x: /x }\nrules: []\n`, gateway)).toContain('write for example ehr.x');
    expect(await mistakesOf(`${head}areas: { her.x: /x }\nrules: []\n`, gateway)).toContain('Application "her" is not defined');
  });

  it('share a deny-always row that names none', async () => {
    const rules = `${head}denyAlways: [/secret/**, { application: pacs, paths: /x, methods: DELETE, query: { a: 1 } }]\nrules: []\n`;
    const loaded = await load(rules, gateway);
    const rows = loaded.ok ? loaded.configuration.policy.denyAlways.filter(({ at }) => at.startsWith('rules')) : [];
    expect(rows.map(({ application, pattern, methods, query }) => [application, pattern.source, methods, query])).toEqual([
      ['ehr', '/secret/**', null, []],
      ['pacs', '/secret/**', null, []],
      ['pacs', '/x', ['DELETE'], [{ name: 'a', expect: { value: '1' } }]],
    ]);
  });
});

describe('budgets', () => {
  it('inherit from everyone, and open only by the word', async () => {
    const { budgets } = await policyOf(`${head}rules: []
downloads:
  everyone: { files: 30/hour, size: 200MB/day, patients: 60/hour, pace: 5MB/s, then: ask }
  nurse: { files: 5/hour }
  physician: { files: unlimited, size: 2GiB/day, then: slow }
`);
    const everyone = { filesPerHour: 30, bytesPerDay: 2e8, patientsPerHour: 60, paceBytesPerSecond: 5e6, then: 'ask' };
    expect(Object.fromEntries(budgets)).toEqual({
      everyone,
      nurse: { ...everyone, filesPerHour: 5, then: 'refuse' },
      physician: { ...everyone, filesPerHour: null, bytesPerDay: 2 ** 31, then: 'slow' },
    });
  });
});

describe('warnings', () => {
  it.each([
    [
      'a rule behind the same path',
      '  - { name: again, paths: /main, allow: nurse }',
      '8: Rule "again" is never reached: everything it names belongs to rule "all" (rules.yaml:7) before it',
    ],
    [
      'a rule behind a wider path',
      '  - { name: wide, paths: /x/**, methods: [GET, POST], allow: nurse }\n  - { name: late, paths: "/x/{id}/y", allow: nurse }',
      '9: Rule "late" is never reached: everything it names belongs to rule "wide"',
    ],
    [
      'a value that a wider rule undoes',
      '  - { name: export, paths: /r, methods: POST, when: { form: { csv: 1 } }, allow: physician }\n  - { name: view, paths: /r, methods: [GET, POST], allow: nurse }',
      '8: Rule "export" asks for csv=1, and with any other value the request falls to rule "view" (rules.yaml:9)',
    ],
    [
      'an emergency that is not needed',
      '  - { name: a, paths: /x, allow: nurse, emergency: nurse }',
      'allows role "nurse" already',
    ],
    [
      'an export of what is shut',
      '  - { name: a, paths: /x, allow: nurse, export: physician }',
      'lets role "physician" export what it may not open',
    ],
  ])('name %s', async (_, rules, answer) => {
    expect(await warningsOf(`${rules}\n`)).toEqual([expect.stringContaining(answer)]);
  });

  it.each([
    ['another method', '  - { name: post, paths: /main, methods: POST, allow: nurse }'],
    [
      'a narrower condition first',
      '  - { name: a, paths: /x, when: { query: { q: present } }, allow: nurse }\n  - { name: b, paths: /x, allow: nurse }',
    ],
    ['another literal', '  - { name: a, paths: /x/a, allow: nurse }\n  - { name: b, paths: "/x/{id}", allow: nurse }'],
    ['a star that takes less', '  - { name: a, paths: /x/*.php, allow: nurse }\n  - { name: b, paths: /x/a.txt, allow: nurse }'],
  ])('spare %s', async (_, rules) => {
    expect(await warningsOf(`${rules}\n`)).toEqual([]);
  });

  it('name an area of their own that nothing names', async () => {
    const loaded = await load(
      `${head}areas: { ehr.a: /a, b: /b }\nrules:\n  - { name: a, area: [ehr.shell, ehr.b], allow: [physician, nurse, front-desk] }\n`,
    );
    expect(loaded.ok && loaded.warnings.map(({ message }) => message)).toEqual(['Area "ehr.a" is named by no rule']);
  });

  it('name a role that nothing names', async () => {
    const loaded = await load(`${head}rules:\n  - { name: a, area: ehr.shell, allow: [nurse, physician] }\n`);
    expect(loaded.ok && loaded.warnings.map(({ message }) => message)).toEqual(['Role "front-desk" is named by no rule']);
  });
});

describe('the tests of a rule file', () => {
  const withTests = (tests: string): string => soundRules.slice(0, soundRules.indexOf('tests:')) + tests;

  it.each([
    ['{ as: physician, post: /letters/7/1, form: { send: 1 }, expect: allowed, rule: letters }', 'sound'],
    ['{ as: front-desk, get: "/chart?pid=7", emergency: true, expect: allowed }', 'sound'],
    [
      '{ as: [nurse, front-desk], get: /finder, expect: allowed, rule: charts }',
      'is decided by rule "find", not by rule "charts"',
    ],
    ['{ as: nurse, get: /elsewhere, expect: refused, rule: charts }', 'is decided by no rule'],
    ['{ as: nurse, get: /setup/x, expect: allowed }', 'Nobody may open this (small.yaml:3)'],
    ['{ as: nurse, get: "/chart?pid=7", webSocket: true, expect: allowed }', 'permits plain requests only'],
    ['{ as: nurse, get: /a/../chart, expect: allowed }', 'is refused, not allowed'],
    ['{ as: nurse, get: /chart, put: /chart, expect: allowed }', 'Test needs one address'],
    ['{ as: nurse, patch: /chart, at: noon, expect: refused }', 'is not a day and time'],
    ['{ as: nurse, delete: /chart, zone: attic, expect: refused }', 'Zone "attic" is not defined'],
    ['{ as: nurse, put: /chart, application: her, expect: refused }', 'Application "her" is not defined'],
  ])('%s: %s', async (test, answer) => {
    expect(await mistakesOf(withTests(`tests: [${test}]\n`))).toContain(answer);
  });
});
