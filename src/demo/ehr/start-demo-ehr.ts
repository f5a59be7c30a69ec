// Starts the demo's legacy EHR on loopback: an application as clinics have had since 2009, with frames, its own login, a
// carried patient and careless downloads. It holds made-up data only and trusts everybody who can reach it.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Socket } from 'node:net';
import { ChartNotes } from './charts.ts';
import type { Note } from './charts.ts';
import { EhrRequestHandler } from './request-handler.ts';
import { CountedRequest, SeenRequests } from './seen-request.ts';
import type { SeenRequest } from './seen-request.ts';
import { EhrSessions } from './sessions.ts';
import type { SignOnWay } from './sign-on.ts';

export interface DemoEhrOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  readonly signOn: SignOnWay;
  /** The header believed where `signOn` is `header` or `any`; `X-Remote-User` by default. */
  readonly headerName?: string;
  /** Adds the addresses under `/fault/`. */
  readonly faults?: boolean;
  /** Called for every request and upgrade as soon as its headers are there. */
  readonly observe?: (request: SeenRequest) => void;
}

export interface DemoEhr {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  readonly port: number;
  /** What arrived, oldest first; the last 20,000. */
  requests(): readonly SeenRequest[];
  /** The notes in the chart of this patient, newest first. */
  notes(pid: number): readonly Note[];
  /** Every session here is over, as after a restart; the charts stay. */
  forgetSessions(): void;
  /** Cuts every connection. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const KEEP_ALIVE_MILLISECONDS = 15_000;

/** Resolves once it listens; rejects where the port is taken. */
export async function startDemoEhr(options: DemoEhrOptions): Promise<DemoEhr> {
  const seen = new SeenRequests(options.observe ?? (() => undefined));
  const state = { sessions: new EhrSessions(), notes: new ChartNotes(), origin: '' };
  const handler = new EhrRequestHandler(state, {
    signOn: { way: options.signOn, headerName: options.headerName ?? 'X-Remote-User' },
    faults: options.faults ?? false,
  });
  const server = createServer({ IncomingMessage: CountedRequest, keepAliveTimeout: KEEP_ALIVE_MILLISECONDS, requestTimeout: 0 });
  server.on('request', (request, response) => {
    seen.note(request);
    void handler.answer(request, response);
  });
  server.on('upgrade', (request, socket, head) => {
    seen.note(request);
    handler.upgrade(request, socket, head);
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, HOST, resolve);
  });
  const { port } = server.address() as AddressInfo;
  state.origin = `http://${HOST}:${port}`;
  return {
    origin: state.origin,
    port,
    requests: () => seen.all(),
    notes: (pid) => state.notes.of(pid),
    forgetSessions: () => state.sessions.endAll(),
    close: async () => {
      handler.close();
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
