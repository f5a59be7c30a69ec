import { describe, expect, test } from 'vitest';
import { PersonShare } from '../../src/adapters/person-share.ts';
import type { Turn } from '../../src/adapters/person-share.ts';
import { Fault } from '../../src/core/faults.ts';

/** Enters, and notes when the turn comes. */
function enter(share: PersonShare, person: string, log: string[], name = person): Turn | null {
  const turn = share.enter(person);
  void turn?.come.then((runs) => log.push(`${name} ${runs ? 'runs' : 'left'}`));
  return turn;
}

const settled = async (): Promise<void> => Promise.resolve(); // prettier-ignore

describe('a person', () => {
  test('runs up to their share at once, waits beyond it, and goes on as their own finish', async () => {
    const share = new PersonShare(2, 10, 10);
    const log: string[] = [];
    expect([enter(share, 'a', log), enter(share, 'a', log)]).toEqual([null, null]);
    enter(share, 'a', log, 'third');
    enter(share, 'a', log, 'fourth');
    expect(share.load).toEqual({ running: 2, waiting: 2 });
    share.leave('a');
    await settled();
    expect([log, share.load]).toEqual([['third runs'], { running: 2, waiting: 1 }]);
    share.leave('a');
    share.leave('a');
    share.leave('a');
    await settled();
    expect([log, share.load]).toEqual([['third runs', 'fourth runs'], { running: 0, waiting: 0 }]);
  });

  test('who waits for their own share keeps nobody else from running', () => {
    const share = new PersonShare(1, 3, 10);
    enter(share, 'a', []);
    enter(share, 'a', []);
    expect([enter(share, 'b', []), enter(share, 'c', [])]).toEqual([null, null]);
    expect(share.load).toEqual({ running: 3, waiting: 1 });
  });

  test('may not fill more than half of the queue', () => {
    const share = new PersonShare(1, 1, 4);
    enter(share, 'a', []);
    enter(share, 'a', []);
    enter(share, 'a', []);
    expect(() => share.enter('a')).toThrow(Fault);
    enter(share, 'b', []);
    enter(share, 'b', []);
    expect(() => share.enter('c')).toThrow(Fault);
    expect(share.load).toEqual({ running: 1, waiting: 4 });
  });
});

test('a free place goes to the one who has waited longest and may run', async () => {
  const share = new PersonShare(1, 2, 10);
  const log: string[] = [];
  enter(share, 'a', log);
  enter(share, 'b', log);
  for (const [person, name] of [['a', 'a2'], ['c', 'c1'], ['d', 'd1'], ['b', 'b2']] as const) enter(share, person, log, name); // prettier-ignore
  share.leave('b');
  await settled();
  expect(log).toEqual(['c1 runs']);
  share.leave('a');
  await settled();
  expect(log).toEqual(['c1 runs', 'a2 runs']);
  share.leave('c');
  share.leave('a');
  await settled();
  expect(log).toEqual(['c1 runs', 'a2 runs', 'd1 runs', 'b2 runs']);
});

test('whoever leaves the queue takes no place later; leaving twice, or after the turn came, does nothing', async () => {
  const share = new PersonShare(1, 1, 10);
  const log: string[] = [];
  enter(share, 'a', log);
  const gone = enter(share, 'b', log);
  const stays = enter(share, 'c', log);
  gone?.abandon();
  gone?.abandon();
  expect(share.load).toEqual({ running: 1, waiting: 1 });
  share.leave('a');
  await settled();
  stays?.abandon();
  expect([log, share.load]).toEqual([['b left', 'c runs'], { running: 1, waiting: 0 }]);
});

test('without a queue nobody waits', () => {
  const share = new PersonShare(1, 1, 0);
  share.enter('a');
  expect(() => share.enter('b')).toThrow(Fault);
});
