// Every attack the bench knows, as what one attacker's process does until it is ended. Each takes what one address may
// have, or ten addresses where the attack is one of numbers. None waits for an answer that it does not need.

import { renameSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Attacked } from './targets/attacked-gateway.ts';

type Attack = (target: Attacked) => void;

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
const addresses = Array.from({ length: 10 }, (_, index) => `127.0.0.${index + 2}`);

function head({ host }: Attacked, cookie: string, line: string, ...headers: readonly string[]): string {
  return [`${line} HTTP/1.1`, `Host: ${host}`, ...(cookie === '' ? [] : [`Cookie: ${cookie}`]), ...headers, '', ''].join('\r\n');
}

/** Keeps `count` connections open, opening another for each that is closed, 200 at a time. */
function hold(target: Attacked, count: number, from: number, onOpen: (socket: Socket) => void): void {
  const open = new Set<Socket>();
  const fill = (): void => {
    for (let more = 0; more < 200 && open.size < count; more += 1) {
      const localAddress = addresses[open.size % from] ?? '127.0.0.2';
      const socket = connect({ port: target.port, host: '127.0.0.1', localAddress, noDelay: true });
      open.add(socket);
      socket.on('error', () => undefined).on('close', () => open.delete(socket));
      socket.on('connect', () => onOpen(socket));
    }
  };
  fill();
  setInterval(fill, 50);
}

/** `lanes` connections, each sending one request as soon as the one before is answered, and starting anew when closed. */
function flood(target: Attacked, lanes: number, request: () => string): void {
  hold(target, lanes, 1, (socket) => {
    let text = '';
    let missing = 0;
    socket.on('data', (chunk: Buffer) => {
      if (missing > 0) {
        missing -= chunk.length;
        if (missing <= 0) socket.write(request(), 'latin1');
        return;
      }
      text += chunk.toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      if (end < 0) return;
      missing = Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1] ?? 0) - (text.length - end - 4);
      text = '';
      if (missing <= 0) socket.write(request(), 'latin1');
    });
    socket.write(request(), 'latin1');
  });
}

function drip(socket: Socket, text: string): void {
  const timer = setInterval(() => socket.write(text), 1000);
  socket.on('close', () => clearInterval(timer));
}

function form(target: Attacked, cookie: string, path: string, body: string, ...headers: readonly string[]): string {
  const more = [`Origin: http://${target.host}`, 'Content-Type: application/x-www-form-urlencoded', ...headers];
  return head(target, cookie, `POST ${path}`, `Content-Length: ${body.length}`, ...more) + body;
}

function rewriteRules({ rulesFile, rules }: Attacked): void {
  const bad = Array.from({ length: 25_000 }, (_, index) => `k${index}: 1\n`).join('');
  let round = 0;
  const write = (): void => {
    round += 1;
    writeFileSync(`${rulesFile}.new`, round % 2 === 0 ? rules : `${bad}z${round}: 1\n`);
    renameSync(`${rulesFile}.new`, rulesFile);
  };
  write();
  setInterval(write, 1000);
}

async function leave(target: Attacked, lane: number): Promise<void> {
  const texts = ['GET /chart?pid=7', 'GET /large', 'GET /never'].map((line) => head(target, target.attacker, line));
  for (let round = lane; ; round += 1) {
    const text = texts[round % texts.length] ?? '';
    const socket = connect({ port: target.port, host: '127.0.0.1', localAddress: '127.0.0.3' });
    socket.on('error', () => undefined);
    socket.write(text.slice(0, round % 4 === 0 ? Math.floor(text.length / 2) : text.length));
    await pause(round % 15);
    socket.destroy();
  }
}

const handshake = (target: Attacked): string =>
  head(
    target,
    target.attacker,
    'GET /ws',
    `Origin: http://${target.host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  );

/** Name → what it does; in the order of the table. */
export const attacks: Readonly<Record<string, Attack>> = {
  'slow headers, 1,000 connections': (target) =>
    hold(target, 1000, 1, (socket) => {
      socket.resume().write(head(target, '', 'GET /chart?pid=7').slice(0, -2));
      drip(socket, 'X-A: a\r\n');
    }),
  'slow bodies, 900 connections': (target) =>
    hold(target, 900, 1, (socket) => {
      socket.resume().write(head(target, target.attacker, 'POST /upload', 'Content-Length: 100000'));
      drip(socket, 'x');
    }),
  'slow readers of 200 MB, 64 at once': (target) =>
    hold(target, 64, 1, (socket) => void socket.pause().write(head(target, target.attacker, 'GET /large'))),
  'idle, 5,000 connections': (target) => hold(target, 5000, 10, (socket) => void socket.resume()),
  'headers of 100 KB, 16 lanes': (target) => {
    const text = head(target, '', 'GET /chart', `X-Fill: ${'a'.repeat(100_000)}`);
    flood(target, 16, () => text);
  },
  'strangers, 16 lanes': (target) => flood(target, 16, () => head(target, '', 'GET /chart?pid=7', 'Accept: text/html')),
  'sign-ins begun, 16 lanes': (target) => flood(target, 16, () => head(target, '', 'GET /.wardgate/sign-in?return=%2F')),
  'compressed forms, 16 lanes': (target) => {
    const bomb = gzipSync(Buffer.alloc(10_000_000, 'a')).toString('latin1');
    flood(target, 16, () => form(target, '', '/.wardgate/second-factor', bomb, 'Content-Encoding: gzip'));
  },
  'forms of 10,000 fields, 8 lanes': (target) => {
    const body = `send=1&${'a%20=%41&b=2&'.repeat(5000)}`.slice(0, 65_536);
    flood(target, 8, () => form(target, target.attacker, '/form', body));
  },
  'forms of 4,000 parts, 8 lanes': (target) => {
    const body = `${'--b\r\nX: a\r\n'.repeat(5000)}--b--`.slice(0, 65_536);
    const type = 'Content-Type: multipart/form-data; boundary=b';
    flood(
      target,
      8,
      () =>
        head(target, target.attacker, 'POST /form', `Origin: http://${target.host}`, type, `Content-Length: ${body.length}`) +
        body,
    );
  },
  'thousands of cookies, 8 lanes': (target) => {
    const cookies = Array.from({ length: 3800 }, () => 'a=1').join(';');
    flood(target, 8, () => head(target, `${target.attacker}; ${cookies}`, 'GET /chart?pid=7'));
  },
  'paths of 8 KB against hostile rules, 8 lanes': (target) => {
    const paths = ['/a'.repeat(4000), `/${'a'.repeat(8000)}`, `/${'A'.repeat(2000)}${'/a'.repeat(2900)}`];
    let round = 0;
    flood(target, 8, () => head(target, target.attacker, `GET ${paths[(round += 1) % paths.length] ?? ''}`));
  },
  'live connections, 200 at once': (target) => hold(target, 200, 1, (socket) => void socket.resume().write(handshake(target))),
  'wrong confirmations, 16 lanes': (target) =>
    flood(target, 16, () => form(target, target.attacker, '/.wardgate/step-up', 'code=000000')),
  'requests sent ahead, 16 lanes': (target) => {
    const ahead = head(target, target.attacker, 'GET /chart?pid=7').repeat(500);
    hold(target, 16, 1, (socket) => void socket.resume().write(head(target, target.attacker, 'GET /never') + ahead));
  },
  'people who leave, 32 lanes': (target) => {
    for (let lane = 0; lane < 32; lane += 1) void leave(target, lane);
  },
  'rules of 25,000 mistakes, every other second': rewriteRules,
};
