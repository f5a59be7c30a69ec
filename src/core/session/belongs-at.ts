// Whether a session may be used at the address of an application. Each browser keeps a cookie to the host that gave it, so
// whoever shows one at another host has carried it there themselves.

import type { Session } from './session.ts';

/** `isOnly`: no other application is configured, so there is no other address a cookie could come from. */
export function belongsAt({ place }: Pick<Session, 'place'>, application: string, isOnly: boolean): boolean {
  return isOnly || place?.application === application;
}
