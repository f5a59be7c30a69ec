// Target 2: the gateway with everything on beside every peer that is found on this machine, each started by the bench with
// equal work: a session, a role rule, an access log. Bare proxies are measured too, for the scale; nothing is asked of them.

import { below } from '../goals.ts';
import type { Goal } from '../goals.ts';
import { interleaved } from '../interleaved.ts';
import { startTarget } from '../measure.ts';
import type { Target } from '../measure.ts';
import type { Absent, Failed, Found, Setting } from '../part.ts';
import type { Peer } from '../peer.ts';
import { located } from '../peer-ground.ts';
import { apacheBare } from '../peers/apache-bare.ts';
import { apacheOpenidcCookie, apacheOpenidcRedis } from '../peers/apache-openidc.ts';
import { caddyBare } from '../peers/caddy-bare.ts';
import { nginxBare } from '../peers/nginx-bare.ts';
import { authelia, pomerium } from '../peers/not-yet.ts';
import { oauth2Proxy } from '../peers/oauth2-proxy.ts';
import { shippedFlags } from '../shipped-flags.ts';
import { startPeer } from '../start-peer.ts';
import type { PeerTarget } from '../start-peer.ts';
import type { Row } from '../summary.ts';

const list: readonly Peer[] = [
  nginxBare,
  apacheBare,
  caddyBare,
  apacheOpenidcCookie,
  apacheOpenidcRedis,
  oauth2Proxy,
  pomerium,
  authelia,
];

const ours = [
  ['bare node:http', './targets/bare.ts', []],
  ['Wardgate, everything on', './targets/gateway.ts', shippedFlags],
] as const;

interface NotRun {
  readonly peer: Peer;
  readonly row: Absent | Failed;
}

export async function peers(setting: Setting): Promise<Found> {
  const started: Target[] = [];
  const notRun: NotRun[] = [];
  try {
    const upstream = await startTarget('upstream', './targets/upstream.ts', []);
    started.push(upstream);
    const { port } = upstream.ready;
    for (const [name, file, flags] of ours) started.push(await startTarget(name, file, [String(port)], flags));
    for (const peer of list) {
      const found = await startedOrNot(peer, port);
      if ('row' in found) notRun.push(found);
      else started.push(found);
    }
    return await measured(started.slice(1), notRun, setting);
  } finally {
    for (const target of started.toReversed()) await target.stop();
  }
}

/** One that is there and does not run is no reason not to measure the others. */
async function startedOrNot(peer: Peer, upstream: number): Promise<PeerTarget | NotRun> {
  const { name } = peer;
  const missing = peer.needs.filter((need) => located(need) === null);
  if (missing.length > 0) return { peer, row: { name, missing: missing.join(', ') } };
  try {
    return await startPeer(peer, upstream);
  } catch (cause) {
    return { peer, row: { name, failed: cause instanceof Error ? cause.message : String(cause) } };
  }
}

async function measured(targets: readonly Target[], notRun: readonly NotRun[], setting: Setting): Promise<Found> {
  const rows = await interleaved(targets, setting);
  const found = targets.flatMap((target, index) => (isPeer(target) ? [{ peer: target.peer, row: rows[index] }] : []));
  const failed = notRun.flatMap(({ peer, row }) => ('failed' in row ? [{ peer, row: undefined }] : []));
  const under = 'Beside the peers';
  return {
    rows: [...rows, ...notRun.map(({ row }) => row)].map((row) => ({ ...row, under })),
    goals: peerGoals(rows[1], [...found, ...failed]),
  };
}

function isPeer(target: Target): target is PeerTarget {
  return 'peer' in target;
}

interface Beside {
  readonly peer: Pick<Peer, 'key' | 'name' | 'authenticates'>;
  /** None for one that is there and could not be measured. */
  readonly row: Row | undefined;
}

/** More requests per second and core is less processor time per request. Those that are not here are no goal. */
export function peerGoals(gateway: Row | undefined, beside: readonly Beside[]): readonly Goal[] {
  return beside.flatMap(({ peer: { key, name, authenticates }, row }) => {
    if (!authenticates) return [];
    const times = (figure: 'microsecondsPerRequest' | 'p99Milliseconds'): number =>
      (gateway?.[figure] ?? Number.NaN) / (row?.[figure] ?? Number.NaN);
    return [
      below(`2-${key}-cpu`, `processor time per request, times ${name}`, times('microsecondsPerRequest'), 1),
      below(`2-${key}-p99`, `p99 at full load, times ${name}`, times('p99Milliseconds'), 1),
    ];
  });
}
