import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { explainCommand } from '../../src/cli/explain.ts';
import { schema } from '../../src/cli/schema.ts';
import { writeConfiguration } from '../config/write-configuration.ts';

async function run(command: (args: string[]) => Promise<number>, ...args: string[]) {
  const lines = { out: [] as string[], err: [] as string[] };
  const log = vi.spyOn(console, 'log').mockImplementation((line) => void lines.out.push(String(line)));
  const error = vi.spyOn(console, 'error').mockImplementation((line) => void lines.err.push(String(line)));
  onTestFinished(() => {
    log.mockRestore();
    error.mockRestore();
  });
  const code = await command(args);
  return { code, out: lines.out.join('\n'), err: lines.err.join('\n') };
}

const explain = (...args: string[]) => run(explainCommand, ...args);

describe('wardgate explain', () => {
  it('shows each rule with hit or miss, and the verdict', async () => {
    const { code, out } = await explain('--roles', 'nurse', '--method', 'GET', '--path', '/chart?pid=7');
    expect(code).toBe(0);
    expect(out).toMatch(/^-> charts {2}\(rules\.yaml:\d+\)$/m);
    expect(out).toMatch(/miss {2}path/);
    expect(out).toContain('patient 7');
    expect(out).toContain('Allowed by rule "charts": permitted');
  });

  it('says of the gateway’s own pages that no rule decides about them', async () => {
    const { out } = await explain('--roles', 'nurse', '--path', '/.wardgate/me');
    expect(out).toContain('This address is the gateway’s own');
    expect((await explain('--roles', 'nurse', '--path', '/elsewhere')).out).toContain('No rule fits this request');
  });

  it('answers scripts with exactly the promised keys', async () => {
    const { code, out } = await explain('--roles', 'front-desk', '--path', '/chart?pid=7', '--json');
    expect(code).toBe(1);
    const answer = JSON.parse(out) as Record<string, unknown>;
    expect(Object.keys(answer)).toEqual(['allow', 'rule', 'reason', 'target', 'patient', 'rules']);
    expect(answer).toMatchObject({
      allow: false,
      rule: 'charts',
      reason: 'break-glass-required',
      target: '/chart?pid=7',
      patient: '7',
    });
  });

  it.each([
    [
      ['--roles', 'nurse', '--path', '/a/../chart'],
      { allow: false, rule: null, reason: 'target-malformed', target: '/a/../chart', patient: null },
    ],
    [['--roles', 'nurse', '--path', '/elsewhere'], { allow: false, reason: 'no-rule' }],
    [['--roles', 'front-desk', '--path', '/chart?pid=7', '--emergency'], { allow: true, rule: 'charts' }],
    [['--roles', 'nurse', '--path', '/chart', '--selected', '12'], { allow: true, patient: '12' }],
    [['--roles', 'physician', '--path', '/reports/patients'], { allow: true, rule: 'reports' }],
    [['--roles', 'nurse', '--path', '/reports/patients'], { allow: false, reason: 'role-not-permitted' }],
    [['--roles', 'physician', '--path', '/reports/patients', '--zone', ''], { allow: false, reason: 'zone-not-permitted' }],
    [['--roles', 'physician', '--path', '/reports/patients', '--zone', 'desks'], { allow: false, reason: 'zone-not-permitted' }],
    [['--roles', 'physician', '--path', '/reports/patients', '--zone', 'clinic'], { allow: true }],
    [['--roles', 'nurse', '--path', '/schedule/night', '--at', 'Mon 20:00'], { allow: true }],
    [['--roles', 'nurse', '--path', '/schedule/night', '--at', 'Mon 10:00'], { allow: false, reason: 'hours-not-permitted' }],
    [
      ['--roles', 'nurse', '--method', 'POST', '--path', '/letters/7/1', '--form', 'send=1'],
      { allow: false, rule: 'send-letters' },
    ],
    [
      ['--roles', 'nurse,physician', '--method', 'POST', '--path', '/letters/7/1', '--form', 'send=a b&c'],
      { allow: true, rule: 'send-letters' },
    ],
    [['--roles', 'nurse', '--roles', 'it', '--path', '/ws/messages', '--websocket'], { allow: true, rule: 'message-line' }],
    [['--roles', 'privacy', '--path', '/.wardgate/console/alerts', '--application', 'ehr'], { allow: true, rule: 'console' }],
  ])('%j', async (args, expected) => {
    const { code, out } = await explain(...args, '--json');
    expect(JSON.parse(out)).toMatchObject(expected);
    expect(code).toBe(expected.allow ? 0 : 1);
  });

  it.each([
    [['--roles', 'nurze', '--path', '/chart'], 'Role "nurze" is not defined, did you mean "nurse"?'],
    [['--roles', 'surgeon', '--path', '/chart'], 'there are "physician", "nurse"'],
    [['--path', '/chart'], 'Option --roles is missing'],
    [['--roles', 'nurse'], 'Option --path is missing'],
    [['--roles', 'nurse', '--path', '/chart', '--zone', 'clinc'], 'Zone "clinc" is not defined, did you mean "clinic"?'],
    [['--roles', 'nurse', '--path', '/chart', '--application', 'her'], 'Application "her" is not defined'],
    [['--roles', 'nurse', '--path', '/chart', '--method', 'TRACE'], 'Method "TRACE" must be'],
    [['--roles', 'nurse', '--path', '/chart', '--form', 'send'], 'must be written name=value'],
    [['--roles', 'nurse', '--path', '/chart', '--at', 'noon'], 'is not a day and time'],
    [['--rolls', 'nurse'], '--rolls'],
  ])('answers wrong usage %j with 2', async (args, message) => {
    const { code, err } = await explain(...args);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(err).toContain('wardgate explain --roles');
  });

  it('names the mistakes of files it cannot use', async () => {
    const written = await writeConfiguration('clinic: {}\n', 'rules: []\n');
    const { code, err } = await explain('--roles', 'nurse', '--path', '/chart', '--config', written.gateway);
    expect(code).toBe(2);
    expect(err).toContain('gateway.yaml:1:9: Key "name" is missing in clinic');
  });
});

describe('wardgate schema', () => {
  it('writes where it is told, and refuses what it does not know', async () => {
    const { directory } = await writeConfiguration('', '');
    const { code, out } = await run(schema, '--directory', `${directory}/schema`);
    expect(code).toBe(0);
    expect(out.split('\n')).toHaveLength(4);
    expect((await run(schema, '--dir', 'x')).code).toBe(2);
  });
});
