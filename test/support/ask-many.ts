// Sends thousands of requests over a few dozen bare sockets, each kept for as long as the other side lets it live. Sends
// exactly the bytes it is told, reads no more than status and length, and gives the answers in the order of the requests.

import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** `status` is 0 where the connection ended without an answer. */
export interface ShortAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

const gone: ShortAnswer = { status: 0, head: '', body: '' };

/** `requests` are whole requests, one character per byte. `width` is how many connections work side by side. */
export async function askMany(port: number, requests: readonly string[], width = 48): Promise<readonly ShortAnswer[]> {
  const answers: ShortAnswer[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    const line = new Line(port);
    for (let at = next++; at < requests.length; at = next++) answers[at] = await line.ask(requests[at] ?? '');
    line.close();
  };
  await Promise.all(Array.from({ length: Math.min(width, requests.length) }, work));
  return answers;
}

class Line {
  readonly #port: number;
  #socket: Socket | null = null;
  #text = '';
  #isHead = false;
  #settle: ((answer: ShortAnswer) => void) | null = null;

  constructor(port: number) {
    this.#port = port;
  }

  ask(request: string): Promise<ShortAnswer> {
    return new Promise((resolve) => {
      this.#settle = resolve;
      this.#text = '';
      this.#isHead = request.startsWith('HEAD ');
      this.#socket ??= this.#open();
      this.#socket.write(request, 'latin1');
    });
  }

  close(): void {
    this.#socket?.destroy();
  }

  #open(): Socket {
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.#text += text;
      this.#look(false);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      this.#look(true);
    });
    return socket;
  }

  #look(closed: boolean): void {
    const answer = readShort(this.#text, this.#isHead) ?? (closed ? gone : null);
    if (answer === null || this.#settle === null) return;
    const settle = this.#settle;
    this.#settle = null;
    // A connection that the other side is about to close carries no further request.
    if (/\r\nconnection: close/i.test(answer.head) || answer.status === 101) {
      this.#socket?.destroy();
      this.#socket = null;
    }
    settle(answer);
  }
}

function readShort(text: string, isHead: boolean): ShortAnswer | null {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return null;
  const head = text.slice(0, end);
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0);
  const length = isHead ? 0 : Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
  const body = text.slice(end + 4);
  return body.length < length ? null : { status, head, body: body.slice(0, length) };
}
