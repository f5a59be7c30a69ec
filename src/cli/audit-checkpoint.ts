// `wardgate audit checkpoint`: the last checkpoint on one page, for the privacy officer to print, sign and lock away.

import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPublicKey } from 'node:crypto';
import { keyIdOf, openCheckpoint, originOf } from '../adapters/audit-checkpoint.ts';
import { knownKeys } from '../adapters/audit-epochs.ts';
import { contentOf, treeDirectory } from '../adapters/audit-tree-files.ts';
import { printCheckpoint, printedLines } from '../core/tree/printed-checkpoint.ts';
import { html, markupText } from '../pages/html.ts';
import { directoriesOf, parse, UsageError } from './audit-arguments.ts';
import type { Printer } from './printer.ts';

const words = {
  title: 'Checkpoint of the access record',
  what: 'This page says what the record of who opened which chart looked like at this moment. Whoever changes, removes or reorders one of its records later, even with every key of the gateway, no longer fits it.',
  keep: 'Keep it where nobody who runs the gateway can change it. It names no patient and no person.',
  later:
    'To hold the log against it later: type the lines from "Log" to the last "Root" into a file, as they stand (spaces and capitals do not matter), and run',
  command: 'wardgate audit verify --dir DIRECTORY --from FILE',
  aloud: 'Read aloud: four groups of four, then the two check digits. A slip in a row is found by its check digits.',
  time: 'Signed at',
  key: 'Key',
  signed: 'Kept by, date, signature',
} as const;

interface Page {
  readonly lines: readonly string[];
  readonly time: string;
  readonly keyId: string;
  readonly note: string;
}

/** Exit code: 0 printed, 1 there is no checkpoint. */
export function checkpointPage(args: string[], print: Printer): number {
  const { values, logs } = parse(args, { print: { type: 'boolean' }, out: { type: 'string' } });
  const [primary = ''] = directoriesOf({ logs });
  const path = join(treeDirectory(primary), 'checkpoint');
  const note = contentOf(path)?.toString('utf8');
  if (note === undefined) {
    print.err(`There is no checkpoint in "${primary}"; the running gateway writes one within ten seconds`);
    return 1;
  }
  const publicKey = createPublicKey(readFileSync(join(primary, 'audit-signing.pub')));
  const keys = knownKeys(primary, publicKey);
  const origin = originOf(publicKey);
  const opened = openCheckpoint(note, origin, keys);
  if (typeof opened === 'string') throw new UsageError(`The checkpoint "${path}" does not hold: ${opened}`);
  const key = keys.find((one) => opened.isSignedBy(one)) ?? publicKey;
  const time = statSync(path).mtime.toISOString();
  const page: Page = { lines: printedLines(printCheckpoint(opened)), time, keyId: keyIdOf(origin, key).toString('hex'), note };
  const { size, root } = opened;
  const asJson = JSON.stringify({ origin, size, root: Buffer.from(root).toString('hex'), time, keyId: page.keyId, note });
  const printed = values['print'] === true ? asHtml(page) : asText(page);
  const text = values['json'] === true ? asJson : printed;
  const { out } = values;
  if (typeof out === 'string') writeFileSync(out, `${text}\n`, { flag: 'wx' });
  else print.out(text);
  return 0;
}

function asText({ lines, time, keyId, note }: Page): string {
  const own = [...lines, '', `${words.time} ${time}`, `${words.key} ${keyId}`];
  const how = [words.what, words.keep, words.aloud, words.later, `  ${words.command}`];
  return [words.title.toUpperCase(), '', ...own, '', ...how, '', note.trimEnd()].join('\n');
}

/** One page of paper; nothing in it moves or asks for anything. */
function asHtml({ lines, time, keyId, note }: Page): string {
  const style = `
    @page { size: A4; margin: 2cm }
    :root { color-scheme: light dark }
    body { font: 1rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem }
    pre { white-space: pre-wrap; overflow-wrap: anywhere }
    .typed { font-size: 1.15rem; line-height: 1.8; border: 1px solid; padding: 0.8rem }
    .sign { border-top: 1px solid; margin-top: 4rem; padding-top: 0.3rem }`;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>${words.title}</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <h1>${words.title}</h1>
        <p>${words.what}</p>
        <pre class="typed">${lines.join('\n')}</pre>
        <p>${words.time} ${time}<br />${words.key} ${keyId}</p>
        <p>${words.aloud}</p>
        <p>${words.keep}</p>
        <p>${words.later}</p>
        <pre>${words.command}</pre>
        <pre>${note}</pre>
        <p class="sign">${words.signed}</p>
      </body>
    </html>`;
  return markupText(page);
}
