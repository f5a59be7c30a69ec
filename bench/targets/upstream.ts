// What every target stands in front of: 4 KB of HTML per request, nothing else.

import { createServer } from 'node:http';
import { reportTo } from './report.ts';

const body = Buffer.from(`<!doctype html><title>Chart</title><pre>${'x'.repeat(4096 - 50)}</pre>`);

const server = createServer((request, response) => {
  request.resume();
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-length': body.length });
  response.end(body);
});
server.keepAliveTimeout = 60_000;
reportTo(server, {});
