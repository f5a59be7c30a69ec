// How programs behind the gateway read the fields of a request, written after PHP's and Tomcat's own sources and ASP.NET's
// documentation, lenient wherever they are. They judge what the gateway let through and know nothing of it.

/** A request as it reached the program, one character per byte. */
export interface ReadRequest {
  readonly method: string;
  /** Without its question mark; empty where there was none. */
  readonly query: string;
  readonly contentType: string | null;
  readonly body: string;
}

/** What one reader holds for a name: a string, the fact that it is an array, or nothing. */
export type Held = string | { readonly array: true };
export type Reading = ReadonlyMap<string, Held>;

/** How a program looks for the fields that a page sends in its address and in its form. */
export interface ParameterReader {
  readonly name: string;
  query(request: ReadRequest): Reading;
  form(request: ReadRequest): Reading;
  /** The key under which it keeps a name; the name itself where nothing is said. */
  readonly key?: (name: string) => string;
}

const array: Held = { array: true };

/** `$_GET` and `$_POST`. */
export const phpSeparate: ParameterReader = {
  name: 'PHP',
  query: (request) => phpGet(request),
  form: (request) => phpPost(request),
};

/** Forms read by `$_REQUEST`: what the form lacks comes from the address. */
export const phpRequestForms: ParameterReader = { name: 'PHP with $_REQUEST', query: phpGet, form: phpRequest };

/** Everything read by `$_REQUEST`. */
export const phpRequestOnly: ParameterReader = { name: 'PHP with $_REQUEST alone', query: phpRequest, form: phpRequest };

/** `getParameter`: address first, then the form of a POST; the first value counts. */
export const java: ParameterReader = {
  name: 'Java',
  query: (request) => javaParameters(request),
  form: (request) => javaParameters(request),
};

/** `Request["name"]`: names without case, repeated values joined. */
export const aspNet: ParameterReader = {
  name: 'ASP.NET',
  query: (request) => joined(pairs(request.query)),
  form: (request) => joined([...pairs(request.query), ...formPairs(request)]),
  key: (name) => name.toLowerCase(),
};

function phpGet({ query }: ReadRequest): Reading {
  return phpVariables(pairs(query));
}

function phpPost(request: ReadRequest): Reading {
  if (request.method !== 'POST') return new Map();
  // SAPI compares what stands before the first semicolon, comma or blank, without case.
  const type = (request.contentType ?? '').toLowerCase().split(/[;, ]/, 1)[0];
  if (type === 'application/x-www-form-urlencoded') return phpVariables(pairs(request.body));
  return type === 'multipart/form-data' ? phpVariables(multipartPairs(request)) : new Map();
}

function phpRequest(request: ReadRequest): Reading {
  return new Map([...phpGet(request), ...phpPost(request)]);
}

/** php_register_variable_ex: NUL ends the name, leading blanks go, ` `, `.` and a stray `[` become `_`; the last one wins. */
function phpVariables(given: readonly (readonly [string, string])[]): Reading {
  const variables = new Map<string, Held>();
  for (const [spelled, value] of given) {
    const name = (spelled.split('\0', 1)[0] ?? '').replace(/^ +/, '');
    const bracket = name.indexOf('[');
    const isArray = bracket > 0 && name.includes(']', bracket);
    const base = (isArray ? name.slice(0, bracket) : name).replaceAll(/[ .[]/g, '_');
    if (base !== '') variables.set(base, isArray ? array : value);
  }
  return variables;
}

/** Tomcat reads the body of a POST whose type is exactly the one it knows; multipart where the servlet asked for it. */
function javaParameters(request: ReadRequest): Reading {
  const type = (request.contentType ?? '').split(';', 1)[0]?.trim();
  const form =
    request.method !== 'POST'
      ? []
      : type === 'application/x-www-form-urlencoded'
        ? pairs(request.body)
        : type === 'multipart/form-data'
          ? multipartPairs(request)
          : [];
  const parameters = new Map<string, Held>();
  for (const [name, value] of [...pairs(request.query), ...form]) if (!parameters.has(name)) parameters.set(name, value);
  return parameters;
}

function formPairs(request: ReadRequest): readonly (readonly [string, string])[] {
  const type = (request.contentType ?? '').toLowerCase();
  if (type.startsWith('application/x-www-form-urlencoded')) return pairs(request.body);
  return type.startsWith('multipart/form-data') ? multipartPairs(request) : [];
}

function joined(given: readonly (readonly [string, string])[]): Reading {
  const values = new Map<string, string>();
  for (const [name, value] of given) {
    const key = name.toLowerCase();
    const before = values.get(key);
    values.set(key, before === undefined ? value : `${before},${value}`);
  }
  return values;
}

function pairs(text: string): readonly (readonly [string, string])[] {
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      return at === -1 ? [decode(pair), ''] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))];
    });
}

/** Broken escapes stay as they are. */
function decode(text: string): string {
  return text
    .replaceAll('+', ' ')
    .replaceAll(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)));
}

/** Bare line feeds, odd spacing and unquoted names are all taken. Files are no fields. */
function multipartPairs({ contentType, body }: ReadRequest): readonly (readonly [string, string])[] {
  const boundary = /boundary[^=]*=(?:"([^"]*)"|([^;,]*))/i.exec(contentType ?? '');
  const mark = boundary?.[1] ?? boundary?.[2]?.trim() ?? '';
  if (mark === '') return [];
  return `\n${body}`
    .split(`\n--${mark}`)
    .slice(1)
    .flatMap((part) => {
      const [, head = '', content = ''] = /^[^\n]*\n([\s\S]*?)\r?\n\r?\n([\s\S]*)$/.exec(part) ?? [];
      const name = /(?:^|[;\s])name=(?:"((?:\\.|[^"\\])*)"|'([^']*)'|([^;\s]*))/i.exec(head.replaceAll(/\r?\n[ \t]+/g, ' '));
      if (name === null || /;\s*filename\*?=/i.test(head) || part.startsWith('--')) return [];
      return [[(name[1] ?? name[2] ?? name[3] ?? '').replaceAll(/\\(.)/g, '$1'), content.replace(/\r$/, '')] as const];
    });
}
