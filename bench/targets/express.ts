// What a team would assemble from the well-known parts: Express, express-session in memory, http-proxy, one role check.

import { Agent, createServer } from 'node:http';
import express from 'express';
import session from 'express-session';
import proxyFactory from 'http-proxy';
import { reportTo } from './report.ts';

declare module 'express-session' {
  interface SessionData {
    roles: readonly string[];
  }
}

const upstream = Number(process.argv[2]);
const store = new session.MemoryStore();
const proxy = proxyFactory.createProxyServer({
  target: `http://127.0.0.1:${upstream}`,
  agent: new Agent({ keepAlive: true, maxSockets: 512 }),
});
proxy.on('error', (_cause, _request, response) => response.destroy());

const app = express();
app.disable('x-powered-by');
app.use(session({ secret: 'bench only', resave: false, saveUninitialized: false, store }));
app.get('/enter', (request, response) => {
  request.session.roles = ['physician'];
  response.end('in');
});
app.use((request, response, next) => (request.session.roles?.includes('physician') ? next() : response.status(403).end()));
app.use((request, response) => proxy.web(request, response));

const server = createServer(app);
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as { port: number };
  void enter(port);
});

async function enter(port: number): Promise<void> {
  const entered = await fetch(`http://127.0.0.1:${port}/enter`);
  const cookie = entered.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
  server.close(() => reportTo(server, { cookie }));
  server.closeAllConnections();
}
