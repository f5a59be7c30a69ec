// Stands in for a FHIR server over TLS: keeps what is posted to AuditEvent and answers as a test wants it.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { CertificateFiles } from './certificate.ts';

export interface Posted {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly event: Readonly<Record<string, unknown>>;
}

/** A status, one with Retry-After, a reset before or after the event was kept, or silence. */
export type FhirAnswer = number | { readonly status: number; readonly after: string } | 'reset' | 'keep-and-reset' | 'silence';

export class FhirReceiver {
  readonly posted: Posted[] = [];
  /** Asked for each event, with how many came before it. */
  answer: (event: Readonly<Record<string, unknown>>, before: number) => FhirAnswer = () => 201;
  port = 0;
  asked = 0;
  #server: Server | null = null;

  async open(certificate: CertificateFiles): Promise<this> {
    const tls = { cert: readFileSync(certificate.certificate), key: readFileSync(certificate.key) };
    const server = createServer(tls, (request, response) => {
      let body = '';
      request.on('data', (piece: Buffer) => (body += piece.toString()));
      request.on('end', () => {
        const event = JSON.parse(body) as Record<string, unknown>;
        const answer = this.answer(event, this.asked);
        this.asked += 1;
        const isKept = answer === 'keep-and-reset' || (typeof answer === 'number' && answer < 300);
        const { method = '', url = '', headers } = request;
        if (isKept) this.posted.push({ method, path: url, headers, event });
        if (answer === 'silence') return;
        if (typeof answer === 'string') {
          request.socket.destroy();
          return;
        }
        if (typeof answer === 'object') response.setHeader('retry-after', answer.after);
        response.writeHead(typeof answer === 'object' ? answer.status : answer).end('x'.repeat(50_000));
      });
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
    return this;
  }

  close(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
    this.#server = null;
  }
}
