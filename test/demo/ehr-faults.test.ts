// The demo EHR's broken answers, seen on the bare socket: each must be broken in exactly the way its name says.

import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDemoEhr } from '../../src/demo/ehr/start-demo-ehr.ts';
import type { DemoEhr } from '../../src/demo/ehr/start-demo-ehr.ts';

let ehr: DemoEhr;

beforeAll(async () => {
  ehr = await startDemoEhr({ signOn: 'form', faults: true });
});

afterAll(() => ehr.close());

interface Conversation {
  readonly text: string;
  readonly end: 'fin' | 'reset' | 'open';
}

/** Sends the head of a request; ends at the connection's end, or as soon as `enough` says so. */
function talk(path: string, enough: (text: string) => boolean = () => false, head = 'GET'): Promise<Conversation> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(ehr.port, '127.0.0.1');
    const finish = (end: Conversation['end']): void => {
      socket.destroy();
      resolve({ text, end });
    };
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (enough(text)) finish('open');
    });
    socket.on('end', () => finish('fin'));
    socket.on('error', () => finish('reset'));
    socket.write(`${head} ${path} HTTP/1.1\r\nHost: ehr\r\n${head === 'POST' ? 'Content-Length: 5000000\r\n' : ''}\r\n`);
  });
}

describe('faults', () => {
  it('resets before the headers', async () => {
    expect(await talk('/fault/reset')).toEqual({ text: '', end: 'reset' });
  });

  it('resets in the middle of the body', async () => {
    const { text, end } = await talk('/fault/mid-body');
    expect(end).toBe('reset');
    expect(text).toMatch(/Content-Length: 10000/);
    expect(text.split('\r\n\r\n')[1]).toBe('x'.repeat(1000));
  });

  it('sends less than it promised', async () => {
    const { text, end } = await talk('/fault/short');
    expect(end).toBe('fin');
    expect(text).toMatch(/Content-Length: 100\r\n\r\nx{50}$/);
  });

  it('trickles', async () => {
    const { text } = await talk('/fault/trickle?every=1&count=3', (so) => so.endsWith('0\r\n\r\n'));
    expect(text.match(/1\r\n\.\r\n/g)).toHaveLength(3);
  });

  it('sends what is not HTTP', async () => {
    const { text, end } = await talk('/fault/garbage');
    expect(end).toBe('fin');
    expect(text).not.toMatch(/^HTTP/);
  });

  it('answers before it has read the body', async () => {
    const { text } = await talk('/fault/early', (so) => so.includes('Answered before reading'), 'POST');
    expect(text).toMatch(/^HTTP\/1\.1 200/);
  });

  it('adds bytes to a complete answer', async () => {
    const { text } = await talk('/fault/extra', (so) => so.includes('stray'));
    expect(text).toMatch(/Content-Length: 2\r\n\r\nokHTTP\/1\.1 200 OK/);
  });

  it('takes a request and never answers, until the EHR closes', async () => {
    const other = await startDemoEhr({ signOn: 'form', faults: true });
    const answer = fetch(`${other.origin}/fault/hang`).then(
      () => 'answered',
      () => 'cut',
    );
    await expect.poll(() => other.requests().length).toBe(1);
    await other.close();
    expect(await answer).toBe('cut');
  });
});
