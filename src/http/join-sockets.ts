// Joins the client's socket and the EHR's after a verified WebSocket handshake. The frames are opaque; bytes are counted
// both ways, and those of the EHR keep to the person's budget and pace. Ends both sides when the session ends (close code
// 4401), the rules permit it no longer (4403), nobody knows whether the session has ended (1013: try again later), the budget
// is used up (4429) or the gateway stops (1001).

import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { LiveStream, UpgradedSocket } from '../ports.ts';
import type { ReplyFacts } from '../reply/reply-step.ts';
import type { NodeExchange } from './node-exchange.ts';
import type { Meter, Sent } from './send-reply.ts';

export interface JoinNeeds {
  readonly meterFor: (facts: ReplyFacts) => Meter;
  /** Every open WebSocket's closer, for draining. */
  readonly sockets: Set<(code: number) => void>;
}

const passedOn = new Set(['sec-websocket-protocol', 'set-cookie']);

/** Writes the 101 with the allow-listed headers and joins the two until either side, the budget or the session ends. */
export function joinSockets(
  needs: JoinNeeds,
  facts: ReplyFacts,
  exchange: NodeExchange,
  upgraded: UpgradedSocket,
): Promise<Sent> {
  const { socket: client, head } = exchange.leaveHttp();
  const ehr = upgraded.socket;
  // Either may have gone while the record was made durable; what has closed already will not say so again.
  if (client.destroyed || ehr.destroyed) {
    const transfer = client.destroyed ? 'client-abort' : 'upstream-cut';
    end(client);
    end(ehr);
    return Promise.resolve({ status: 101, bytes: 0, transfer });
  }
  client.setTimeout(0);
  client.write(switchingProtocols(facts.headers.get('sec-websocket-key') ?? '', facts.reply.headers), 'latin1');
  return new Promise((resolve) => new Joint(needs, facts, { client, ehr }, resolve).begin(head, upgraded.head));
}

/** Close codes of our own (RFC 6455 section 7.4.2), after the statuses they stand for. */
const closeCodes = { 'session-ended': 4401, 'permit-ended': 4403, 'budget-cut': 4429, 'session-unknown': 1013 } as const;

interface Both {
  readonly client: Duplex;
  readonly ehr: Duplex;
}

/** Two sockets joined: what the EHR says is metered, what the client says is counted. */
class Joint {
  readonly #sockets: JoinNeeds['sockets'];
  readonly #stream: LiveStream;
  readonly #client: Duplex;
  readonly #ehr: Duplex;
  readonly #meter: Meter;
  readonly #done: (sent: Sent) => void;
  readonly #close = (code: number): void => this.#endWith('session-ended', code);
  #bytes = 0;
  #bytesIn = 0;
  #transfer: Sent['transfer'] = 'complete';
  #over = false;
  #wait: NodeJS.Timeout | null = null;

  constructor(needs: JoinNeeds, facts: ReplyFacts, { client, ehr }: Both, done: (sent: Sent) => void) {
    this.#sockets = needs.sockets;
    this.#stream = facts.stream;
    this.#client = client;
    this.#ehr = ehr;
    this.#meter = needs.meterFor(facts);
    this.#done = done;
  }

  /** Each head is what came behind the headers of that side's handshake. */
  begin(clientHead: Buffer | null, ehrHead: Buffer): void {
    const [client, ehr] = [this.#client, this.#ehr];
    this.#sockets.add(this.#close);
    for (const socket of [client, ehr]) socket.on('error', this.#finish).on('close', this.#finish);
    client.on('data', this.#forward).on('end', () => ehr.end());
    client.on('drain', () => void (this.#wait === null && ehr.resume()));
    ehr.on('drain', () => client.resume());
    if (clientHead !== null && clientHead.length > 0) this.#forward(clientHead);
    if (ehrHead.length > 0) this.#pass(ehrHead);
    if (this.#over) return;
    ehr.on('data', (chunk: Buffer) => this.#pass(chunk));
    ehr.on('end', this.#finish);
    this.#stream.onCut(({ transfer }) => this.#endWith(transfer, closeCodes[transfer]));
  }

  readonly #forward = (chunk: Buffer): void => {
    this.#bytesIn += chunk.length;
    if (this.#ehr.writable && !this.#ehr.write(chunk)) this.#client.pause();
  };

  // While a chunk waits for the pace the EHR is paused, so there is never a second one that could overtake it.
  #pass(chunk: Buffer): void {
    if (this.#over) return;
    const verdict = this.#meter.take(chunk.length);
    if ('cut' in verdict) this.#endWith('budget-cut', closeCodes['budget-cut']);
    else if (verdict.waitMilliseconds > 0) this.#later(chunk, verdict.waitMilliseconds);
    else this.#write(chunk);
  }

  #later(chunk: Buffer, milliseconds: number): void {
    this.#ehr.pause();
    this.#wait = setTimeout(() => {
      this.#wait = null;
      this.#write(chunk);
      if (!this.#over && !this.#client.writableNeedDrain) this.#ehr.resume();
    }, milliseconds);
  }

  #write(chunk: Buffer): void {
    if (!this.#client.writable) return;
    this.#bytes += chunk.length;
    if (!this.#client.write(chunk)) this.#ehr.pause();
  }

  #endWith(transfer: Sent['transfer'], code: number): void {
    if (this.#over) return;
    this.#transfer = transfer;
    if (this.#client.writable) this.#client.write(closeFrame(code));
    end(this.#ehr);
    this.#finish();
  }

  readonly #finish = (): void => {
    endSoftly(this.#client);
    endSoftly(this.#ehr);
    if (this.#over) return;
    this.#over = true;
    if (this.#wait !== null) clearTimeout(this.#wait);
    this.#sockets.delete(this.#close);
    this.#meter.finished(this.#bytes);
    this.#done({ status: 101, bytes: this.#bytes, bytesIn: this.#bytesIn, transfer: this.#transfer });
  };
}

function end(socket: Duplex): void {
  if (!socket.destroyed) socket.destroy();
}

const lingerMilliseconds = 1000;

// What was written last, such as a close frame, gets time to leave.
function endSoftly(socket: Duplex): void {
  if (socket.destroyed) return;
  socket.end();
  setTimeout(() => socket.destroy(), lingerMilliseconds).unref();
}

/** Our own answer to the client's handshake: its key, and of the EHR's headers only the chosen protocol and cookies. */
function switchingProtocols(clientKey: string, headers: readonly string[]): string {
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${acceptKey(clientKey)}`,
  ];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i]?.toLowerCase() ?? '';
    if (passedOn.has(name)) lines.push(`${name}: ${headers[i + 1] ?? ''}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function acceptKey(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}

/** A server's close frame (RFC 6455 section 5.5.1): unmasked, two bytes of code. */
function closeFrame(code: number): Buffer {
  return Buffer.from([0x88, 0x02, code >> 8, code & 0xff]);
}
