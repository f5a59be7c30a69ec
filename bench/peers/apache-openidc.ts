// Apache with mod_auth_openidc and one role rule, a claim that the provider gives: with the session in the cookie, and with
// the session in Redis, which is not counted as its own work.

import { randomBytes } from 'node:crypto';
import type { Ground, Peer, Run } from '../peer.ts';
import { apache, apacheNeeds } from './apache-configuration.ts';

export const apacheOpenidcCookie: Peer = {
  key: 'apache-openidc-cookie',
  name: 'Apache + mod_auth_openidc, session in the cookie',
  authenticates: true,
  needs: apacheNeeds('auth_openidc'),
  start: (ground) => withOpenidc(ground, 'OIDCSessionType client-cookie'),
};

export const apacheOpenidcRedis: Peer = {
  key: 'apache-openidc-redis',
  name: 'Apache + mod_auth_openidc, session in Redis',
  authenticates: true,
  needs: [...apacheNeeds('auth_openidc'), 'redis-server'],
  start: async (ground) => {
    const port = await ground.freePort();
    const args = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--dir', ground.directory];
    await ground.beside({ program: 'redis-server', args }, port);
    return withOpenidc(ground, `OIDCSessionType server-cache\nOIDCCacheType redis\nOIDCRedisCacheServer 127.0.0.1:${port}`);
  },
};

async function withOpenidc(ground: Ground, session: string): Promise<Run> {
  const callback = '/.openidc';
  const { issuer, clientId, clientSecret, group } = await ground.provider(callback);
  return apache(
    ground,
    ['auth_openidc'],
    `OIDCProviderMetadataURL ${issuer}/.well-known/openid-configuration
OIDCClientID ${clientId}
OIDCClientSecret ${clientSecret}
OIDCRedirectURI http://127.0.0.1:${ground.port}${callback}
OIDCCryptoPassphrase ${randomBytes(24).toString('hex')}
OIDCPKCEMethod S256
OIDCScope "openid"
OIDCSessionInactivityTimeout 900
${session}
<Location />
  AuthType openid-connect
  Require claim groups:${group}
</Location>`,
  );
}
