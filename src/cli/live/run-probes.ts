// Runs all probes at the same time, each within its own time. One that fails, hangs or throws stops none of the others.

import { findings } from './finding.ts';
import type { Finding, Probe } from './finding.ts';

/** Calls back in the order of the list, each as soon as those before it are told. Never rejects. */
export async function runProbes(
  probes: readonly Probe[],
  tell: (found: readonly Finding[]) => void,
): Promise<readonly Finding[]> {
  const running = probes.map((probe) => runOne(probe));
  const all: Finding[] = [];
  for (const one of running) {
    const found = await one;
    tell(found);
    all.push(...found);
  }
  return all;
}

async function runOne({ name, seconds, run }: Probe): Promise<readonly Finding[]> {
  const over = new AbortController();
  const late = Promise.withResolvers<readonly Finding[]>();
  const timer = setTimeout(() => {
    late.resolve([findings(name).failed(`Not told within ${seconds} seconds`, 'try it again; look at the network and at DNS')]);
    over.abort();
  }, seconds * 1000);
  try {
    return await Promise.race([run(over.signal), late.promise]);
  } catch (cause) {
    return [findings(name).failed(`It broke off: ${cause instanceof Error ? cause.message : String(cause)}`)];
  } finally {
    clearTimeout(timer);
  }
}
