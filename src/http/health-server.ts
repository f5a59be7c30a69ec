// Health and metrics, on a listener of their own: nothing about a health check may ever influence who is let in
// (oauth2-proxy CVE-2026-34457). Knows no session and no person.

import { createServer } from 'node:http';
import type { Server } from 'node:http';

export interface HealthNeeds {
  /** What keeps the gateway from being ready; empty when it is. */
  readonly notReadyBecause: () => readonly string[];
  /** What is not as it should be and keeps nobody from working. */
  readonly notices: () => readonly string[];
  readonly metrics: () => Promise<{ readonly type: string; readonly text: string }>;
}

/** GET /healthz (the process lives), /readyz (it may get traffic), /metrics (Prometheus text). */
export function healthServer(needs: HealthNeeds): Server {
  return createServer({ headersTimeout: 5000, requestTimeout: 5000, maxHeaderSize: 8192 }, (request, response) => {
    const answer = (status: number, type: string, body: string): void => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
      response.end(body);
    };
    if (request.method !== 'GET') return answer(405, 'text/plain', 'GET only\n');
    if (request.url === '/healthz') return answer(200, 'text/plain', 'ok\n');
    if (request.url === '/readyz') {
      const because = needs.notReadyBecause();
      const state = because.length === 0 ? 'ready' : `not ready: ${because.join('; ')}`;
      const notices = needs.notices().map((notice) => `notice: ${notice}\n`);
      return answer(because.length === 0 ? 200 : 503, 'text/plain', `${state}\n${notices.join('')}`);
    }
    if (request.url !== '/metrics') return answer(404, 'text/plain', 'not found\n');
    needs.metrics().then(
      ({ type, text }) => answer(200, type, text),
      () => answer(500, 'text/plain', 'metrics failed\n'),
    );
    return undefined;
  });
}
