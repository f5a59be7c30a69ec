// The page of this browser as a device: whether the gateway knows it, making it known, removing one.

import { noticeOf } from './factor-pages.ts';
import { html } from './html.ts';
import type { Child } from './html.ts';
import { layout } from './layout.ts';
import type { PageClinic } from './layout.ts';

const words = {
  title: 'This device',
  unknown: 'The gateway does not know this browser yet.',
  shared: 'This browser is the shared device {name}, registered on {since}.',
  own: 'This browser is your own device {name}, since {since}.',
  confirm: 'Confirm once more to change anything.',
  confirmButton: 'Confirm',
  makeOwn: 'This is my own device',
  makeOwnHint: 'For a computer that nobody else uses. On a shared desk, ask IT to register it.',
  makeShared: 'This is a shared device',
  makeSharedHint: 'For a desk that several people use. Every record of work here will carry this name.',
  name: 'Name of this device',
  ownButton: 'Make it mine',
  sharedButton: 'Register it',
  known: 'Known devices',
  knownShared: 'shared, registered on {since}',
  knownOwn: 'your own, since {since}',
  remove: 'Remove',
  removeNamed: 'Remove {name}',
  back: 'Back',
  problems: {
    name: 'That is no name for a device. Use up to 40 letters, digits, spaces, ".", "_" and "-", such as WS-OR2.',
    'name-taken': 'There is a device of that name already. Take another name, or remove that one first.',
    'too-many': 'There are as many devices as there may be. Remove one that is not used any more.',
    'known-already': 'This browser is known already. Remove it first.',
    gone: 'There is no such device any more.',
    'not-understood': 'That was not understood. Try again.',
  },
} as const;

export type DeviceProblem = keyof typeof words.problems;

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
  /** Where one confirms before anything can be changed; null where that was done. */
  readonly stepUp: string | null;
}

const action = '/.wardgate/device';

export function devicePage({ clinic, problem, here, offers, removable, stepUp }: DevicePageParts): string {
  const mayChange = stepUp === null;
  const body = html`${noticeOf(problem === null ? null : words.problems[problem])}
    <p>${here === null ? words.unknown : filled(here.kind === 'shared' ? words.shared : words.own, here)}</p>
    ${
      !mayChange &&
      html`<p>${words.confirm}</p>
        <a class="button" href="${stepUp}">${words.confirmButton}</a>`
    }
    ${mayChange && offers.map(offer)} ${removable.length > 0 && knownDevices(removable, mayChange)}
    <a class="button plain" href="/.wardgate/me">${words.back}</a>`;
  return layout({ title: words.title, clinic, body });
}

function offer(kind: 'shared' | 'own'): Child {
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

function knownDevices(devices: readonly ShownDevice[], mayChange: boolean): Child {
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
  return text.replace('{name}', () => name).replace('{since}', since);
}
