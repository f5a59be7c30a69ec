// The certificate that people see, and the authorities of EHR and provider: every way in which an administrator gets them
// wrong is told at the key that names the file, with what to do. Certificates and PFX files are made by openssl.

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import { makeCertificate, makePfx } from '../support/certificate.ts';
import type { CertificateFiles } from '../support/certificate.ts';
import { requirement } from '../support/requirements.ts';
import { environment, soundGateway, soundRules, writeConfiguration } from './write-configuration.ts';

const openssl = requirement('openssl');
const host = 'ehr.clinic.example';
let folder = '';
let root: CertificateFiles;
let good: CertificateFiles;

const at = (name: string): string => join(folder, name);

function run(...args: string[]): void {
  execFileSync('openssl', args, { stdio: 'pipe' });
}

beforeAll(() => {
  if (!openssl.available) return;
  folder = mkdtempSync(join(tmpdir(), 'wardgate-certificates-'));
  root = makeCertificate(folder, 'root', { isAuthority: true, days: 400 });
  const middle = makeCertificate(folder, 'middle', { isAuthority: true, authority: root, days: 300 });
  const names = [`DNS:${host}`];
  good = makeCertificate(folder, 'good', { names, authority: middle, days: 90, issuerAt: 'http://ca.example/middle.cer' });
  makeCertificate(folder, 'other', { names: ['DNS:other.example', 'IP:10.20.0.5'], authority: root, days: 90 });
  makeCertificate(folder, 'soon', { names, authority: root, days: 20 });
  makeCertificate(folder, 'urgent', { names, authority: root, days: 5 });
  makeCertificate(folder, 'alone', { names, days: 90 });
  writeFileSync(at('chain.pem'), readFileSync(good.certificate, 'utf8') + readFileSync(middle.certificate, 'utf8'));
  writeFileSync(at('turned.pem'), readFileSync(middle.certificate, 'utf8') + readFileSync(good.certificate, 'utf8'));
  writeFileSync(at('half.pem'), readFileSync(good.certificate).subarray(0, 300));
  writeFileSync(at('half.key'), readFileSync(good.key).subarray(0, 80));
  writeFileSync(at('text.pem'), 'Dear customer, attached find your certificate\n');
  writeFileSync(at('word'), 'open sesame\r\n');
  writeFileSync(at('wrong-word'), 'close sesame\n');
  writeFileSync(at('empty'), '\n');
  run('x509', '-in', good.certificate, '-outform', 'der', '-out', at('good.der'));
  run('crl2pkcs7', '-nocrl', '-certfile', good.certificate, '-out', at('good.p7b'));
  run('pkcs8', '-topk8', '-in', good.key, '-passout', 'pass:open sesame', '-out', at('locked.key'));
  const pfx = { passphrase: 'open sesame', chain: middle.certificate };
  makePfx(good, at('good.pfx'), pfx);
  makePfx(good, at('named.bin'), pfx);
  makePfx(good, at('open.pfx'), { chain: middle.certificate });
  makePfx(good, at('old.pfx'), { ...pfx, isOld: true });
  makePfx(good, at('keyless.pfx'), { ...pfx, withoutKey: true });
  writeFileSync(at('half.pfx'), readFileSync(at('good.pfx')).subarray(0, 500));
});
afterAll(() => {
  if (folder !== '') rmSync(folder, { recursive: true, force: true });
});

/** What is said of a `listen` of these keys: the messages with the place of their key. */
async function said(listen: string, secrets: 'required' | 'optional' = 'required') {
  const text = soundGateway
    .replace('address: http://localhost:8080', `address: https://${host}`)
    .replace('    preset: small\n', '    trust: root.pem\n')
    .replace('zones:', `listen: { ${listen} }\nzones:`);
  const written = await writeConfiguration(text, soundRules.replaceAll(/area: ehr\.(\w+)/g, 'paths: /$1'));
  copyFileSync(root.certificate, join(written.directory, 'root.pem'));
  const loaded = await loadConfiguration(written.gateway, { environment, secrets });
  const told = loaded.ok ? loaded.warnings : loaded.mistakes;
  const lineAt = (line: number): string => text.split('\n')[line - 1] ?? '';
  return {
    ok: loaded.ok,
    listen: loaded.ok ? loaded.configuration.settings.listen : null,
    told: told.map(({ message }) => message),
    keys: told.map(({ line, column }) => lineAt(line).slice(column - 1)),
  };
}

const pem = (certificate: string, key: string): string => `certificate: ${at(certificate)}, keyFile: ${at(key)}`;
const pfx = (file: string, word?: string): string =>
  `certificate: ${at(file)}${word === undefined ? '' : `, passphraseFile: ${at(word)}`}`;

openssl.describe('the certificate', () => {
  test.each<readonly [what: string, listen: () => string, key: string | null, word: string | null]>([
    ['a chain in PEM', () => pem('chain.pem', 'good.key'), 'good.key', null],
    ['a locked key', () => `${pem('chain.pem', 'locked.key')}, passphraseFile: ${at('word')}`, 'locked.key', 'word'],
    ['a PFX', () => pfx('good.pfx', 'word'), null, 'word'],
    ['a PFX by another name', () => pfx('named.bin', 'word'), null, 'word'],
    ['a PFX that is not locked', () => pfx('open.pfx'), null, null],
  ])('as %s is accepted, with nothing to say of it', async (_what, listen, key, word) => {
    const { ok, told, listen: settings } = await said(listen());
    expect({ ok, told }).toEqual({ ok: true, told: [] });
    const file = (name: string | null): string | null => (name === null ? null : at(name));
    expect(settings).toMatchObject({ keyFile: file(key), passphraseFile: file(word) });
  });

  test.each<readonly [what: string, listen: () => string, at: RegExp, says: RegExp]>([
    [
      'the key of another',
      () => pem('chain.pem', 'other.key'),
      /other\.key/,
      /is not the key of the certificate in ".*chain\.pem"/,
    ],
    ['a chain the wrong way round', () => pem('turned.pem', 'good.key'), /good\.key/, /must stand first in its file/],
    ['half a certificate', () => pem('half.pem', 'good.key'), /.*half\.pem/, /damaged or not whole/],
    ['half a key', () => pem('chain.pem', 'half.key'), /.*half\.key/, /holds no whole private key in PEM/],
    ['a certificate as key', () => pem('chain.pem', 'chain.pem'), /.*chain\.pem }/, /holds no whole private key in PEM/],
    ['a key as certificate', () => pem('good.key', 'good.key'), /.*good\.key, /, /neither PEM nor PFX/],
    ['a letter', () => pem('text.pem', 'good.key'), /.*text\.pem/, /neither PEM nor PFX/],
    ['a binary certificate', () => pem('good.der', 'good.key'), /.*good\.der/, /binary form.*openssl x509 -inform der/],
    ['PKCS #7', () => pem('good.p7b', 'good.key'), /.*good\.p7b/, /openssl pkcs7 -print_certs/],
    ['a locked key without passphrase', () => pem('chain.pem', 'locked.key'), /.*locked\.key/, /is encrypted.*passphraseFile/],
    [
      'a locked key with a wrong one',
      () => `${pem('chain.pem', 'locked.key')}, passphraseFile: ${at('wrong-word')}`,
      /.*wrong-word/,
      /passphrase in ".*wrong-word" does not open the key file/,
    ],
    ['an empty passphrase', () => pfx('good.pfx', 'empty'), /.*empty/, /"[^"]*empty" is empty/],
    ['no such passphrase', () => pfx('good.pfx', 'no-word'), /.*no-word/, /Passphrase file ".*no-word" cannot be read/],
    ['a locked PFX without one', () => pfx('good.pfx'), /.*good\.pfx/, /locked by a passphrase.*passphraseFile/],
    ['a locked PFX with a wrong one', () => pfx('good.pfx', 'wrong-word'), /.*wrong-word/, /does not open the PFX file/],
    ['a PFX of an old Windows', () => pfx('old.pfx', 'word'), /.*old\.pfx/, /RC2.*AES256-SHA256/],
    ['a PFX without its key', () => pfx('keyless.pfx', 'word'), /.*keyless\.pfx/, /holds no private key/],
    ['half a PFX', () => pfx('half.pfx', 'word'), /.*half\.pfx/, /damaged or not whole/],
    [
      'a key beside a PFX',
      () => `${pfx('open.pfx')}, keyFile: ${at('good.key')}`,
      /^keyFile/,
      /holds its key itself, delete keyFile/,
    ],
    ['no key', () => `certificate: ${at('chain.pem')}`, /^\{ cert/, /needs keyFile under listen/],
  ])('%s is a mistake, at the key that names it', async (_what, listen, place, says) => {
    const { ok, told, keys } = await said(listen());
    expect({ ok, told }).toEqual({ ok: false, told: [expect.stringMatching(says)] });
    expect(keys[0]).toMatch(place);
    // Nobody may read a passphrase in a message.
    expect(told.join()).not.toContain('sesame');
  });

  test.each<readonly [what: string, listen: () => string, says: RegExp]>([
    [
      'without its intermediate',
      () => pem('good.pem', 'good.key'),
      /chain ends at "CN=middle".*http:\/\/ca\.example\/middle\.cer/,
    ],
    [
      'for another name',
      () => pem('other.pem', 'other.key'),
      /not for "ehr\.clinic\.example": it is for "other\.example", "10\.20\.0\.5"/,
    ],
    ['that ends within a month', () => pem('soon.pem', 'soon.key'), /It ends on \d{4}-\d\d-\d\d, in 19 days/],
    ['that ends within a week', () => pem('urgent.pem', 'urgent.key'), /It ends on .*, in 4 days/],
    ['signed by itself', () => pem('alone.pem', 'alone.key'), /signed by itself/],
  ])('%s is warned of', async (_what, listen, says) => {
    const { ok, told, keys } = await said(listen());
    expect({ ok, told }).toEqual({ ok: true, told: [expect.stringMatching(says)] });
    expect(keys[0]).toContain(folder);
  });

  test('that is on another machine is warned of where files are only checked', async () => {
    const { ok, told } = await said('certificate: /etc/absent/ehr.pfx, passphraseFile: /etc/absent/word', 'optional');
    expect(ok).toBe(true);
    expect(told).toEqual([
      expect.stringMatching(/Certificate file "\/etc\/absent\/ehr\.pfx" cannot be read/),
      expect.stringMatching(/Passphrase file "\/etc\/absent\/word" cannot be read/),
    ]);
  });
});

openssl.describe('an authority named by trust', () => {
  test.each<readonly [what: string, file: () => string, says: RegExp]>([
    ['that is binary', () => at('good.der'), /binary form.*openssl x509/],
    ['that is a key', () => good.key, /holds no certificate in PEM/],
    ['that is text', () => at('text.pem'), /holds no certificate in PEM/],
    ['that is damaged', () => at('damaged.pem'), /cannot be read, the second of 2/],
  ])('%s is a mistake', async (_what, file, says) => {
    const whole = readFileSync(root.certificate, 'utf8');
    writeFileSync(at('damaged.pem'), `${whole}${whole.replace(/\n[A-Za-z0-9+/]{64}/, '')}`);
    expect(await trusting(file())).toEqual([expect.stringMatching(says)]);
  });

  test('that ends soon is warned of', async () => {
    const soon = makeCertificate(folder, 'soon-ca', { isAuthority: true, days: 10 });
    expect(await trusting(soon.certificate)).toEqual([expect.stringMatching(/It ends on .* in 9 days \("CN=soon-ca"\)/)]);
  });

  /** What is said where the EHR and the provider both name it. */
  async function trusting(file: string): Promise<readonly string[]> {
    const text = soundGateway
      .replace('    preset: small\n', `    trust: ${file}\n`)
      .replace('  recheckEvery', `  trust: ${file}\n  recheckEvery`);
    const written = await writeConfiguration(text, soundRules.replaceAll(/area: ehr\.(\w+)/g, 'paths: /$1'));
    const loaded = await loadConfiguration(written.gateway, { environment });
    const told = loaded.ok ? loaded.warnings : loaded.mistakes;
    expect(told.map(({ line }) => text.split('\n')[line - 1]?.trim())).toEqual([`trust: ${file}`, `trust: ${file}`]);
    return [...new Set(told.map(({ message }) => message))];
  }
});

test('the reason for plain http is kept with the application, and only where it is used', async () => {
  const lines = (upstream: string): string =>
    soundGateway
      .replace('upstream: http://127.0.0.1:8081', `upstream: ${upstream}`)
      .replace('    preset: small\n', '    plainHttpBecause: isolated server VLAN\n');
  for (const [upstream, because] of [
    ['http://10.20.0.6', 'isolated server VLAN'],
    ['https://10.20.0.6', null],
  ] as const) {
    const written = await writeConfiguration(lines(upstream), soundRules.replaceAll(/area: ehr\.(\w+)/g, 'paths: /$1'));
    const loaded = await loadConfiguration(written.gateway, { environment });
    expect(loaded.ok && loaded.configuration.settings.applications.get('ehr')).toMatchObject({ plainHttpBecause: because });
  }
});
