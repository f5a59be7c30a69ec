// The overview: what goes on at this moment, and why somebody should look closer. Whole without its script, which goes on
// drawing it; a button stops that, and a hidden page asks for nothing.

import type { ClinicSettings } from '../config/settings.ts';
import { html } from '../pages/html.ts';
import type { Markup } from '../pages/html.ts';
import { layout } from '../pages/layout.ts';
import { barChart } from './bar-chart.ts';
import type { OverviewView, ShownAlert } from './overview-view.ts';

export const overviewPath = '/.wardgate/console/overview';
export const livePath = `${overviewPath}/live`;

export interface OverviewPageParts {
  readonly clinic: Pick<ClinicSettings, 'name' | 'help'> & Partial<Pick<ClinicSettings, 'logo'>>;
  readonly notices: readonly string[];
  readonly view: OverviewView;
  /** The number of this look. */
  readonly look: string;
}

export function overviewPage({ clinic, notices, view, look }: OverviewPageParts): string {
  const { tiles, charts, alerts, at } = view;
  const body = html`
    ${notices.map((notice) => html`<p class="notice bad" role="alert">${notice}.</p>`)}
    <p class="line" data-live="${livePath}?look=${look}">
      <span>As of <span data-live-text="at">${at}</span>.</span>
      <button type="button" class="plain" hidden data-live-pause>Stop updating</button>
      <span role="status" data-live-state></span>
    </p>
    <dl class="tallies">
      ${tiles.map(
        ([key, title, value]) =>
          html`<div>
            <dt>${title}</dt>
            <dd data-live-text="${key}">${value}</dd>
          </div>`,
      )}
    </dl>
    <h2>Newest alerts</h2>
    ${alerts === null && html`<p class="notice bad">The search index gave no answer, so alerts cannot be shown now.</p>`}
    <ol class="alerts" data-live-alerts>
      ${(alerts ?? []).map(alertItem)}
    </ol>
    ${alerts?.length === 0 && html`<p data-live-none>No alert of the last 7 days to show.</p>`}
    <h2>Traffic</h2>
    <div class="charts">${charts.map(barChart)}</div>
  `;
  return layout({ title: 'Overview', clinic: { ...clinic, language: 'en' }, body, wide: true, scripts: ['live.js'] });
}

function alertItem({ record, time, who, detector, words, href }: ShownAlert): Markup {
  return html`<li data-record="${record}">
    <p><strong>${detector}</strong> · <a href="${href}">${who}</a> · ${time}</p>
    <p>${words}</p>
  </li>`;
}
