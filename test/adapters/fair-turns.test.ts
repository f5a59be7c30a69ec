// Who asks alone never waits; where many ask at once, each share has its turn, however many one of them asks for.

import { expect, test } from 'vitest';
import { FairTurns } from '../../src/adapters/fair-turns.ts';

/** A clock that moves only when work is done. */
function turnsWithClock() {
  let time = 0;
  const turns = new FairTurns({ monotonic: () => time });
  const work = (milliseconds: number): void => void (time += milliseconds);
  return { turns, work };
}

test('work begins at once while the turn of the loop has time', () => {
  const { turns, work } = turnsWithClock();
  expect(turns.take('a')).toBeUndefined();
  work(0.5);
  expect(turns.take('a')).toBeUndefined();
  work(0.6);
  expect(turns.take('a')).toBeInstanceOf(Promise);
});

test('one who asks for much waits behind each other share, once for each turn', async () => {
  const { turns, work } = turnsWithClock();
  const begun: string[] = [];
  const ask = async (share: string): Promise<void> => {
    await turns.take(share);
    begun.push(share);
    work(2);
  };
  void turns.take('what takes this turn of the loop');
  work(2);
  await Promise.all(['flood', 'flood', 'flood', 'flood', 'flood', 'nurse', 'physician', 'nurse'].map(ask));
  expect(begun).toEqual(['flood', 'nurse', 'physician', 'flood', 'nurse', 'flood', 'flood', 'flood']);
});

test('short work of many shares begins in one turn of the loop', async () => {
  const { turns, work } = turnsWithClock();
  void turns.take('first');
  work(5);
  let loopTurns = 0;
  const count = (): void => void ((loopTurns += 1), setImmediate(count).unref());
  const begun: number[] = [];
  setImmediate(count);
  const ask = async (share: string): Promise<void> => {
    await turns.take(share);
    begun.push(loopTurns);
    work(0.01);
  };
  await Promise.all(Array.from({ length: 40 }, (_, index) => ask(String(index))));
  expect(new Set(begun).size).toBeLessThanOrEqual(2);
});

test('nobody is left waiting when all become idle, and the next asks without waiting', async () => {
  const { turns, work } = turnsWithClock();
  void turns.take('a');
  work(3);
  await Promise.all(Array.from({ length: 1000 }, (_, index) => Promise.resolve(turns.take(`share ${index % 7}`))));
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  expect(turns.take('a')).toBeUndefined();
});

test('all sessions of a person share, and a session that ended shares with its address', () => {
  const { turns } = turnsWithClock();
  const nurse = { issuer: 'https://i', sub: 'nurse' };
  expect(turns.of(null, '10.0.0.1')).toBe('address 10.0.0.1');
  expect(turns.of('k1', '10.0.0.1')).toBe('address 10.0.0.1');
  turns.belongs('k1', nurse);
  turns.belongs('k2', nurse);
  turns.belongs('k1', nurse);
  expect(turns.of('k1', '10.0.0.1')).toBe(turns.of('k2', '10.9.9.9'));
  turns.forget('k1');
  expect(turns.of('k1', '10.0.0.1')).toBe('address 10.0.0.1');
});

test('what is remembered is bounded, and the oldest goes first', () => {
  const { turns } = turnsWithClock();
  for (let index = 0; index <= 50_000; index += 1) turns.belongs(`k${index}`, { issuer: 'i', sub: String(index) });
  expect(turns.of('k0', 'x')).toBe('address x');
  expect(turns.of('k1', 'x')).toBe('i 1');
  expect(turns.of('k50000', 'x')).toBe('i 50000');
});
