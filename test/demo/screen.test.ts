// What the demo prints, and whom it is about.

import { describe, expect, it } from 'vitest';
import { createPersonas, listedPersonas } from '../../src/demo/personas.ts';
import { renderJson, renderScreen } from '../../src/demo/screen.ts';

const personas = createPersonas();
const demo = {
  gateway: 'http://localhost:8080',
  provider: 'http://127.0.0.1:8081',
  ehr: 'http://127.0.0.1:8082',
  audit: '/var/tmp/wardgate-demo/audit',
  personas,
};

describe('the personas', () => {
  it('have secrets of 160 bits, made anew at every start', () => {
    const secrets = [...personas, ...createPersonas()].flatMap((one) => one.totpSecret ?? []);
    expect(new Set(secrets).size).toBe(14);
    for (const secret of secrets) expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  });

  it('list everybody with a role, and not the visitor', () => {
    expect(listedPersonas(personas).map((one) => [one.name, one.groups, one.roles])).toEqual([
      ['physician', ['Clinic-Physicians'], ['physician']],
      ['nurse', ['Clinic-Nurses'], ['nurse']],
      ['front-desk', ['Clinic-FrontDesk'], ['front-desk']],
      ['billing', ['Clinic-Billing'], ['billing']],
      ['records', ['Clinic-Records'], ['records']],
      ['security', ['Clinic-Privacy'], ['privacy']],
      ['it', ['Clinic-IT'], ['it']],
      ['newcomer', ['Clinic-Nurses'], ['nurse']],
    ]);
    expect(personas.find((one) => one.name === 'visitor')).toMatchObject({ groups: ['Volunteers'], roles: [] });
    expect(personas.find((one) => one.name === 'newcomer')?.totpSecret).toBeNull();
  });
});

describe('the screen', () => {
  it.each([
    ['the usual', demo],
    ['a long audit path', { ...demo, audit: `/var/${'deep/'.repeat(30)}audit` }],
  ])('fits a terminal: %s', (_case, addresses) => {
    const lines = renderScreen(addresses).trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(40);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    expect(lines.at(-1)).toContain('Ctrl+C');
  });

  it('says where to go, as whom, and what to try', () => {
    const text = renderScreen(demo);
    for (const part of [demo.gateway, demo.ehr, demo.audit, `${demo.provider}/authenticator`, '10. '])
      expect(text).toContain(part);
    for (const persona of listedPersonas(personas)) expect(text).toContain(persona.mayDo);
    expect(text).not.toContain('visitor');
  });

  it('is one line of JSON for scripts', () => {
    const text = renderJson(demo);
    expect(text.indexOf('\n')).toBe(text.length - 1);
    const { personas: told, ...addresses } = JSON.parse(text) as { personas: { name: string }[] };
    expect(addresses).toEqual({ gateway: demo.gateway, provider: demo.provider, ehr: demo.ehr, audit: demo.audit });
    expect(told).toHaveLength(8);
    expect(told[7]).toEqual({ name: 'newcomer', roles: ['nurse'], totpSecret: null });
  });
});
