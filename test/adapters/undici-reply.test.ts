// One reply as the client library delivers it: nothing flows before `start`, everything in order, and one end.

import type { Dispatcher } from 'undici';
import { describe, expect, test } from 'vitest';
import { UndiciReply } from '../../src/adapters/undici-reply.ts';

function stage(room = true, peekMilliseconds = 60_000) {
  const log: string[] = [];
  const controller = {
    rawHeaders: [Buffer.from('X-A'), Buffer.from('\xe4', 'latin1')],
    pause: () => void log.push('pause'),
    resume: () => void log.push('resume'),
    abort: (cause: Error) => void log.push(`abort: ${cause.message}`),
  } as unknown as Dispatcher.DispatchController;
  const callbacks = {
    onHeaders: () => void log.push('headers'),
    onFailure: (cause: Error) => void log.push(`failure: ${cause.message}`),
    onDone: () => void log.push('done'),
  };
  const reply = new UndiciReply(callbacks, peekMilliseconds);
  const sink = {
    data: (chunk: Buffer) => (log.push(`data: ${chunk.toString()}`), room),
    end: () => void log.push('end'),
    fail: (cause: Error) => void log.push(`fail: ${cause.message}`),
  };
  /** What was said since the last look. */
  const said = (): string[] => log.splice(0);
  return { reply, controller, sink, said };
}

const bytes = (text: string): Buffer => Buffer.from(text); // prettier-ignore

describe('in good order', () => {
  test('bytes that come before the start wait, and go first', () => {
    const { reply, controller, sink, said } = stage();
    reply.onRequestStart(controller);
    reply.onResponseStart(controller, 200);
    expect([reply.status, reply.headers, said()]).toEqual([200, ['X-A', '\xe4'], ['pause', 'headers']]);
    reply.onResponseData(controller, bytes('1'));
    reply.onResponseData(controller, bytes('2'));
    expect(said()).toEqual(['pause', 'pause']);
    reply.start(sink);
    reply.onResponseData(controller, bytes('3'));
    reply.onResponseEnd();
    expect(said()).toEqual(['data: 1', 'data: 2', 'resume', 'data: 3', 'done', 'end']);
  });

  test('a reply that is over before the start still comes whole', () => {
    const { reply, controller, sink, said } = stage();
    reply.onResponseStart(controller, 200);
    reply.onResponseData(controller, bytes('1'));
    reply.onResponseEnd();
    said();
    reply.start(sink);
    expect(said()).toEqual(['data: 1', 'end']);
  });

  test('a full sink pauses the source until it says so', () => {
    const { reply, controller, sink, said } = stage(false);
    reply.onRequestStart(controller);
    reply.onResponseStart(controller, 200);
    reply.onResponseData(controller, bytes('1'));
    said();
    reply.start(sink);
    expect(said()).toEqual(['data: 1']);
    reply.onResponseData(controller, bytes('2'));
    expect(said()).toEqual(['data: 2', 'pause']);
    reply.resume();
    expect(said()).toEqual(['resume']);
  });

  test.each([100, 102, 103, 199])('%i is not the reply', (status) => {
    const { reply, controller, said } = stage();
    reply.onResponseStart(controller, status);
    expect([reply.status, said()]).toEqual([0, []]);
  });
});

describe('broken off', () => {
  test('before the headers it fails once, and the place is free', () => {
    const { reply, controller, said } = stage();
    reply.onRequestStart(controller);
    reply.onResponseError(controller, new Error('reset'));
    reply.onResponseError(controller, new Error('again'));
    reply.abort(new Error('late'));
    expect(said()).toEqual(['done', 'failure: reset']);
  });

  test.each([true, false])('after the headers it never ends well (started: %s)', (started) => {
    const { reply, controller, sink, said } = stage();
    reply.onRequestStart(controller);
    reply.onResponseStart(controller, 200);
    if (started) reply.start(sink);
    reply.onResponseData(controller, bytes('1'));
    reply.onResponseError(controller, new Error('reset'));
    reply.onResponseEnd();
    if (!started) reply.start(sink);
    expect(
      said()
        .filter((word) => !/pause|resume|headers/.test(word))
        .toSorted(),
    ).toEqual(['data: 1', 'done', 'fail: reset']);
  });

  test('a switch of protocols that nobody asked for is stopped', () => {
    const { reply, controller, said } = stage();
    reply.onRequestUpgrade(controller);
    expect(said()).toEqual(['abort: The EHR switched protocols without being asked']);
  });

  test('stopped before the request was sent, it stops as soon as it is; stopped twice, once', () => {
    const { reply, controller, said } = stage();
    reply.abort(new Error('left'));
    reply.abort(new Error('left again'));
    reply.onRequestStart(controller);
    expect(said()).toEqual(['abort: left']);
    reply.onResponseError(controller, new Error('aborted'));
    expect(said()).toEqual(['done', 'failure: aborted']);
  });

  test('stopped under way', () => {
    const { reply, controller, said } = stage();
    reply.onRequestStart(controller);
    reply.onResponseStart(controller, 200);
    said();
    reply.abort(new Error('left'));
    expect(said()).toEqual(['abort: left']);
  });
});

test('headers in another form than asked for are none', () => {
  const { reply, controller } = stage();
  reply.onResponseStart(
    { ...controller, rawHeaders: undefined, pause: () => undefined } as unknown as Dispatcher.DispatchController,
    204,
  );
  expect(reply.headers).toEqual([]);
});

describe('a look at the first bytes', () => {
  /** A reply whose headers are there. */
  function answered(peekMilliseconds?: number) {
    const all = stage(true, peekMilliseconds);
    all.reply.onRequestStart(all.controller);
    all.reply.onResponseStart(all.controller, 200);
    all.said();
    return all;
  }

  test.each([
    ['fewer than came', 3, ['abcd'], 'abc'],
    ['as many as came', 4, ['abcd'], 'abcd'],
    ['over several parts', 5, ['ab', 'c', 'def'], 'abcde'],
    ['none', 0, ['ab'], ''],
  ])('%s: they are told, the source rests, and whoever starts gets all of them once', async (_what, most, parts, expected) => {
    const { reply, controller, sink, said } = answered();
    const looked = reply.peek(most);
    for (const part of parts) reply.onResponseData(controller, bytes(part));
    expect((await looked).toString()).toBe(expected);
    const asked = most === 0 ? [] : ['resume'];
    expect(said().filter((word, at, all) => word !== all[at - 1])).toEqual([...asked, 'pause']);
    reply.start(sink);
    expect(said()).toEqual([...parts.map((part) => `data: ${part}`), 'resume']);
    reply.onResponseData(controller, bytes('z'));
    reply.onResponseEnd();
    expect(said()).toEqual(['data: z', 'done', 'end']);
  });

  test('the source does not rest before there is enough', () => {
    const { reply, controller, said } = answered();
    void reply.peek(3);
    reply.onResponseData(controller, bytes('ab'));
    expect(said()).toEqual(['resume']);
    reply.onResponseData(controller, bytes('c'));
    reply.onResponseData(controller, bytes('d'));
    expect(said()).toEqual(['pause', 'pause']);
  });

  test('what is here already is told without asking for more, also twice and of two lengths', async () => {
    const { reply, controller, said } = answered();
    reply.onResponseData(controller, bytes('abc'));
    said();
    expect((await reply.peek(2)).toString()).toBe('ab');
    expect(said()).toEqual([]);
    const both = [reply.peek(5), reply.peek(4)];
    reply.onResponseData(controller, bytes('de'));
    expect((await Promise.all(both)).map(String)).toEqual(['abcde', 'abcd']);
  });

  test('a body that ends early is told as far as it went, and after its end at once', async () => {
    const { reply, controller, sink, said } = answered();
    const looked = reply.peek(10);
    reply.onResponseData(controller, bytes('ab'));
    reply.onResponseEnd();
    expect((await looked).toString()).toBe('ab');
    expect((await reply.peek(10)).toString()).toBe('ab');
    said();
    reply.start(sink);
    expect(said()).toEqual(['data: ab', 'end']);
  });

  test('a body that breaks is told as far as it went; the failure waits for whoever starts it', async () => {
    const { reply, controller, sink, said } = answered();
    const looked = reply.peek(10);
    reply.onResponseData(controller, bytes('ab'));
    reply.onResponseError(controller, new Error('reset'));
    expect((await looked).toString()).toBe('ab');
    expect((await reply.peek(10)).toString()).toBe('ab');
    said();
    reply.start(sink);
    expect(said()).toEqual(['data: ab', 'fail: reset']);
  });

  test('stopping ends the waiting, and nothing is waited for afterwards', async () => {
    const { reply, controller, said } = answered();
    const looked = reply.peek(10);
    reply.onResponseData(controller, bytes('ab'));
    reply.abort(new Error('left'));
    expect((await looked).toString()).toBe('ab');
    expect((await reply.peek(10)).toString()).toBe('ab');
    expect(said()).toEqual(['resume', 'abort: left']);
  });

  test('a source that trickles is waited for only so long, and nothing is lost', async () => {
    const { reply, controller, sink, said } = answered(5);
    const looked = reply.peek(10);
    reply.onResponseData(controller, bytes('ab'));
    expect((await looked).toString()).toBe('ab');
    reply.onResponseData(controller, bytes('c'));
    expect(said()).toEqual(['resume', 'pause']);
    reply.start(sink);
    expect(said()).toEqual(['data: ab', 'data: c', 'resume']);
  });

  test('starting ends a look that is under way, and there is none afterwards', async () => {
    const { reply, controller, sink, said } = answered();
    reply.onResponseData(controller, bytes('ab'));
    const looked = reply.peek(10);
    reply.start(sink);
    expect((await looked).toString()).toBe('ab');
    expect((await reply.peek(10)).length).toBe(0);
    expect(said().filter((word) => word.startsWith('data'))).toEqual(['data: ab']);
  });
});
