// Tells whether an EHR with Basic (RFC 7617) takes a name and a password: it answers 401 without them and something else
// with them. Where it asks nobody for a password, nothing can be told, and that is said.

import { basic } from '../../ehr/sign-on-basic.ts';
import type { EhrClient, EhrCredential } from '../../ehr-ports.ts';
import type { Examination } from './examination.ts';
import type { Exchange } from './recorded-client.ts';
import { shownRequest } from './shown-step.ts';

type Words = Pick<Examination, 'verdict' | 'says' | 'next'>;

interface ProbeNeeds {
  readonly client: EhrClient;
  /** Base64 of UTF-8. */
  readonly encode: (text: string) => string;
  /** What went over the client. */
  readonly exchanges: readonly Exchange[];
}

const ofPassword =
  'try this name and password in a browser at the EHR itself; where they work, look whether something between here and there takes the Authorization header away, and where they do not, store the right ones';
const byStatus = 'status 401 (RFC 7617)';

/** Rejects with a Fault where the EHR does not answer. */
export async function probeBasic(
  { client, encode, exchanges }: ProbeNeeds,
  application: string,
  { username, password }: EhrCredential,
  target: string,
): Promise<Examination> {
  const ask = { method: 'GET', target, body: null, address: '' } as const;
  const without = await client.send(application, { ...ask, headers: [] });
  const asks = without.status === 401;
  const headers = ['authorization', basic(username, password, encode)];
  const words = asks
    ? judge((await client.send(application, { ...ask, headers })).status, target)
    : openTo(without.status, target);
  const decides = words.verdict === 'signed-on' || words.verdict === 'refused';
  const steps = exchanges.map((one, at) => shownRequest(one, at === 1 && decides ? byStatus : null));
  return { ...words, decidedBy: decides ? byStatus : null, steps, logout: null };
}

function openTo(status: number, target: string): Words {
  return {
    verdict: 'unrecognised',
    says: `The EHR answers ${target} with status ${status} to anybody, so it cannot be told whether it takes this name and password`,
    next: 'name a page that the EHR asks a password for, with --path; where it asks for none, it must be told to',
  };
}

function judge(status: number, target: string): Words {
  if (status === 401) return { verdict: 'refused', says: 'The EHR refused this name and password', next: ofPassword };
  if (status === 403 || status >= 500) {
    const next = 'name a page that this account may open, with --path; above 499 look at the log of the EHR';
    return {
      verdict: 'unrecognised',
      says: `The EHR answered ${target} with status ${status}, which is neither yes nor no`,
      next,
    };
  }
  return { verdict: 'signed-on', says: 'The EHR takes this name and password', next: null };
}
