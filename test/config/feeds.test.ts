// `audit.feeds` in gateway.yaml: what they become, and what is answered to what cannot be.

import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import type { FeedSettings } from '../../src/core/audit/feed/feed-settings.ts';
import { makeCertificate } from '../support/certificate.ts';
import { environment, soundGateway, soundRules, writeConfiguration } from './write-configuration.ts';

async function load(feeds: string) {
  const audit = `audit: { keep: 6y, feeds: ${feeds} }`;
  const written = await writeConfiguration(soundGateway.replace('audit: { keep: 6y }', audit), soundRules);
  const directory = dirname(written.gateway);
  makeCertificate(directory, 'own');
  const options = { presets: written.presets, environment: { ...environment, STORE: 'Bearer secret' } };
  return { directory, loaded: await loadConfiguration(written.gateway, options) };
}

const parts = { trustFile: null, certificateFile: null, keyFile: null, patients: 'token', from: 'beginning' } as const;
const syslog: FeedSettings = {
  kind: 'syslog',
  host: 'arr.example',
  port: 6514,
  dialect: 'ihe',
  confirm: 'close-notify',
  window: 32,
  ...parts,
};
const fhir: FeedSettings = { kind: 'fhir', url: 'https://f.example/fhir', authorization: null, ...parts };

describe('feeds', () => {
  test.each<[string, readonly FeedSettings[]]>([
    ['[]', []],
    ['{ syslog: "tls://arr.example" }', [syslog]],
    ['[{ syslog: "tls://[::1]:7000" }]', [{ ...syslog, host: '::1', port: 7000 }]],
    [
      '[{ syslog: "tls://arr.example", dialect: dicom, confirm: close, window: 1, patients: resolved, from: now }]',
      [{ ...syslog, dialect: 'dicom', confirm: 'close', window: 1, patients: 'resolved', from: 'now' }],
    ],
    ['[{ fhir: "https://f.example/fhir/" }]', [fhir]],
    ['[{ fhir: "https://f.example" }]', [{ ...fhir, url: 'https://f.example' }]],
    ['[{ fhir: "https://f.example/fhir", authorizationEnv: STORE }]', [{ ...fhir, authorization: 'Bearer secret' }]],
  ])('%s', async (feeds, expected) => {
    const { loaded } = await load(feeds);
    expect(loaded.ok ? loaded.configuration.settings.audit.feeds : loaded.mistakes).toEqual(expected);
  });

  test('a certificate of its own, and an authority', async () => {
    const { directory, loaded } = await load(
      '[{ syslog: "tls://arr.example", certificate: own.pem, keyFile: own.key, trust: own.pem }]',
    );
    const [certificateFile, keyFile] = [join(directory, 'own.pem'), join(directory, 'own.key')];
    expect(loaded.ok ? loaded.configuration.settings.audit.feeds : loaded.mistakes).toEqual([
      { ...syslog, certificateFile, keyFile, trustFile: certificateFile },
    ]);
  });

  test.each<[string, RegExp]>([
    ['[{ trust: own.pem }]', /A feed is one of syslog or fhir, and this one names none/],
    ['[{ syslog: "tls://a", fhir: "https://b" }]', /this one names both/],
    ['[{ syslog: "udp://a" }]', /Feed cannot be reached as it is written, write an address such as tls:/],
    ['[{ fhir: "http://a/fhir" }]', /write an address such as https:/],
    ['[{ fhir: "https://user:secret@a/fhir" }]', /without a name or password in it/],
    ['[{ fhir: "https://a/fhir?x=1" }]', /ends with a query, name the base of the server alone/],
    ['[{ fhir: "https://a/fhir", dialect: ihe }]', /Key "dialect" belongs to a feed with syslog, delete it/],
    ['[{ syslog: "tls://a", authorizationEnv: STORE }]', /Key "authorizationEnv" belongs to a feed with fhir, delete it/],
    ['[{ syslog: "tls://a", certificate: own.pem }]', /needs keyFile beside certificate/],
    ['[{ syslog: "tls://a", keyFile: own.key }]', /needs certificate beside keyFile/],
    ['[{ syslog: "tls://a", certificate: gone.pem, keyFile: own.key }]', /"gone\.pem" cannot be read/],
    ['[{ syslog: "tls://a", window: 0 }]', /window/],
    ['[{ syslog: "tls://a" }, { syslog: "tls://a:6514" }]', /Feed "a:6514" is there twice/],
    [`[${Array.from({ length: 9 }, (_none, at) => `{ syslog: "tls://a${at}" }`).join(', ')}]`, /There are 9 feeds, 8 are enough/],
  ])('%s is a mistake', async (feeds, message) => {
    const { loaded } = await load(feeds);
    const told = loaded.ok ? '' : loaded.mistakes.map((mistake) => mistake.message).join('\n');
    expect(told).toMatch(message);
    expect(told).not.toMatch(/secret@|: secret/);
  });
});
