// What a person typed as their own name and password for the EHR: bounded, printable, complete. Never judges whether it is
// right; only the EHR can.

import type { Request } from 'express';
import type { EhrCredential } from '../ehr-ports.ts';
import type { Words } from '../pages/languages/en.ts';
import { fieldOf } from './factor-route.ts';

const longestName = 200;
const longestSecret = 500;

/**
 * The credential, or what is wrong with it in a sentence for the person. `more` names what is asked beyond name and password;
 * `basic` where the EHR gets it as Basic.
 */
export function readCredential(
  req: Request,
  more: readonly string[],
  basic: boolean,
  words: Words['credential'],
): EhrCredential | string {
  const username = fieldOf(req, 'username') ?? '';
  const password = fieldOf(req, 'password') ?? '';
  const others = more.map((name) => [name, fieldOf(req, name) ?? ''] as const);
  const secrets = [password, ...others.map(([, value]) => value)];
  if (username === '' || secrets.includes('')) return more.length === 0 ? words.typeBoth : words.fillAll;
  if (username.length > longestName || secrets.some((one) => one.length > longestSecret)) return words.tooLong;
  if (/\p{Cc}/u.test(username + secrets.join(''))) return words.control;
  // RFC 7617: the user id of Basic ends at the first colon, so a colon in the name would move the border.
  if (basic && username.includes(':')) return words.colonInName;
  return { username, password, more: Object.fromEntries(others) };
}
