// GET /.wardgate/assets/NAME: the style sheet, the scripts and the icon of our pages. Served from memory by name.

import type { Request, Response } from 'express';
import { assets } from '../pages/assets.ts';
import { passkeyLibraryName } from '../pages/passkey-form.ts';
import { sendRefusal } from './send.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

const keepSeconds = 31_536_000;

export function assetRoute(needs: SignInNeeds) {
  return (req: Request, res: Response): void => {
    const { name } = req.params;
    const library = { type: 'text/javascript; charset=utf-8', body: needs.passkeyLibrary };
    const asset = name === passkeyLibraryName ? library : typeof name === 'string' ? assets.get(name) : undefined;
    if (asset === undefined) {
      sendRefusal(needs, res, 'page-not-found');
      return;
    }
    res.setHeader('Cache-Control', `public, max-age=${keepSeconds}, immutable`);
    res.setHeader('Content-Type', asset.type);
    res.send(asset.body);
  };
}
