// GET /.wardgate/console/health: how the gateway itself stands. Asked anew each time it is opened; nobody is named in it.

import type { RequestHandler } from 'express';
import type { ClinicSettings } from '../config/settings.ts';
import type { HealthLine, HealthPart } from '../console-ports.ts';
import { html } from '../pages/html.ts';
import type { Markup } from '../pages/html.ts';
import { layout } from '../pages/layout.ts';
import { consoleTable } from './console-table.ts';
import { sendPage } from './send-page.ts';

export const healthPath = '/.wardgate/console/health';

export interface HealthRouteNeeds {
  readonly clinic: Pick<ClinicSettings, 'name' | 'help'> & Partial<Pick<ClinicSettings, 'logo'>>;
  readonly notices: () => readonly string[];
  readonly health: () => Promise<readonly HealthPart[]>;
}

const words: Readonly<Record<HealthLine['state'], string>> = {
  good: 'good',
  bad: 'look here',
  off: 'off',
  unknown: 'not known yet',
};

export function showHealth({ clinic, notices, health }: HealthRouteNeeds): RequestHandler {
  return async (_req, res) => {
    const parts = await health();
    const wrong = notices();
    const body = html`
      ${wrong.map((notice) => html`<p class="notice bad" role="alert">${notice}.</p>`)}
      ${wrong.length === 0 && html`<p class="notice" role="status">Nothing is wrong with the gateway itself.</p>`}
      ${parts.map(part)}
    `;
    sendPage(res, layout({ title: 'Health', clinic: { ...clinic, language: 'en' }, body, wide: true }));
  };
}

function part({ title, lines }: HealthPart): Markup {
  return html`<h2>${title}</h2>
    ${consoleTable(
      title,
      ['What', 'State', 'More'],
      lines.map(({ what, state, says }) => ({
        cells: [what, html`<span class="state ${state}">${words[state]}</span>`, says],
      })),
    )}`;
}
