// The yardstick: the pass-through most people would write with `node:http`, and nothing more.

import { Agent, createServer, request as forward } from 'node:http';
import { reportTo } from './report.ts';

const upstream = Number(process.argv[2]);
const agent = new Agent({ keepAlive: true, maxSockets: 512 });

const server = createServer((request, response) => {
  const outgoing = forward(
    { host: '127.0.0.1', port: upstream, path: request.url, method: request.method, headers: request.headers, agent },
    (incoming) => {
      response.writeHead(incoming.statusCode ?? 502, incoming.headers);
      incoming.pipe(response);
    },
  );
  outgoing.on('error', () => response.destroy());
  request.pipe(outgoing);
});
server.keepAliveTimeout = 60_000;
reportTo(server, {});
