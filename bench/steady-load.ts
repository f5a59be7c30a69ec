// Requests at an even rate, each sent when it is due, whether or not those before it have been answered: so many people who do
// not wait for each other. Autocannon sends what a second allows at the second's beginning, as fast as it is answered, and then
// rests: that is full load for a part of each second.

import { Pool } from 'undici';

export interface SteadyLoad {
  /** Such as `http://127.0.0.1:8080`. */
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly connections: number;
  readonly ratePerSecond: number;
  readonly seconds: number;
}

export interface SteadyResult {
  readonly answered: number;
  /** Answers other than 200, and none. */
  readonly failed: number;
  readonly seconds: number;
  readonly p50Milliseconds: number;
  readonly p99Milliseconds: number;
}

/** How often it looks what is due. */
const tickMilliseconds = 1;

/** Waits count from when a request was due, so that a load that is late itself hides nothing. Resolves when all are answered. */
export async function steadyLoad(load: SteadyLoad): Promise<SteadyResult> {
  const pool = new Pool(load.origin, { connections: load.connections, pipelining: 1 });
  const waits: number[] = [];
  const under: Promise<void>[] = [];
  let failed = 0;
  const ask = async (due: number): Promise<void> => {
    try {
      const { statusCode, body } = await pool.request({ path: load.path, method: 'GET', headers: load.headers });
      await body.dump();
      if (statusCode === 200) waits.push(performance.now() - due);
      else failed += 1;
    } catch {
      failed += 1;
    }
  };
  const begun = performance.now();
  const all = Math.round(load.ratePerSecond * load.seconds);
  for (let sent = 0; sent < all;) {
    const due = begun + (sent * 1000) / load.ratePerSecond;
    if (due > performance.now()) await new Promise((resolve) => setTimeout(resolve, tickMilliseconds));
    else {
      under.push(ask(due));
      sent += 1;
    }
  }
  await Promise.all(under);
  const seconds = (performance.now() - begun) / 1000;
  await pool.close();
  waits.sort((one, other) => one - other);
  const at = (share: number): number => waits[Math.floor(waits.length * share)] ?? Number.NaN;
  return { answered: waits.length, failed, seconds, p50Milliseconds: at(0.5), p99Milliseconds: at(0.99) };
}
