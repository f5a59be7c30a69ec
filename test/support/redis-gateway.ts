// A gateway as Redis sees it: it follows ends of sessions, and notes what it heard and each time it read everything.

import { openRedis } from '../../src/adapters/open-redis.ts';
import type { OpenRedis } from '../../src/adapters/open-redis.ts';
import type { RedisSettings } from '../../src/core/store/store-settings.ts';
import { eventually } from './demo-story.ts';
import { FakeClock, FakeLog } from './fake-ports.ts';

export interface RedisGateway extends OpenRedis {
  readonly clock: FakeClock;
  readonly log: FakeLog;
  /** What others told of ends, and `everything` for each time everything was read. */
  readonly heard: string[];
}

export class RedisGateways {
  readonly #open: RedisGateway[] = [];

  async open(settings: RedisSettings): Promise<RedisGateway> {
    const clock = new FakeClock();
    const log = new FakeLog();
    const heard: string[] = [];
    const opened = await openRedis(settings, { clock, log });
    const gateway = { ...opened, clock, log, heard };
    this.#open.push(gateway);
    opened.changes.follow('sessions-ended', (entries) => heard.push(...entries));
    opened.changes.onMissed(async () => {
      heard.push('everything');
      return Promise.resolve();
    });
    await current(gateway);
    return gateway;
  }

  close(): void {
    for (const gateway of this.#open.splice(0)) gateway.close();
  }
}

export async function current(...gateways: readonly RedisGateway[]): Promise<void> {
  await eventually(() => gateways.every(({ changes }) => changes.current), 'gateways that are current');
}

export async function notCurrent(...gateways: readonly RedisGateway[]): Promise<void> {
  await eventually(() => gateways.every(({ changes }) => !changes.current), 'gateways that are not current');
}

/** Whether a sentence of this is among what is wrong. */
export async function noticed(gateway: RedisGateway, words: string): Promise<void> {
  await eventually(() => gateway.notices().some((notice) => notice.includes(words)), `a notice of "${words}"`);
}
