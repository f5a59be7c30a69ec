// An EHR of a few pages that a test writes itself, for what the demo's EHR does not do: strict policies, hostile styles,
// scripts that send. It stands behind a gateway that lets everybody open everything.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Demo, DemoOptions } from '../../src/cli/start-demo.ts';
import { story } from './demo-story.ts';

/** As strict as a page of an EHR may be: one script by its nonce, and no text becomes a script. */
export const strictPolicy =
  "default-src 'none'; script-src 'nonce-r4nd0m' 'strict-dynamic'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'";

export interface EhrPage {
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface PageEhr {
  readonly demo: Demo;
  /** Path → page; anything else answers `ok`. */
  readonly pages: Map<string, EhrPage>;
  /** `POST /save a note`, in order. */
  readonly seen: string[];
  close(): Promise<void>;
}

const rules = `
mode: enforce
roles: { physician: Clinic-Physicians, nurse: Clinic-Nurses, records: Clinic-Records }
rules:
  - { name: all, paths: ["/**"], methods: [GET, POST], allow: everyone }
`;

export async function pageEhr(options: Partial<DemoOptions> = {}): Promise<PageEhr> {
  const pages = new Map<string, EhrPage>();
  const seen: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      seen.push(`${request.method} ${request.url} ${body}`.trim());
      const page = pages.get(request.url ?? '') ?? { body: 'ok', headers: { 'content-type': 'text/plain' } };
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...page.headers }).end(page.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const upstream = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const demo = await story({
    rules,
    applicationLines: ['signOn: none'],
    ...options,
    rewriteGateway: (yaml) => yaml.replace(/upstream: .*/, `upstream: ${upstream}`),
  });
  return {
    demo,
    pages,
    seen,
    close: async () => {
      await demo.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
