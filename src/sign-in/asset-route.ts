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
    // Whole bytes of the logo, text of everything else.
    const asset =
      name === passkeyLibraryName ? library : typeof name === 'string' ? (assets.get(name) ?? logoNamed(needs, name)) : undefined;
    if (asset === undefined) {
      sendRefusal(needs, res, 'page-not-found');
      return;
    }
    res.setHeader('Cache-Control', `public, max-age=${keepSeconds}, immutable`);
    res.setHeader('Content-Type', asset.type);
    // The logo is a file of the clinic's: opened by itself, it runs and loads nothing.
    if (Buffer.isBuffer(asset.body)) res.setHeader('Content-Security-Policy', pictureAlone);
    res.send(asset.body);
  };
}

const pictureAlone = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

function logoNamed({ settings }: SignInNeeds, name: string): { readonly type: string; readonly body: Buffer } | undefined {
  const { logo } = settings.clinic;
  if (logo === null || logo.address !== `/.wardgate/assets/${name}`) return undefined;
  return { type: logo.type, body: Buffer.from(logo.base64, 'base64') };
}
