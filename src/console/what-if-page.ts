// The page of the rules: a question to them with its answer, and below it what is in force.

import type { ClinicSettings } from '../config/settings.ts';
import type { WhatIf } from '../console-ports.ts';
import type { ExplainedRule, Explanation } from '../core/policy/explain.ts';
import type { Policy, Rule } from '../core/policy/policy.ts';
import { visible } from '../core/text/visible.ts';
import { html } from '../pages/html.ts';
import type { Markup } from '../pages/html.ts';
import { layout } from '../pages/layout.ts';
import { changesPath } from './changes-page.ts';
import { consoleTable } from './console-table.ts';
import type { ConsoleRow } from './console-table.ts';
import { fieldFault, toldNotice } from './told-notice.ts';
import type { ToldNotice } from './told-notice.ts';

export interface WhatIfPageParts {
  readonly clinic: Pick<ClinicSettings, 'name' | 'help'> & Partial<Pick<ClinicSettings, 'logo'>>;
  readonly policy: Policy;
  readonly applications: readonly string[];
  readonly asked: WhatIf;
  /** Null where nothing was asked. */
  readonly answer: Explanation | { readonly problem: string } | null;
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const;

export function whatIfPage({ clinic, policy, applications, asked, answer }: WhatIfPageParts): string {
  const wrong = answer !== null && 'problem' in answer ? `${visible(answer.problem)}.` : null;
  const told = wrong === null ? null : { good: false, says: wrong, field: 'path' };
  const body = html`
    <p>
      These rules decide who may do what; the first that fits a request decides about it. Ask here what would happen; nothing is
      sent anywhere. The answer is for this moment, and as if the person sat in every zone of the clinic at once.
    </p>
    ${toldNotice(told)} ${form(policy, applications, asked, told)}
    ${answer !== null && !('problem' in answer) && answered(answer)}
    <h2>In force</h2>
    <p>
      Version <code>${policy.version.slice(0, 16)}</code>, mode <strong>${policy.mode}</strong>, ${policy.rules.length} rules.
      <a href="${changesPath}">Changes of the rules</a>
    </p>
    ${table(policy)}
  `;
  return layout({ title: 'Rules', clinic: { ...clinic, language: 'en' }, body, wide: true });
}

function form(policy: Policy, applications: readonly string[], asked: WhatIf, told: ToldNotice | null): Markup {
  const choice = (name: keyof WhatIf, label: string, values: readonly string[]): Markup =>
    html`<div>
      <label for="${name}">${label}</label>
      <select id="${name}" name="${name}">
        ${values.map((value) =>
          value === asked[name]
            ? html`<option value="${value}" selected>${value}</option>`
            : html`<option value="${value}">${value}</option>`,
        )}
      </select>
    </div>`;
  return html`<form method="get" action="/.wardgate/console/what-if" class="row">
    ${choice('role', 'As role', [...policy.roles.keys()])} ${choice('method', 'Method', methods)}
    ${applications.length > 1 && choice('application', 'Application', applications)}
    <div>
      <label for="path">Path, such as /chart?pid=7</label
      ><input id="path" name="path" value="${asked.path}" required autocomplete="off" ${fieldFault(told, 'path')} />
    </div>
    <button type="submit">Ask</button>
  </form>`;
}

function answered(answer: Explanation): Markup {
  const { allow, rule, reason, detail, rules } = answer;
  const by = rule === null ? '' : ` by rule "${rule}"`;
  // Rules behind the one that decides are never asked; those before it say why they do not fit.
  const decides = rules.findIndex((one) => one.decides);
  const told = decides === -1 ? rules : rules.slice(0, decides + 1);
  return html`<section aria-labelledby="answer">
    <h2 id="answer">${allow ? 'Allowed' : 'Refused'}${by}</h2>
    <p class="${allow ? 'notice' : 'notice bad'}" role="status">${reason.replaceAll('-', ' ')}: ${visible(detail)}</p>
    <details>
      <summary>Every rule that was asked (${told.length})</summary>
      ${consoleTable('Rules that were asked', ['Rule', 'Decides', 'Why'], told.map(askedRow))}
    </details>
  </section>`;
}

function askedRow({ name, decides, criteria }: ExplainedRule): ConsoleRow {
  const misses = criteria.filter(({ hit }) => !hit);
  const shown = decides || misses.length === 0 ? criteria : misses;
  return {
    cells: [
      name,
      decides ? 'yes' : 'no',
      shown.map(({ criterion, hit, detail }) => html`${hit ? 'fits' : 'does not fit'}: ${criterion} ${visible(detail)}<br />`),
    ],
  };
}

function table({ rules }: Policy): Markup {
  return consoleTable(
    'Rules in force',
    ['Rule', 'Application', 'Paths', 'Who may', 'Besides'],
    rules.map((rule) => ({
      cells: [
        rule.name,
        rule.application,
        pathsOf(rule),
        rule.allow === 'everyone' ? 'everyone' : rule.allow.join(', ') || 'nobody',
        besides(rule),
      ],
    })),
  );
}

const shownPaths = 6;

function pathsOf({ routes }: Rule): string {
  const sources = [...new Set(routes.map(({ pattern }) => pattern.source))];
  const more = sources.length - shownPaths;
  return `${sources.slice(0, shownPaths).join(' ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function besides({ emergencyRoles, zones, hours, freshFactorSeconds, exportRoles }: Rule): string {
  const said = [
    emergencyRoles.length > 0 ? `emergency: ${emergencyRoles.join(', ')}` : [],
    zones === null ? [] : `from: ${zones.join(', ')}`,
    hours === null ? [] : 'within hours',
    freshFactorSeconds === null ? [] : 'fresh second factor',
    exportRoles === null ? [] : `export: ${[exportRoles].flat().join(', ') || 'nobody'}`,
  ].flat();
  return said.length === 0 ? '–' : said.join('; ');
}
