// One mistake in how a preset signs people on, or in what gateway.yaml says to it, for the tables beside this file.

/** `change` replaces text in the preset or in gateway.yaml; `answers` begin what must be told, in order. */
export interface BrokenPreset {
  readonly name: string;
  readonly file: 'preset' | 'gateway';
  readonly change: readonly (readonly [string, string])[];
  readonly answers: readonly string[];
}

export const preset = (name: string, from: string, to: string, ...answers: string[]): BrokenPreset => ({
  name,
  file: 'preset',
  change: [[from, to]],
  answers: answers.map((answer) => `presets/full.yaml:${answer}`),
});

export const application = (name: string, from: string, to: string, ...answers: string[]): BrokenPreset => ({
  name,
  file: 'gateway',
  change: [[from, to]],
  answers: answers.map((answer) => `gateway.yaml:${answer}`),
});
