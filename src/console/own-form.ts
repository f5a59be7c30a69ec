// Whether a form was sent by a page of the console itself. A script of the EHR stands on the same origin, and must not decide
// anything in the name of whoever looks at it.

import type { Request } from 'express';
import { headersOf } from '../core/raw-headers.ts';
import { judgeNavigation, judgeOrigin } from '../core/session/same-origin.ts';

/** `own` is the public origin of the application. */
export function isOwnForm(req: Request, own: string): boolean {
  const [origin, site, mode, goal] = ['origin', 'sec-fetch-site', 'sec-fetch-mode', 'sec-fetch-dest'].map((name) =>
    headersOf(req.rawHeaders, name),
  );
  return judgeOrigin(origin ?? [], site ?? [], own).same && judgeNavigation(site ?? [], mode ?? [], goal ?? [], false).same;
}
