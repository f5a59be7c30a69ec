// The page that checks an export offline, in one file: no network by its policy, one script known by its hash, and nothing of any
// log in it. The same for every clinic, so that an auditor may take it from somebody else than the audited.

import { createHash } from 'node:crypto';
import { verifierScript } from './verifier-script.ts';

const words = {
  title: 'Check an export of the access record',
  what: 'Drop the file bundle.json here, and every checkpoint that was kept elsewhere: by an anchor, in a safe, by you. Nothing leaves this page, and it asks nobody.',
  files: 'Files',
  kept: 'Checkpoints that were kept elsewhere (paste them here)',
  steps: [
    ['origin', 'Which log'],
    ['lines', 'Lines and their proofs'],
    ['keys', 'Keys from the first to the last'],
    ['signature', 'Signature'],
    ['anchor', 'Your checkpoint'],
  ],
  records: 'Records (the first 1,000)',
  columns: ['Number', 'Time', 'Event', 'Who', 'Patient', 'Method', 'Target', 'Decision'],
} as const;

const style = `
:root { color-scheme: light dark; --good: #14643a; --bad: #a11212; --line: #8886 }
@media (prefers-color-scheme: dark) { :root { --good: #7ddba6; --bad: #ff9d9d } }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 70rem; margin: 1.5rem auto; padding: 0 1rem }
h1 { font-size: 1.4rem }
#verdict { font-size: 1.15rem; font-weight: 600; border: 2px solid; border-radius: 0.4rem; padding: 0.7rem }
[data-state=good] { color: var(--good) }
[data-state=bad] { color: var(--bad) }
dl { display: grid; grid-template-columns: minmax(9rem, max-content) 1fr; gap: 0.3rem 1rem }
dd { margin: 0; overflow-wrap: anywhere }
textarea { width: 100%; min-height: 7rem; font: 0.9rem ui-monospace, monospace; box-sizing: border-box }
label { display: block; margin-top: 0.8rem }
.wide { overflow-x: auto }
table { border-collapse: collapse; font-size: 0.9rem }
th, td { text-align: start; border-bottom: 1px solid var(--line); padding: 0.2rem 0.6rem 0.2rem 0; vertical-align: top }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr } dt { font-weight: 600 } }
`;

export function verifierPage(): string {
  const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(verifierScript)}`,
    `style-src ${hashOf(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
  const steps = words.steps.map(([id, name]) => `<dt>${name}</dt><dd id="${id}"></dd>`).join('\n');
  const columns = words.columns.map((name) => `<th scope="col">${name}</th>`).join('');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width"><title>${words.title}</title><style>${style}</style></head>
<body><main><h1>${words.title}</h1><p>${words.what}</p>
<label for="files">${words.files}</label><input id="files" type="file" multiple>
<label for="kept">${words.kept}</label><textarea id="kept" spellcheck="false"></textarea>
<p id="verdict" role="status"></p><dl>
${steps}
</dl><h2>${words.records}</h2><p id="scope"></p>
<div class="wide"><table><thead><tr>${columns}</tr></thead><tbody id="records"></tbody></table></div></main>
<script>${verifierScript}</script></body></html>
`;
}
