// The browser's half of the passkey package, as our asset route serves it: read once at start, from the package itself.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The script's text; it puts its functions under `SimpleWebAuthnBrowser`. Throws where the package is not installed. */
export function readPasskeyLibrary(): string {
  const require = createRequire(import.meta.url);
  const entry = require.resolve('@simplewebauthn/browser');
  return readFileSync(join(entry, '../../dist/bundle/index.umd.min.js'), 'utf8');
}
