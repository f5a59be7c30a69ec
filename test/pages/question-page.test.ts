// The page of the questions shows what others wrote and what patients are called: none of it is markup, and none of it is a place
// in a sentence of ours.

import { expect, test } from 'vitest';
import { languages } from '../../src/core/language/language.ts';
import { questionPage } from '../../src/pages/question-page.ts';
import type { ShownQuestion } from '../../src/pages/question-page.ts';

const hostile = `"'><img src=x onerror=alert(1)></textarea><script>alert(2)</script>{patient}{time}{left}`;
const asText = `&quot;&#39;&gt;&lt;img src=x onerror=alert(1)&gt;&lt;/textarea&gt;&lt;script&gt;alert(2)&lt;/script&gt;{patient}{time}{left}`;

const question: ShownQuestion = {
  id: hostile,
  day: hostile,
  alerts: [
    { at: hostile, about: 'chart', patient: hostile, charts: null },
    { at: 'noon', about: 'downloads', patient: hostile, charts: null },
  ],
  moreAlerts: 1,
  said: [
    { at: hostile, by: 'reviewer', text: hostile },
    { at: hostile, by: 'askedBy', text: null },
  ],
  asked: { dueBy: hostile, overdue: false, postponementsLeft: 2 },
};

test.each(languages)('in %s', (language) => {
  const clinic = { name: 'Northside', help: 'ext. 4357', language, logo: null };
  const page = questionPage({ clinic, action: '/.wardgate/question', back: '/', questions: [question], more: 0, told: null });
  expect(page).not.toMatch(/<img|<script/i);
  // Wherever it stands, it stands as text.
  const places = page.split(asText).length - 1;
  expect([places, places >= 10]).toEqual([page.split('onerror').length - 1, true]);
  expect(page).not.toMatch(/\{(?!patient\}|time\}|left\})/);
});
