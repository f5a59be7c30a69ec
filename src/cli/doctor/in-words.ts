// Puts a verdict about a sign-on into words: what happened, and what whoever reads it does next.

import { faults } from '../../core/faults.ts';
import type { Fault } from '../../core/faults.ts';
import type { Verdict } from '../../core/ehr/play-recipe.ts';
import { unreachable } from '../../core/unreachable.ts';
import { plainText } from '../plain-text.ts';
import { inWords } from '../usage-problem.ts';
import type { Examination } from './examination.ts';

type Words = Pick<Examination, 'verdict' | 'decidedBy' | 'says' | 'next'>;

const mostTold = 600;

const ofPassword = `log in to the EHR by hand with this name and password. If that works, the failure test matches too much: look at it in the preset. If not, store the right one ("wardgate vault import", or the person on the page that asks for it), or have the account unlocked`;

export function verdictInWords(verdict: Verdict): Words {
  switch (verdict.kind) {
    case 'signed-on':
      return { verdict: 'signed-on', decidedBy: verdict.by, says: 'The EHR has signed the person on', next: null };
    case 'refused':
      return { verdict: 'refused', decidedBy: verdict.by, says: 'The EHR refused this name and password', next: ofPassword };
    case 'password-change':
      return {
        verdict: 'password-change',
        decidedBy: verdict.by,
        says: `The EHR wants a new password first, on its page ${plainText(verdict.page.replace(/[?#].*$/s, ''), mostTold)}`,
        next: 'change it there, and then store the new one here; the gateway leads the person through both',
      };
    case 'unrecognised':
      return {
        verdict: 'unrecognised',
        decidedBy: verdict.at,
        says: `Neither success nor failure could be told from status ${verdict.status}. The EHR's page says: "${plainText(verdict.told, mostTold)}"`,
        next: 'if that is a question (a facility, a second factor, a notice), turn it off for this account in the EHR; otherwise compare the reply above with the tests under success and failure in the preset',
      };
    case 'broken':
      return {
        verdict: 'broken',
        decidedBy: verdict.at,
        says: `The recipe does not fit: ${verdict.why}`,
        next: 'mend this step in the preset, or set the value under signOnValues; the EHR may be of another version than the preset',
      };
    default:
      return unreachable(verdict);
  }
}

export function faultInWords(fault: Fault): Words {
  const next =
    fault.code === 'upstream-unreachable'
      ? 'look whether the EHR runs, whether this machine may reach it, and whether "upstream" and "trust" in gateway.yaml are right'
      : 'look at the EHR itself: its log, its load and its certificate';
  const cause = inWords(fault);
  const says = cause === faults[fault.code].title ? cause : `${faults[fault.code].title}: ${plainText(cause, mostTold)}`;
  return { verdict: 'unreachable', decidedBy: null, says, next };
}
