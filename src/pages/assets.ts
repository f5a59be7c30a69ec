// What our pages load besides themselves, kept in the program: nothing is read from disk, so no path can lead elsewhere.

import { languages } from '../core/language/language.ts';
import type { Language } from '../core/language/language.ts';
import { makePageScript } from './page-script/page-script.ts';
import { liveScript } from './live-script.ts';
import { sortScript } from './report/sort-script.ts';
import { leaveFrameScript, leavingScript, passkeyScript, printScript, sendHeldScript, unlockedScript } from './scripts.ts';
import { style } from './style.ts';

export interface Asset {
  readonly type: string;
  readonly body: string;
}

const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#0b5c6b" d="M16 2 4 7v8c0 8 5 13 12 15 7-2 12-7 12-15V7z"/><path fill="#fff" d="M14 9h4v5h5v4h-5v5h-4v-5H9v-4h5z"/></svg>`;

/** The script in the EHR's pages holds its words, and is one file for each language therefore. */
export function pageScriptName(language: Language): string {
  return `page-${language}.js`;
}

function pageScript(language: Language): Asset {
  return { type: 'text/javascript; charset=utf-8', body: makePageScript(language, '/.wardgate/assets/icon.svg') };
}

/** File name under `/.wardgate/assets/` → content. */
export const assets: ReadonlyMap<string, Asset> = new Map([
  ['style.css', { type: 'text/css; charset=utf-8', body: style }],
  ['leave-frame.js', { type: 'text/javascript; charset=utf-8', body: leaveFrameScript }],
  ['leaving.js', { type: 'text/javascript; charset=utf-8', body: leavingScript }],
  ['live.js', { type: 'text/javascript; charset=utf-8', body: liveScript }],
  ['passkey.js', { type: 'text/javascript; charset=utf-8', body: passkeyScript }],
  ['print.js', { type: 'text/javascript; charset=utf-8', body: printScript }],
  ['send-held.js', { type: 'text/javascript; charset=utf-8', body: sendHeldScript }],
  ['sort.js', { type: 'text/javascript; charset=utf-8', body: sortScript }],
  ['unlocked.js', { type: 'text/javascript; charset=utf-8', body: unlockedScript }],
  ...languages.map((language) => [pageScriptName(language), pageScript(language)] as const),
  ['icon.svg', { type: 'image/svg+xml', body: icon }],
]);

/** Changes whenever an asset does, so that browsers may keep them for a year. FNV-1a: a name, not a proof. */
const version = ((): string => {
  let hash = 0x811c9dc5;
  for (const [name, { body }] of assets) {
    for (const character of name + body) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return (hash >>> 0).toString(36);
})();

/** The address of an asset, with its version. */
export function assetUrl(name: string): string {
  return `/.wardgate/assets/${name}?v=${version}`;
}
