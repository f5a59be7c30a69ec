// A way to a Redis that waits for as long as the machine needs: for stories about what is counted. Those about a Redis that fails
// go the way that a gateway goes.

import { Cluster, Redis } from 'ioredis';
import type { BudgetRedis } from '../../src/adapters/shared-budget-place.ts';
import type { RedisServer } from './redis-server.ts';

export interface PatientRedis extends BudgetRedis {
  close(): void;
}

/** Several servers are a cluster. */
export function patientRedis([first, ...others]: readonly RedisServer[]): PatientRedis {
  const at = { host: '127.0.0.1', port: first?.port ?? 0 };
  const client = others.length > 0 ? new Cluster([at]) : new Redis(at);
  client.on('error', () => undefined);
  return {
    eval: (script, key, args) => client.eval(script, 1, `clinic:${key}`, ...args),
    close: () => client.disconnect(),
  };
}
