// A small table of request targets in the form of the big corpus, so that its test never runs on nothing.

export interface PathTarget {
  readonly id: string;
  readonly method: string;
  readonly target: string;
  readonly host: string | null;
  readonly kind: string;
  readonly expect:
    | { readonly verdict: 'reject'; readonly status: number; readonly reason: string }
    | { readonly verdict: 'canonical'; readonly path: string; readonly query: string | null }
    | { readonly verdict: 'local' };
  readonly profile: string | null;
}

type Row = readonly [target: string, kind: string, path: string | number, query?: string];

const rows: readonly Row[] = [
  ['/', 'benign', '/'],
  ['/openemr/interface/main/tabs/main.php', 'benign', '/openemr/interface/main/tabs/main.php'],
  [
    '/controller.php?document&retrieve&patient_id=5&&as[]=1',
    'benign',
    '/controller.php',
    'document&retrieve&patient_id=5&&as[]=1',
  ],
  ['/ws/rest/v1/patient/M%c3%bcller', 'benign', '/ws/rest/v1/patient/M%C3%BCller'],
  ['/app/%70atients', 'unreserved-encoded', '/app/patients'],
  ['/app/..%2fpatients/X/archive', 'encoded-slash', 400],
  ['/patients\\X', 'backslash', 400],
  ['/images/..;/examples/jsp/', 'path-params', 400],
  ['/images//examples', 'merge-slashes', 400],
  ['/a/%2E%2e/b', 'dot-segments', 400],
  ['/a/%252e%252e/b', 'double-encoding', 400],
  ['/a%00.css', 'null-byte', 400],
  ['/a%ef%bc%8fb', 'look-alike', 400],
  ['/a#/b', 'fragment', 400],
  ['http://10.0.0.5/a', 'absolute-form', 400],
  ['/a.asp::$DATA', 'ntfs', 400],
  ['/a.', 'trailing-dot', 400],
  [`/${'a'.repeat(8192)}`, 'too-long', 414],
];

export const ownPathTargets: readonly PathTarget[] = [
  ...rows.map(([target, kind, path, query = null], index): PathTarget => ({
    id: `OWN-${index + 1}`,
    method: 'GET',
    target,
    host: null,
    kind,
    expect: typeof path === 'number' ? { verdict: 'reject', status: path, reason: kind } : { verdict: 'canonical', path, query },
    profile: null,
  })),
  {
    id: 'OWN-TRACE',
    method: 'TRACE',
    target: '/',
    host: null,
    kind: 'method',
    expect: { verdict: 'reject', status: 405, reason: 'method' },
    profile: null,
  },
  {
    id: 'OWN-WINDOWS',
    method: 'GET',
    target: '/con',
    host: null,
    kind: 'device',
    expect: { verdict: 'reject', status: 400, reason: 'device' },
    profile: 'windows',
  },
  {
    id: 'OWN-PHP',
    method: 'GET',
    target: '/a.php/b.css',
    host: null,
    kind: 'path-info',
    expect: { verdict: 'reject', status: 400, reason: 'path info' },
    profile: 'php',
  },
];
