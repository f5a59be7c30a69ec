// The script in the EHR's pages is put together from parts that share their names: each language must be one program.

import { runInNewContext, Script } from 'node:vm';
import { expect, test } from 'vitest';
import { languages } from '../../src/core/language/language.ts';
import { makePageScript } from '../../src/pages/page-script/page-script.ts';
import { requestsPart } from '../../src/pages/page-script/requests.ts';

test.each(languages)('the page script in %s is a program', (language) => {
  expect(() => new Script(makePageScript(language, '/icon.svg'))).not.toThrow();
});

test.each([
  ['of this version', true],
  // A window stays open over an update of the gateway, and its frames load the new script.
  ['of the version before', false],
])('a frame goes on asking under a hub %s', async (_which, isNew) => {
  const told: unknown[] = [];
  const reply = { type: 'basic', status: 200, headers: new Headers({ 'wardgate-patient': 'shown' }) };
  const view = { fetch: async () => Promise.resolve(reply), Request: Blob, ReadableStream, XMLHttpRequest: EventTarget };
  const hub = {
    covered: () => false,
    told: () => undefined,
    ...(isNew && { patient: (of: unknown, header: unknown) => told.push([of === view, header]) }),
  };
  const [beside] = runInNewContext(`${requestsPart}; [standBesideFetch]`) as [(at: unknown, above: unknown) => void];
  beside(view, hub);
  expect(await view.fetch()).toBe(reply);
  expect(told).toEqual(isNew ? [[true, 'shown']] : []);
});
