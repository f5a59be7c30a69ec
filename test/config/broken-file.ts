// One file as somebody broke it, for the tables beside this file.

/** `change` replaces text in the sound files; `add` appends lines. `answers` begin what must be told, in order. */
export interface BrokenFile {
  readonly name: string;
  readonly file: 'gateway' | 'rules';
  readonly change?: readonly (readonly [string, string])[];
  readonly add?: string;
  readonly whole?: string | Buffer;
  readonly answers: readonly string[];
}

export const gateway = (name: string, from: string, to: string, ...answers: string[]): BrokenFile => ({
  name,
  file: 'gateway',
  change: [[from, to]],
  answers,
});
export const rules = (name: string, from: string, to: string, ...answers: string[]): BrokenFile => ({
  name,
  file: 'rules',
  change: [[from, to]],
  answers,
});
