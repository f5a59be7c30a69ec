// What is printed once for the sealed envelope: whose codes these are, and how they are used.

import type { Settings } from '../../config/settings.ts';
import { plainText } from '../plain-text.ts';

export function envelope(answer: unknown, { clinic, applications }: Settings): readonly string[] {
  const told = Object(answer) as Readonly<Record<string, unknown>>;
  const codes = Array.isArray(told['codes']) ? told['codes'].map((code) => plainText(String(code))) : [];
  const addresses = [...applications.values()].map(({ origin }) => origin);
  return [
    `${clinic.name}: emergency sign-in of ${plainText(String(told['displayName']))}, login name "${plainText(String(told['name']))}"`,
    '',
    ...codes.map((code, index) => `  ${index + 1}. ${code}`),
    '',
    `While the sign-in service is down: open ${addresses.join(' or ')}, choose "Emergency sign-in", type the login`,
    'name and the first code that is not crossed out, cross it out, and confirm with your passkey or your app.',
    'Print this, seal it, and close this window: the codes are not shown again. Codes from before are void.',
  ];
}
