// A real browser for stories: the system's Chromium, the codes that people type, and an ear for whatever our own pages
// complain about. Holds no expectations of its own.

import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { generateSync } from 'otplib';
import type { Demo } from '../../src/cli/start-demo.ts';

const STEP_SECONDS = 30;

/** How long a code handed out must still be good for: typing and clicking take their time on a busy machine. */
const marginMilliseconds = 10_000;

/** Starts Chromium without a window. `path` is the program. */
export function launch(path: string): Promise<Browser> {
  return chromium.launch({ executablePath: path, args: ['--no-sandbox'] });
}

/** What a page of ours said on the console, or threw: `where: what`. */
export type Complaints = string[];

export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly complaints: Complaints;
}

/** A person with a fresh browser profile. Complaints of every page they open are collected. */
export async function visitor(browser: Browser, options: BrowserContextOptions = {}): Promise<Visitor> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const complaints: Complaints = [];
  context.on('page', (page) => listen(page, complaints));
  return { context, page: await context.newPage(), complaints };
}

/** The status of the page itself, such as 403, is told to the console by the browser; that is no complaint of the page. */
const ownStatus = /^Failed to load resource: the server responded with a status of [45]\d\d/;

function listen(page: Page, complaints: Complaints): void {
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
  page.on('console', (message) => {
    const { url } = message.location();
    const told = ownStatus.test(message.text()) && !url.includes('/.wardgate/assets/');
    if ((message.type() === 'error' || message.type() === 'warning') && !told) complaints.push(`${url}: ${message.text()}`);
  });
}

/** The codes of one demo: each is handed out once, because each is accepted once. */
export class Codes {
  readonly #demo: Demo;
  readonly #used = new Map<string, number>();

  constructor(demo: Demo) {
    this.#demo = demo;
  }

  /** The next code of a persona that will be accepted: of the step before, of this one or of the next. */
  async next(name: string): Promise<string> {
    const secret = this.#demo.personas.find((persona) => persona.name === name)?.totpSecret;
    if (typeof secret !== 'string') throw new Error(`Persona "${name}" has no second factor`);
    return this.of(secret);
  }

  /** The same for a secret read from the enrolment page. */
  async of(secret: string): Promise<string> {
    const step = Math.max((this.#used.get(secret) ?? 0) + 1, stepAt(Date.now() + marginMilliseconds) - 1);
    this.#used.set(secret, step);
    // One step of drift is accepted, no more: a third sign-in within half a minute has to wait for its turn.
    while (step > stepAt(Date.now()) + 1) await new Promise((resolve) => setTimeout(resolve, 100));
    return generateSync({ secret, epoch: step * STEP_SECONDS });
  }
}

function stepAt(milliseconds: number): number {
  return Math.floor(milliseconds / 1000 / STEP_SECONDS);
}

/** Signs in by the hint, second factor included, and arrives at `path`. */
export async function enter(page: Page, demo: Demo, codes: Codes, name: string, path = '/main'): Promise<void> {
  await page.goto(`${demo.origin}/.wardgate/sign-in?login_hint=${name}&return=${encodeURIComponent(path)}`);
  await page.fill('input[name=code]', await codes.next(name));
  await Promise.all([page.waitForURL(`${demo.origin}${path}`), page.click('button[type=submit]')]);
}
