// Runs named stages in their order. A stage adds facts or ends with an answer; each declares the facts it needs, so an
// order that lacks one does not compile. The runner knows nothing of HTTP and never logs.

import { End } from './core/answer.ts';
import type { Answer } from './core/answer.ts';
import type { Soon, StageWatch } from './ports.ts';

/** What a stage may return: facts to add, nothing, or an end. */
// oxlint-disable-next-line typescript/no-invalid-void-type -- a stage that only guards returns nothing
export type StageResult<Adds> = Soon<Adds | End | void>;

/** A stage needs the facts in `Needs` and adds those in `Adds`. */
export type Stage<Needs, Adds> = (facts: Needs) => StageResult<Adds>;

/** How a run ended: with an answer at a named stage, or with all facts after the last one. */
export type Run<Facts> =
  | { readonly ended: true; readonly endedBy: string; readonly answer: Answer; readonly facts: Facts }
  | { readonly ended: false; readonly endedBy: string; readonly facts: Facts };

interface Named {
  readonly name: string;
  readonly run: (facts: never) => StageResult<object>;
}

/** A list of stages under construction. `Facts` grows with every stage. */
export class RequestPath<Given extends object, Facts extends Given = Given> {
  readonly #stages: readonly Named[];

  constructor(stages: readonly Named[] = []) {
    this.#stages = stages;
  }

  /** Adds a stage. The compiler refuses it while a fact it needs has not been added. */
  stage<Adds extends object>(name: string, run: Stage<Facts, Adds>): RequestPath<Given, Facts & Adds> {
    return new RequestPath([...this.#stages, { name, run }]);
  }

  /** The names in order, for the documents and their test. */
  get names(): readonly string[] {
    return this.#stages.map((stage) => stage.name);
  }

  /** Runs the list. Waits only for stages that return a promise. A throw is reported with the stage it came from. */
  async run(given: Given, watch?: StageWatch): Promise<Run<Facts>> {
    const facts = given as unknown as Facts;
    let endedBy = '';
    for (const stage of this.#stages) {
      endedBy = stage.name;
      const began = watch === undefined ? 0 : performance.now();
      let result;
      try {
        result = stage.run(facts as never);
        if (result instanceof Promise) result = await result;
      } catch (cause) {
        throw new StageFailure(stage.name, cause, facts);
      } finally {
        watch?.(stage.name, performance.now() - began);
      }
      if (result instanceof End) return { ended: true, endedBy, answer: result.answer, facts };
      if (result !== undefined) Object.assign(facts, result);
    }
    return { ended: false, endedBy, facts };
  }
}

/** A stage threw: a fault, never a decision. Keeps the stage's name and the facts gathered so far. */
export class StageFailure extends Error {
  readonly stage: string;
  readonly facts: unknown;
  constructor(stage: string, cause: unknown, facts: unknown) {
    super(`Stage "${stage}" failed`, { cause });
    this.name = 'StageFailure';
    this.stage = stage;
    this.facts = facts;
  }
}
