// The thread that reads the rule file again, once. Knows nothing of what is served meanwhile.

import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import type { Policy } from '../core/policy/policy.ts';
import { readingsOf } from '../core/rights/readings-of.ts';
import { rightLines } from '../core/rights/right-changes.ts';
import { loadRules } from './load.ts';
import type { LoadedRules } from './load.ts';
import type { ReadHead, RulesTask } from './load-rules-apart.ts';
import { ArrivingPolicy, headOf, piecesOf } from './rules-pieces.ts';
import type { PolicyHead, RulesPiece } from './rules-pieces.ts';

if (parentPort === null) throw new Error('load-rules-worker runs as a worker thread only');
await readRules(parentPort, workerData as RulesTask);
// Whatever is still to come is not waited for.
parentPort.unref();

async function readRules(port: MessagePort, { settings, file, inForce }: RulesTask): Promise<void> {
  const old = inForce === null ? null : arriving(port, inForce);
  const loaded = await loadRules(settings, file);
  const told = loaded.ok ? withEffect(loaded, await old, settings) : loaded;
  if (!told.ok) return send(port, told);
  send(port, { ...told, policy: headOf(told.policy) });
  for (const piece of piecesOf(told.policy.rules)) {
    await once(port, 'message');
    send(port, piece);
  }
  return undefined;
}

/** The rules in force, which come while the file is read. */
function arriving(port: MessagePort, head: PolicyHead): Promise<Policy> {
  const policy = new ArrivingPolicy(head);
  return new Promise((resolve) => {
    const take = (piece: RulesPiece): void => {
      const whole = policy.take(piece);
      if (whole === null) return;
      port.off('message', take);
      resolve(whole);
    };
    port.on('message', take);
  });
}

/** What differs for whom, which takes as long as reading. */
function withEffect(
  loaded: Extract<LoadedRules, { readonly ok: true }>,
  old: Policy | null,
  { applications }: RulesTask['settings'],
): LoadedRules {
  if (old === null || old.version === loaded.policy.version) return loaded;
  return { ...loaded, effect: { before: old.version, lines: rightLines(old, loaded.policy, readingsOf(applications)) } };
}

function send(port: MessagePort, message: ReadHead | RulesPiece): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
  port.postMessage(message);
}
