// One TCP connection that says exactly the bytes it is told and keeps exactly what comes back. Characters are bytes
// (Latin-1), so that nothing is encoded, normalised or completed on the way.

import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { eventually } from './demo-story.ts';

export interface RawAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  /** False where the connection ended, or nothing more came, before the framing said so. */
  readonly complete: boolean;
}

const nothing: RawAnswer = { status: 0, headers: [], body: '', complete: false };

export class RawConnection {
  readonly socket: Socket;
  received = '';
  closed = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => void (this.received += text));
    socket.on('error', () => undefined);
    socket.on('close', () => void (this.closed = true));
    socket.on('end', () => socket.end());
  }

  static open(port: number): Promise<RawConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: 'localhost', noDelay: true, allowHalfOpen: true });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new RawConnection(socket));
      });
    });
  }

  send(text: string): this {
    if (!this.socket.destroyed) this.socket.write(text, 'latin1');
    return this;
  }

  /** What has come so far, read as answers to requests of the given methods in turn (GET where none is named). */
  answers(...methods: readonly string[]): readonly RawAnswer[] {
    const found: RawAnswer[] = [];
    let rest = this.received;
    while (rest !== '') {
      const [answer, after] = readAnswer(rest, methods[found.length] ?? 'GET', this.closed);
      if (answer === null) break;
      rest = after;
      if (answer.status >= 200 || answer.status === 101) found.push(answer);
      if (answer.status === 101 || !answer.complete) break;
    }
    return found;
  }

  /** The next answer in full, or what there was of it when the connection closed: status 0 where that was nothing. */
  answered(count = 1, ...methods: readonly string[]): Promise<RawAnswer> {
    return eventually(
      () => {
        const answers = this.answers(...methods);
        const [last] = answers.slice(count - 1);
        if (last === undefined) return this.closed ? nothing : null;
        return last.complete || this.closed ? last : null;
      },
      `answer ${count}, having received ${JSON.stringify(this.received.slice(0, 200))}`,
    );
  }

  async close(): Promise<void> {
    this.socket.destroy();
    await this.ended();
  }

  ended(): Promise<boolean> {
    return eventually(() => this.closed, 'the connection to be closed');
  }
}

export function header(answer: RawAnswer, name: string): string | undefined {
  return answer.headers.find(([one]) => one.toLowerCase() === name)?.[1];
}

function readAnswer(text: string, method: string, closed: boolean): readonly [RawAnswer | null, string] {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return [null, ''];
  const [line = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = lines.map((one): [string, string] => [one.slice(0, one.indexOf(':')), one.slice(one.indexOf(':') + 1).trim()]);
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(line)?.[1] ?? 0);
  const head = { status, headers };
  const after = text.slice(end + 4);
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304)
    return [{ ...head, body: '', complete: true }, after];
  const of = (name: string): string | undefined => headers.find(([one]) => one.toLowerCase() === name)?.[1];
  if (of('transfer-encoding') === 'chunked') return readChunked(head, after);
  const length = of('content-length');
  if (length === undefined) return [{ ...head, body: after, complete: closed }, ''];
  return [
    { ...head, body: after.slice(0, Number(length)), complete: after.length >= Number(length) },
    after.slice(Number(length)),
  ];
}

function readChunked(head: Pick<RawAnswer, 'status' | 'headers'>, text: string): readonly [RawAnswer, string] {
  let body = '';
  let rest = text;
  for (;;) {
    const at = rest.indexOf('\r\n');
    const size = Number.parseInt(rest.slice(0, Math.max(at, 0)), 16);
    if (at < 0 || Number.isNaN(size) || rest.length < at + 2 + size + 2) return [{ ...head, body, complete: false }, ''];
    body += rest.slice(at + 2, at + 2 + size);
    rest = rest.slice(at + 2 + size + 2);
    if (size === 0) return [{ ...head, body, complete: true }, rest];
  }
}
