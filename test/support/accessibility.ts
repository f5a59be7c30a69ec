// What keeps somebody from using a page: everything that axe-core finds against WCAG 2.2 A and AA, and what it does not look
// for: a page wider than its window, a way by Tab that leaves the order of the page or shows no focus, a target too small to
// hit, something that moves. Says what it found; expects nothing. axe-core (MPL-2.0) is put into pages by tests alone and is in
// nothing that is shipped.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const run = `axe.run(document, {
  runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] },
  rules: { 'target-size': { enabled: true } },
  resultTypes: ['violations'],
}).then(({ violations, passes }) => passes.length < 5 ? ['axe found hardly anything to look at'] :
  violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + ' at ' + target.join(' ') + ': ' + failureSummary)))`;

/** Everything that can have the focus and is seen, in the page's order; through open shadow roots too. */
const look = `(() => {
  const found = [];
  const walk = (within) => within.querySelectorAll('*').forEach((one) => {
    if (one.shadowRoot) walk(one.shadowRoot);
    if (one.matches('a[href], button, input:not([type=hidden]), textarea, select, summary, [tabindex="0"]') && one.checkVisibility()) found.push(one);
  });
  const open = document.querySelector('wardgate-cover');
  walk(open && open.shadowRoot ? open.shadowRoot : document);
  return found;
})()`;

const layoutFaults = `(() => {
  const faults = [];
  if (document.documentElement.scrollWidth > innerWidth) faults.push('wider than the window: ' + document.documentElement.scrollWidth);
  if (document.getAnimations().length > 0) faults.push('something moves');
  for (const one of ${look}) {
    const { width, height } = one.getBoundingClientRect();
    // 2.5.8 lets a link within a sentence be as high as its line.
    const inText = one.matches('a') && getComputedStyle(one).display === 'inline';
    if (!inText && (width < 24 || height < 24)) faults.push('small target: ' + one.outerHTML.slice(0, 80) + ' ' + width + ' x ' + height);
  }
  return faults;
})()`;

/** Tab stops once in a group of radio buttons of one form, and the arrows go on within it. */
const stops = `${look}.filter((one, _, all) => {
  const group = all.filter((other) => other.type === 'radio' && other.name === one.name && other.form === one.form);
  return one.type !== 'radio' || one === (group.find((other) => other.checked) ?? group[0]);
})`;

const focused = `(() => {
  let at = document.activeElement;
  while (at && at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement;
  const style = getComputedStyle(at);
  const place = ${stops}.indexOf(at);
  return { place, name: at.outerHTML.slice(0, 80), seen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 };
})()`;

interface Focused {
  readonly place: number;
  readonly name: string;
  readonly seen: boolean;
}

/** On paper everything is dark on white and nothing is left that is only there to be pressed. */
const printFaults = `(() => [...document.querySelectorAll('h1, p, dt, dd, li, button, .button')].filter((one) => one.checkVisibility()).flatMap((one) => {
  const text = one.outerHTML.slice(0, 80);
  if (one.matches('button, .button')) return ['a button on paper: ' + text];
  return Math.max(...getComputedStyle(one).color.match(/\\d+/g).map(Number).slice(0, 3)) > 80 ? ['pale on paper: ' + text] : [];
}))()`;

/** By Tab from where the focus stands to the last of the page, each once, forwards and seen. */
async function keyboardFaults(page: Page): Promise<string[]> {
  const all = (await page.evaluate(`${stops}.length`)) as number;
  const faults: string[] = [];
  // Where the page itself has put the focus.
  let { place: before } = (await page.evaluate(focused)) as Focused;
  for (let step = 0; step < all; step += 1) {
    await page.keyboard.press('Tab');
    const { place, name, seen } = (await page.evaluate(focused)) as Focused;
    // Past the last one the browser's own buttons have the focus, or the cover begins anew.
    if (place === -1 || place <= before) break;
    if (before !== -1 && place !== before + 1) faults.push(`skipped before ${name}`);
    if (!seen) faults.push(`no focus to be seen: ${name}`);
    before = place;
  }
  if (all > 0 && before !== all - 1) faults.push(`Tab ends at ${before + 1} of ${all}`);
  return faults;
}

/** The place for pictures of every page, where somebody wants to look at them. */
const pictures = process.env['WARDGATE_PICTURES'];

/** Everything wrong in light and dark, 1280 pixels wide and 320, which is also 1280 at 400 %; empty where nothing is. */
export async function barriersOn(page: Page, name: string): Promise<string[]> {
  const found: string[] = [];
  await page.evaluate(axe);
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1280, 320]) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: 800 });
      const faults = [...((await page.evaluate(run)) as string[]), ...((await page.evaluate(layoutFaults)) as string[])];
      found.push(...faults.map((fault) => `${colorScheme} ${width}: ${fault}`));
      if (pictures !== undefined)
        await page.screenshot({ path: join(pictures, `${name}-${colorScheme}-${width}.png`), fullPage: true });
    }
  }
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  if ((await page.locator('wardgate-cover').count()) === 0) found.push(...(await page.evaluate<string[]>(printFaults)));
  await page.emulateMedia({ media: 'screen' });
  found.push(...(await keyboardFaults(page)));
  return found;
}
