// The page on which a reviewer signs: what is signed in numbers, its hash, and the button, once they have confirmed with their
// second factor after the last decision.

import type { ClinicSettings } from '../config/settings.ts';
import type { Campaign } from '../core/recertification/campaign.ts';
import type { SignatureRefused } from '../core/recertification/judge-signature.ts';
import { html } from '../pages/html.ts';
import type { Markup } from '../pages/html.ts';
import { layout } from '../pages/layout.ts';
import { toldNotice } from './told-notice.ts';
import type { CampaignView } from '../recertification-ports.ts';
import { recertificationPath, signingPath } from './recertification-page.ts';

const told = {
  signed: 'This recertification is signed already.',
  undecided: 'Some rows are still to be decided.',
  changed: 'The list has changed since it was shown. Look at it again, then sign.',
  'not-confirmed': 'Nothing was signed: confirm once more with your second factor, then sign within five minutes.',
  'no-campaign': 'No recertification was started.',
} as const satisfies Record<SignatureRefused | 'no-campaign', string>;

export interface SignPageParts {
  readonly clinic: Pick<ClinicSettings, 'name' | 'help' | 'timezone'> & Partial<Pick<ClinicSettings, 'logo'>>;
  readonly view: CampaignView | null;
  readonly confirmed: boolean;
  readonly told: keyof typeof told | null;
}

export function signPage({ clinic, view, confirmed, told: word }: SignPageParts): string {
  const body = html`
    ${word !== null && toldNotice({ good: false, says: told[word] })}
    ${view === null && word === null && html`<p class="notice">${told['no-campaign']}</p>`} ${view !== null && what(view)}
    ${view !== null && canBeSigned(view.campaign) && (confirmed ? signForm(view) : confirm())}
    <p class="ways"><a class="button plain" href="${recertificationPath}">Back to the list</a></p>
  `;
  return layout({ title: 'Sign the recertification', clinic: { ...clinic, language: 'en' }, body });
}

function what({ campaign, list }: CampaignView): Markup {
  const of = (decision: string): number => campaign.rows.filter(({ decided }) => decided?.decision === decision).length;
  return html`<dl>
    <dt>Quarter</dt>
    <dd>${campaign.quarter}</dd>
    <dt>Rows</dt>
    <dd>${campaign.rows.length}: ${of('keep')} kept, ${of('remove')} removed, ${of('change')} changed</dd>
    <dt>Rules</dt>
    <dd><code>${campaign.policy}</code></dd>
    <dt>List</dt>
    <dd><code>${list}</code></dd>
  </dl>`;
}

function canBeSigned({ rows, signedAt }: Campaign): boolean {
  return signedAt === null && rows.every(({ decided }) => decided !== null);
}

function confirm(): Markup {
  const there = `/.wardgate/step-up?return=${encodeURIComponent(signingPath)}`;
  return html`<p>You sign with your second factor, shown once more after the last decision.</p>
    <p class="ways"><a class="button" href="${there}">Confirm</a></p>`;
}

function signForm({ list }: CampaignView): Markup {
  return html`<form method="post" action="${signingPath}">
    <p>
      By signing I state that I have reviewed every row of this list. My name, the time, the list, the rules and the last
      checkpoint of the access record are kept with it.
    </p>
    <input type="hidden" name="list" value="${list}" />
    <button type="submit">Sign</button>
  </form>`;
}
