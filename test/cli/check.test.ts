import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { check } from '../../src/cli/check.ts';
import { soundGateway, soundRules, writeConfiguration } from '../config/write-configuration.ts';

async function run(...args: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const lines = { out: [] as string[], err: [] as string[] };
  const log = vi.spyOn(console, 'log').mockImplementation((line) => void lines.out.push(String(line)));
  const error = vi.spyOn(console, 'error').mockImplementation((line) => void lines.err.push(String(line)));
  onTestFinished(() => {
    log.mockRestore();
    error.mockRestore();
  });
  const code = await check(args);
  return { code, out: lines.out.join('\n'), err: lines.err.join('\n') };
}

const gateway = soundGateway.replace('    preset: small\n', '');
const rules = soundRules.replaceAll(/area: ehr\.(\w+)/g, 'paths: /$1');

describe('wardgate check', () => {
  it('finds the shipped files sound', async () => {
    const { code, out } = await run();
    expect(code).toBe(0);
    expect(out).toContain('config/gateway.yaml and its rules are sound');
    expect(out).toContain(
      'cut off within 15m at the latest; while the identity provider is down they unlock by their own second factor after 75m, and are cut off within 735m',
    );
  });

  it('names every mistake with its place, and exits 1', async () => {
    const written = await writeConfiguration(
      gateway,
      rules.replace('[physician, nurse], em', '[physician, nurze], em').replace('mode: enforce', 'mode: on'),
    );
    const { code, out } = await run('--config', written.gateway);
    expect(code).toBe(1);
    expect(out.split('\n')).toEqual([
      `${written.rules}:1:7: Value "on" of mode must be "enforce" or "observe", did you mean "enforce"?`,
      expect.stringMatching(/rules\.yaml:9:\d+: Rule "charts": role "nurze" is not defined, did you mean "nurse"\?$/),
      '2 mistakes, nothing would be used',
    ]);
  });

  it('says who gets every event, and who with the ids of patients', async () => {
    const feeds = '[{ syslog: "tls://arr.example", patients: resolved }, { fhir: "https://f.example/fhir" }]';
    const fed = gateway.replace('audit: { keep: 6y }', `audit: { keep: 6y, feeds: ${feeds} }`);
    const { code, out } = await run('--config', (await writeConfiguration(fed, rules)).gateway);
    expect([code, out.split('\n').at(-1)]).toEqual([
      0,
      'Every event of the access record goes to tls://arr.example:6514 with the ids of patients and https://f.example/fhir',
    ]);
  });

  it('says who is told of alerts, and nothing secret of them', async () => {
    const written = await writeConfiguration(gateway, rules);
    const receivers = `[{ webhook: "https://hooks.example/secret", as: slack }, { syslog: "tls://siem.example" }]`;
    writeFileSync(join(dirname(written.gateway), 'alerts.yaml'), `notify: ${receivers}\n`);
    const { code, out } = await run('--config', written.gateway);
    expect(code).toBe(0);
    expect(out.split('\n').at(-1)).toMatch(
      /^Alerts are told to slack at hooks\.example \([0-9a-f]{6}\) and syslog at siem\.example:6514$/,
    );
  });

  it.each([
    ['15m', '1h', '15m', '75m', '735m'],
    ['1h', '2h', '1h', '3h', '13h'],
    ['90s', '1h', '90s', '3690s', '43290s'],
    ['1h', '24h', '1h', '25h', '25h'],
  ])('says how long somebody who was let go may still be in: %s and %s', async (every, grace, usually, locks, ends) => {
    const timed = gateway.replace('recheckEvery: 15m', `recheckEvery: ${every}\n  recheckGrace: ${grace}`);
    const written = await writeConfiguration(timed, rules);
    const { out } = await run('--config', written.gateway);
    expect(out).toContain(`within ${usually} at the latest; while the identity provider is down`);
    expect(out).toContain(`after ${locks}, and are cut off within ${ends}`);
  });

  it('tells scripts the same as JSON', async () => {
    const written = await writeConfiguration(gateway, rules.replace('mode: enforce', 'mode: enforced'));
    const { code, out } = await run('--json', '--config', written.gateway);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({
      ok: false,
      mistakes: [
        {
          file: written.rules,
          line: 1,
          column: 7,
          message: expect.any(String),
          suggestion: 'enforce',
          correction: { line: 1, text: 'mode: enforce' },
        },
      ],
      warnings: [],
    });
    const sound = await writeConfiguration(gateway, rules);
    const result = await run('--json', '--config', sound.gateway);
    expect(JSON.parse(result.out)).toMatchObject({ ok: true, mistakes: [], warnings: [{ line: 14 }] });
    expect(result.code).toBe(0);
  });

  it.each([[['--confg', 'x']], [['extra']], [['--config', 'no/such/file.yaml']]])(
    'answers wrong usage %j with 2',
    async (args) => {
      const { code, err } = await run(...args);
      expect(code).toBe(2);
      expect(err).toContain('wardgate check [--config');
    },
  );
});
