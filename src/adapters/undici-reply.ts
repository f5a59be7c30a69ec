// One reply of the EHR as undici delivers it. Nothing of the body flows before `start`: the reply list and the audit's
// durability come first. Bytes that arrive meanwhile wait here, and the connection is told to pause. A look at the first
// bytes lets just as many come.

import type { Dispatcher } from 'undici';
import type { ReplySink, UpstreamReply } from '../ports.ts';
import { Fault } from '../core/faults.ts';
import { headersOf } from '../core/raw-headers.ts';
import { EarlyBytes } from './early-bytes.ts';

interface Callbacks {
  readonly onHeaders: (reply: UpstreamReply) => void;
  readonly onFailure: (cause: Error) => void;
  /** Called exactly once, when the connection is free or gone. */
  readonly onDone: () => void;
}

export class UndiciReply implements UpstreamReply, Dispatcher.DispatchHandler {
  status = 0;
  headers: string[] = [];
  readonly upgraded = null;
  readonly #callbacks: Callbacks;
  #controller: Dispatcher.DispatchController | null = null;
  #sink: ReplySink | null = null;
  readonly #early: EarlyBytes;
  #answered = false;
  #finished: 'no' | 'ended' | Error = 'no';
  #aborted: Error | null = null;

  /** A look at the first bytes waits for at most `peekMilliseconds`. */
  constructor(callbacks: Callbacks, peekMilliseconds: number) {
    this.#callbacks = callbacks;
    this.#early = new EarlyBytes(peekMilliseconds);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#aborted) controller.abort(this.#aborted);
  }

  onRequestUpgrade(controller: Dispatcher.DispatchController): void {
    controller.abort(new Error('The EHR switched protocols without being asked'));
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    // 1xx answers other than 101 are the connection's business and end here.
    if (status < 200) return;
    this.status = status;
    this.headers = rawHeaders(controller.rawHeaders);
    if (isFramedTwice(this.headers)) {
      controller.abort(new Fault('upstream-misbehaved', { detail: 'The reply says in two ways where it ends' }));
      return;
    }
    this.#answered = true;
    controller.pause();
    this.#callbacks.onHeaders(this);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#sink) {
      if (!this.#sink.data(chunk)) controller.pause();
      return;
    }
    this.#early.add(chunk);
    if (!this.#early.isWaitedFor) controller.pause();
  }

  onResponseEnd(): void {
    this.#conclude('ended');
  }

  onResponseError(_controller: Dispatcher.DispatchController, cause: Error): void {
    this.fail(cause);
  }

  /** The exchange broke, before or after the headers. */
  fail(cause: Error): void {
    if (this.#finished !== 'no') return;
    if (!this.#answered) {
      this.#finished = cause;
      this.#callbacks.onDone();
      this.#callbacks.onFailure(cause);
    } else this.#conclude(cause);
  }

  peek(most: number): Promise<Buffer> {
    const looked = this.#early.peek(most);
    if (this.#finished !== 'no' || this.#aborted || this.#sink) this.#early.release();
    // The waiting is noted before: what is here already comes within this very call.
    else if (this.#early.isWaitedFor) this.#controller?.resume();
    return looked;
  }

  insert(at: number, bytes: Buffer): void {
    this.#early.insert(at, bytes);
  }

  start(sink: ReplySink): void {
    this.#sink = sink;
    let room = true;
    for (const chunk of this.#early.takeAll()) room = sink.data(chunk) && room;
    if (this.#finished !== 'no') this.#tell(sink);
    else if (room) this.#controller?.resume();
  }

  resume(): void {
    this.#controller?.resume();
  }

  abort(cause: Error): void {
    if (this.#finished !== 'no' || this.#aborted) return;
    this.#aborted = cause;
    this.#early.release();
    this.#controller?.abort(cause);
  }

  #conclude(how: 'ended' | Error): void {
    if (this.#finished !== 'no') return;
    this.#finished = how;
    this.#callbacks.onDone();
    this.#early.release();
    if (this.#sink) this.#tell(this.#sink);
  }

  #tell(sink: ReplySink): void {
    if (this.#finished === 'ended') sink.end();
    else if (this.#finished !== 'no') sink.fail(this.#finished);
  }
}

/** RFC 9112 section 6.3: a length beside a coding is a sign of splitting, and where another coding ends nobody knows. */
function isFramedTwice(headers: readonly string[]): boolean {
  const codings = headersOf(headers, 'transfer-encoding');
  if (codings.length === 0) return false;
  const known = /^(?:chunked|identity)$/i.test(codings[0]?.trim() ?? '');
  return codings.length > 1 || !known || headersOf(headers, 'content-length').length > 0;
}

function rawHeaders(raw: Dispatcher.DispatchController['rawHeaders']): string[] {
  if (!Array.isArray(raw)) return [];
  // Header bytes are Latin-1 on the wire and stay so on the way out.
  return raw.map((part) => (typeof part === 'string' ? part : part.toString('latin1')));
}
