// GET /.wardgate/keys: the public keys with which an EHR checks the gateway's identity tokens.

import type { Request, Response } from 'express';
import type { SignInNeeds } from './sign-in-needs.ts';

const keepSeconds = 300;

export function keysRoute(needs: SignInNeeds) {
  return (_req: Request, res: Response): void => {
    res.setHeader('Cache-Control', `public, max-age=${keepSeconds}`);
    res.type('application/jwk-set+json').send(JSON.stringify(needs.keySet()));
  };
}
