// Goes through the questions: what an option answers is not asked, what the loader refuses is asked again with its
// reason, and where nobody can be asked every missing and every wrong option is named at once.

import { quote } from '../../core/audit/quote.ts';
import type { Answers } from './answers.ts';
import { standIns } from './answers.ts';
import type { Conversation } from './conversation.ts';
import { judgeAnswers } from './judge-answers.ts';
import { parts, questions } from './parts.ts';
import { presetLines } from './preset-facts.ts';
import { givenTexts } from './question.ts';
import type { GivenOptions, Question, Taken } from './question.ts';
import { strayGroup } from './sign-in-questions.ts';
import { unwritable } from './yaml-text.ts';

export interface InterviewNeeds {
  readonly options: GivenOptions;
  /** Absolute; where the files are going to stand. */
  readonly directory: string;
  /** Whether defaults are taken where there are some. */
  readonly yes: boolean;
  /** Null where nobody can be asked. */
  readonly conversation: Conversation | null;
}

/** With `judge`, every answer is held against the loader at once, so that what is wrong is known by its question. */
type Attempt = InterviewNeeds & { readonly judge: boolean };

export type Interviewed =
  { readonly done: true; readonly answers: Answers } | { readonly done: false; readonly problems: readonly string[] };

/** `ended`: nobody answers any more. */
type Step = { readonly step: 'on'; readonly answers: Answers } | { readonly step: 'wrong' | 'ended'; readonly problem: string };

export async function interview(needs: InterviewNeeds): Promise<Interviewed> {
  const stray = strayGroup(needs.options);
  if (stray !== null) return { done: false, problems: [stray] };
  if (needs.conversation === null) {
    const unattended = await goThrough({ ...needs, judge: false });
    if (unattended.done && (await judgeAnswers(unattended.answers, needs.directory)).problems.length === 0) return unattended;
  }
  return goThrough({ ...needs, judge: true });
}

async function goThrough(needs: Attempt): Promise<Interviewed> {
  const problems: string[] = [];
  const told = new Set<number>();
  let answers = standIns;
  for (const question of questions) {
    const step = await settle(question, answers, needs, told);
    if (step.step === 'on') answers = step.answers;
    else problems.push(step.problem);
    if (step.step === 'ended') break;
  }
  return problems.length === 0 ? { done: true, answers } : { done: false, problems };
}

async function settle(question: Question, answers: Answers, needs: Attempt, told: Set<number>): Promise<Step> {
  const { conversation } = needs;
  const given = question.given === undefined ? givenTexts(needs.options, question.option) : question.given(needs.options);
  if (question.applies?.(answers) === false) {
    const problem = `Option --${question.option} ${question.unless ?? 'has no use here'}`;
    if (given !== undefined) conversation?.say(`${problem}; it is left out`);
    return given === undefined || conversation !== null ? { step: 'on', answers } : { step: 'wrong', problem };
  }
  const quiet = question.quiet?.(answers) === true;
  const fallback = question.fallback?.(answers) ?? null;
  const texts = given ?? (fallback !== null && (quiet || needs.yes) ? textsOf(question, fallback) : undefined);
  if (texts === undefined && quiet) return { step: 'on', answers };
  if (texts !== undefined) {
    const taken = await attempt(question, answers, texts, needs);
    if (!('problem' in taken)) return { step: 'on', answers: taken };
    const problem = `--${question.option}: ${taken.problem}`;
    if (conversation === null) return { step: 'wrong', problem };
    conversation.say(problem);
  }
  if (conversation === null) return { step: 'wrong', problem: missing(question) };
  return askUntilSound(question, answers, { ...needs, conversation }, told);
}

async function askUntilSound(
  question: Question,
  answers: Answers,
  needs: Attempt & { readonly conversation: Conversation },
  told: Set<number>,
): Promise<Step> {
  const { say, ask } = needs.conversation;
  if (!told.has(question.part)) for (const line of await headingOf(question)) say(line);
  told.add(question.part);
  const fallback = question.fallback?.(answers) ?? null;
  for (;;) {
    const line = await ask(`${question.prompt}${fallback === null ? '' : ` [${fallback}]`}: `);
    if (line === null) return { step: 'ended', problem: `Nobody answered any more. ${missing(question)}` };
    const text = line.trim() === '' ? fallback : line.trim();
    const texts = text === null ? null : textsOf(question, text);
    const taken =
      texts === null
        ? { problem: `An answer is needed, such as ${question.example}` }
        : await attempt(question, answers, texts, needs);
    if (!('problem' in taken)) return { step: 'on', answers: taken };
    say(`  ${taken.problem}`);
  }
}

async function headingOf({ part }: Question): Promise<readonly string[]> {
  const { title = '', sentence = '' } = parts[part - 1] ?? {};
  const heading = ['', `${part} of ${parts.length}  ${title}`, sentence];
  return part === 2 ? [...heading, ...(await presetLines())] : heading;
}

function textsOf(question: Question, line: string): readonly string[] {
  return question.split?.(line) ?? [line];
}

function missing({ option, prompt, example }: Question): string {
  return `Option --${option} is missing: ${prompt}; such as --${option} ${example}`;
}

/** The answers with this one among them, or why the loader would not take it. */
async function attempt(question: Question, answers: Answers, texts: readonly string[], needs: Attempt): Promise<Taken> {
  for (const text of texts) {
    const problem = unwritable(text);
    if (problem !== null) return { problem: `Answer ${quote(text, 80)} ${problem}` };
  }
  const taken = await question.take(answers, texts, needs.directory);
  if ('problem' in taken || !needs.judge) return taken;
  const { problems } = await judgeAnswers(taken, needs.directory);
  return problems.length === 0 ? taken : { problem: problems.join('\n  ') };
}
