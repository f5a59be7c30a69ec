// Every address of the demo EHR, each with what makes it awkward for a gateway.

import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDemoEhr } from '../../src/demo/ehr/start-demo-ehr.ts';
import type { DemoEhr } from '../../src/demo/ehr/start-demo-ehr.ts';
import { findPatient } from '../../src/demo/ehr/patients.ts';
import { routes } from '../../src/demo/ehr/routes.ts';
import { CookieClient } from './cookie-client.ts';

let ehr: DemoEhr;
let nurse: CookieClient;
const asNurse = { 'X-Remote-User': 'nurse' };

beforeAll(async () => {
  ehr = await startDemoEhr({ signOn: 'header' });
  nurse = new CookieClient(ehr.origin);
});

afterAll(() => ehr.close());

const get = (path: string): Promise<Response> => nurse.fetch(path, { headers: asNurse });
const post = (path: string, body: RequestInit['body'] = null): Promise<Response> =>
  nurse.fetch(path, { method: 'POST', headers: asNurse, body: body ?? null });

/** What fetch hides: the raw headers and how the answer ended. */
async function raw(path: string): Promise<{ answer: IncomingMessage; body: Buffer }> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request(ehr.origin + path, { headers: asNurse }, resolve)
      .on('error', reject)
      .end();
  });
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return { answer, body: Buffer.concat(chunks) };
}

interface Expected {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly route: string;
  readonly status?: number;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly holds?: string;
}

const html = 'text/html; charset=utf-8';
const name7 = 'Exampleworth';

const table: readonly Expected[] = [
  { method: 'GET', path: '/', route: '/', status: 302, headers: { location: '/main' } },
  { method: 'GET', path: '/main', route: '/main', type: html, holds: '<title>Meadowbrook EHR 4.2</title>' },
  { method: 'GET', path: '/top', route: '/top', type: html, holds: 'Noah Madeup' },
  { method: 'GET', path: '/nav', route: '/nav', type: html, holds: 'target="work"' },
  { method: 'GET', path: '/welcome', route: '/welcome', type: html, holds: 'Good day, Noah Madeup' },
  { method: 'GET', path: '/static/style.css', route: '/static/style.css', type: 'text/css', holds: 'table.grid' },
  { method: 'GET', path: '/static/app.js', route: '/static/app.js', type: 'application/x-javascript', holds: 'XMLHttpRequest' },
  { method: 'GET', path: '/static/logo.svg', route: '/static/logo.svg', type: 'image/svg+xml', holds: '<svg' },
  { method: 'GET', path: '/login', route: '/login', type: html, holds: 'name="token"' },
  { method: 'POST', path: '/login', route: '/login', type: html, holds: 'This login page is too old' },
  { method: 'GET', path: '/logout', route: '/logout', status: 302, headers: { location: '/login?out=1' } },
  { method: 'POST', path: '/logout', route: '/logout', status: 302, headers: { location: '/login?out=1' } },
  { method: 'GET', path: '/finder?q=exampleworth', route: '/finder', type: html, holds: 'href="/chart?set_pid=7"' },
  { method: 'GET', path: '/chart?pid=7', route: '/chart', type: html, holds: `<b>${name7}, Bea</b>` },
  { method: 'GET', path: '/chart?pid=61', route: '/chart', status: 404, type: html, holds: 'No patient has the number' },
  { method: 'GET', path: '/chart/vitals?pid=7', route: '/chart/vitals', type: html, holds: '<th>Pulse</th>' },
  { method: 'GET', path: '/chart/notes?pid=7', route: '/chart/notes', type: html, holds: 'name="note"' },
  {
    method: 'POST',
    path: '/chart/notes?pid=7',
    route: '/chart/notes',
    status: 302,
    headers: { location: '/chart/notes?pid=7' },
  },
  { method: 'GET', path: '/demographics?pid=7', route: '/demographics', type: html, holds: 'Insurance' },
  { method: 'GET', path: '/documents?pid=7', route: '/documents', type: html, holds: '/documents/file?pid=7&amp;doc=2' },
  {
    method: 'GET',
    path: '/documents/file?pid=7&doc=2',
    route: '/documents/file',
    type: 'application/pdf',
    headers: {
      'content-disposition': 'attachment; filename="Exampleworth_Bea_Imaging-report_7.pdf"',
      'cache-control': 'public',
    },
    holds: '%PDF-1.4',
  },
  { method: 'GET', path: '/documents/file?pid=7&doc=9', route: '/documents/file', status: 404 },
  {
    method: 'GET',
    path: '/documents/archive?pid=7',
    route: '/documents/archive',
    type: 'application/zip',
    headers: { 'content-disposition': 'filename="Exampleworth_Bea.zip"', connection: 'close' },
    holds: '1-Registration-form.pdf',
  },
  {
    method: 'GET',
    path: '/images/7/1',
    route: '/images/{patient}/{image}',
    type: 'image/png',
    headers: { 'content-disposition': 'inline; filename=""' },
    holds: 'IHDR',
  },
  {
    method: 'GET',
    path: '/images/7/0',
    route: '/images/{patient}/{image}',
    type: 'image/png',
    headers: { 'content-length': '0', 'content-disposition': 'inline; filename=""' },
  },
  { method: 'GET', path: '/images/7/4', route: '/images/{patient}/{image}', status: 404 },
  { method: 'GET', path: '/reports/patients', route: '/reports/patients', type: html, holds: 'form_csvexport' },
  { method: 'POST', path: '/reports/patients', route: '/reports/patients', type: html, holds: 'form_csvexport' },
  { method: 'GET', path: '/schedule', route: '/schedule', type: html, holds: '08:30' },
  { method: 'GET', path: '/billing/claims', route: '/billing/claims', type: html, holds: 'C-4001' },
  {
    method: 'POST',
    path: '/billing/claims/export',
    route: '/billing/claims/export',
    type: 'text/csv',
    headers: { 'content-disposition': 'attachement; filename=claims.csv' },
    holds: '"C-4001"',
  },
  { method: 'GET', path: '/letters/7/1', route: '/letters/{patient}/{letter}', type: html, holds: 'Dear Bea' },
  { method: 'POST', path: '/letters/7/1', route: '/letters/{patient}/{letter}', type: html, holds: 'The draft is kept' },
  { method: 'GET', path: '/letters/99/1', route: '/letters/{patient}/{letter}', status: 404 },
  { method: 'GET', path: '/admin/users', route: '/admin/users', type: html, holds: 'Ivo Plugly' },
  {
    method: 'GET',
    path: '/admin/backup',
    route: '/admin/backup',
    type: 'application/x-tar',
    headers: { 'content-disposition': 'attachment; filename="meadowbrook-backup.tar"' },
    holds: 'meadowbrook/patients.csv',
  },
  { method: 'GET', path: '/poll/reminders', route: '/poll/reminders', type: html, holds: '"reminders":3' },
  { method: 'GET', path: '/slow?seconds=0', route: '/slow', type: html, holds: 'This took 0 seconds' },
  {
    method: 'GET',
    path: '/files/large?megabytes=2',
    route: '/files/large',
    type: 'application/octet-stream',
    headers: { 'content-length': '2097152', 'content-disposition': 'attachment; filename="archive-2MB.bin"' },
  },
  { method: 'POST', path: '/upload', route: '/upload', holds: 'Received 0 bytes' },
  {
    method: 'GET',
    path: '/echo-headers',
    route: '/echo-headers',
    type: 'text/plain; charset=utf-8',
    holds: 'X-Remote-User: nurse',
  },
  { method: 'GET', path: '/redirect?to=relative', route: '/redirect', status: 302, headers: { location: 'welcome' } },
  { method: 'GET', path: '/nowhere', route: '', status: 404, type: html, holds: 'There is no page at /nowhere' },
  { method: 'POST', path: '/schedule', route: '', status: 405 },
  { method: 'GET', path: '/fault/hang', route: '', status: 404 },
];

describe('the routes', () => {
  it.each(table)('$method $path', async (row) => {
    const response = await nurse.fetch(row.path, { method: row.method, headers: asNurse });
    expect(response.status).toBe(row.status ?? 200);
    if (row.type !== undefined) expect(response.headers.get('content-type')).toBe(row.type);
    for (const [name, value] of Object.entries(row.headers ?? {})) expect(response.headers.get(name)).toBe(value);
    expect(await response.text()).toContain(row.holds ?? '');
  });

  it('are all in the table', () => {
    const tried = new Set(table.map((row) => `${row.method} ${row.route}`));
    expect(routes.map((route) => `${route.method} ${route.path}`).filter((route) => !tried.has(route))).toEqual([]);
  });

  it('sends its absolute redirects to its own origin', async () => {
    expect((await get('/redirect?to=absolute')).headers.get('location')).toBe(`${ehr.origin}/welcome`);
  });

  it('escape what they show', async () => {
    const text = await (await get(`/finder?q=${encodeURIComponent('"><script>')}`)).text();
    expect(text).toContain('&quot;&gt;&lt;script&gt;');
  });

  it('frames the application', async () => {
    const text = await (await get('/main')).text();
    for (const frame of ['name="top"', 'name="nav"', 'name="work"']) expect(text).toContain(`<frame ${frame}`);
  });
});

describe('the carried patient', () => {
  it('is chosen once and then leaned on', async () => {
    const physician = new CookieClient(ehr.origin);
    const open = async (path: string): Promise<string> =>
      (await physician.fetch(path, { headers: { 'X-Remote-User': 'physician' } })).text();
    expect(await open('/chart')).toContain('No patient selected');
    expect(await open('/chart?set_pid=7')).toContain('data-fragment="/chart/vitals"');
    for (const path of ['/chart', '/demographics', '/documents', '/poll/reminders']) expect(await open(path)).toContain(name7);
    expect(await open('/chart?pid=8')).toContain(findPatient(8)?.familyName);
    expect(await open('/chart?set_pid=99')).toContain('No patient has the number');
    expect(await open('/demographics')).toContain(name7);
    expect(await open('/chart?set_pid=5&set_pid=9')).toContain(findPatient(9)?.familyName);
  });

  it('is selected by HEAD too', async () => {
    await nurse.fetch('/chart?set_pid=3', { method: 'HEAD', headers: asNurse });
    expect(await (await get('/demographics')).text()).toContain(findPatient(3)?.familyName);
  });

  it('gets the notes that are written', async () => {
    await get('/chart?set_pid=11');
    const answer = await post('/chart/notes', new URLSearchParams({ note: 'Feels <b>better</b>' }));
    expect(answer.headers.get('location')).toBe('/chart/notes');
    expect(await (await get('/chart/notes')).text()).toContain('Feels &lt;b&gt;better&lt;/b&gt;');
    expect(await (await get('/chart/notes?pid=12')).text()).not.toContain('better');
  });
});

describe('exports', () => {
  const multipart = new FormData();
  multipart.set('form_csvexport', 'true');
  it.each([
    ['true', new URLSearchParams({ form_csvexport: 'true' }), true],
    ['any other truth', new URLSearchParams({ form_csvexport: 'yes' }), true],
    ['multipart', multipart, true],
    ['the last of several', new URLSearchParams('form_csvexport=0&form_csvexport=1'), true],
    ['0', new URLSearchParams({ form_csvexport: '0' }), false],
    ['a refresh', new URLSearchParams({ form_refresh: 'true' }), false],
  ])('answers the address of the view: %s', async (_name, body, exported) => {
    const response = await post('/reports/patients', body);
    const text = await response.text();
    expect(response.headers.get('content-type')).toBe(exported ? 'application/force-download' : html);
    expect(response.headers.get('content-disposition')).toBe(exported ? 'attachment; filename=patient_list.csv' : null);
    expect(text.split('\r\n').length === 62).toBe(exported);
  });

  it('answers the finder as JSON under the wrong label', async () => {
    const response = await get('/finder?format=json&limit=10');
    expect(response.headers.get('content-type')).toBe(html);
    expect(await response.json()).toMatchObject({ total: 60, rows: { length: 10 } });
  });

  it('ends the archive with the connection', async () => {
    const { answer, body } = await raw('/documents/archive?pid=7');
    expect(answer.headers['content-length']).toBeUndefined();
    expect(answer.headers['transfer-encoding']).toBeUndefined();
    expect(body.readUInt32LE(0)).toBe(0x04034b50);
    expect(body.readUInt32LE(body.length - 22)).toBe(0x06054b50);
    expect(body.readUInt16LE(body.length - 12)).toBe(4);
    expect(body.readUInt32LE(body.readUInt32LE(body.length - 6))).toBe(0x02014b50);
  });

  it('writes a PDF whose table of offsets is right', async () => {
    const text = (await raw('/documents/file?pid=7&doc=1')).body.toString('latin1');
    const start = Number(/startxref\n(\d+)/.exec(text)?.[1]);
    expect(text.slice(start, start + 8)).toBe('xref\n0 6');
    expect(text.slice(Number(/ f \n(\d{10})/.exec(text)?.[1])).startsWith('1 0 obj')).toBe(true);
  });

  it('draws pictures that differ', async () => {
    const pictures = await Promise.all(['/images/7/1', '/images/7/2', '/images/8/1', '/images/7/1'].map(raw));
    expect(new Set(pictures.map((one) => one.body.toString('base64'))).size).toBe(3);
  });
});

describe('streams', () => {
  it('sends a large file without its length when asked', async () => {
    const { answer, body } = await raw('/files/large?megabytes=1&length=unknown');
    expect(answer.headers['transfer-encoding']).toBe('chunked');
    expect(body.length).toBe(1024 * 1024);
  });

  it('sends no more than the limit', async () => {
    const response = await nurse.fetch('/files/large?megabytes=999999', { method: 'HEAD', headers: asNurse });
    expect(response.headers.get('content-length')).toBe(String(4096 * 1024 * 1024));
  });

  it('counts what is uploaded and remembers it', async () => {
    expect(await (await post('/upload', Buffer.alloc(300_000))).text()).toBe('Received 300000 bytes\n');
    const seen = ehr.requests().findLast((one) => one.target === '/upload');
    expect(seen).toMatchObject({ method: 'POST', bodyBytes: 300_000 });
    expect(seen?.headers).toContain('nurse');
  });

  it('refuses a form over its limit', async () => {
    expect((await post('/chart/notes?pid=1', Buffer.alloc(1024 * 1024 + 1))).status).toBe(500);
  });
});
