// One reply as the client library delivers it: nothing flows before `start`, everything in order, and one end.

import type { Dispatcher } from 'undici';
import { describe, expect, test } from 'vitest';
import { UndiciReply } from '../../src/adapters/undici-reply.ts';

function stage(room = true) {
  const log: string[] = [];
  const controller = {
    rawHeaders: [Buffer.from('X-A'), Buffer.from('\xe4', 'latin1')],
    pause: () => void log.push('pause'),
    resume: () => void log.push('resume'),
    abort: (cause: Error) => void log.push(`abort: ${cause.message}`),
  } as unknown as Dispatcher.DispatchController;
  const reply = new UndiciReply({
    onHeaders: () => void log.push('headers'),
    onFailure: (cause) => void log.push(`failure: ${cause.message}`),
    onDone: () => void log.push('done'),
  });
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
