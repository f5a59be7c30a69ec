// Keeps a recognised machine away from our own pages, the console among them, and from applications it has nothing to do
// with. What it may of the rest, the rules say.

import { refuse } from '../core/answer.ts';
import { confineMachine as judge } from '../core/machines/confine-machine.ts';
import type { Identified, Recognised, Targeted } from '../facts.ts';
import type { Stage } from '../pipeline.ts';
import { isReserved } from './reserved-prefix.ts';

export function confineMachine(): Stage<Identified & Targeted & Recognised, object> {
  return ({ machine, application, target }) => {
    const detail = machine === null ? null : judge(machine, application.name, isReserved(target.path));
    return detail === null ? undefined : refuse('machine-not-permitted', { detail });
  };
}
