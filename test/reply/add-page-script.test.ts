// The page script and the replies of an EHR: which of them get it, where it goes, and that everything else passes byte for
// byte. The bytes come as a reply brings them, in pieces of every size.

import { describe, expect, test } from 'vitest';
import { EarlyBytes } from '../../src/adapters/early-bytes.ts';
import type { ApplicationSettings } from '../../src/config/settings.ts';
import type { SubjectMatter } from '../../src/facts.ts';
import type { UpstreamReply } from '../../src/ports.ts';
import { addPageScript } from '../../src/reply/add-page-script.ts';
import type { ReplyFacts } from '../../src/reply/reply-step.ts';
import { applicationOf, replyOf } from '../support/edge-facts.ts';

const tag = '<script src="/.wardgate/assets/page.js?v=1"></script>';
const html = ['content-type', 'text/html; charset=utf-8'];

interface Told {
  readonly headers?: readonly string[];
  readonly status?: number;
  readonly method?: string;
  readonly destination?: string | null;
  readonly accept?: string;
  readonly application?: Partial<ApplicationSettings>;
  readonly matter?: Partial<SubjectMatter>;
  /** Sizes of the pieces. */
  readonly pieces?: number;
}

/** What the browser gets: the body, and the headers. */
async function passed(body: string | Buffer, told: Told = {}): Promise<{ readonly body: string; readonly headers: string[] }> {
  const bytes = Buffer.from(body as string, 'latin1');
  const early = new EarlyBytes(1000);
  const size = told.pieces ?? bytes.length;
  for (let at = 0; at < bytes.length; at += size) early.add(bytes.subarray(at, at + size));
  const reply: UpstreamReply = {
    ...replyOf(told.headers ?? html, told.status),
    peek: (most) => {
      const looked = early.peek(most);
      early.release();
      return looked;
    },
    insert: (at, more) => early.insert(at, more),
  };
  const destination = told.destination === undefined ? 'document' : told.destination;
  const headers = new Map(destination === null ? [] : [['sec-fetch-dest', destination]]);
  if (told.accept !== undefined) headers.set('accept-language', told.accept);
  const application = applicationOf({ origin: 'https://ehr.example', ...told.application });
  const matter = { patient: null, patientSource: null, selects: null, ...told.matter };
  const facts = { application, headers, method: told.method ?? 'GET', ...matter } as unknown as ReplyFacts;
  await addPageScript({ pageScript: (accept = 'page') => `/.wardgate/assets/${accept}.js?v=1` })(facts, reply);
  return { body: Buffer.concat(early.takeAll()).toString('latin1'), headers: reply.headers };
}

describe('a document gets it', () => {
  const frameset =
    '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01 Frameset//EN">\n<html><frameset cols="9,*"><frame></frameset></html>';

  test('directly after the doctype, so that a frameset is still the first thing', async () => {
    const { body } = await passed(frameset);
    expect(body).toBe(frameset.replace('>\n', `>${tag}\n`));
  });

  test('in the language that the browser asks for', async () => {
    expect((await passed('<html>', { accept: 'es' })).body).toContain('/.wardgate/assets/es.js');
  });

  test('before its first tag where it has no doctype', async () => {
    expect((await passed('\n<html><body>A</body></html>')).body).toBe(`\n${tag}<html><body>A</body></html>`);
  });

  test.each([1, 2, 3, 7, 64, 1024])('in pieces of %i bytes', async (pieces) => {
    const body = `<!-- ${'x'.repeat(500)} --><!doctype html><html>${'y'.repeat(5000)}</html>`;
    expect((await passed(body, { pieces })).body).toBe(body.replace('<!doctype html>', `<!doctype html>${tag}`));
  });

  test('behind more than a kilobyte of comments', async () => {
    const body = `<!-- ${'x'.repeat(3000)} --><!doctype html><html></html>`;
    expect((await passed(body)).body).toBe(body.replace('<!doctype html>', `<!doctype html>${tag}`));
  });

  test.each(['document', 'iframe', 'frame'])('shown as %s', async (destination) => {
    expect((await passed('<html>', { destination })).body).toBe(`${tag}<html>`);
  });

  test.each([
    'text/html',
    'TEXT/HTML; charset=ISO-8859-1',
    'text/html;charset="windows-1252"',
    'text/html; charset=Shift_JIS',
    'text/html; charset=gb18030',
    'text/html; charset=ISO-2022-JP',
    'text/html; charset=nonsense',
  ])('as %s', async (type) => {
    expect((await passed('<html>\u00fc</html>', { headers: ['Content-Type', type] })).body).toBe(`${tag}<html>\u00fc</html>`);
  });

  test.each([
    [
      'a policy in a meta element about scripts, which comes after ours',
      `<html><meta http-equiv="Content-Security-Policy" content="script-src 'none'">`,
    ],
    ['a policy that only reports', '<html>', ['content-security-policy-report-only', "script-src 'none'"]],
    ['Trusted Types', '<html>', ['content-security-policy', "require-trusted-types-for 'script'"]],
    ['identity said aloud', '<html>', ['content-encoding', ' Identity ']],
    ['an inline disposition', '<html>', ['content-disposition', 'inline; filename=a.html']],
  ])('with %s', async (_what, body, more: readonly string[] = []) => {
    const passedOn = await passed(body, { headers: [...html, ...more] });
    expect(passedOn).toEqual({ body: tag + body, headers: [...html, ...more] });
  });

  test('by a form that was sent', async () => {
    expect((await passed('<html>', { method: 'POST' })).body).toBe(`${tag}<html>`);
  });

  test('and its length grows with it, while sums over its bytes are left out', async () => {
    const headers = [...html, 'Content-Length', '6', 'Content-MD5', 'x', 'Repr-Digest', 'sha-256=:x:', 'ETag', '"1"'];
    const length = String(6 + tag.length);
    expect((await passed('<html>', { headers })).headers).toEqual([...html, 'Content-Length', length, 'ETag', '"1"']);
  });

  test("with the page's own nonce where its policy wants one", async () => {
    const headers = [...html, 'Content-Security-Policy', "script-src 'nonce-r4nd0m' 'strict-dynamic'"];
    const { body } = await passed('<html>', { headers });
    expect(body).toBe('<script src="/.wardgate/assets/page.js?v=1" nonce="r4nd0m"></script><html>');
  });
});

describe('a patient', () => {
  const named = { patient: '7', patientSource: 'query' } as const;
  const script = { destination: 'empty', headers: ['content-type', 'application/json'] };

  test('in a document is told to its script', async () => {
    expect((await passed('<html>', { matter: named })).body).toBe(
      '<script src="/.wardgate/assets/page.js?v=1" data-patient></script><html>',
    );
  });

  test.each<[string, Told, string[]]>([
    ['in an answer to a script is told beside it', { ...script, matter: named }, ['wardgate-patient', 'shown']],
    ['chosen by a script is told as well', { ...script, matter: { selects: '7' } }, ['wardgate-patient', 'shown']],
    ['of whom an answer says nothing is not', { ...script, matter: { patientSource: 'unresolved' } }, []],
    ['in a picture is not', { ...script, destination: 'image', matter: named }, []],
    ['is not where the application is left alone', { ...script, matter: named, application: { pageScript: false } }, []],
  ])('%s', async (_what, told, added) => {
    const { body, headers } = await passed('{}', told);
    expect([body, headers]).toEqual(['{}', [...script.headers, ...added]]);
  });
});

describe('nothing else is touched:', () => {
  const page = '<!doctype html><html></html>';

  test.each(
    rowsOf([
      ['what a script asks for', { destination: 'empty' }],
      ['what an old browser asks for', { destination: null }],
      ['a picture', { destination: 'image' }],
      ['an embedded object', { destination: 'embed' }],
      ['JSON called HTML', {}, '{"a":1}'],
      ['a fragment called HTML', {}, '<td>12</td>'],
      ['an empty page', {}, ''],
      ['HTML called text', { headers: ['content-type', 'text/plain'] }],
      ['XHTML', { headers: ['content-type', 'application/xhtml+xml'] }],
      ['a type of its own', { headers: ['content-type', 'text/htmlx'] }],
      ['no type', { headers: [] }],
      ['two types', { headers: [...html, ...html] }],
      ['UTF-16 by its type', { headers: ['content-type', 'text/html; charset=UTF-16LE'] }],
      ['UTF-16 by its type, another name', { headers: ['content-type', "text/html; charset='unicode'"] }],
      ['UTF-16 by its bytes', { headers: ['content-type', 'text/html'] }, '\u00ff\u00fe<\0h\0t\0m\0l\0>\0'],
      ['a download', { headers: [...html, 'content-disposition', 'attachment; filename=a.html'] }],
      ['a download without a word', { headers: [...html, 'content-disposition', 'filename=a.html'] }],
      ['gzip', { headers: [...html, 'content-encoding', 'gzip'] }],
      ['two codings', { headers: [...html, 'content-encoding', 'identity, br'] }],
      ['a part', { status: 206 }],
      ['a part under another status', { headers: [...html, 'content-range', 'bytes 0-9/10'] }],
      ['an error', { status: 500 }],
      ['a redirect', { status: 302 }],
      ['a head without a body', { method: 'HEAD' }],
      ['a page whose policy allows no script of ours', { headers: [...html, 'content-security-policy', "script-src 'none'"] }],
      ['a page of an application that is left alone', { application: { pageScript: false } }],
      [
        'a charset that would be pushed out of reach',
        { headers: ['content-type', 'text/html'] },
        `<html>${' '.repeat(980)}<meta charset="koi8-r">`,
      ],
      [
        'a page that names a policy by which we could not ask the server',
        {},
        `<html><meta http-equiv="Content-Security-Policy" content="connect-src 'none'">`,
      ],
      ['no content', { status: 204 }],
      ['nothing new', { status: 304 }],
      ['a reset', { status: 205 }],
      ['a multistatus', { status: 207 }],
      ['zstd', { headers: [...html, 'content-encoding', 'zstd'] }],
      ['brotli', { headers: [...html, 'content-encoding', 'br'] }],
      ['a coding nobody knows', { headers: [...html, 'content-encoding', 'x-own'] }],
      ['what a form that PUTs gets', { method: 'PUT' }],
      ['UTF-32', { headers: ['content-type', 'text/html; charset=utf-32'] }],
      ['a stylesheet', { destination: 'style' }],
      ['a feed', { headers: ['content-type', 'text/xml'] }],
      [
        'two policies, of which one shuts us out',
        { headers: [...html, 'content-security-policy', "script-src 'self'", 'content-security-policy', "script-src 'none'"] },
      ],
      ['a sandbox', { headers: [...html, 'content-security-policy', 'sandbox allow-forms'] }],
      ['five kilobytes of comments', {}, `<!-- ${'x'.repeat(5000)} --><html>`],
    ]),
  )('%s', async (_what, told, body) => {
    const result = await passed(body, told);
    expect(result).toEqual({ body, headers: [...(told.headers ?? html)] });
  });

  function rowsOf(rows: readonly (readonly [what: string, told: Told, body?: string])[]) {
    return rows.map(([what, told, body = page]) => [what, told, body] as const);
  }

  test('the charset stays in reach where the header names it', async () => {
    const body = `<html>${' '.repeat(980)}<meta charset="koi8-r">`;
    expect((await passed(body, { headers: ['content-type', 'text/html; charset=koi8-r'] })).body).toBe(tag + body);
  });
});
