// One reply of the EHR as undici delivers it. Nothing of the body flows before `start`: the reply list and the audit's
// durability come first. Bytes that arrive meanwhile wait here, and the connection is told to pause.

import type { Dispatcher } from 'undici';
import type { ReplySink, UpstreamReply } from '../ports.ts';

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
  #early: Buffer[] = [];
  #answered = false;
  #finished: 'no' | 'ended' | Error = 'no';
  #aborted: Error | null = null;

  constructor(callbacks: Callbacks) {
    this.#callbacks = callbacks;
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
    this.#answered = true;
    controller.pause();
    this.#callbacks.onHeaders(this);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#sink) {
      this.#early.push(chunk);
      controller.pause();
    } else if (!this.#sink.data(chunk)) controller.pause();
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

  start(sink: ReplySink): void {
    this.#sink = sink;
    let room = true;
    for (const chunk of this.#early) room = sink.data(chunk) && room;
    this.#early = [];
    if (this.#finished !== 'no') this.#tell(sink);
    else if (room) this.#controller?.resume();
  }

  resume(): void {
    this.#controller?.resume();
  }

  abort(cause: Error): void {
    if (this.#finished !== 'no' || this.#aborted) return;
    this.#aborted = cause;
    this.#controller?.abort(cause);
  }

  #conclude(how: 'ended' | Error): void {
    if (this.#finished !== 'no') return;
    this.#finished = how;
    this.#callbacks.onDone();
    if (this.#sink) this.#tell(this.#sink);
  }

  #tell(sink: ReplySink): void {
    if (this.#finished === 'ended') sink.end();
    else if (this.#finished !== 'no') sink.fail(this.#finished);
  }
}

function rawHeaders(raw: Dispatcher.DispatchController['rawHeaders']): string[] {
  if (!Array.isArray(raw)) return [];
  // Header bytes are Latin-1 on the wire and stay so on the way out.
  return raw.map((part) => (typeof part === 'string' ? part : part.toString('latin1')));
}
