// What Redis or the way to it says, in words that name the fix. Never a password: what Redis answers does not hold one.

import type { RedisSettings } from '../core/store/store-settings.ts';

type Words = (settings: RedisSettings, message: string) => string;

const userOf = ({ user }: RedisSettings): string => user ?? 'default';
const addresses = ({ servers }: RedisSettings): string => servers.map(({ host, port }) => `${host}:${port}`).join(', ');

/** What an ACL user of Redis needs, and no more: every command on our own keys, and to be told what kind of server it is. */
export function aclRule(settings: RedisSettings): string {
  return `ACL SETUSER ${userOf(settings)} ~${settings.prefix}* +@all -@dangerous +info`;
}

const explained: readonly (readonly [RegExp, Words])[] = [
  [
    /WRONGPASS|invalid username-password|invalid password/,
    (s) => `Redis refuses user "${userOf(s)}" or its password; correct them`,
  ],
  [
    /NOAUTH|Authentication required/,
    () => 'Redis asks for a password and none is set; set it, and the ACL user where it has one',
  ],
  [
    /NOPERM|no permissions|user executing the script/,
    (s, message) => `Redis does not let user "${userOf(s)}" do what is needed (${message}); grant it by "${aclRule(s)}"`,
  ],
  [
    /WRONGTYPE/,
    (s) => `A key that begins with "${s.prefix}" holds what is not ours; delete it, or choose a prefix that nobody else uses`,
  ],
  [/READONLY/, () => 'Redis takes no writes, because it is a replica; name the master, or the Sentinels'],
  [/\bOOM\b/, () => 'Redis has no memory left for what is written; raise its "maxmemory"'],
  [/MISCONF/, () => 'Redis takes no writes, because it cannot save them; look at the log and the disk of Redis'],
  [/NOREPLICAS/, () => 'Redis takes no writes, because it misses replicas; look at its replicas'],
  [/LOADING/, () => 'Redis is still reading its data'],
  [/^(?:MOVED|ASK|TRYAGAIN|CLUSTERDOWN|CROSSSLOT) /, (_s, message) => `The Redis Cluster does not serve our key (${message})`],
  [/cluster support disabled/, () => 'The Redis named is no Cluster; name it as a single server'],
  [/wrong version number|packet length too long/, (s) => `${addresses(s)} does not speak TLS; name its TLS port`],
  [
    /self.signed certificate|unable to (?:verify|get)|CERT_|certificate|altname/i,
    (s, message) => `The certificate of Redis at ${addresses(s)} is not trusted (${message}); name the file of who signed it`,
  ],
  [/Protocol error|RESP type/, (s) => `What listens at ${addresses(s)} is not a Redis; correct the address and the port`],
  [/unknown command/i, (s, message) => `What listens at ${addresses(s)} is not a Redis that can be used (${message})`],
  [
    /E[A-Z]{4,}|sentinels are unreachable|not answered|closed|ocket|connect/,
    (s, message) =>
      `Redis cannot be reached at ${addresses(s)} (${message}); look whether it runs, is let through, and ${s.tls ? 'speaks' : 'does not ask for'} TLS there`,
  ],
];

/** What is told in words already. */
export class RedisMistake extends Error {}

/** The same failure in words, with the first as its cause. */
export function explainRedis(cause: unknown, settings: RedisSettings): Error {
  if (cause instanceof RedisMistake) return cause;
  const message = messageOf(cause);
  const words = explained.find(([pattern]) => pattern.test(message))?.[1];
  return new Error(words?.(settings, message) ?? message, { cause });
}

/** Of a transaction that was not run at all, the reason says more than that. */
function messageOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const previous: unknown = 'previousErrors' in cause && Array.isArray(cause.previousErrors) ? cause.previousErrors[0] : null;
  const code = 'code' in cause && typeof cause.code === 'string' && !cause.message.includes(cause.code) ? ` ${cause.code}` : '';
  return previous instanceof Error ? previous.message : `${cause.message}${code}`;
}
