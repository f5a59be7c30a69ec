// The frame of every page of ours: the clinic's name above, whom to ask below. Knows nothing of what stands in between.

import { assetUrl } from './assets.ts';
import { fill } from './fill.ts';
import { html, markupText } from './html.ts';
import type { Child } from './html.ts';
import { wordsIn } from './words-in.ts';
import type { Language } from '../core/language/language.ts';

/** What every page says of the clinic, and the language it says it in. */
export interface PageClinic {
  readonly name: string;
  /** Whom to ask. */
  readonly help: string;
  readonly language: Language;
  /** Stands in place of the name, and says it. */
  readonly logo?: { readonly address: string } | null;
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
  const words = wordsIn(clinic.language).layout;
  const page = html`<html lang="${clinic.language}">
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
      <header>
        ${clinic.logo ? html`<img src="${clinic.logo.address}" alt="${clinic.name}" />` : html`<strong>${clinic.name}</strong>`}
      </header>
      <main id="main" tabindex="-1" class="${wide ? 'wide' : ''}">
        <h1>${title}</h1>
        ${body}
      </main>
      <footer>
        ${fill(words.questions, { help: clinic.help })}${requestId !== undefined && html` · ${words.request} <code>${requestId}</code>`}
      </footer>
    </body>
  </html>`;
  return `<!doctype html>\n${markupText(page)}\n`;
}
