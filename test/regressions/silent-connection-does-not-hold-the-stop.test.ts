// Somebody connected to the TLS port and said nothing. Node's server waits for such a connection when it closes and offers no
// way to end it before its handshake has timed out, two minutes later; the gateway was killed by its supervisor instead.

import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { makeCertificate } from '../support/certificate.ts';
import { clinic } from '../support/clinic.ts';
import type { Clinic } from '../support/clinic.ts';
import { endCommands, gatewayProcess } from '../support/command.ts';
import { records } from '../support/demo-story.ts';
import { requirement } from '../support/requirements.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

let place: Clinic | null = null;

afterEach(async () => {
  await endCommands();
  await place?.close();
});

requirement('openssl').describe('a connection that says nothing', () => {
  test.each([
    ['nothing at all', ''],
    ['half a handshake', '\u0016\u0003\u0001'],
  ])('and sent %s is ended with the gateway', async (_what, bytes) => {
    place = await clinic({ tls: makeCertificate(temporaryDirectory(), 'gateway'), gatewayLines: ['limits: { drain: 1s }'] });
    const gateway = await gatewayProcess(place.file);
    const silent = connect({ port: place.port, host: '127.0.0.1' });
    const closed = new Promise((resolve) => silent.on('close', resolve));
    await new Promise<void>((resolve, reject) => {
      silent.on('connect', () => silent.write(Buffer.from(bytes, 'latin1'), () => resolve())).on('error', reject);
    });
    silent.resume();
    expect(await gateway.end()).toEqual({ code: 0, signal: null });
    await closed;
    expect(records(place).at(-1)).toMatchObject({ event: 'stop' });
    expect(place.ehr.requests()).toEqual([]);
  });
});
