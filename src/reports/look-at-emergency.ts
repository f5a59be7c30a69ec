// One emergency access with what was done under it, and what speaks for it before and afterwards.

import { emergencyAccess } from '../core/report/emergency-accesses.ts';
import type { EmergencyAccess } from '../core/report/emergency-accesses.ts';
import type { ReportSources } from '../report-ports.ts';
import type { FoundRequest, RecordQuery } from '../search-ports.ts';
import { listedRequests } from './listed-requests.ts';

export interface LookedAt {
  readonly access: EmergencyAccess;
  readonly pages: readonly FoundRequest[];
}

const dayMilliseconds = 86_400_000;
/** How far around an emergency other accesses to the same patients are looked for. */
const beforeMilliseconds = 30 * dayMilliseconds;
const afterMilliseconds = 7 * dayMilliseconds;
/** Patients whose other accesses are looked at. */
const mostPatients = 20;

export async function lookAtEmergency(one: FoundRequest, sources: ReportSources): Promise<LookedAt> {
  const lasts = one.durationMilliseconds ?? sources.setup.breakGlassSeconds * 1000;
  const who = one.subject === null ? { person: one.person ?? '' } : { subject: one.subject };
  const ask = async (query: RecordQuery) => (await listedRequests(sources, { ...who, ...query })).requests;
  const within = await ask({ since: one.time, until: one.time + lasts + dayMilliseconds });
  const pages = within.filter(({ grant, event }) => grant === one.grant && (event === 'outcome' || event === 'attempt'));
  const patients = [...new Set(pages.flatMap(({ patient }) => patient ?? []))].slice(0, mostPatients);
  const others: FoundRequest[] = [];
  for (const patient of patients)
    others.push(...(await ask({ patient, since: one.time - beforeMilliseconds, until: one.time + lasts + afterMilliseconds })));
  const all = new Map([...pages, ...others].map((found) => [found.sequence, found]));
  return { access: emergencyAccess(one, [...all.values()]), pages };
}
