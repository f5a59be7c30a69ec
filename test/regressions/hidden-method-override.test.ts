// The story: the application took another method from `_method`. The gateway looked for that very name in the query, and in
// the form only where a rule happened to read it. So `?_method[]=DELETE`, `?.method=DELETE`, a form nobody asked for and a
// JSON object all reached the EHR, which deleted what the rules had let somebody post to.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { askMany } from '../support/ask-many.ts';
import { startSessionGateway } from '../support/session-gateway.ts';
import type { SessionGateway } from '../support/session-gateway.ts';

let place: SessionGateway;
let cookie = '';

beforeAll(async () => {
  place = await startSessionGateway({
    applications: { ehr: ['methodOverrideParameters: [_method]'] },
    rules: ['{ name: things, paths: ["/thing/**"], methods: [GET, POST], allow: everyone }'],
  });
  cookie = await place.cookieFor('nurse');
});

afterAll(() => place.close());

const form = 'application/x-www-form-urlencoded';

test.each([
  ['an array in the query', 'GET', '/thing/1?_method[]=DELETE', null, ''],
  ['a dot in the query', 'GET', '/thing/1?.method=DELETE', null, ''],
  ['capitals in the query', 'GET', '/thing/1?_METHOD=DELETE', null, ''],
  ['a form that no rule reads', 'POST', '/thing/1', form, 'a=1&_method=DELETE'],
  [
    'multipart',
    'POST',
    '/thing/1',
    'multipart/form-data; boundary=b',
    '--b\r\nContent-Disposition: form-data; name="_method"\r\n\r\nDELETE\r\n--b--\r\n',
  ],
  ['JSON', 'POST', '/thing/1', 'application/json', '{"_method":"DELETE"}'],
  ['a body without a type', 'POST', '/thing/1', null, '_method=DELETE'],
])('%s reaches nobody', async (_what, method, target, type, body) => {
  const before = place.ehr.requests.length;
  const lines = [`${method} ${target} HTTP/1.1`, `Host: ${place.host()}`, `Cookie: ${cookie}`, 'Accept: application/json'];
  if (type !== null) lines.push(`Content-Type: ${type}`);
  if (body !== '') lines.push(`Content-Length: ${body.length}`);
  const [answer] = await askMany(place.gateway.port, [[...lines, '', body].join('\r\n')]);
  expect(answer?.status).toBe(400);
  expect(JSON.parse(answer?.body ?? '{}')).toMatchObject({ reason: 'method-override-refused' });
  expect(place.ehr.requests.length).toBe(before);
});
