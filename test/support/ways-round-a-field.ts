// The ways by which somebody might get a field past a rule that asks for it, as whole queries, bodies and types. Each is
// text of one character per byte; `name` is always a plain name with an underscore in it.

import fc from 'fast-check';

export interface SentForm {
  readonly what: string;
  readonly contentType: string | null;
  readonly body: string;
  /** Further header lines. */
  readonly headers?: readonly string[];
}

const urlencoded = 'application/x-www-form-urlencoded';

/** Urlencoded text that holds the field in some spelling, or something that looks like it. */
export function spelledPairs(name: string): readonly string[] {
  const [head = '', tail = ''] = name.split('_', 2);
  const hex = (character: string): string => `%${character.charCodeAt(0).toString(16)}`;
  const plain = [name, `${name}=`, `${name}=1`, `${name}=delete`, `${name}=DELETE`, `${name}==1`, `${name}=%64elete`];
  const arrays = [
    `${name}[]=1`,
    `${name}[x]=delete`,
    `${name}%5B%5D=1`,
    `${name}%5bx%5d`,
    `${name}[=1`,
    `${name}[a=1`,
    `${name}]=1`,
    `[${name}]=1`,
  ];
  const folded = ['.', '%2e', '+', '%20', '[', '%5B'].flatMap((mark) => [
    `${head}${mark}${tail}=1`,
    `${head}${mark}${tail}=delete`,
  ]);
  const edged = [
    `+${name}=1`,
    `%20${name}=1`,
    `%20+%20${name}=1`,
    `${name}+=1`,
    `${name}%20=1`,
    `%09${name}=1`,
    `${name}%00=1`,
    `${name}%00x=1`,
    `%00${name}=1`,
  ];
  const encoded = [
    `${hex(head.charAt(0))}${name.slice(1)}=1`,
    `${Array.from(name, hex).join('')}=1`,
    `${head}%5F${tail}=1`,
    `${head}%255F${tail}=1`,
  ];
  const cased = [`${name.toUpperCase()}=1`, `${name.charAt(0).toUpperCase()}${name.slice(1)}=delete`];
  const separated = [
    `x=1;${name}=1`,
    `x=1&&${name}=1`,
    `&${name}&`,
    `x=1%26${name}=1`,
    `=${name}`,
    `x=%26${name}%3d1`,
    `${name}%3d1`,
    `%zz&${name}=1`,
    `${name}=%zz`,
  ];
  const repeated = [
    `${name}=1&${name}=delete`,
    `${name}=delete&${name}=1`,
    `${name}=1&${name}=1`,
    `${name}&${head}.${tail}`,
    `${name}[]=1&${name}=1`,
    `${name}=&${name}=delete`,
  ];
  const odd = [
    `${head}%EF%BC%BF${tail}=1`,
    `${head}%c0%ae${tail}=1`,
    `${name}%c0%80=1`,
    `${'a=1&'.repeat(1001)}${name}=1`,
    `${name}=${'x'.repeat(3000)}`,
    'other=1',
    '',
  ];
  return [...plain, ...arrays, ...folded, ...edged, ...encoded, ...cased, ...separated, ...repeated, ...odd];
}

/** Names put together at random from what readers fold, cut or decode. */
export function randomPairs(name: string, count: number, seed: number): readonly string[] {
  const [head = '', tail = ''] = name.split('_', 2);
  const piece = fc.constantFrom(
    head,
    head,
    tail,
    tail,
    '_',
    '_',
    '.',
    '+',
    '%20',
    '%5F',
    '%2E',
    '[',
    ']',
    '[]',
    '%5B',
    '%5D',
    '%00',
    '%09',
    '%',
    'x',
  );
  const pair = fc.tuple(fc.array(piece, { minLength: 3, maxLength: 6 }), fc.constantFrom('', '=', '=1', '=delete', '=list'));
  const text = fc
    .array(
      pair.map(([names, value]) => names.join('') + value),
      { minLength: 1, maxLength: 3 },
    )
    .map((list) => list.join('&'));
  return fc.sample(text, { numRuns: count, seed });
}

/** One field in every kind of form, and in bodies that are none. */
export function sentForms(name: string, limitBytes: number): readonly SentForm[] {
  return [...typedForms(name), ...multipartForms(name), ...sizedForms(name, limitBytes)];
}

function typedForms(name: string): readonly SentForm[] {
  const body = `${name}=delete`;
  const types = [
    urlencoded, `${urlencoded}; charset=UTF-8`, `${urlencoded};charset=utf-16`, `${urlencoded}; charset=ibm500`, `${urlencoded}, text/plain`, `${urlencoded} x`,
    `${urlencoded}\t`, `${urlencoded}\t; a=b`, `${urlencoded};`, `${urlencoded}; charset`, urlencoded.toUpperCase(), 'application/x-www-form-urlencoded-x', 'text/plain', 'application/json',
    'application/octet-stream', '*/*', 'text/plain; a=application/x-www-form-urlencoded', '',
  ]; // prettier-ignore
  return [
    ...types.map((contentType) => ({ what: `type ${contentType}`, contentType, body })),
    { what: 'no type', contentType: null, body },
    { what: 'type given twice', contentType: 'text/plain', body, headers: [`Content-Type: ${urlencoded}`] },
    { what: 'compressed', contentType: urlencoded, body, headers: ['Content-Encoding: gzip'] },
    { what: 'JSON', contentType: 'application/json', body: JSON.stringify({ [name]: 'delete' }) },
  ];
}

function multipartForms(name: string): readonly SentForm[] {
  const part = (disposition: string, content = 'delete', more = ''): string =>
    `--b\r\nContent-Disposition: form-data; ${disposition}${more}\r\n\r\n${content}\r\n`;
  const whole = (...parts: readonly string[]): string => `${parts.join('')}--b--\r\n`;
  const named = part(`name="${name}"`);
  const bodies: readonly (readonly [what: string, body: string])[] = [
    ['a part', whole(named)],
    ['an unquoted name', whole(part(`name=${name}`))],
    ['single quotes', whole(part(`name='${name}'`))],
    ['an array', whole(part(`name="${name}[]"`))],
    ['a folded name', whole(part(`name="${name.replace('_', '.')}"`))],
    ['a file of that name', whole(part(`name="${name}"; filename="a.txt"`))],
    ['a file without a name', whole(part(`name="${name}"; filename=""`))],
    ['filename*', whole(part(`name="${name}"; filename*=UTF-8''a`))],
    ['name*', whole(part(`name*=UTF-8''${name}`))],
    ['a file and a field', whole(part(`name="${name}"; filename="a"`), named)],
    ['another field and this one', whole(part('name="other"'), named)],
    ['two of them', whole(part(`name="${name}"`, '1'), named)],
    ['an escaped name', whole(part(`name="${name.replace('_', '\\_')}"`))],
    ['a percent name', whole(part(`name="${name.replace('_', '%5F')}"`))],
    ['a folded header', whole(`--b\r\nContent-Disposition: form-data;\r\n name="${name}"\r\n\r\ndelete\r\n`)],
    ['bare line feeds', whole(named).replaceAll('\r\n', '\n')],
    ['a preamble', `x\r\n${whole(named)}`],
    ['no end', named],
    ['after the end', `${whole(part('name="other"'))}${named}`],
    ['nested', whole(`--b\r\nContent-Disposition: form-data; name="outer"\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\nContent-Disposition: form-data; name="${name}"\r\n\r\ndelete\r\n--c--\r\n`)],
    ['base64', whole(part(`name="${name}"`, 'ZGVsZXRl', '\r\nContent-Transfer-Encoding: base64'))],
    ['a charset', whole(part(`name="${name}"`, 'delete', '\r\nContent-Type: text/plain; charset=utf-7'))],
    ['a bare line feed before the boundary', `--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\n${whole(named)}`],
  ]; // prettier-ignore
  const plainly = bodies.map(([what, body]) => ({
    what: `multipart: ${what}`,
    contentType: 'multipart/form-data; boundary=b',
    body,
  }));
  const types = [
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'multipart/form-data; boundary=b; boundary=c',
    'multipart/form-data; boundary="b"',
    'multipart/form-data; Boundary=b',
    'Multipart/Form-Data; boundary=b',
    'multipart/mixed; boundary=b',
    'multipart/form-data; xboundary=c; boundary=b',
  ];
  return [...plainly, ...types.map((contentType) => ({ what: `multipart as ${contentType}`, contentType, body: whole(named) }))];
}

function sizedForms(name: string, limitBytes: number): readonly SentForm[] {
  const padded = (bytes: number): string => `${'x'.repeat(bytes - name.length - 3)}&${name}=1`;
  const text = `${name}=delete`;
  return [
    { what: 'as large as may be', contentType: urlencoded, body: padded(limitBytes) },
    { what: 'a byte over the limit', contentType: urlencoded, body: padded(limitBytes + 1) },
    { what: 'far over the limit', contentType: urlencoded, body: padded(limitBytes * 4) },
    {
      what: 'chunked',
      contentType: urlencoded,
      body: Array.from(text, (one) => `1\r\n${one}\r\n`).join('') + '0\r\n\r\n',
      headers: ['Transfer-Encoding: chunked'],
    },
    {
      what: 'chunked over the limit',
      contentType: urlencoded,
      body: `${(limitBytes + 9).toString(16)}\r\n${padded(limitBytes + 9)}\r\n0\r\n\r\n`,
      headers: ['Transfer-Encoding: chunked'],
    },
  ];
}
