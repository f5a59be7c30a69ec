// How a refusal reaches its caller: straight on where nothing must be read first, told on a page where it must, out of a frame
// where the way on needs the whole window, and as JSON for scripts.

import { describe, expect, test } from 'vitest';
import type { Refusal } from '../../src/core/answer.ts';
import type { Reason } from '../../src/core/reasons.ts';
import { reasons } from '../../src/core/reasons.ts';
import { renderProblem } from '../../src/http/problem.ts';
import type { ProblemContext } from '../../src/http/problem.ts';

const context: ProblemContext = {
  requestId: 'r1',
  shape: 'page',
  clinic: { name: 'Northside', help: 'ext. 4357', language: 'en' },
  path: '/chart',
  person: { displayName: 'Ada', roles: ['nurse'] },
};

const credential = '/.wardgate/credential?application=ehr&return=%2Fchart';
const written = (href: string): string => href.replaceAll('&', '&amp;');

function told(reason: Reason, shape: ProblemContext['shape'], more: Partial<Refusal> = {}) {
  return renderProblem({ kind: 'refusal', reason, ...more }, { ...context, shape });
}

describe('what came of signing on to the EHR is read first', () => {
  const cases: readonly (readonly [Reason, string | undefined, string | null])[] = [
    ['ehr-credential-refused', credential, 'Enter the new password'],
    ['ehr-password-change', '/ehr/password', 'Open the EHR&#39;s password page'],
    ['ehr-sign-on-unrecognised', credential, 'Enter your EHR password again'],
    ['ehr-sign-on-paused', undefined, null],
    ['ehr-account-missing', undefined, null],
    ['ehr-session-ended', '/', 'Open the EHR again'],
  ];

  test.each(cases)('%s on a page and in a frame, with its way on', (reason, remedy, label) => {
    for (const shape of ['page', 'frame'] as const) {
      const { status, headers, body } = told(reason, shape, remedy === undefined ? {} : { remedy });
      expect([status, headers['location'], headers['cache-control']]).toEqual([reasons[reason].status, undefined, 'no-store']);
      expect(body).toContain(`<h1>${reasons[reason].title}</h1>`);
      expect(body).toContain(`<code>${reason}</code>`);
      if (label !== null) expect(body).toMatch(new RegExp(`href="[^"]+"[^>]*>${label}</a>`));
      if (remedy !== undefined) expect(body).toContain(`class="button" href="${written(remedy)}"`);
    }
  });

  test.each(cases)('%s tells a script the same as JSON', (reason, remedy) => {
    const { status, headers, body } = told(reason, 'script', remedy === undefined ? {} : { remedy });
    expect([status, headers['content-type']]).toEqual([reasons[reason].status, 'application/problem+json']);
    expect(JSON.parse(body)).toMatchObject({ reason, ...(remedy === undefined ? {} : { remedy }) });
    expect(JSON.parse(body)).not.toHaveProperty('signIn');
  });

  test.each([
    ['ehr-session-ended', '/', true],
    ['ehr-password-change', '/ehr/password', true],
    ['ehr-credential-refused', '/.wardgate/credential?application=ehr&return=%2F', true],
    ['ehr-credential-refused', credential, false],
  ] as const)('%s leads out of a frame to %s: %s', (reason, remedy, leaves) => {
    expect(told(reason, 'frame', { remedy }).body.includes(`href="${written(remedy)}" target="_top"`)).toBe(leaves);
    expect(told(reason, 'page', { remedy }).body).not.toContain(`href="${written(remedy)}" target=`);
  });

  test('a new password is set at the EHR and then entered here', () => {
    const { body } = told('ehr-password-change', 'page', { remedy: '/ehr/password' });
    expect(body).toContain('<a class="button plain" href="/.wardgate/credential">Enter the new password</a>');
    expect(told('ehr-password-change', 'frame', { remedy: '/ehr/password' }).body).toContain(
      '<a class="button plain" href="/.wardgate/credential" target="_top">Enter the new password</a>',
    );
  });

  test('a pause says how long', () => {
    const { headers, body } = told('ehr-sign-on-paused', 'page', { retryAfterSeconds: 42 });
    expect([headers['retry-after'], body.includes('You can try again in 42 seconds.')]).toEqual(['42', true]);
    expect(told('ehr-sign-on-paused', 'page', { retryAfterSeconds: 1 }).body).toContain('in 1 second.');
    expect(told('ehr-sign-on-paused', 'page', { retryAfterSeconds: 1, detail: 'Because' }).body).toContain('Because.');
  });

  test('what the EHR said is quoted, escaped and short', () => {
    const { body } = told('ehr-sign-on-unrecognised', 'page', { told: `<b>No</b> ${'xxx '.repeat(500)}` });
    const quoted = /<blockquote>(.*?)<\/blockquote>/s.exec(body)?.[1] ?? '';
    expect(quoted.startsWith('&lt;b&gt;No&lt;/b&gt; xxx')).toBe(true);
    expect(quoted.endsWith('xxx…')).toBe(true);
    expect(quoted.replaceAll(/&[lg]t;/g, '<').length).toBeLessThanOrEqual(600);
    expect(quoted.replaceAll(/&[lg]t;/g, '<').length).toBeGreaterThan(590);
    expect(told('ehr-sign-on-unrecognised', 'page').body).not.toContain('blockquote');
  });

  test.each([
    ['ehr-credential-refused', credential, false],
    ['ehr-password-change', '/ehr/password', false],
    ['ehr-account-missing', undefined, false],
    ['ehr-session-ended', '/', false],
    ['ehr-sign-on-paused', undefined, true],
    ['no-rule', undefined, true],
  ] as const)('%s offers the start page where it says anything else: %s, %s', (reason, remedy, offered) => {
    const { body } = told(reason, 'page', remedy === undefined ? {} : { remedy });
    expect(body.includes('>Start page</a>')).toBe(offered);
  });
});

describe('what can be put right at once is not read first', () => {
  test.each([
    ['ehr-credential-required', credential, credential],
    ['sign-in-required', '/.wardgate/sign-in?return=%2Fa', '/.wardgate/leave-frame?to=%2F.wardgate%2Fsign-in%3Freturn%3D%252Fa'],
    ['second-factor-required', '/.wardgate/step-up?return=%2Fa', '/.wardgate/step-up?return=%2Fa'],
  ] as const)('%s goes straight to %s', (reason, remedy, inFrame) => {
    expect(told(reason, 'page', { remedy })).toMatchObject({ status: 303, headers: { location: remedy }, body: '' });
    expect(told(reason, 'frame', { remedy })).toMatchObject({ status: 303, headers: { location: inFrame }, body: '' });
    expect(told(reason, 'script', { remedy }).headers['location']).toBeUndefined();
    expect(told(reason, 'upgrade', { remedy }).headers['location']).toBeUndefined();
  });

  test('a page of another site that led here is opened in its own frame, by a click', () => {
    const { status, body } = told('origin-not-permitted', 'frame', { remedy: '/chart?pid=7' });
    expect([status, body.includes('<a class="button" href="/chart?pid=7">Open it now</a>')]).toEqual([403, true]);
  });
});
