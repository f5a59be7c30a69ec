// What every part of the loader needs to read a file: its parsed value, where to report, and the world it may ask for
// files and variables. The only place that looks at the environment.

import { access, readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { didYouMean } from './did-you-mean.ts';
import type { Findings } from './mistake.ts';
import type { ParsedFile } from './parse-file.ts';
import { valueAt } from './schema-mistakes.ts';
import { keyHints, valueHints } from './value-hints.ts';
import { windowsPath } from './windows-names.ts';
import type { KeyPath } from './yaml-source.ts';

/** The largest secret that is read from a file. */
const maxSecretCharacters = 16_384;

export interface LoadOptions {
  /** `optional` tells missing secrets and certificates as warnings, for machines that only check. */
  readonly secrets?: 'required' | 'optional';
  /** Directory of presets; the shipped ones by default. */
  readonly presets?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Judged in place of what the two files hold, before they are written. */
  readonly texts?: { readonly gateway: string; readonly rules: string };
}

export class Reading<T> {
  readonly parsed: ParsedFile<T>;
  readonly findings: Findings;
  readonly #options: LoadOptions;

  constructor(parsed: ParsedFile<T>, findings: Findings, options: LoadOptions) {
    this.parsed = parsed;
    this.findings = findings;
    this.#options = options;
  }

  get file(): string {
    return this.parsed.source.file;
  }

  get value(): T {
    return this.parsed.value;
  }

  /** Reports a mistake at the value's place. */
  mistake(path: KeyPath, message: string, suggestion?: string): void {
    const { source, inFile } = this.parsed;
    this.findings.mistake(this.file, source.place(inFile(path)), message, valueHints(source, inFile(path), message, suggestion));
  }

  warning(path: KeyPath, message: string, suggestion?: string): void {
    const { source, inFile } = this.parsed;
    this.findings.warning(this.file, source.place(inFile(path)), message, valueHints(source, inFile(path), message, suggestion));
  }

  /** Reports a mistake at the key itself. */
  keyMistake(path: KeyPath, message: string, suggestion?: string): void {
    const { source, inFile } = this.parsed;
    this.findings.mistake(this.file, source.keyPlace(inFile(path)), message, keyHints(source, inFile(path), message, suggestion));
  }

  keyWarning(path: KeyPath, message: string, suggestion?: string): void {
    const { source, inFile } = this.parsed;
    this.findings.warning(this.file, source.keyPlace(inFile(path)), message, keyHints(source, inFile(path), message, suggestion));
  }

  /** The path of one entry, where the file may hold a single value instead of a list. */
  entry(path: KeyPath, index: number): KeyPath {
    const holder = this.original(path);
    return Array.isArray(holder) ? [...path, index] : path;
  }

  /** What the file says at the path, also where it has been cut out because of a mistake. */
  original(path: KeyPath): unknown {
    return valueAt(this.parsed.source.value, this.parsed.inFile(path));
  }

  /** A scalar as it is written there, `01` and not 1; '' where there is none. */
  written(path: KeyPath): string {
    return this.parsed.source.written(this.parsed.inFile(path)) ?? '';
  }

  /** `openemr.yaml:31`, for the doctor and the record. */
  at(path: KeyPath): string {
    return `${basename(this.file)}:${this.line(path)}`;
  }

  /** True where the file itself holds an empty list; one emptied by other mistakes has been told of already. */
  isEmptyList(path: KeyPath): boolean {
    const value = this.original(path);
    return Array.isArray(value) && value.length === 0;
  }

  /** The names in a section, mistaken ones too; null where the section's own key is misspelt, so that nothing is known. */
  namesIn(section: string): readonly string[] | null {
    const value = this.original([section]);
    if (Array.isArray(value)) return null;
    if (typeof value === 'object' && value !== null) return Object.keys(value);
    const root = this.parsed.source.value;
    const keys = typeof root === 'object' && root !== null ? Object.keys(root) : [];
    return keys.some((key) => didYouMean(key, [section]) === section) ? null : [];
  }

  /** The 1-based line of a path, for `file:line`. */
  line(path: KeyPath): number {
    return this.parsed.source.line(this.parsed.inFile(path));
  }

  /** A path as seen from the file that names it. */
  resolve(path: string): string {
    return resolve(dirname(this.file), path);
  }

  /** The absolute path of a file that must be there, or null where none is named. */
  async existing(path: KeyPath, named: string | undefined, what: string): Promise<string | null> {
    if (named === undefined) return null;
    const file = this.resolve(named);
    try {
      await access(file);
    } catch {
      this.absent(path, `${what} "${named}" cannot be read, looked for ${file}${ofWindows(named)}`);
    }
    return file;
  }

  /** The secret that a `…File` or `…Env` key names; '' where it is missing and that is only warned of, null where none is named. */
  async secret(
    path: KeyPath,
    name: string,
    keys: { readonly file?: string | undefined; readonly env?: string | undefined },
  ): Promise<string | null> {
    if (keys.file !== undefined && keys.env !== undefined) {
      this.mistake([...path, `${name}Env`], `Keys ${name}File and ${name}Env stand together, keep one`);
      return null;
    }
    if (keys.file !== undefined) return this.#secretFile([...path, `${name}File`], keys.file);
    return keys.env === undefined ? null : this.#secretVariable([...path, `${name}Env`], keys.env);
  }

  async #secretFile(path: KeyPath, named: string): Promise<string> {
    const file = this.resolve(named);
    let text;
    try {
      text = await readFile(file, 'utf8');
    } catch {
      this.absent(path, `Secret file "${named}" cannot be read, looked for ${file}${ofWindows(named)}`);
      return '';
    }
    const secret = text.replace(/\r?\n$/, '');
    if (secret === '') this.absent(path, `Secret file "${named}" is empty`);
    if (secret.length > maxSecretCharacters) this.mistake(path, `Secret file "${named}" is too large to be a secret`);
    return secret;
  }

  #secretVariable(path: KeyPath, name: string): string {
    const environment = this.#options.environment ?? process.env;
    const secret = environment[name] ?? '';
    if (secret === '') this.absent(path, `Environment variable ${name} is not set, it must hold the secret`);
    return secret;
  }

  /** Tells what is missing on this machine: a mistake, or a warning for whoever only checks. */
  absent(path: KeyPath, message: string): void {
    if (this.#options.secrets === 'optional') this.warning(path, message);
    else this.mistake(path, message);
  }
}

function ofWindows(named: string): string {
  const told = windowsPath(named, '/etc/wardgate/ehr.pem');
  return told === '' ? '' : `; ${told}`;
}
