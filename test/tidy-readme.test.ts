// Keeps the README true for somebody who copies from it: its configuration passes the check, its commands exist, its
// pictures are there and light enough to load.

import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { check } from '../src/cli/check.ts';
import { explainCommand } from '../src/cli/explain.ts';
import { loadConfiguration } from '../src/config/load.ts';
import { renderMistake } from '../src/config/mistake.ts';
import { makeCertificate } from './support/certificate.ts';
import { requirement } from './support/requirements.ts';

const root = new URL('..', import.meta.url).pathname;
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = '', text = '']) => ({ language, text }));

/** The YAML block that calls itself by that file name in its first line. */
function yamlOf(name: string): string {
  const found = blocks.filter(({ language, text }) => language === 'yaml' && text.startsWith(`# ${name}\n`));
  expect(found).toHaveLength(1);
  return found[0]?.text ?? '';
}

test('the README is short enough to be read', () => {
  expect(readme.split('\n').length).toBeLessThanOrEqual(150);
});

describe('the first configuration', () => {
  const directory = mkdtempSync(join(tmpdir(), 'wardgate-readme-'));
  const file = join(directory, 'gateway.yaml');

  beforeAll(() => {
    for (const name of ['gateway.yaml', 'rules.yaml']) writeFileSync(join(directory, name), yamlOf(name));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  test('is about ten lines a file', () => {
    for (const name of ['gateway.yaml', 'rules.yaml'])
      expect(yamlOf(name).trimEnd().split('\n').length, name).toBeLessThanOrEqual(13);
  });

  test('passes the check on a machine that has neither the certificate nor the secret, and warns of just these', async () => {
    expect(await check(['--config', file])).toBe(0);
    const loaded = await loadConfiguration(file, { secrets: 'optional' });
    if (!loaded.ok) expect.fail(loaded.mistakes.map(renderMistake).join('\n'));
    const warned = loaded.warnings.map((one) => /"([a-z.-]+)"/.exec(one.message)?.[1]);
    expect(warned).toEqual(['ehr.pem', 'ehr.key', 'client-secret']);
  });

  requirement('openssl').describe('with the three files', () => {
    test('it is complete: there is nothing left to say', async () => {
      const authority = makeCertificate(directory, 'ca', { isAuthority: true, days: 90 });
      const made = makeCertificate(directory, 'ehr', { names: ['DNS:ehr.northside.example'], authority, days: 90 });
      appendFileSync(made.certificate, readFileSync(authority.certificate));
      writeFileSync(join(directory, 'client-secret'), 'a secret for the tests');
      const loaded = await loadConfiguration(file);
      if (!loaded.ok) expect.fail(loaded.mistakes.map(renderMistake).join('\n'));
      expect(loaded.warnings).toEqual([]);
      expect(loaded.configuration.policy.rules.map(({ name }) => name)).toEqual(['screens', 'charts', 'reports']);
    });
  });

  test('answers the question the README asks it with a no', async () => {
    const asked = /wardgate -- explain --config gateway\.yaml (.+)/.exec(readme)?.[1] ?? '';
    const words = asked.split(' ').map((word) => word.replaceAll("'", ''));
    expect(words).toContain('--path');
    expect(await explainCommand(['--config', file, ...words])).toBe(1);
  });
});

describe('what the README names exists', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  const shown = `${blocks.map(({ text }) => text).join('\n')}\n${[...readme.matchAll(/`([^`\n]+)`/g)].map((one) => one[1]).join('\n')}`;

  test('every npm script', () => {
    const scripts = new Set([...shown.matchAll(/npm (?:run (?:-s )?)?([a-z]+)/g)].map((one) => one[1] ?? ''));
    scripts.delete('ci');
    expect([...scripts].sort()).toEqual(['demo', 'test', 'wardgate']);
    for (const script of scripts) expect(manifest.scripts, script).toHaveProperty(script);
  });

  test('every command of wardgate, and every one of them is listed', () => {
    const main = readFileSync(join(root, 'src/cli/main.ts'), 'utf8');
    const listed = [...readme.matchAll(/^\| `([a-z]+)(?: [a-z]+)?` \|/gm)].map((one) => one[1] ?? '');
    const used = [...shown.matchAll(/wardgate -- ([a-z]+)/g)].map((one) => one[1] ?? '');
    expect(listed.length).toBeGreaterThan(4);
    for (const command of [...listed, ...used]) {
      expect(main, command).toMatch(new RegExp(`^  ${command}: \\{`, 'm'));
      expect(existsSync(join(root, `src/cli/${command}.ts`)), command).toBe(true);
    }
  });

  test('every picture, each under 200 KB', () => {
    const pictures = [...readme.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map((one) => one[1] ?? '');
    expect(pictures).toEqual(['docs/pictures/demo.png', 'docs/pictures/refusal.png']);
    for (const picture of pictures) expect(statSync(join(root, picture)).size, picture).toBeLessThan(200_000);
  });
});
