// One run: a person, a few notes, and what a seed has happen in between. Afterwards every note is looked for, in the chart, on
// the page of what is kept, and in the browser; and everything that the second person was shown is searched for the first's.

import { seeded } from '../seeded.ts';
import { Clinician, offersOf } from './clinician.ts';
import type { Fate, Note } from './clinician.ts';
import type { House } from './house.ts';
import { ModelBrowser, ways } from './model-browser.ts';

export interface Told {
  /** Nowhere any more. */
  readonly lost: readonly string[];
  /** In the chart twice, or there and still offered to be sent. */
  readonly twice: readonly string[];
  /** In the chart of somebody else. */
  readonly misfiled: readonly string[];
  /** In the chart in somebody else's name. */
  readonly misnamed: readonly string[];
  /** Shown to the second person. */
  readonly seen: readonly string[];
  readonly saved: number;
  readonly kept: number;
  readonly diary: readonly string[];
}

export async function lostWorkRun(house: House, seed: number): Promise<Told> {
  const run = new Run(house, seed);
  return run.play();
}

/** Those of the EHRs, and 0 for nobody. */
const everyPatient = Array.from({ length: 61 }, (_, pid) => pid);

/** Notes of one run. */
const count = 3;

const out: ReadonlySet<string> = new Set([
  'locks',
  'ends after the lock',
  'is away for hours',
  'the longest time is over',
  'the provider logs out',
  'is revoked',
]);

class Run {
  readonly #house: House;
  readonly #random: () => number;
  readonly #first: Clinician;
  readonly #second: Clinician;
  readonly #notes: Note[] = [];
  /** Nothing more happens: the person is left in peace to put it right. */
  #quiet = false;

  constructor(house: House, seed: number) {
    const random = seeded(seed);
    // The first numbers of neighbouring seeds are alike.
    for (let skipped = 0; skipped < 5; skipped += 1) random();
    this.#house = house;
    this.#random = random;
    const browser = new ModelBrowser(house.origin);
    const [first, second] = random() < 0.5 ? house.people : house.people.toReversed();
    this.#first = new Clinician(house, first ?? '', browser);
    this.#second = new Clinician(house, second ?? '', browser);
    for (let number = 0; number < count; number += 1) {
      const [way = 'form', pid] = [ways[Math.floor(random() * ways.length)], 1 + Math.floor(random() * 24)];
      const mark = `Note ${number} of run ${seed}.`;
      this.#notes.push({ pid, way, mark, text: `${mark} Wound <dry> & clean`, inPage: true });
    }
  }

  async play(): Promise<Told> {
    const { clock } = this.#house;
    // What the run before left is over.
    clock.forward({ minutes: 31 });
    await this.#first.signIn();
    for (const note of this.#notes) {
      await this.#first.openForm(note.pid);
      await this.#first.save(note, this.#fate());
      if (this.#draw() < 0.25) await this.#secondPerson();
    }
    this.#quiet = true;
    for (const note of this.#notes) if (note.inPage) await this.#first.save(note, this.#fate());
    return this.#look();
  }

  #draw(): number {
    return this.#random();
  }

  #fate(): Fate {
    let cuts = 0;
    return {
      befall: async (isKept) => {
        this.#isOut = false;
        if (isKept) await this.#happenToKept();
        else while (!this.#quiet && this.#draw() < 0.45) await this.#happen();
      },
      cut: () => {
        if (this.#quiet || cuts > 2 || this.#draw() > 0.15) return null;
        cuts += 1;
        return this.#draw() < 0.5 ? 'before' : 'after';
      },
      // To an EHR in use two clicks are two notes, with a gateway or without.
      impatient: () => !this.#quiet && this.#isOut && this.#draw() < 0.3,
    };
  }

  /** The session is locked or over: whatever is sent now reaches no EHR. */
  #isOut = false;

  async #happen(): Promise<void> {
    const happenings = [
      ['minutes pass', () => this.#pass(1 + Math.floor(this.#draw() * 14))],
      ['locks', () => this.#pass(16)],
      ['ends after the lock', () => this.#pass(46)],
      ['is away for hours', () => this.#pass(100)],
      ['the longest time is over', () => this.#pass(721)],
      ['the provider logs out', () => this.#house.endSession(this.#first.browser, 'provider-logout')],
      ['is revoked', () => this.#house.endSession(this.#first.browser, 'revoked')],
      ['signs out in another tab', () => this.#signOut()],
      ['the EHR forgets its sessions', async () => this.#house.forgetEhrSessions()],
      ['the gateway is restarted', () => this.#house.restart()],
      ['looks at another tab', async () => void (await this.#first.open(this.#house.aside))],
      ['the pollers run', () => this.#poll()],
    ] as const;
    const [what, act] = happenings[Math.floor(this.#draw() * happenings.length)] ?? happenings[0];
    this.#first.diary.push(`(${what})`);
    this.#isOut ||= out.has(what);
    await act();
  }

  /** Less than half an hour of it. */
  async #happenToKept(): Promise<void> {
    const drawn = this.#quiet ? 1 : this.#draw();
    if (drawn < 0.2) await this.#secondPerson();
    else if (drawn < 0.3) await this.#house.restart();
    else if (drawn < 0.4) await this.#pass(16);
    else if (drawn < 0.5) this.#house.forgetEhrSessions();
  }

  /** The pollers of the open page go on meanwhile. */
  async #pass(minutes: number): Promise<void> {
    const step = Math.max(1, Math.ceil(minutes / 4));
    for (let passed = 0; passed < minutes; passed += step) {
      this.#house.clock.forward({ minutes: Math.min(step, minutes - passed) });
      await this.#poll();
    }
  }

  async #poll(): Promise<void> {
    const { method, path } = this.#house.poller;
    const headers = { accept: '*/*', 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' };
    const body = method === 'POST' ? { body: 'skip_timeout_reset=1' } : {};
    const form = method === 'POST' ? { 'content-type': 'application/x-www-form-urlencoded', origin: this.#house.origin } : {};
    await this.#first.browser.ask(this.#house.origin + path, { method, ...body, headers: { ...headers, ...form } });
  }

  async #signOut(): Promise<void> {
    await this.#first.browser.form(`${this.#house.origin}/.wardgate/sign-out`, {});
  }

  /** Somebody else at the same browser: they look where they may, and everything they are shown is kept. */
  async #secondPerson(): Promise<void> {
    const from = this.#first.browser.heard.length;
    this.#first.diary.push(`(${this.#second.name} comes)`);
    await this.#second.signIn();
    for (const path of ['/.wardgate/held', this.#house.front, this.#house.formPath(30)]) await this.#second.open(path);
    if (this.#draw() < 0.5) await this.#signOut();
    this.#shown.push(...this.#first.browser.heard.slice(from).map(({ text }) => text));
    this.#first.diary.push(`(${this.#second.name} leaves)`);
    await this.#first.signIn();
  }

  readonly #shown: string[] = [];

  async #look(): Promise<Told> {
    this.#house.clock.forward({ seconds: 31 });
    const page = await this.#first.signIn('/.wardgate/held');
    const by = this.#house.displayName(this.#first.name);
    const found = this.#notes.map((note) => {
      const inChart = this.#house.notes(note.pid).filter(({ text }) => text === note.text);
      const elsewhere = everyPatient.some(
        (pid) => pid !== note.pid && this.#house.notes(pid).some(({ text }) => text === note.text),
      );
      const shown = page.text.includes(note.mark);
      const offered = offersOf(page).some(({ text }) => text.includes(note.mark));
      return { note, inChart, elsewhere, shown, offered };
    });
    const told = (match: (one: (typeof found)[number]) => boolean): string[] =>
      found.filter(match).map(({ note }) => `${note.way}: ${note.text}`);
    return {
      lost: told(({ note, inChart, shown }) => inChart.length === 0 && !shown && !note.inPage),
      twice: told(({ inChart, offered }) => inChart.length > 1 || (inChart.length === 1 && offered)),
      misfiled: told(({ elsewhere }) => elsewhere),
      misnamed: told(({ inChart }) => inChart.some((one) => one.by !== by)),
      seen: told(({ note }) => this.#shown.some((text) => text.includes(note.mark))),
      saved: found.filter(({ inChart }) => inChart.length === 1).length,
      kept: found.filter(({ inChart, shown, note }) => inChart.length === 0 && (shown || note.inPage)).length,
      diary: this.#first.diary,
    };
  }
}
