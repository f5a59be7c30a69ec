// One person who writes notes while everything happens to their session. They do what the pages tell them and nothing clever:
// unlock where they are asked to, sign in, press Back where a page says that the text is still there, and send what was kept.

import { isScript } from './model-browser.ts';
import type { Cut, ModelBrowser, Sending, Way } from './model-browser.ts';
import type { House } from './house.ts';
import type { Reply } from '../cookie-client.ts';

export interface Note {
  readonly pid: number;
  readonly text: string;
  /** By which it is found in whatever page shows it. */
  readonly mark: string;
  readonly way: Way;
  /** The browser still holds it: typed into a page that is open, or one Back away as the page before said. */
  inPage: boolean;
}

/** What happens next, and to whom: the harness draws it. */
export interface Fate {
  /** Before each step of the person's. `isKept`: the note waits at the gateway, for half an hour and no longer. */
  befall(isKept: boolean): Promise<void>;
  /** Whether the network breaks during the next sending. */
  cut(): Cut;
  /** Whether the person clicks twice. */
  impatient(): boolean;
}

/** More tries than anything that happens needs. */
const mostTries = 12;

export class Clinician {
  readonly name: string;
  readonly browser: ModelBrowser;
  readonly house: House;
  /** What was done, for whoever reads a failure. */
  readonly diary: string[] = [];

  constructor(house: House, name: string, browser: ModelBrowser) {
    this.house = house;
    this.name = name;
    this.browser = browser;
  }

  /** Signs in, in this browser, and arrives at `path`. */
  async signIn(path = this.house.front): Promise<Reply> {
    this.diary.push(`signs in for ${path}`);
    this.house.clock.forward({ seconds: 31 });
    const { origin } = this.house;
    const challenge = await this.browser.page(
      `${origin}/.wardgate/sign-in?login_hint=${this.name}&return=${encodeURIComponent(path)}`,
    );
    return this.#answer(challenge);
  }

  async #answer(challenge: Reply): Promise<Reply> {
    if (!challenge.url.includes('/.wardgate/second-factor')) return challenge;
    return this.browser.form(challenge.url, { code: this.house.code(this.name) });
  }

  open(path: string): Promise<Reply> {
    this.diary.push(`opens ${path}`);
    return this.browser.page(this.house.origin + path);
  }

  /** Goes on until the note is sent, or nothing is left of it. */
  async save(note: Note, fate: Fate): Promise<void> {
    let reloaded = false;
    let repeats = false;
    for (let tries = 0; tries < mostTries && note.inPage; tries += 1) {
      // The script in the page repeats what it holds as soon as the person is back.
      if (!repeats) await fate.befall(false);
      const sending: Sending = { way: note.way, fields: { ...this.house.fields, note: note.text }, cut: fate.cut(), reloaded };
      const path = this.house.notePath(note.pid);
      const sends = (): Promise<Reply | null> => this.browser.send(path, sending);
      // The browser takes the answer to the second click.
      const [reply]: (Reply | null)[] = await Promise.all(!repeats && fate.impatient() ? [sends(), sends()] : [sends()]);
      this.diary.push(`sends by ${note.way}${sending.cut === null ? '' : ` cut ${sending.cut}`}: ${told(reply ?? null)}`);
      reloaded = reply === null;
      repeats = isScript(note.way) && reply?.headers['wardgate-session'] !== undefined;
      if (reply === null || reply === undefined) note.inPage = !(await this.#isInChart(note));
      else if (isScript(note.way)) await this.#heardByScript(note, reply);
      else await this.#afterForm(note, reply, fate);
    }
  }

  /** After a network that broke, a careful person looks before sending once more: in the chart, and at what was kept. */
  async #isInChart(note: Note): Promise<boolean> {
    const chart = await this.openForm(note.pid);
    if (chart.text.includes(note.mark)) return true;
    const kept = await this.#enter('/.wardgate/held');
    if (!kept.text.includes(note.mark)) return false;
    return !(await this.#sendHeld(note));
  }

  /** Opens a page of the EHR or of ours, whatever stands before it. */
  async #enter(path: string): Promise<Reply> {
    let reply = await this.open(path);
    for (let tries = 0; tries < mostTries; tries += 1) {
      if (reply.url.includes('/.wardgate/unlock')) reply = await this.#unlock(reply);
      else if (reply.url.includes('/.wardgate/second-factor') || reply.url.includes('/interaction/'))
        reply = await this.signIn(path);
      else if (reply.status >= 500 || reply.text.includes('ehr-session-ended')) reply = await this.#waitAndOpen(path);
      else return reply;
    }
    return reply;
  }

  /** Whoever was led to the front page instead opens the patient once more. */
  async openForm(pid: number): Promise<Reply> {
    const path = this.house.formPath(pid);
    const first = await this.#enter(path);
    return first.url.endsWith(path) ? first : this.#enter(path);
  }

  #waitAndOpen(path: string): Promise<Reply> {
    this.house.clock.forward({ seconds: 31 });
    return this.open(path);
  }

  #unlock(page: Reply): Promise<Reply> {
    this.diary.push('unlocks on the page');
    this.house.clock.forward({ seconds: 31 });
    return this.browser.form(page.url, { code: this.house.code(this.name) });
  }

  /** What the script in the page does: it covers the page, the person is back, and the request goes once more. */
  async #heardByScript(note: Note, reply: Reply): Promise<void> {
    const standing = reply.headers['wardgate-session'];
    if (standing === undefined && reply.status < 400) note.inPage = false;
    else if (standing === 'locked') await this.#unlockInPlace();
    else if (standing === 'ended') await this.signIn('/.wardgate/unlocked');
    // The page says that it could not save; the person opens the EHR beside it.
    else await this.#openAnew(note);
  }

  async #openAnew(note: Note): Promise<void> {
    await this.#enter(this.house.front);
    await this.openForm(note.pid);
  }

  async #unlockInPlace(): Promise<void> {
    this.diary.push('unlocks in place');
    this.house.clock.forward({ seconds: 31 });
    const headers = {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      'sec-fetch-site': 'same-origin',
      'sec-fetch-mode': 'cors',
      'sec-fetch-dest': 'empty',
      origin: this.house.origin,
    };
    const body = `code=${this.house.code(this.name)}`;
    await this.browser.ask(`${this.house.origin}/.wardgate/unlock`, { method: 'POST', body, headers });
  }

  async #afterForm(note: Note, reply: Reply, fate: Fate): Promise<void> {
    if (reply.status === 204) return;
    // The page that was left: from here on the text is where the pages say that it is.
    note.inPage = reply.text.includes('press Back');
    if (note.inPage) {
      this.diary.push('presses Back');
      await this.#openAnew(note);
      return;
    }
    if (!reply.url.includes('/.wardgate/') && !reply.url.includes('/interaction/') && reply.status < 400) return;
    await fate.befall(true);
    if (reply.url.includes('/.wardgate/unlock')) await this.#unlock(reply);
    note.inPage = await this.#sendHeld(note);
  }

  /** Opens the page of what was kept and sends this note from it. True where it was copied into the form instead. */
  async #sendHeld(note: Note): Promise<boolean> {
    for (let tries = 0; tries < mostTries; tries += 1) {
      const page = await this.#enter('/.wardgate/held');
      const offer = offersOf(page).find(({ text }) => text.includes(note.mark));
      this.diary.push(`looks at what is kept: ${offer === undefined ? 'nothing to send' : 'the note'}`);
      if (offer === undefined) return false;
      await this.#openAnew(note);
      const sent = await this.browser.form(this.house.origin + offer.action, { 'wardgate-held': offer.id });
      this.diary.push(`sends what was kept: ${told(sent)}`);
      if (!sent.text.includes('held-post-other-patient')) continue;
      // Nobody knows any more for whom it was written but the person.
      this.diary.push('copies the text');
      await this.browser.form(`${this.house.origin}/.wardgate/held`, { discard: offer.id });
      await this.openForm(note.pid);
      return true;
    }
    return false;
  }
}

/** What the page of held posts offers to send, with the words around it. */
export function offersOf(page: Reply): { readonly action: string; readonly id: string; readonly text: string }[] {
  return page.text.split('<section').flatMap((text) => {
    const found = /<form method="post" action="([^"]+)">\s*<input type="hidden" name="wardgate-held" value="([^"]+)"/.exec(text);
    const [, action = '', id = ''] = found ?? [];
    return found === null ? [] : [{ action: action.replaceAll('&amp;', '&'), id, text }];
  });
}

function told(reply: Reply | null): string {
  if (reply === null) return 'the network broke';
  const reason = /<dt>Reason<\/dt>\s*<dd><code>([^<]*)|"reason":"([^"]*)/.exec(reply.text);
  return `${reply.status} at ${new URL(reply.url).pathname} ${reason?.[1] ?? reason?.[2] ?? ''}`.trim();
}
