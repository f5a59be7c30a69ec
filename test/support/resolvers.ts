// How four kinds of web server turn the target of a request line into the resource they serve, written from their manuals
// and their known faults. Each gives every resource that some version or setting of that server could serve, so that a
// test which asks "could anybody reach this page?" errs on the side of yes. They know nothing of the gateway.

/** All resources, as absolute paths, that a server of this kind might serve for the target. Empty: it answers an error. */
export interface Resolver {
  readonly name: string;
  resolve(target: string): readonly string[];
}

interface Decoding {
  /** Accepts UTF-8 sequences that are longer than they need be (IIS 4, Tomcat before 6.0.18, Resin). */
  readonly overlong?: boolean;
  /** Knows `%uXXXX` and turns look-alikes into ASCII (ASP, IIS). */
  readonly bestFit?: boolean;
  /** Leaves `%2F` alone; where it is false, it becomes a slash. */
  readonly keepsSlash?: boolean;
}

const scripts = /\.(?:php\d?|phtml|phar)$/;

export const nginx: Resolver = {
  name: 'nginx',
  resolve: (target) => {
    const path = pathOf(target);
    if (!isWellEncoded(path)) return [];
    const decoded = decode(path);
    return decoded.includes('\0') ? [] : present(climb(decoded, true));
  },
};

/** Path parameters go first, segment by segment; then decoding; then the dots. Both ways of reading `%2F` and `\`. */
export const tomcat: Resolver = {
  name: 'Tomcat',
  resolve: (target) => {
    const bare = dropParameters(pathOf(target));
    return each([{}, { overlong: true }, { keepsSlash: true }], (how) =>
      each([false, true], (backslash) => {
        const decoded = decode(bare, how);
        const slashed = backslash ? decoded.replaceAll('\\', '/') : decoded;
        // Some frameworks drop the parameters once more after decoding (Spring's matchers did).
        return [climb(slashed, true), climb(dropParameters(slashed), true)];
      }),
    );
  },
};

/** `names` are the long names on its disk, which also answer to their short 8.3 form. */
export function iis(names: readonly string[]): Resolver {
  return {
    name: 'IIS',
    resolve: (target) =>
      each([1, 2], (times) =>
        each([{}, { overlong: true }, { bestFit: true }], (how) => {
          let path = pathOf(target);
          for (let time = 0; time < times; time += 1) path = decode(path, how);
          const whole = path.replaceAll('\\', '/');
          return each([whole, cutAt(whole, '\0'), dropParameters(whole)], (spelled) =>
            present(climb(spelled, true)).map((climbed) => onWindows(climbed, names)),
          );
        }),
      ),
  };
}

/** `pathInfo`: a script runs whatever follows it. */
export function apachePhp(pathInfo = true): Resolver {
  return {
    name: 'Apache+PHP',
    resolve: (target) => {
      const path = pathOf(target);
      if (!isWellEncoded(path)) return [];
      return each([{}, { keepsSlash: true }, { overlong: true }], (how) => {
        const decoded = decode(path, how);
        // `%3F` became a question mark again in rewrites (CVE-2024-38474), and old PHP cut names at NUL.
        return each([decoded, cutAt(decoded, '?'), cutAt(decoded, '\0')], (spelled) => {
          const climbed = climb(spelled, true);
          return [climbed, climbed !== null && pathInfo ? runScript(climbed) : null];
        });
      });
    },
  };
}

/** True when the server might serve the page or something below it. */
export function reaches(resolver: Resolver, target: string, page: string): boolean {
  return resolver.resolve(target).some((path) => path === page || path === `${page}/` || path.startsWith(`${page}/`));
}

/** Absolute form and fragments as lenient servers read them; the query is cut off. */
function pathOf(target: string): string {
  const origin = target.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '');
  return origin.split(/[?#]/, 1)[0] ?? '';
}

function isWellEncoded(path: string): boolean {
  return !/%(?![\da-f]{2})/i.test(path);
}

function decode(text: string, how: Decoding = {}): string {
  const wide =
    how.bestFit === true
      ? text.replaceAll(/%u([\da-f]{4})/gi, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)))
      : text;
  const bytes = wide.replaceAll(/%([\da-f]{2})/gi, (whole, hex: string) =>
    how.keepsSlash === true && hex.toLowerCase() === '2f' ? whole : String.fromCodePoint(Number.parseInt(hex, 16)),
  );
  const read = how.overlong === true ? shorten(bytes) : bytes;
  return how.bestFit === true ? fitted(asUtf8(read)) : read;
}

/** Two- and three-byte sequences that stand for ASCII. */
function shorten(bytes: string): string {
  return bytes
    .replaceAll(/\u00E0([\u0080-\u0081])([\u0080-\u00BF])/g, (_, high: string, low: string) => join(high, low))
    .replaceAll(/([\u00C0-\u00C1])([\u0080-\u00BF])/g, (_, high: string, low: string) => join(high, low));
}

function join(high: string, low: string): string {
  return String.fromCodePoint(((high.charCodeAt(0) & 0x01) << 6) | (low.charCodeAt(0) & 0x3f));
}

/** What code pages and NFKC make of characters that they do not hold. */
function fitted(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/[\u2044\u2215]/g, '/')
    .replaceAll(/[\u2216\u00A5\u20A9]/g, '\\')
    .replaceAll('\u0131', 'i');
}

function asUtf8(bytes: string): string {
  return /[^\0-\u00FF]/.test(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString('utf8');
}

/** `/a;x=1/b` becomes `/a/b`. */
function dropParameters(path: string): string {
  return path.replaceAll(/;[^/]*/g, '');
}

/** Dot segments resolved, or null where they lead above the root. */
function climb(path: string, mergesSlashes: boolean): string | null {
  const out: string[] = [];
  const segments = (path.startsWith('/') ? path.slice(1) : path).split('/');
  for (const [at, segment] of segments.entries()) {
    const isLast = at === segments.length - 1;
    if (segment === '' && mergesSlashes && !isLast) continue;
    if (segment === '.' || segment === '..') {
      if (segment === '..' && out.pop() === undefined) return null;
      if (isLast) out.push('');
    } else out.push(segment);
  }
  return `/${out.join('/')}`;
}

/** What the file system makes of the names: no case, no dots or blanks at the end, no stream, short names for long. */
function onWindows(path: string, names: readonly string[]): string {
  const segments = path
    .toLowerCase()
    .split('/')
    .map((segment) => {
      const plain = cutAt(segment, ':').replace(/[. ]+$/, '');
      return names.find((name) => shortName(name) === plain) ?? plain;
    });
  return climb(segments.join('/'), true) ?? '';
}

function shortName(name: string): string {
  const [base = '', extension] = name.split('.', 2);
  return `${base.slice(0, 6)}~1${extension === undefined ? '' : `.${extension.slice(0, 3)}`}`;
}

function runScript(path: string): string | null {
  const segments = path.split('/');
  const at = segments.findIndex((segment) => scripts.test(segment));
  return at === -1 ? null : segments.slice(0, at + 1).join('/');
}

function cutAt(text: string, mark: string): string {
  const at = text.indexOf(mark);
  return at === -1 ? text : text.slice(0, at);
}

function present(path: string | null): readonly string[] {
  return path === null ? [] : [path];
}

function each<Option>(options: readonly Option[], resolve: (option: Option) => readonly (string | null)[]): readonly string[] {
  return [...new Set(options.flatMap((option) => [...resolve(option)]))].filter((path) => path !== null);
}
