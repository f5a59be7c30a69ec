// Puts the anchors of the access record together: directories, object storage and syslog, each on another machine. What they
// are told is three lines without a patient, and still only over TLS: who can change them on the way can hide a rewrite.

import type { AnchorEntry } from './anchor-schema.ts';
import type { GatewayFile } from './gateway-schema.ts';
import type { Reading } from './reading.ts';
import { s3Settings } from './s3-settings.ts';
import type { AnchorSettings } from './settings.ts';
import { remoteAddress } from './remote-address.ts';
import { trustedAuthority } from './trusted-authority.ts';
import type { KeyPath } from './yaml-source.ts';

const mostAnchors = 8;
const mostHeaders = 20;
type Gateway = Reading<GatewayFile>;

/** Ours to say, or a secret that belongs into a file. */
const ourHeaders = /^(host|connection|content-.*|transfer-encoding|expect|upgrade|te|trailer|if-.*|cookie|.*-secret)$/i;
const secretHeaders = /^(proxy-)?authorization$/i;
/** What signing sends by itself. */
const signedHeaders = /^x-amz-(date|content-sha256|security-token)$/i;
const syslogPort = 6514;

/** `short` is `audit.anchor`, one directory. `taken` are the log's own places. */
export async function anchorSettings(reading: Gateway, taken: readonly (string | null)[]): Promise<AnchorSettings[]> {
  const { anchor, anchors = [] } = reading.value.audit ?? {};
  const short = anchor === undefined ? [] : [directory(reading, ['audit', 'anchor'], anchor, taken)];
  if (anchors.length > mostAnchors)
    reading.mistake(['audit', 'anchors'], `There are ${anchors.length} anchors, ${mostAnchors} are enough`);
  const found = await Promise.all(anchors.map((entry, index) => anchorOf(reading, ['audit', 'anchors', index], entry, taken)));
  return [...short, ...found.filter((one) => one !== null)];
}

async function anchorOf(
  reading: Gateway,
  path: KeyPath,
  entry: AnchorEntry,
  taken: readonly (string | null)[],
): Promise<AnchorSettings | null> {
  const kinds = (['path', 'put', 'syslog'] as const).filter((kind) => entry[kind] !== undefined);
  if (kinds.length !== 1) {
    reading.mistake(path, `An anchor is one of path, put or syslog, and this one names ${kinds.join(' and ') || 'none'}`);
    return null;
  }
  if (entry.s3 !== undefined && entry.put === undefined)
    reading.mistake([...path, 's3'], 'Key s3 says how a put is signed; name the bucket under put, or leave it out');
  if (entry.path !== undefined) return directory(reading, [...path, 'path'], entry.path, taken);
  const trustFile = await trustedAuthority(reading, [...path, 'trust'], entry.trust);
  if (entry.syslog !== undefined) return syslog(reading, [...path, 'syslog'], entry.syslog, trustFile);
  return put(reading, path, entry, trustFile);
}

function directory(reading: Gateway, path: KeyPath, named: string, taken: readonly (string | null)[]): AnchorSettings {
  const place = reading.resolve(named);
  if (taken.includes(place)) reading.mistake(path, `Anchor "${named}" is the log's own place, name one on another machine`);
  return { kind: 'directory', path: place };
}

async function put(
  reading: Gateway,
  path: KeyPath,
  entry: AnchorEntry,
  trustFile: string | null,
): Promise<AnchorSettings | null> {
  const url = remoteAddress(reading, [...path, 'put'], entry.put ?? '', ['Anchor', 'https:', 'https://objects.example/bucket/']);
  const authorization = await reading.secret(path, 'authorization', {
    file: entry.authorizationFile,
    env: entry.authorizationEnv,
  });
  const s3 = entry.s3 === undefined ? null : await s3Settings(reading, path, entry.s3);
  if (s3 !== null && authorization !== null)
    reading.mistake([...path, 's3'], 'Keys s3 and authorizationFile stand together; a request is signed or takes a token');
  const headers = Object.entries(entry.headers ?? {});
  if (headers.length > mostHeaders)
    reading.mistake([...path, 'headers'], `There are ${headers.length} headers, at most ${mostHeaders} are sent`);
  for (const [name] of headers) {
    const at = [...path, 'headers', name];
    if (secretHeaders.test(name))
      reading.mistake(at, `Header "${name}" is a secret, write authorizationFile or authorizationEnv`);
    else if (ourHeaders.test(name) || (s3 !== null && signedHeaders.test(name)))
      reading.mistake(at, `Header "${name}" is the gateway's own to send, leave it out`);
  }
  if (url === null) return null;
  if (url.search !== '' || url.hash !== '')
    reading.mistake([...path, 'put'], `Anchor "${entry.put}" ends with a query, name the folder alone`);
  const signedIn: [string, string][] = authorization === null || authorization === '' ? [] : [['authorization', authorization]];
  const folder = url.pathname.endsWith('/') ? url.pathname : `${url.pathname}/`;
  const signed = s3 === null ? {} : { s3 };
  return { kind: 'put', url: `${url.origin}${folder}`, headers: [...headers, ...signedIn], trustFile, ...signed };
}

function syslog(reading: Gateway, path: KeyPath, named: string, trustFile: string | null): AnchorSettings | null {
  const url = remoteAddress(reading, path, named, ['Anchor', 'tls:', `tls://syslog.example:${syslogPort}`]);
  if (url === null) return null;
  return { kind: 'syslog', host: url.hostname.replaceAll(/[[\]]/g, ''), port: Number(url.port || syslogPort), trustFile };
}
