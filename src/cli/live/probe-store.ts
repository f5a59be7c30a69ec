// Where state is kept: in files of the gateway's own, or in a PostgreSQL and a Redis that several gateways share, which are reached
// and asked whether they can be trusted with it.

import { lookAtPostgres, lookAtRedis } from '../../adapters/look-at-store.ts';
import type { Settings } from '../../config/settings.ts';
import type { DurableSettings, RedisSettings } from '../../core/store/store-settings.ts';
import { findings } from './finding.ts';
import type { Finding } from './finding.ts';

export async function probeStore({
  dataDirectory,
  store,
}: Pick<Settings, 'dataDirectory' | 'store'>): Promise<readonly Finding[]> {
  if (store === null || store === undefined) {
    const says = `Not configured: state is kept in "${dataDirectory}", in databases of the gateway's own, which need no server`;
    return [findings('redis').ok(says)];
  }
  return Promise.all([
    probePostgres(store.durable),
    store.redis === null
      ? findings('redis').ok('Not configured: one gateway alone uses the PostgreSQL')
      : probeRedis(store.redis),
  ]);
}

async function probePostgres(durable: DurableSettings): Promise<Finding> {
  const say = findings('postgres');
  try {
    const { version, synchronousStandbys: standbys, tables, isStandby, writesDurably } = await lookAtPostgres(durable);
    const seen = `PostgreSQL ${version} answers`;
    if (isStandby) return say.failed(`${seen}, and is a standby that takes no writes`, 'name the primary under store.durable');
    if (!writesDurably)
      return say.failed(`${seen}, and does not write to its disk before it says so (fsync is off)`, 'set fsync = on');
    if (tables === 'may not be made')
      return say.failed(
        `${seen}, holds no schema "${durable.schema}", and this user may make none`,
        `run as its owner: CREATE SCHEMA ${durable.schema} AUTHORIZATION the user of store.durable`,
      );
    if (standbys === 0)
      return say.warning(
        `${seen}; no standby confirms what is written, so the machine it is on must not be lost`,
        'set synchronous_standby_names, see docs/several-gateways.md',
      );
    return say.ok(`${seen}; ${standbys} ${standbys === 1 ? 'standby confirms' : 'standbys confirm'} what is written`);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return say.failed(
      `PostgreSQL cannot be used: ${why}`,
      'look whether it runs, lets this machine in, and what store.durable says',
    );
  }
}

async function probeRedis(settings: RedisSettings): Promise<Finding> {
  const say = findings('redis');
  try {
    const { version, replicas } = await lookAtRedis(settings);
    const seen = `${version} answers with ${replicas} ${replicas === 1 ? 'replica' : 'replicas'}, and throws no keys away`;
    if (replicas < settings.replicas)
      return say.failed(
        `${seen}; ${settings.replicas} must have a change before it counts`,
        'start its replicas, or nobody gets in at any gateway',
      );
    if (settings.kind === 'single')
      return say.warning(
        `${seen}; it is one server, and while it is away everybody is answered with 503`,
        'use Sentinels for a hospital',
      );
    return say.ok(seen);
  } catch (cause) {
    return say.failed(cause instanceof Error ? cause.message : String(cause), 'then run this again');
  }
}
