// A gateway before a plain EHR that remembers what reached it, with machines by token and, where certificates are given, by
// certificate at a listener of their own.

import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, request as plainRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as secureRequest } from 'node:https';
import { join } from 'node:path';
import { WebSocketServer } from 'ws';
import { closeWithin, listen } from '../../src/http/listen.ts';
import type { Gateway } from '../../src/main.ts';
import type { CertificateFiles } from './certificate.ts';
import { clinic, openGateway } from './clinic.ts';
import type { Clinic } from './clinic.ts';
import { records } from './demo-story.ts';
import { signedIn } from './session-gateway.ts';

export interface Asking {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** A client certificate, shown at the machines' listener. */
  readonly shows?: CertificateFiles;
  /** At the machines' listener, also without one. */
  readonly atMachines?: boolean;
}

export interface Told {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface SeenByEhr {
  readonly target: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface MachineClinic {
  readonly place: Clinic;
  readonly gateway: Gateway;
  /** What reached the EHR so far. */
  readonly seen: SeenByEhr[];
  readonly sockets: WebSocketServer;
  readonly ask: (asking: Asking) => Promise<Told>;
  /** Signs a person in: a Cookie header's value. */
  readonly cookieFor: (role: string) => Promise<string>;
  readonly records: () => Record<string, unknown>[];
  /** The last record of this event; undefined while there is none. */
  readonly last: (event: string) => Record<string, unknown> | undefined;
  readonly close: () => Promise<void>;
}

export interface MachineClinicOptions {
  readonly rules: string;
  readonly machines: readonly string[];
  readonly gatewayLines?: readonly string[];
  readonly applicationLines?: readonly string[];
  /** The gateway's own certificate; machines' certificates need one. */
  readonly tls?: CertificateFiles;
  readonly files?: Readonly<Record<string, string>>;
}

/** A token as `wardgate keys token` makes it, and its hash. */
export function newToken(): { readonly token: string; readonly hash: string } {
  const token = `wgm_${randomBytes(32).toString('base64url')}`;
  return { token, hash: createHash('sha256').update(token).digest('hex') };
}

export const bearer = (token: string): Readonly<Record<string, string>> => ({ authorization: `Bearer ${token}` });

export async function machineClinic(options: MachineClinicOptions): Promise<MachineClinic> {
  const seen: SeenByEhr[] = [];
  const { server, sockets } = plainEhr(seen);
  const ehrPort = await listen(server, 0, '127.0.0.1');
  const place = await clinic({
    rules: options.rules,
    upstream: `http://127.0.0.1:${ehrPort}`,
    applicationLines: options.applicationLines ?? ['signOn: { header: X-Remote-User }'],
    gatewayLines: ['machines:', ...options.machines.map((line) => `  ${line}`), ...(options.gatewayLines ?? [])],
    ...(options.tls !== undefined && { tls: options.tls, listen: 'machines: { port: 0 }' }),
  });
  for (const [name, text] of Object.entries(options.files ?? {})) writeFileSync(join(place.directory, name), text);
  const gateway = await openGateway(place).catch(async (cause: unknown) => {
    await place.close();
    await closeWithin(server, 0);
    throw cause;
  });
  const read = () => records({ auditDirectory: gateway.composed.audit.directory });
  return {
    place,
    gateway,
    seen,
    sockets,
    ask: (asking) => ask(place, gateway, options.tls, asking),
    cookieFor: async (role) => {
      const { id, session } = signedIn(role);
      await gateway.composed.state.sessions.create(session);
      return `${options.tls === undefined ? 'wardgate' : '__Host-wardgate'}=${id}`;
    },
    records: read,
    last: (event) => read().findLast((one) => one['event'] === event),
    close: async () => {
      await gateway.close();
      await place.close();
      for (const socket of sockets.clients) socket.terminate();
      await closeWithin(server, 0);
    },
  };
}

/** `/slow…` says something and never ends; a body is read whole; everything else is a small JSON. */
function plainEhr(seen: SeenByEhr[]) {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      seen.push({ target: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(200, { 'content-type': 'application/json', 'set-cookie': 'EHRSESSION=one; Path=/' });
      if (request.url?.startsWith('/slow') === true) response.write('{');
      else response.end('{"ok":true}');
    });
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, request) => {
    seen.push({ target: request.url ?? '', headers: request.headers, body: '' });
    socket.on('error', () => undefined);
    socket.send('hello');
  });
  return { server, sockets };
}

function ask(place: Clinic, gateway: Gateway, tls: CertificateFiles | undefined, asking: Asking): Promise<Told> {
  const { method = 'GET', path = '/fhir/Patient/7', headers = {}, body, shows } = asking;
  const port = (asking.atMachines ?? shows !== undefined) ? (gateway.machinePort ?? 0) : place.port;
  const send = tls === undefined ? plainRequest : secureRequest;
  const client = shows === undefined ? {} : { cert: readFileSync(shows.certificate), key: readFileSync(shows.key) };
  const trust = tls === undefined ? {} : { ca: readFileSync(tls.certificate), servername: 'localhost' };
  return new Promise((resolve, reject) => {
    const sent = { host: `localhost:${port}`, accept: 'application/json', ...headers };
    const request = send({ host: '127.0.0.1', port, method, path, headers: sent, agent: false, ...client, ...trust }, (reply) => {
      let text = '';
      reply.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      const end = (): void => resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: text });
      reply.on('end', end).on('error', end);
    });
    request.on('error', reject);
    request.end(body);
  });
}
