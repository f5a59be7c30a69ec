// Looks at a page of ours as it stands in the browser, for what keeps somebody from using it: no language or label, two
// headings, too little contrast, something cut off or too small to touch. Says what it found; expects nothing.

import type { Page } from 'playwright-core';

/** Runs in the page. Everything wrong with it, in words; contrast as in WCAG 2.2, 1.4.3, of every text on its ground. */
const findFaults = `(() => {
  const faults = [];
  if (document.documentElement.lang !== 'en') faults.push('no language');
  if (!document.title.includes(' · ')) faults.push('title: ' + document.title);
  if (document.querySelectorAll('h1').length !== 1) faults.push('headings of the first order: ' + document.querySelectorAll('h1').length);
  for (const field of document.querySelectorAll('input:not([type=hidden]), textarea, select')) {
    if (!field.labels.length || !field.labels[0].textContent.trim()) faults.push('no label: ' + field.name);
  }
  for (const button of document.querySelectorAll('a, button')) if (!button.textContent.trim()) faults.push('nameless: ' + button.outerHTML);
  for (const image of document.querySelectorAll('img, svg')) {
    if (!image.closest('[role=img][aria-label]') && !image.alt) faults.push('undescribed picture');
  }
  const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);
  if (new Set(ids).size !== ids.length) faults.push('an id twice');
  if (document.documentElement.scrollWidth > innerWidth) faults.push('wider than the window: ' + document.documentElement.scrollWidth);
  for (const one of document.querySelectorAll('a.button, button')) {
    const box = one.getBoundingClientRect();
    if (!one.hidden && box.height < 44) faults.push('small target: ' + one.textContent.trim() + ' ' + box.height);
  }
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const luminance = ([r, g, b]) => [r, g, b].map((one) => one / 255)
    .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
    .reduce((sum, one, index) => sum + one * [0.2126, 0.7152, 0.0722][index], 0);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let checked = 0;
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !element.checkVisibility()) continue;
    const [light, dark] = [luminance(rgb(getComputedStyle(element).color)), luminance(ground(element))].sort((a, b) => b - a);
    const ratio = (light + 0.05) / (dark + 0.05);
    checked += 1;
    if (ratio < 4.5) faults.push('contrast ' + ratio.toFixed(2) + ': ' + texts.currentNode.data.trim());
  }
  if (checked < 3) faults.push('hardly any text: ' + checked);
  return faults;
})()`;

/** What is wrong in light and dark, wide and on a telephone; an empty object where nothing is. */
export async function faultsOf(page: Page): Promise<unknown> {
  const found: Record<string, unknown> = {};
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1280, 390, 320]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 844 });
      const faults = (await page.evaluate(findFaults)) as string[];
      if (faults.length > 0) found[`${colorScheme} ${width}`] = faults;
    }
  }
  return found;
}
