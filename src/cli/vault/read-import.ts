// Reads a file of EHR names and passwords that IT wants to import: every mistake with its place and its fix, and either all
// rows or none. A message names people and applications, never a password.

import type { ImportRow } from '../../adapters/vault-file.ts';
import { didYouMean, listed } from '../../config/did-you-mean.ts';
import { Findings } from '../../config/mistake.ts';
import type { Mistake } from '../../config/mistake.ts';
import type { ApplicationSettings, Settings } from '../../config/settings.ts';
import { asks } from '../../ehr/trial.ts';
import { plainText } from '../plain-text.ts';
import { readCsv } from '../read-csv.ts';
import type { CsvField } from '../read-csv.ts';

/** As on the page where people enter their own. Characters. */
const longestName = 200;
const longestSecret = 500;

const always = ['person', 'application', 'username', 'password'];

type Asking = Pick<Settings, 'applications' | 'signIn'>;

export type ReadImport =
  { readonly ok: true; readonly rows: readonly ImportRow[] } | { readonly ok: false; readonly mistakes: readonly Mistake[] };

/** `file` is shown in messages as it is given. */
export function readImport(file: string, bytes: Uint8Array, settings: Asking): ReadImport {
  const findings = new Findings();
  const text = decode(file, bytes, findings);
  const { rows, problems } = readCsv(text ?? '');
  for (const { message, ...place } of problems) findings.mistake(file, place, message);
  const [header, ...lines] = rows;
  if (text !== null && header === undefined) {
    findings.mistake(file, { line: 1, column: 1 }, `The file is empty; its first line must be ${always.join(',')}`);
  }
  const columns = header === undefined ? [] : columnsOf(file, header, settings, findings);
  // Whatever follows a broken quote or a wrong header would only be told wrong.
  if (findings.mistakes.length > 0) return { ok: false, mistakes: findings.mistakes };
  const reader = new RowReader(file, columns, settings, findings);
  const read = lines.flatMap((line) => (findings.full ? [] : reader.row(line)));
  if (lines.length === 0) findings.mistake(file, { line: 2, column: 1 }, 'No row follows the first line');
  return findings.mistakes.length > 0 ? { ok: false, mistakes: findings.mistakes } : { ok: true, rows: read };
}

function decode(file: string, bytes: Uint8Array, findings: Findings): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    findings.mistake(file, { line: 1, column: 1 }, 'The file is no UTF-8; save it as "CSV UTF-8"');
    return null;
  }
}

function columnsOf(file: string, header: readonly CsvField[], { applications }: Asking, findings: Findings): string[] {
  const further = [...applications.values()].flatMap((application) => asks(application) ?? []);
  const known = [...new Set([...always, ...further])];
  const names = header.map(({ text }) => text);
  const [first] = header;
  if (first !== undefined && header.length === 1 && /[;\t]/.test(first.text)) {
    findings.mistake(file, first, 'The columns are not separated by commas; save the file as comma-separated values (RFC 4180)');
    return names;
  }
  const meant = new Set<string | undefined>();
  for (const [at, field] of header.entries()) {
    const name = `Column "${plainText(field.text, 100)}"`;
    if (!known.includes(field.text)) {
      const near = didYouMean(field.text, known);
      meant.add(near);
      findings.mistake(file, field, `${name} is not known, there is ${listed(known, 'and')}`, near);
    } else if (names.indexOf(field.text) < at) findings.mistake(file, field, `${name} is there twice`);
  }
  const missing = always.filter((name) => !names.includes(name) && !meant.has(name));
  const end = { line: first?.line ?? 1, column: 1 };
  if (missing.length > 0) findings.mistake(file, end, `Columns ${listed(missing, 'and')} are missing in the first line`);
  return names;
}

/** Reads row after row, and knows who was there already. */
class RowReader {
  readonly #file: string;
  readonly #columns: readonly string[];
  readonly #settings: Asking;
  readonly #findings: Findings;
  /** Person and application → line. */
  readonly #seen = new Map<string, number>();

  constructor(file: string, columns: readonly string[], settings: Asking, findings: Findings) {
    this.#file = file;
    this.#columns = columns;
    this.#settings = settings;
    this.#findings = findings;
  }

  row(fields: readonly CsvField[]): ImportRow[] {
    const [first] = fields;
    if (first === undefined) return [];
    if (fields.length !== this.#columns.length) {
      const fix = 'write every comma, and quote fields that hold one';
      this.#mistake(first, `The line has ${fields.length} fields and the first line ${this.#columns.length}; ${fix}`);
      return [];
    }
    const named = new Map(fields.map((field, at) => [this.#columns[at] ?? '', field]));
    const field = (name: string): CsvField => named.get(name) ?? { ...first, text: '', quoted: false };
    const person = this.#text(field('person'), 'person', longestName);
    const application = this.#application(field('application'));
    if (application === null) return [];
    const username = this.#text(field('username'), 'username', longestName);
    if (takesBasic(application) && username.includes(':'))
      this.#mistake(field('username'), 'The name must not hold a colon, because the EHR gets it as Basic (RFC 7617)');
    const password = this.#text(field('password'), 'password', longestSecret);
    const more = this.#more(application, named);
    this.#once(field('person'), person, application.name);
    const { issuer } = this.#settings.signIn;
    return [{ issuer, name: person, application: application.name, credential: { username, password, more } }];
  }

  #application(field: CsvField): ApplicationSettings | null {
    const { applications } = this.#settings;
    const found = applications.get(field.text);
    const name = `"${plainText(field.text, 100)}"`;
    if (found === undefined) {
      const names = [...applications.keys()];
      this.#mistake(
        field,
        `Application ${name} is not configured, there is ${listed(names, 'and')}`,
        didYouMean(field.text, names),
      );
      return null;
    }
    if (asks(found) !== null) return found;
    this.#mistake(
      field,
      `Application ${name} takes no password of a person's own; it needs signOn: own-password in gateway.yaml`,
    );
    return null;
  }

  /** What this application asks beyond name and password: there, and nothing else. */
  #more(application: ApplicationSettings, named: ReadonlyMap<string, CsvField>): Readonly<Record<string, string>> {
    const asked = (asks(application) ?? []).filter((name) => !always.includes(name));
    const person = named.get('person');
    for (const name of asked) {
      if (!named.has(name) && person !== undefined)
        this.#mistake(person, `Application "${application.name}" asks for "${name}" too; add a column of that name`);
    }
    for (const [name, field] of named) {
      if (always.includes(name) || asked.includes(name) || field.text === '') continue;
      this.#mistake(field, `Application "${application.name}" does not ask for "${name}"; leave it empty in this line`);
    }
    return Object.fromEntries(
      asked.flatMap((name) => {
        const field = named.get(name);
        return field === undefined ? [] : [[name, this.#text(field, name, longestSecret)]];
      }),
    );
  }

  #text(field: CsvField, name: string, most: number): string {
    const { text, quoted } = field;
    if (text === '') this.#mistake(field, `Field "${name}" is empty; write it, or delete the line`);
    else if (text.length > most) this.#mistake(field, `Field "${name}" has ${text.length} characters, and ${most} are accepted`);
    else if (/\p{Cc}/u.test(text)) this.#mistake(field, `Field "${name}" holds a line break or another control character`);
    else if (!quoted && text.trim() !== text)
      this.#mistake(field, `Field "${name}" begins or ends with a blank; delete it, or quote the field where it belongs to it`);
    return text;
  }

  #once(field: CsvField, person: string, application: string): void {
    const key = JSON.stringify([person, application]);
    const before = this.#seen.get(key);
    if (before === undefined) this.#seen.set(key, field.line);
    else
      this.#mistake(field, `Person "${plainText(person, 100)}" stands for "${application}" in line ${before} already; keep one`);
  }

  #mistake(place: CsvField, message: string, suggestion?: string): void {
    this.#findings.mistake(this.#file, place, message, suggestion);
  }
}

function takesBasic({ signOn }: ApplicationSettings): boolean {
  return signOn.by === 'basic-own-password' || (signOn.by === 'recipe' && signOn.recipe.steps.some(({ basic }) => basic));
}
