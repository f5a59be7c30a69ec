// The clinic as a page of ours names it to this browser. Every page takes it, and its words with it.

import type { Response } from 'express';
import { clinicIn } from '../pages/clinic-in.ts';
import type { PageClinic } from '../pages/layout.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

export function pageClinic(needs: Pick<SignInNeeds, 'settings'>, res: Response): PageClinic {
  return clinicIn(needs.settings.clinic, res.req.headers['accept-language']);
}
