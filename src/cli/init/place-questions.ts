// The last three questions of `wardgate init`: the certificate, the zones, and where the record goes.

import { addressOf, endsTls, hasKeyFile } from './answers.ts';
import type { Answers } from './answers.ts';
import { isLoopback } from '../../config/network.ts';
import { always, into, same } from './question.ts';
import type { Question, Taken } from './question.ts';

/** What is not the internet: RFC 1918, RFC 4193. */
const privateRanges = 'clinic=10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7';
const thisMachine = 'clinic=127.0.0.0/8,::1/128';

const withoutTls = 'belongs to an https address whose encryption ends here';

export const certificateQuestions: readonly Question[] = [
  {
    part: 6,
    option: 'tls-ended-by',
    prompt: 'Proxies in front that end TLS',
    example: '10.20.0.10',
    quiet: always,
    take: (answers, texts) => ({ ...answers, tlsEndedBy: texts }),
  },
  // Before the certificate, which cannot be judged without it.
  {
    part: 6,
    option: 'passphrase-file',
    prompt: 'File with the passphrase of the PFX or of the key',
    example: '/run/secrets/pfx',
    applies: endsTls,
    unless: withoutTls,
    quiet: always,
    take: into('passphraseFile', same),
  },
  {
    part: 6,
    option: 'certificate',
    prompt: 'PEM file with the certificate and its intermediates, or a PFX with the key as well',
    example: '/etc/wardgate/ehr.pem',
    applies: endsTls,
    unless: withoutTls,
    fallback: () => 'ehr.pem',
    take: into('certificate', same),
  },
  {
    part: 6,
    option: 'key-file',
    prompt: 'PEM file with its key',
    example: '/etc/wardgate/ehr.key',
    applies: hasKeyFile,
    unless: `${withoutTls}, and to a certificate that is no PFX`,
    fallback: () => 'ehr.key',
    take: into('keyFile', same),
  },
  { part: 6, option: 'port', prompt: 'Port to listen on', example: '443', quiet: always, take: into('port', same) },
  {
    part: 6,
    option: 'health-port',
    prompt: 'Port of the health address',
    example: '9464',
    quiet: always,
    take: into('healthPort', same),
  },
];

export const zoneQuestions: readonly Question[] = [
  {
    part: 7,
    option: 'zone',
    prompt: 'Zones, as name=range; none for none',
    example: 'clinic=10.20.0.0/16',
    fallback: (answers) => (isLoopback(addressOf(answers).hostname) ? thisMachine : privateRanges),
    split: (line) => line.split(/\s+/),
    take: takeZones,
  },
];

export const auditQuestions: readonly Question[] = [
  {
    part: 8,
    option: 'data',
    prompt: "Directory of the gateway's own state",
    example: '/var/lib/wardgate',
    quiet: always,
    take: (answers, [data = '']) => ({ ...answers, data, audit: `${data.replace(/\/+$/, '')}/audit` }),
  },
  {
    part: 8,
    option: 'audit',
    prompt: 'Directory of the record',
    example: '/var/lib/wardgate/audit',
    fallback: ({ audit }) => audit,
    take: into('audit', same),
  },
];

function takeZones(answers: Answers, texts: readonly string[]): Taken {
  const zones = new Map<string, readonly string[]>();
  if (texts.length === 1 && texts[0] === 'none') return { ...answers, zones };
  for (const text of texts) {
    const [, name, ranges] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    if (name === undefined || ranges === undefined) {
      return { problem: `Zone "${text}" needs a name and a range, write for example clinic=10.20.0.0/16` };
    }
    zones.set(name, [...(zones.get(name) ?? []), ...ranges.split(',')]);
  }
  return { ...answers, zones };
}
