// The page of this browser as a device: whether the gateway knows it, making it known, removing one.

import { noticeOf } from './factor-pages.ts';
import { fillText } from './fill-text.ts';
import { html } from './html.ts';
import type { Child } from './html.ts';
import { layout } from './layout.ts';
import type { Words } from './languages/en.ts';
import type { PageClinic } from './layout.ts';
import { pinField } from './pin-field.ts';
import { wordsIn } from './words-in.ts';

export type DeviceProblem = keyof Words['device']['problems'];

interface ShownDevice {
  readonly id: string;
  readonly kind: 'shared' | 'own';
  readonly name: string;
  readonly since: string;
}

export interface DevicePageParts {
  readonly clinic: PageClinic;
  readonly problem: DeviceProblem | null;
  /** What this browser is; null where it is nothing that this person may use. */
  readonly here: ShownDevice | null;
  /** What it may become. */
  readonly offers: readonly ('shared' | 'own')[];
  /** Those that this person may remove. */
  readonly removable: readonly ShownDevice[];
  /** Whether this person has a PIN here; null where none is possible. */
  readonly pin: 'set' | 'none' | null;
  /** Until when this person's second factor is not asked for here; null where it is. */
  readonly remembered: string | null;
  /** Where one confirms before anything can be changed; null where that was done. */
  readonly stepUp: string | null;
}

const action = '/.wardgate/device';

export function devicePage({ clinic, problem, here, offers, removable, pin, remembered, stepUp }: DevicePageParts): string {
  const words = wordsIn(clinic.language).device;
  const mayChange = stepUp === null;
  const body = html`${noticeOf(problem === null ? null : words.problems[problem])}
    <p>${here === null ? words.unknown : filled(here.kind === 'shared' ? words.shared : words.own, here)}</p>
    ${
      !mayChange &&
      html`<p>${words.confirm}</p>
        <a class="button" href="${stepUp}">${wordsIn(clinic.language).ways.confirm}</a>`
    }
    ${remembered !== null && rememberedSection(words, remembered)} ${pin !== null && pinSection(words, pin, mayChange)}
    ${mayChange && offers.map((kind) => offer(words, kind))} ${removable.length > 0 && knownDevices(words, removable, mayChange)}
    <a class="button plain" href="/.wardgate/me">${words.back}</a>`;
  return layout({ title: words.title, clinic, body });
}

function offer(words: Words['device'], kind: 'shared' | 'own'): Child {
  const [title, hint, button] =
    kind === 'own'
      ? [words.makeOwn, words.makeOwnHint, words.ownButton]
      : [words.makeShared, words.makeSharedHint, words.sharedButton];
  return html`<form method="post" action="${action}">
    <h2>${title}</h2>
    <p class="hint" id="hint-${kind}">${hint}</p>
    <input type="hidden" name="kind" value="${kind}" />
    <label for="name-${kind}">${words.name}</label>
    <input id="name-${kind}" name="name" maxlength="40" required autocomplete="off" aria-describedby="hint-${kind}" />
    <button type="submit" class="plain">${button}</button>
  </form>`;
}

function pinSection(words: Words['device'], pin: 'set' | 'none', mayChange: boolean): Child {
  return html`<h2>${words.pinTitle}</h2>
    <p>${pin === 'set' ? words.pinSet : words.pinNone}</p>
    ${
      mayChange &&
      html`<form method="post" action="${action}">
        <label for="pin">${words.pin}</label>
        ${pinField('pin')}
        <label for="again">${words.pinAgain}</label>
        ${pinField('again')}
        <button type="submit">${pin === 'set' ? words.pinReplace : words.pinButton}</button>
      </form>`
    }
    ${mayChange && pin === 'set' && forgetForm('pin', words.pinRemove)}`;
}

function rememberedSection(words: Words['device'], time: string): Child {
  return html`<p>${fillText(words.remembered, { time })}</p>
    ${forgetForm('remembered', words.askAgain)}`;
}

function forgetForm(what: 'pin' | 'remembered', label: string): Child {
  return html`<form method="post" action="${action}">
    <input type="hidden" name="forget" value="${what}" />
    <button type="submit" class="plain">${label}</button>
  </form>`;
}

function knownDevices(words: Words['device'], devices: readonly ShownDevice[], mayChange: boolean): Child {
  return html`<h2>${words.known}</h2>
    <dl>
      ${devices.map(
        (device) =>
          html`<dt>${device.name}</dt>
            <dd>
              ${filled(device.kind === 'shared' ? words.knownShared : words.knownOwn, device)}
              ${
                mayChange &&
                html`<form method="post" action="${action}">
                  <input type="hidden" name="remove" value="${device.id}" />
                  <button type="submit" class="plain" aria-label="${filled(words.removeNamed, device)}">${words.remove}</button>
                </form>`
              }
            </dd>`,
      )}
    </dl>`;
}

function filled(text: string, { name, since }: ShownDevice): string {
  return fillText(text, { name, since });
}
