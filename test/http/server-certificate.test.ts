// What happens to the certificate that people see while the gateway runs: renewals, half-written ones, worse ones, and the
// warnings before its end. The reading of files stands in for openssl; the clock is the test's own.

import { describe, expect, test } from 'vitest';
import type { CertificateFacts } from '../../src/core/tls/certificate-facts.ts';
import { ServerCertificate } from '../../src/http/server-certificate.ts';
import type { ReadCertificate } from '../../src/http/server-certificate.ts';
import { rememberingLog } from '../support/silent-log.ts';

const start = Date.UTC(2026, 10, 1);
const day = 86_400_000;

function certificate(name: string, changes: Partial<CertificateFacts> = {}): ReadCertificate {
  const facts = {
    subject: `CN=${name}`,
    issuer: 'CN=Example TLS 1',
    serial: name,
    notBefore: start - day,
    notAfter: start + 90 * day,
    names: ['ehr.clinic.example'],
    uncovered: [],
    isSelfSigned: false,
    missing: null,
    ...changes,
  };
  return { bytes: { cert: Buffer.from(name), key: Buffer.from('key') }, facts };
}

async function opened(first: ReadCertificate) {
  const log = rememberingLog();
  const levels: string[] = [];
  const story = { now: start, file: first as ReadCertificate | Error, served: [] as string[] };
  const note = (level: 'info' | 'warn' | 'error') => (fields: Readonly<Record<string, unknown>>, message: string) => {
    levels.push(level);
    log[level](fields, message);
  };
  const used = await ServerCertificate.open({
    files: ['/certificates/ehr.pem', '/certificates/ehr.key'],
    read: () => (story.file instanceof Error ? Promise.reject(story.file) : Promise.resolve(story.file)),
    clock: { now: () => story.now, monotonic: () => story.now },
    log: { info: note('info'), warn: note('warn'), error: note('error') },
  });
  const server = { setSecureContext: (options: { cert?: unknown }) => void story.served.push(String(options.cert)) };
  return { used, story, lines: log.lines, levels, renew: () => used.renew(server) };
}

describe('renewing', () => {
  test('what is new is served, and what is the same is not spoken of', async () => {
    const { story, renew, lines, used } = await opened(certificate('one'));
    await renew();
    expect(lines).toEqual([]);
    story.file = certificate('two', { notAfter: start + 120 * day });
    await renew();
    await renew();
    expect(story.served).toEqual(['two']);
    expect(lines).toEqual([expect.stringContaining('The certificate was renewed')]);
    expect(used.daysLeft).toBe(120);
  });

  test('what cannot be used leaves the old one, is told once and on the console, until it is mended', async () => {
    const { story, renew, lines, used } = await opened(certificate('one'));
    story.file = new Error('Key file "ehr.key" is not the key of the certificate in "ehr.pem"');
    await renew();
    await renew();
    expect(story.served).toEqual([]);
    expect(lines).toEqual([expect.stringMatching(/cannot be used; the old one stays.*is not the key/)]);
    expect(used.notices()).toEqual([expect.stringMatching(/^The renewed certificate is not used: Key file "ehr\.key"/)]);
    story.file = certificate('two');
    await renew();
    expect(story.served).toEqual(['two']);
    expect(used.notices()).toEqual([]);
  });

  test.each<readonly [what: string, before: Partial<CertificateFacts>, after: Partial<CertificateFacts>, taken: boolean]>([
    ['one for another name', {}, { uncovered: ['ehr.clinic.example'] }, false],
    ['one that lacks the same name', { uncovered: ['pacs.example'] }, { uncovered: ['pacs.example'] }, true],
    ['one that lacks another name', { uncovered: ['pacs.example'] }, { uncovered: ['ehr.clinic.example'] }, false],
    ['one that has ended', {}, { notAfter: start - 1 }, false],
    ['one that has not begun', {}, { notBefore: start + day }, false],
    ['one that ends soon', {}, { notAfter: start + 3 * day }, true],
    ['one that ends soon, where the old one has ended', { notAfter: start - day }, { notAfter: start + 3 * day }, true],
    ['one for another name, where the old one has ended', { notAfter: start - day }, { uncovered: ['ehr.clinic.example'] }, true],
    ['one without its intermediate', {}, { missing: { name: 'CN=R3', at: null } }, true],
  ])('%s is taken where it serves people no worse', async (_what, before, after, taken) => {
    const { story, renew } = await opened(certificate('one', before));
    story.file = certificate('two', after);
    await renew();
    expect(story.served).toEqual(taken ? ['two'] : []);
  });
});

describe('before the end', () => {
  test('the log is told from 30 days on, urgently from 7, once a day; the console shows it all the time', async () => {
    const { story, renew, lines, levels, used } = await opened(certificate('one'));
    const at = async (daysLeft: number): Promise<readonly string[]> => {
      story.now = start + (90 - daysLeft) * day;
      const before = levels.length;
      await renew();
      return levels.slice(before);
    };
    expect(await at(31)).toEqual([]);
    expect(used.notices()).toEqual([]);
    expect(await at(30)).toEqual(['warn']);
    expect(used.notices()).toEqual([
      expect.stringMatching(/^The certificate of this address: It ends on 2027-01-30, in 30 days; /),
    ]);
    expect(await at(29.5)).toEqual([]);
    expect(await at(29)).toEqual(['warn']);
    expect(await at(7)).toEqual(['error']);
    expect(await at(6.9)).toEqual([]);
    expect(await at(-0.1)).toEqual(['error']);
    expect(lines.at(-1)).toContain('It ended on 2027-01-30');
    expect(used.daysLeft).toBeCloseTo(-0.1);
  });

  test('a start with one that ends soon says so at once', async () => {
    const { levels, lines } = await opened(certificate('one', { notAfter: start + 5 * day, isSelfSigned: true }));
    expect(levels).toEqual(['error', 'warn']);
    expect(lines[0]).toContain('"daysLeft":5');
  });
});
