// Whoever connected to the TLS port and said nothing had two minutes, Node's own limit for a handshake, while headers had
// ten seconds. And even then the connection stayed: the gateway wrote an answer that could not be sent before the handshake
// was done, and waited for it. The handshake now has the time that headers have, and then the connection ends.

import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { completeLimits } from '../../src/config/limits.ts';
import { edgeServer } from '../../src/http/edge-server.ts';
import { closeWithin, listen } from '../../src/http/listen.ts';
import { makeCertificate } from '../support/certificate.ts';
import { eventually } from '../support/demo-story.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

test('a connection that never begins its handshake ends with the headers timeout', async () => {
  const { certificate, key } = makeCertificate(temporaryDirectory(), 'gateway');
  const server = edgeServer({
    limits: completeLimits({ headersTimeout: 1 }, false),
    tls: { cert: readFileSync(certificate), key: readFileSync(key) },
    serve: () => Promise.reject(new Error('Nothing is asked here')),
    refusedEarly: () => undefined,
    onCrash: () => undefined,
  });
  const socket = connect({ port: await listen(server, 0, '127.0.0.1'), host: '127.0.0.1' });
  try {
    socket.on('error', () => undefined).resume();
    await eventually(() => socket.closed, 'the silent connection to end');
    expect(socket.bytesRead).toBe(0);
  } finally {
    socket.destroy();
    await closeWithin(server, 0);
  }
});
