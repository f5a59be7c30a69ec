// A small table of raw requests in the form of the big corpus, so that its test never runs on nothing.

export interface RawRequest {
  readonly id: string;
  readonly title: string;
  readonly raw?: string;
  readonly raw_sequence?: readonly string[];
  readonly expect: {
    readonly verdict: 'reject' | 'forward-canonical' | 'wait-then-408' | 'either';
    readonly requests?: number;
    readonly reason?: string;
  };
}

type Row = readonly [title: string, verdict: RawRequest['expect']['verdict'], raw: string];

const smuggled = 'GET /admin HTTP/1.1\r\nHost: a\r\nX-Remote-User: admin\r\n\r\n';
const chunkedSmuggled = `${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n`;

const rows: readonly Row[] = [
  ['a plain request', 'forward-canonical', 'GET /a HTTP/1.1\r\nHost: __HOST__\r\n\r\n'],
  ['two spaces in the request line', 'forward-canonical', 'GET  /a HTTP/1.1\r\nHost: __HOST__\r\n\r\n'],
  ['a leading empty line', 'forward-canonical', '\r\nGET /a HTTP/1.1\r\nHost: __HOST__\r\n\r\n'],
  ['a body of stated length', 'forward-canonical', 'POST /a HTTP/1.1\r\nHost: __HOST__\r\nContent-Length: 5\r\n\r\nhello'],
  [
    'a chunked body with an extension and a trailer',
    'forward-canonical',
    'POST /a HTTP/1.1\r\nHost: __HOST__\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nHost: evil.test\r\n\r\n',
  ],
  [
    'a chunked DELETE that holds a request',
    'forward-canonical',
    `DELETE /a HTTP/1.1\r\nHost: __HOST__\r\nTransfer-Encoding: chunked\r\n\r\n${chunkedSmuggled}`,
  ],
  [
    'Connection names Transfer-Encoding',
    'forward-canonical',
    `POST /a HTTP/1.1\r\nHost: __HOST__\r\nConnection: transfer-encoding\r\nTransfer-Encoding: chunked\r\n\r\n${chunkedSmuggled}`,
  ],
  [
    'Expect with its body',
    'forward-canonical',
    'POST /a HTTP/1.1\r\nHost: __HOST__\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello',
  ],
  [
    'an h2c upgrade',
    'forward-canonical',
    'GET /a HTTP/1.1\r\nHost: __HOST__\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n',
  ],
  [
    'two lengths that differ',
    'reject',
    'POST /a HTTP/1.1\r\nHost: __HOST__\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello',
  ],
  [
    'two lengths that agree',
    'reject',
    'POST /a HTTP/1.1\r\nHost: __HOST__\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello',
  ],
  ['a length with leading zeros', 'reject', 'POST /a HTTP/1.1\r\nHost: __HOST__\r\nContent-Length: 005\r\n\r\nhello'],
  [
    'a length and a coding',
    'reject',
    'POST /a HTTP/1.1\r\nHost: __HOST__\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  [
    'a coding that is not quite chunked',
    'reject',
    `POST /a HTTP/1.1\r\nHost: __HOST__\r\nTransfer-Encoding: ,chunked\r\n\r\n0\r\n\r\n`,
  ],
  [
    'a coding before chunked',
    'reject',
    'POST /a HTTP/1.1\r\nHost: __HOST__\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
  ],
  [
    'a chunk size that is no number',
    'reject',
    'POST /a HTTP/1.1\r\nHost: __HOST__\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n',
  ],
  ['a body on GET', 'reject', 'GET /a HTTP/1.1\r\nHost: __HOST__\r\nContent-Length: 5\r\n\r\nhello'],
  ['an older version', 'reject', 'GET /a HTTP/1.0\r\nHost: __HOST__\r\n\r\n'],
  ['two hosts', 'reject', 'GET /a HTTP/1.1\r\nHost: __HOST__\r\nHost: evil.test\r\n\r\n'],
  ['no host', 'reject', 'GET /a HTTP/1.1\r\n\r\n'],
  ['TRACE', 'reject', 'TRACE /a HTTP/1.1\r\nHost: __HOST__\r\n\r\n'],
  ['CONNECT', 'reject', 'CONNECT __HOST__ HTTP/1.1\r\nHost: __HOST__\r\n\r\n'],
  ['a folded header', 'reject', 'GET /a HTTP/1.1\r\nHost: __HOST__\r\nX-A: b\r\n c\r\n\r\n'],
  ['a bare line feed', 'reject', 'GET /a HTTP/1.1\r\nHost: __HOST__\nX-A: b\r\n\r\n'],
  ['a space before the colon', 'reject', 'GET /a HTTP/1.1\r\nHost : __HOST__\r\n\r\n'],
  ['an unknown expectation', 'reject', 'GET /a HTTP/1.1\r\nHost: __HOST__\r\nExpect: 200-ok\r\n\r\n'],
  ['headers without end', 'wait-then-408', 'GET /a HTTP/1.1\r\nHost: __HOST__\r\nX-A: b\r\n'],
];

export const ownRawRequests: readonly RawRequest[] = [
  ...rows.map(([title, verdict, raw], index) => ({ id: `own-${index + 1}`, title, raw, expect: { verdict, requests: 1 } })),
  {
    id: 'own-sequence',
    title: 'Expect with its body, then another request',
    raw_sequence: [
      'POST /a HTTP/1.1\r\nHost: __HOST__\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello',
      'GET /b HTTP/1.1\r\nHost: __HOST__\r\n\r\n',
    ],
    expect: { verdict: 'forward-canonical', requests: 2 },
  },
];
