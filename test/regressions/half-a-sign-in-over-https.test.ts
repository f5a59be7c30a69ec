// Over https, browsers threw away the cookie of the sign-in under way: it began with __Host- and was not Secure, because the
// middlewares for https and for http share one store, which made every new sign-in for the one that was set up last. The
// second factor knew nobody, led back to the provider, and so in a circle. Clients that take any cookie saw nothing of it.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeCertificate } from '../support/certificate.ts';
import { clinic, openGateway } from '../support/clinic.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { signIn } from '../support/demo-story.ts';
import { requirement } from '../support/requirements.ts';

const openssl = requirement('openssl');

openssl.describe('signing in over https', () => {
  test('a browser that refuses a __Host- cookie without Secure signs in over https', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wardgate-secure-'));
    const tls = makeCertificate(folder, 'ehr');
    const place = await clinic({ tls });
    try {
      const gateway = await openGateway(place);
      try {
        const client = await signIn(place, 'nurse', '/main', new CookieClient(readFileSync(tls.certificate, 'utf8')));
        expect(await client.page(`${place.origin}/main`)).toMatchObject({ status: 200, url: `${place.origin}/main` });
      } finally {
        await gateway.close();
      }
    } finally {
      await place.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
