// oauth2-proxy: session in the cookie, one allowed group, one core for its scheduler, an access log. It has no rules by path.

import { randomBytes } from 'node:crypto';
import type { Peer } from '../peer.ts';

export const oauth2Proxy: Peer = {
  key: 'oauth2-proxy',
  name: 'oauth2-proxy, session in the cookie',
  authenticates: true,
  needs: ['oauth2-proxy'],
  start: async (ground) => {
    const { issuer, clientId, clientSecret, group } = await ground.provider('/oauth2/callback');
    const options = {
      provider: 'oidc',
      'oidc-issuer-url': issuer,
      'client-id': clientId,
      'client-secret': clientSecret,
      'redirect-url': `http://127.0.0.1:${ground.port}/oauth2/callback`,
      'code-challenge-method': 'S256',
      scope: 'openid',
      'allowed-group': group,
      'email-domain': '*',
      'cookie-secret': randomBytes(16).toString('hex'),
      'cookie-secure': 'false',
      'skip-provider-button': 'true',
      'http-address': `127.0.0.1:${ground.port}`,
      upstream: `http://127.0.0.1:${ground.upstream}/`,
      'logging-filename': `${ground.directory}/access.log`,
    };
    return {
      program: 'oauth2-proxy',
      args: Object.entries(options).map(([option, value]) => `--${option}=${value}`),
      environment: { GOMAXPROCS: '1' },
    };
  },
};
