// `audit.anchor` and `audit.anchors` in gateway.yaml: what they become, and what is answered to what cannot be.

import { describe, expect, test } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import type { AnchorSettings } from '../../src/config/settings.ts';
import { environment, soundGateway, soundRules, writeConfiguration } from './write-configuration.ts';

async function load(audit: string) {
  const written = await writeConfiguration(soundGateway.replace('audit: { keep: 6y }', `audit: ${audit}`), soundRules);
  const options = {
    presets: written.presets,
    environment: { ...environment, STORE: 'Bearer secret', S3_ID: 'AKID', S3_KEY: 'a secret', S3_TOKEN: 'a token' },
  };
  return loadConfiguration(written.gateway, options);
}

async function anchors(audit: string): Promise<readonly AnchorSettings[]> {
  const loaded = await load(audit);
  if (!loaded.ok) throw new Error(loaded.mistakes.map(({ message }) => message).join('\n'));
  return loaded.configuration.settings.audit.anchors;
}

const put = { kind: 'put', url: 'https://o.example/bucket/', headers: [], trustFile: null } as const;

const s3 = { region: 'eu-central-1', accessKeyId: 'AKID', secretAccessKey: 'a secret', sessionToken: null, lock: null };

describe('anchors', () => {
  test.each<[string, readonly AnchorSettings[]]>([
    ['{ keep: 6y }', []],
    ['{ anchor: /mnt/a }', [{ kind: 'directory', path: '/mnt/a' }]],
    [
      '{ anchor: /mnt/a, anchors: { path: /mnt/b } }',
      [
        { kind: 'directory', path: '/mnt/a' },
        { kind: 'directory', path: '/mnt/b' },
      ],
    ],
    ['{ anchors: [{ put: "https://o.example/bucket" }] }', [put]],
    [
      '{ anchors: [{ put: "https://o.example/bucket/", authorizationEnv: STORE, headers: { x-lock: "{retain-until}" } }] }',
      [
        {
          ...put,
          headers: [
            ['x-lock', '{retain-until}'],
            ['authorization', 'Bearer secret'],
          ],
        },
      ],
    ],
    [
      '{ anchors: [{ put: "https://b.s3.eu-central-1.amazonaws.com/", s3: { region: eu-central-1, accessKeyIdEnv: S3_ID, secretAccessKeyEnv: S3_KEY, lock: compliance } }] }',
      [{ ...put, url: 'https://b.s3.eu-central-1.amazonaws.com/', s3: { ...s3, lock: 'COMPLIANCE' } }],
    ],
    [
      '{ anchors: [{ put: "https://o.example/bucket/", s3: { region: eu-central-1, accessKeyIdEnv: S3_ID, secretAccessKeyEnv: S3_KEY, sessionTokenEnv: S3_TOKEN, lock: governance } }] }',
      [{ ...put, s3: { ...s3, sessionToken: 'a token', lock: 'GOVERNANCE' } }],
    ],
    [
      '{ anchors: [{ put: "https://o.example/bucket/", s3: { region: eu-central-1, accessKeyIdEnv: S3_ID, secretAccessKeyEnv: S3_KEY } }] }',
      [{ ...put, s3 }],
    ],
    ['{ anchors: [{ syslog: "tls://log.example" }] }', [{ kind: 'syslog', host: 'log.example', port: 6514, trustFile: null }]],
    ['{ anchors: [{ syslog: "tls://[::1]:7000" }] }', [{ kind: 'syslog', host: '::1', port: 7000, trustFile: null }]],
  ])('%s', async (audit, expected) => {
    expect(await anchors(audit)).toEqual(expected);
  });

  test.each<[string, RegExp]>([
    ['{ anchors: [{ trust: ca.pem }] }', /An anchor is one of path, put or syslog, and this one names none/],
    ['{ anchors: [{ path: /a, syslog: "tls://b" }] }', /this one names path and syslog/],
    ['{ directory: log, anchors: [{ path: log }] }', /Anchor "log" is the log's own place/],
    ['{ anchors: [{ put: "http://o.example/" }] }', /cannot be reached as it is written, write an address such as https:/],
    ['{ anchors: [{ put: "https://user:secret@o.example/" }] }', /without a name or password in it/],
    ['{ anchors: [{ put: "https://o.example/?a=b" }] }', /ends with a query, name the folder alone/],
    ['{ anchors: [{ syslog: "udp://o.example" }] }', /write an address such as tls:/],
    ['{ anchors: [{ put: "https://o.example/", headers: { Authorization: secret } }] }', /is a secret, write authorizationFile/],
    ['{ anchors: [{ put: "https://o.example/", headers: { Host: other } }] }', /Header "Host" is the gateway's own to send/],
    [
      '{ anchors: [{ put: "https://o.example/", authorization: secret }] }',
      /Secret authorization .* must not stand in this file/,
    ],
    ['{ anchors: [{ path: /a, s3: { region: r } }] }', /Key s3 says how a put is signed/],
    ['{ anchors: [{ put: "https://o.example/", s3: { region: Frankfurt! } }] }', /must be the name of a region/],
    ['{ anchors: [{ put: "https://o.example/", s3: { region: r, secretAccessKeyEnv: S3_KEY } }] }', /accessKeyIdEnv is missing/],
    ['{ anchors: [{ put: "https://o.example/", s3: { region: r, accessKeyIdEnv: S3_ID } }] }', /secretAccessKeyEnv is missing/],
    [
      '{ anchors: [{ put: "https://o.example/", authorizationEnv: STORE, s3: { region: r, accessKeyIdEnv: S3_ID, secretAccessKeyEnv: S3_KEY } }] }',
      /a request is signed or takes a token/,
    ],
    [
      '{ anchors: [{ put: "https://o.example/", headers: { X-Amz-Date: x }, s3: { region: r, accessKeyIdEnv: S3_ID, secretAccessKeyEnv: S3_KEY } }] }',
      /Header "X-Amz-Date" is the gateway's own to send/,
    ],
    ['{ anchors: [{ put: "https://o.example/", trust: nowhere.pem }] }', /"nowhere\.pem" cannot be read/],
    [
      `{ anchors: [${Array.from({ length: 9 }, (_none, at) => `{ path: /${at} }`).join(', ')}] }`,
      /There are 9 anchors, 8 are enough/,
    ],
  ])('%s is a mistake', async (audit, message) => {
    const loaded = await load(audit);
    const told = loaded.ok ? '' : loaded.mistakes.map((mistake) => mistake.message).join('\n');
    expect(told).toMatch(message);
    expect(told).not.toMatch(/secret@|: secret/);
  });
});
