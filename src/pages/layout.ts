// The frame of every page of ours: the clinic's name above, whom to ask below. Knows nothing of what stands in between.

import { assetUrl } from './assets.ts';
import { html, markupText } from './html.ts';
import type { Child } from './html.ts';

/** What every page says of the clinic. */
export interface PageClinic {
  readonly name: string;
  /** Whom to ask. */
  readonly help: string;
}

export interface PageParts {
  readonly title: string;
  readonly clinic: PageClinic;
  readonly body: Child;
  /** Names of scripts among our assets. */
  readonly scripts?: readonly string[];
  /** A table needs more room than a form. */
  readonly wide?: boolean;
  /** What a person reads out when they ask for help. */
  readonly requestId?: string;
}

/** A whole HTML document. */
export function layout({ title, clinic, body, scripts = [], wide = false, requestId }: PageParts): string {
  const page = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="referrer" content="same-origin" />
      <title>${title} · ${clinic.name}</title>
      <link rel="stylesheet" href="${assetUrl('style.css')}" />
      <link rel="icon" href="${assetUrl('icon.svg')}" type="image/svg+xml" />
      ${scripts.map((name) => html`<script type="module" src="${assetUrl(name)}"></script>`)}
    </head>
    <body>
      <header><strong>${clinic.name}</strong></header>
      <main class="${wide ? 'wide' : ''}">
        <h1>${title}</h1>
        ${body}
      </main>
      <footer>Questions? ${clinic.help}${requestId !== undefined && html` · Request <code>${requestId}</code>`}</footer>
    </body>
  </html>`;
  return `<!doctype html>\n${markupText(page)}\n`;
}
