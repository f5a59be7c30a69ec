// Opens the Redis that several gateways share: what they tell each other, turns, and commands over single keys.

import type { RedisSettings } from '../core/store/store-settings.ts';
import type { SharedTurns } from '../shared-ports.ts';
import { RedisChanges } from './redis-changes.ts';
import type { RedisChangesParts } from './redis-changes.ts';
import { RedisCommands } from './redis-commands.ts';
import { explainRedis } from './redis-refused.ts';
import { RedisTurns } from './redis-turns.ts';

export interface OpenRedis {
  readonly changes: RedisChanges;
  readonly turns: SharedTurns;
  /** For scripts over one key. */
  readonly client: RedisCommands;
  /** What is wrong and whom it affects, without a full stop; empty where all is well. */
  notices(): readonly string[];
  close(): void;
}

/** Rejects, in words that name the fix, where Redis cannot be reached or used. */
export async function openRedis(settings: RedisSettings, parts: Omit<RedisChangesParts, 'onLink'>): Promise<OpenRedis> {
  let opened = null as RedisCommands | null;
  const onLink = (isUp: boolean): void => opened?.linked(isUp);
  const changes = await RedisChanges.open(settings, { ...parts, onLink });
  const client = await RedisCommands.open(settings, parts.told).catch((cause: unknown) => {
    changes.close();
    throw explainRedis(cause, settings);
  });
  opened = client;
  return {
    changes,
    client,
    turns: new RedisTurns(client, parts),
    notices: () => [...changes.notices(), ...client.notices()],
    close: () => {
      changes.close();
      client.close();
    },
  };
}
