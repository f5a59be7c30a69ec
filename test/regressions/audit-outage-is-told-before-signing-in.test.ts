// While the audit disk was full, whoever was not signed in was sent to sign in, typed a password and a code, and only then
// was told that nothing can be opened. Scripts saw 401 and threw their people out. Now the outage is told at once, with 503.

import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { todaysFile } from '../support/audit-log.ts';
import { clinic, openGateway } from '../support/clinic.ts';
import { CookieClient } from '../support/cookie-client.ts';

test('everything but our own assets answers 503, and neither the EHR nor the provider is asked', async () => {
  const place = await clinic();
  mkdirSync(place.auditDirectory, { recursive: true });
  symlinkSync('/dev/full', join(place.auditDirectory, todaysFile()));
  const gateway = await openGateway(place);
  try {
    const stranger = new CookieClient();
    for (const path of [
      '/',
      '/main',
      '/chart?pid=7',
      '/.wardgate/sign-in?return=%2Fmain',
      '/.wardgate/me',
      '/.wardgate/console',
    ]) {
      for (const headers of [
        { accept: '*/*', 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'empty' },
        { accept: 'text/html', 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' },
      ]) {
        const reply = await stranger.ask(place.origin + path, { headers });
        const isScriptSignIn = path.startsWith('/.wardgate/sign-in') && headers['sec-fetch-dest'] === 'empty';
        // A script never signs in: it is only told where people do.
        expect({ path, status: reply.status }).toEqual({ path, status: isScriptSignIn ? 401 : 503 });
      }
    }
    const stylesheet = /href="(\/\.wardgate\/assets\/[^"]+\.css[^"]*)"/.exec(
      (await stranger.page(`${place.origin}/main`)).text,
    )?.[1];
    expect((await stranger.ask(`${place.origin}${stylesheet}`)).status).toBe(200);
    expect(place.ehr.requests()).toEqual([]);
  } finally {
    await gateway.close();
    await place.close();
  }
});
