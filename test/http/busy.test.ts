// Whoever is told at once that the EHR is busy asks again at once; so they are told after a while. Nobody else is.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Fault } from '../../src/core/faults.ts';
import type { FaultCode } from '../../src/core/faults.ts';
import type { NodeExchange } from '../../src/http/node-exchange.ts';
import { serve } from '../../src/http/serve.ts';
import { StageFailure } from '../../src/pipeline.ts';
import { exchangeOf } from '../support/edge-facts.ts';
import { FakeLog } from '../support/fake-ports.ts';
import { fakeToken } from '../support/fake-patients.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Serves one request that this fault ends; `sent` is the status once the answer is out. */
function fails(code: FaultCode, aborted = false) {
  let sent: number | null = null;
  const response = {
    closed: false,
    headersSent: false,
    writableFinished: true,
    writeHead: (status: number) => void (sent = status),
    end: (_body: unknown, done?: () => void) => done?.(),
    once: () => response,
    on: () => response,
    off: () => response,
    removeListener: () => response,
    setHeader: () => response,
    destroy: () => response,
  };
  const exchange = { ...exchangeOf([], { aborted }), response, request: { complete: true, headers: {} } };
  const settled: string[] = [];
  const path = { run: () => Promise.reject(new StageFailure('forward', new Fault(code), { exchange })) };
  const settleSteps = [{ name: 'last', run: () => void settled.push('last') }];
  const needs = { path, replySteps: [], settleSteps, log: new FakeLog(), clinic: { name: 'c', help: 'h', language: 'en' as const }, recordedToken: fakeToken, send: () => Promise.reject(new Error('Nothing to send')) }; // prettier-ignore
  const done = serve(needs, exchange as unknown as NodeExchange);
  return { done, settled, status: () => sent };
}

test('a busy EHR is told after a second', async () => {
  const { settled, status } = fails('upstream-busy');
  await vi.advanceTimersByTimeAsync(999);
  expect([status(), settled]).toEqual([null, []]);
  await vi.advanceTimersByTimeAsync(1);
  expect(status()).toBe(503);
});

test('every other fault at once, and nobody who has gone is waited for', async () => {
  const down = fails('upstream-unreachable');
  const gone = fails('upstream-busy', true);
  await vi.advanceTimersByTimeAsync(0);
  expect([down.status(), gone.status()]).toEqual([502, 503]);
});
