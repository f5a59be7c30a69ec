// From a request line to the script that runs, as Apache with PHP finds it. It is more forgiving than a gateway may be:
// slashes fold, dots are resolved, letters may be encoded, and whatever follows a script's name is its PATH_INFO.

export const WEB_ROOT = '/openemr';

/** `script` is relative to the web root and without its leading slash. `query` is as sent. */
export type ApacheTarget =
  | { readonly kind: 'script'; readonly script: string; readonly pathInfo: string; readonly query: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'refused'; readonly status: 400 | 403 | 404 }
  | { readonly kind: 'moved'; readonly path: string };

/** Never throws. */
export function apacheTarget(target: string): ApacheTarget {
  const mark = target.indexOf('?');
  const query = mark < 0 ? '' : target.slice(mark + 1);
  const raw = mark < 0 ? target : target.slice(0, mark);
  // Apache's `AllowEncodedSlashes Off`: an encoded slash is answered 404, not decoded.
  if (/%2f|%00/i.test(raw)) return { kind: 'refused', status: 404 };
  const path = resolve(decodePath(raw));
  if (path === null) return { kind: 'refused', status: 400 };
  if (path === WEB_ROOT) return { kind: 'moved', path: `${WEB_ROOT}/` };
  if (!path.startsWith(`${WEB_ROOT}/`)) return { kind: 'refused', status: 404 };
  return inside(path.slice(WEB_ROOT.length + 1), query);
}

function inside(path: string, query: string): ApacheTarget {
  // The product's own .htaccess, which only Apache reads.
  if (path.startsWith('sites/default/documents')) return { kind: 'refused', status: 403 };
  const script = path === '' ? 'index.php' : (/^.*?\.php(?=\/|$)/.exec(path)?.[0] ?? null);
  if (script === null) return { kind: 'file', path };
  return { kind: 'script', script, pathInfo: path.slice(script.length), query };
}

/** Without dot segments and double slashes; null above the root. */
function resolve(path: string): string | null {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') kept.push(segment);
    else if (kept.pop() === undefined) return null;
  }
  const slash = kept.length > 0 && /(?:\/|\/\.{1,2})$/.test(path) ? '/' : '';
  return `/${kept.join('/')}${slash}`;
}

function decodePath(raw: string): string {
  return Buffer.from(
    raw.replaceAll(/%([0-9a-f]{2})/gi, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
    'latin1',
  ).toString('utf8');
}
