// Asks the person of an alert why: in a case that the gateway opens by itself, or in the open one of the same person, patient and
// day. Each step is on record before it counts, and an alert is asked about once, however often this is begun.

import { recordName } from '../core/audit/record-number.ts';
import type { Cases } from '../case-ports.ts';
import type { Case, CaseAlert } from '../core/cases/case.ts';
import { owesQuestion } from '../core/cases/owes-question.ts';
import { personKey } from '../core/downloads/person-key.ts';
import type { SeenPerson } from '../core/detect/seen.ts';

export interface AskPersonNeeds {
  readonly cases: Pick<Cases, 'open' | 'addAlerts' | 'putQuestion' | 'ofAlert' | 'alertAt' | 'find' | 'list'>;
  /** `YYYY-MM-DD` in the clinic. */
  readonly localDay: (at: number) => string;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly question: string;
}

/** What the alert's record says of whom to ask. */
interface AskedAlert {
  readonly sequence: number;
  readonly person: SeenPerson;
}

/** The search is a moment behind the record, and longer at a start. */
const looks = 120;
const betweenLooksMilliseconds = 250;
const mostOpen = 50;

/** Resolves with what came of it, as the record says it; rejects where it could not be done. */
export function askPerson(needs: AskPersonNeeds): (alert: AskedAlert) => Promise<string> {
  let turn: Promise<unknown> = Promise.resolve();
  return async ({ sequence, person }) => {
    const found = await whenSearchable(needs, sequence);
    const asking = turn.then(async () => ask(needs, found, person));
    turn = asking.catch(() => undefined);
    return asking;
  };
}

async function whenSearchable({ cases, wait }: AskPersonNeeds, sequence: number): Promise<CaseAlert> {
  for (let look = 0; look < looks; look += 1) {
    const found = await cases.alertAt(sequence).catch(() => null);
    if (found !== null) return found;
    await wait(betweenLooksMilliseconds);
  }
  throw new Error(`The alert at record ${recordName(sequence)} cannot be searched yet, so nobody could be asked`);
}

async function ask(needs: AskPersonNeeds, alert: CaseAlert, person: SeenPerson): Promise<string> {
  const { cases, question } = needs;
  const id = await caseOf(needs, alert, person);
  const one = await cases.find(id);
  if (one === null || !owesQuestion(one, alert.sequence)) return `in case ${id}, without a question of its own`;
  const refused = await cases.putQuestion('gateway', id, question);
  if (refused !== null) throw new Error(`The question in case ${id} was refused: ${refused}`);
  return `the person is asked, in case ${id}`;
}

async function caseOf(needs: AskPersonNeeds, alert: CaseAlert, person: SeenPerson): Promise<string> {
  const { cases } = needs;
  const own = await cases.ofAlert(alert.sequence);
  if (own !== null) return own;
  const open = await cases.list({ open: true, person: personKey(person), most: mostOpen });
  const fits = open.find((one) => isSame(needs, one, alert));
  if (fits !== undefined && (await cases.addAlerts('gateway', fits.id, [alert.sequence])) === null) return fits.id;
  const opened = await cases.open('gateway', [alert.sequence]);
  if ('refused' in opened)
    throw new Error(`A case for the alert at record ${recordName(alert.sequence)} was refused: ${opened.refused}`);
  return opened.opened;
}

/** The same patient, or none in particular, on the same day. */
function isSame({ localDay }: AskPersonNeeds, one: Case, alert: CaseAlert): boolean {
  const day = localDay(alert.time);
  return one.patient === alert.patient && one.alerts.some(({ time }) => localDay(time) === day);
}
