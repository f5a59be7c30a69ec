// Puts the feeds of the access record together: who gets every event as an audit message, over TLS alone, because each names
// who opened whose chart.

import type { FeedEntry } from './feed-schema.ts';
import type { GatewayFile } from './gateway-schema.ts';
import type { Reading } from './reading.ts';
import { remoteAddress } from './remote-address.ts';
import type { FeedSettings } from '../core/audit/feed/feed-settings.ts';
import { trustedAuthority } from './trusted-authority.ts';
import type { KeyPath } from './yaml-source.ts';

const mostFeeds = 8;
const syslogPort = 6514;
const defaultWindow = 32;
type Gateway = Reading<GatewayFile>;

const syslogKeys = ['dialect', 'confirm', 'window'] as const;
const fhirKeys = ['authorizationFile', 'authorizationEnv'] as const;

export async function feedSettings(reading: Gateway): Promise<FeedSettings[]> {
  const { feeds = [] } = reading.value.audit ?? {};
  if (feeds.length > mostFeeds) reading.mistake(['audit', 'feeds'], `There are ${feeds.length} feeds, ${mostFeeds} are enough`);
  const found = await Promise.all(feeds.map((entry, index) => feedOf(reading, ['audit', 'feeds', index], entry)));
  const good = found.filter((one) => one !== null);
  const places = good.map((one) => (one.kind === 'fhir' ? one.url : `${one.host}:${one.port}`));
  const twice = places.find((place, at) => places.indexOf(place) !== at);
  if (twice !== undefined) reading.mistake(['audit', 'feeds'], `Feed "${twice}" is there twice, and has one cursor; keep one`);
  return good;
}

async function feedOf(reading: Gateway, path: KeyPath, entry: FeedEntry): Promise<FeedSettings | null> {
  const { syslog, fhir } = entry;
  if ((syslog === undefined) === (fhir === undefined)) {
    const named = syslog === undefined ? 'none' : 'both';
    reading.mistake(path, `A feed is one of syslog or fhir, and this one names ${named}`);
    return null;
  }
  for (const key of syslog === undefined ? syslogKeys : fhirKeys) {
    const other = syslog === undefined ? 'syslog' : 'fhir';
    if (entry[key] !== undefined) reading.keyMistake([...path, key], `Key "${key}" belongs to a feed with ${other}, delete it`);
  }
  const parts = await feedParts(reading, path, entry);
  return syslog === undefined
    ? fhirFeed(reading, path, entry, parts)
    : syslogFeed(reading, [...path, 'syslog'], syslog, entry, parts);
}

async function feedParts(reading: Gateway, path: KeyPath, entry: FeedEntry) {
  const { certificate, keyFile, patients = 'token', from = 'beginning' } = entry;
  if ((certificate === undefined) !== (keyFile === undefined)) {
    const [there, missing] = certificate === undefined ? ['keyFile', 'certificate'] : ['certificate', 'keyFile'];
    reading.mistake([...path, there], `A certificate of the gateway's own needs ${missing} beside ${there}`);
  }
  return {
    trustFile: await trustedAuthority(reading, [...path, 'trust'], entry.trust),
    certificateFile: await reading.existing([...path, 'certificate'], certificate, 'Certificate file'),
    keyFile: await reading.existing([...path, 'keyFile'], keyFile, 'Key file'),
    patients,
    from,
  };
}

type Parts = Awaited<ReturnType<typeof feedParts>>;

function syslogFeed(reading: Gateway, path: KeyPath, named: string, entry: FeedEntry, parts: Parts): FeedSettings | null {
  const url = remoteAddress(reading, path, named, ['Feed', 'tls:', `tls://arr.example:${syslogPort}`]);
  if (url === null) return null;
  const { dialect = 'ihe', confirm = 'close-notify', window = defaultWindow } = entry;
  const host = url.hostname.replaceAll(/[[\]]/g, '');
  return { kind: 'syslog', host, port: Number(url.port || syslogPort), dialect, confirm, window, ...parts };
}

async function fhirFeed(reading: Gateway, path: KeyPath, entry: FeedEntry, parts: Parts): Promise<FeedSettings | null> {
  const url = remoteAddress(reading, [...path, 'fhir'], entry.fhir ?? '', ['Feed', 'https:', 'https://fhir.example/fhir']);
  const secret = { file: entry.authorizationFile, env: entry.authorizationEnv };
  const authorization = await reading.secret(path, 'authorization', secret);
  if (url === null) return null;
  if (url.search !== '' || url.hash !== '')
    reading.mistake([...path, 'fhir'], `Feed "${entry.fhir}" ends with a query, name the base of the server alone`);
  const base = `${url.origin}${url.pathname}`.replace(/\/+$/, '');
  return { kind: 'fhir', url: base, authorization: authorization === '' ? null : authorization, ...parts };
}
