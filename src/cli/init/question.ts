// What a question of `wardgate init` is: the option that answers it, what stands in for an answer, and how an answer is
// read. Whether an answer is right is the loader's to say.

import type { Answers } from './answers.ts';

/** What was given on the command line, by the option's name. */
export type GivenOptions = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

export type Taken = Answers | { readonly problem: string };

export interface Question {
  /** Which of the eight it belongs to, from 1. */
  readonly part: number;
  /** As on the command line, without its dashes. */
  readonly option: string;
  /** What a person reads who is asked, and who left the option out. */
  readonly prompt: string;
  readonly example: string;
  /** Whether it arises at all; where it does not, `unless` says why, as the end of a sentence. */
  readonly applies?: (answers: Answers) => boolean;
  readonly unless?: string;
  /** Taken where nobody is asked, or where a person just presses Enter; null where there must be an answer. */
  readonly fallback?: (answers: Answers) => string | null;
  /** Where it is never asked: there is an option for it, and what is there already suits nearly everybody. */
  readonly quiet?: (answers: Answers) => boolean;
  /** How one typed line becomes several answers; it is one otherwise. */
  readonly split?: (line: string) => readonly string[];
  /** The texts given for it, where these are not simply those of its option. */
  readonly given?: (options: GivenOptions) => readonly string[] | undefined;
  readonly take: (answers: Answers, texts: readonly string[], directory: string) => Taken | Promise<Taken>;
}

/** The texts of an option; undefined where it was not given. */
export function givenTexts(options: GivenOptions, name: string): readonly string[] | undefined {
  const value = options[name];
  if (value === undefined || typeof value === 'boolean') return undefined;
  return typeof value === 'string' ? [value] : value.filter((text) => typeof text === 'string');
}

/** Reads an answer of one text into one member. */
export function into<K extends keyof Answers>(key: K, read: (text: string) => Answers[K]): Question['take'] {
  return (answers, [text = '']) => ({ ...answers, [key]: read(text) });
}

export const always = (): boolean => true;
export const same = (text: string): string => text;
