// A report as one HTML file: for paper, for a folder, for an auditor far from here. It asks no network, and one script, known
// by its hash, sorts its tables.

import { createHash } from 'node:crypto';
import type { Report } from '../../core/report/report.ts';
import { html, markupText, trustedMarkup } from '../html.ts';
import { reportBody } from './report-body.ts';
import { reportStyle } from './report-style.ts';
import { sortScript } from './sort-script.ts';

export function reportDocument(report: Report): string {
  const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(sortScript)}`,
    `style-src ${hashOf(reportStyle)}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  // The hashes are over these bytes exactly, so they go past the template's escaping; nobody typed them.
  const page = html`<html lang="${report.language}">
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content="${policy}" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>${report.title} · ${report.clinic.name}</title>
      ${trustedMarkup(`<style>${reportStyle}</style>`)}
    </head>
    <body>
      <main>
        <h1>${report.title}</h1>
        ${reportBody(report)}
      </main>
      ${trustedMarkup(`<script type="module">${sortScript}</script>`)}
    </body>
  </html>`;
  return `<!doctype html>\n${markupText(page)}\n`;
}
