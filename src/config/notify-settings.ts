// Puts together who is told of alerts: by webhook, mail or syslog. Everything goes over TLS, because an alert names a person; only a
// mail server on this machine is spoken to without.

import { isIPv4 } from 'node:net';
import type { NotifySettings } from '../core/notify/notify-settings.ts';
import type { AlertsFile } from './alerts-schema.ts';
import type { NotifyEntry } from './notify-schema.ts';
import type { Reading } from './reading.ts';
import { remoteAddress } from './remote-address.ts';
import { trustedAuthority } from './trusted-authority.ts';
import type { KeyPath } from './yaml-source.ts';

type Alerts = Reading<AlertsFile>;
type Kind = 'webhook' | 'mail' | 'syslog';

const mostReceivers = 20;
const usualBudget = 5;
const syslogPort = 6514;
const address = /^[^\s@<>,;:"]{1,64}@[^\s@<>,;:"]{1,255}$/;
const keysOf: Readonly<Record<Kind, readonly (keyof NotifyEntry)[]>> = {
  webhook: ['webhook', 'webhookFile', 'webhookEnv', 'as', 'authorizationFile', 'authorizationEnv'],
  mail: ['mail', 'server', 'sender', 'user', 'passwordFile', 'passwordEnv'],
  syslog: ['syslog', 'certificate', 'keyFile'],
};
/** A name that only begins like an address of this machine is anybody's. */
const isLocal = (host: string): boolean => host === 'localhost' || (isIPv4(host) && host.startsWith('127.')) || host === '::1';

/** One for each address of mail, so that each person has a budget of their own and one that is refused holds up nobody else. */
export async function notifySettings(reading: Alerts): Promise<NotifySettings[]> {
  const { notify = [] } = reading.value;
  const found: NotifySettings[] = [];
  for (const [index, entry] of notify.entries())
    found.push(...(await receiversOf(reading, reading.entry(['notify'], index), entry)));
  if (found.length > mostReceivers)
    reading.mistake(['notify'], `There are ${found.length} receivers of alerts, ${mostReceivers} are enough`);
  const names = found.map(nameOf);
  const twice = names.findIndex((name, at) => names.indexOf(name) !== at);
  if (twice !== -1) reading.mistake(['notify'], `A receiver of alerts is there twice, and has one cursor; keep one of each`);
  return found;
}

function nameOf(one: NotifySettings): string {
  if (one.kind === 'webhook') return `${one.as} ${one.url}`;
  return one.kind === 'mail' ? one.to : `${one.host}:${one.port}`;
}

async function receiversOf(reading: Alerts, path: KeyPath, entry: NotifyEntry): Promise<readonly NotifySettings[]> {
  const kinds = (Object.keys(keysOf) as Kind[]).filter((kind) => isNamed(entry, kind));
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1) {
    const named = kind === undefined ? 'none' : kinds.join(' and ');
    reading.mistake(path, `A receiver of alerts is one of webhook, mail or syslog, and this one names ${named}`);
    return [];
  }
  for (const other of ['webhook', 'mail', 'syslog'] as const)
    for (const key of other === kind ? [] : keysOf[other])
      if (entry[key] !== undefined)
        reading.keyMistake([...path, key], `Key "${key}" belongs to a receiver with ${other}, delete it`);
  const { detectors, budget = usualBudget } = entry;
  if (detectors?.length === 0)
    reading.mistake(
      [...path, 'detectors'],
      'Key "detectors" is empty, so nobody would be told; name detectors, or delete it for all',
    );
  const trustFile = await trustedAuthority(reading, [...path, 'trust'], entry.trust);
  const parts = { detectors: detectors ?? null, budget, trustFile };
  if (kind === 'webhook') return webhook(reading, path, entry, parts);
  return kind === 'mail' ? mail(reading, path, entry, parts) : syslog(reading, path, entry, parts);
}

function isNamed({ webhook: url, webhookFile, webhookEnv, mail: to, syslog: receiver }: NotifyEntry, kind: Kind): boolean {
  if (kind === 'webhook') return url !== undefined || webhookFile !== undefined || webhookEnv !== undefined;
  return (kind === 'mail' ? to : receiver) !== undefined;
}

type Parts = Pick<NotifySettings, 'detectors' | 'budget' | 'trustFile'>;
type Found = Promise<readonly NotifySettings[]>;

async function webhook(reading: Alerts, path: KeyPath, entry: NotifyEntry, parts: Parts): Found {
  const { webhook: named, webhookFile: file, webhookEnv: env, as = 'json', authorizationFile, authorizationEnv } = entry;
  if (named !== undefined && (file ?? env) !== undefined)
    reading.mistake(path, 'Keys webhook and webhookFile or webhookEnv stand together, keep one');
  const kept = await reading.secret(path, 'webhook', { file, env });
  const authorization = await reading.secret(path, 'authorization', { file: authorizationFile, env: authorizationEnv });
  const at = [...path, ['webhook', 'webhookFile', 'webhookEnv'].find((key) => key in entry) ?? 'webhook'];
  const text = named ?? kept;
  // A machine that only checks has no secrets.
  if (text === null || text === '') return [];
  const url = remoteAddress(reading, at, text, ['Webhook', 'https:', 'https://hooks.example/services/alerts']);
  if (url === null) return [];
  return [{ kind: 'webhook', url: url.href, as, authorization: authorization === '' ? null : authorization, ...parts }];
}

async function mail(reading: Alerts, path: KeyPath, entry: NotifyEntry, parts: Parts): Found {
  const { mail: named = [], server, sender, user = null, passwordFile: file, passwordEnv: env } = entry;
  const password = await reading.secret(path, 'password', { file, env });
  if ((user === null) !== (password === null)) {
    const missing = user === null ? 'user' : 'passwordFile or passwordEnv';
    reading.mistake(path, `A mail server that asks for a name and password needs ${missing} as well`);
  }
  for (const to of named)
    if (!address.test(to))
      reading.mistake([...path, 'mail'], `"${to}" is no mail address, write one such as privacy@clinic.example`);
  if (sender === undefined || !address.test(sender))
    reading.mistake(path, 'Mail needs a sender, write one such as sender: wardgate@clinic.example');
  const url = mailServer(reading, path, server);
  if (url === null || sender === undefined) return [];
  const host = url.hostname.replaceAll(/[[\]]/g, '');
  const tls = url.protocol === 'smtps:' ? 'at-once' : isLocal(host) ? 'none' : 'starttls';
  const port = Number(url.port || (tls === 'at-once' ? 465 : tls === 'none' ? 25 : 587));
  return named.map((to) => ({ kind: 'mail', to, from: sender, host, port, tls, user, password, ...parts }));
}

function mailServer(reading: Alerts, path: KeyPath, server: string | undefined): URL | null {
  if (server === undefined) {
    reading.mistake(path, 'Mail needs a server, write one such as server: smtp://mail.clinic.example:587');
    return null;
  }
  const scheme = server.startsWith('smtps:') ? 'smtps:' : 'smtp:';
  return remoteAddress(reading, [...path, 'server'], server, ['Mail server', scheme, 'smtp://mail.clinic.example:587']);
}

async function syslog(reading: Alerts, path: KeyPath, entry: NotifyEntry, parts: Parts): Found {
  const { syslog: named = '', certificate, keyFile } = entry;
  if ((certificate === undefined) !== (keyFile === undefined)) {
    const [there, missing] = certificate === undefined ? ['keyFile', 'certificate'] : ['certificate', 'keyFile'];
    reading.mistake([...path, there], `A certificate of the gateway's own needs ${missing} beside ${there}`);
  }
  const certificateFile = await reading.existing([...path, 'certificate'], certificate, 'Certificate file');
  const ownKey = await reading.existing([...path, 'keyFile'], keyFile, 'Key file');
  const like = `tls://siem.clinic.example:${syslogPort}`;
  const url = remoteAddress(reading, [...path, 'syslog'], named, ['Receiver of alerts', 'tls:', like]);
  if (url === null) return [];
  const host = url.hostname.replaceAll(/[[\]]/g, '');
  return [{ kind: 'syslog', host, port: Number(url.port || syslogPort), certificateFile, keyFile: ownKey, ...parts }];
}
