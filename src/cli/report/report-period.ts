// `--month 2026-10`, or `--since` and `--until`: the period of a report by the clinic's clock. Without any of them it is the
// month that ended last, or the years that the kind of report looks back.

import { lastMonth, monthPeriod, yearsBack } from '../../core/report/report-period.ts';
import type { Period } from '../../core/report/report.ts';
import { UsageError } from '../audit-arguments.ts';
import type { Parsed } from '../audit-arguments.ts';
import { timeArgument } from '../audit-search/time-argument.ts';

/** Throws UsageError. `years`: so many back, where no time is asked for. */
export function reportPeriod({ month, since, until }: Parsed['values'], timezone: string, now: number, years?: number): Period {
  if (typeof month === 'string') {
    if (since !== undefined || until !== undefined) throw new UsageError('--month and --since or --until cannot stand together');
    const period = monthPeriod(month, timezone);
    if (period === null) throw new UsageError(`--month "${month}" is not a month, such as 2026-10`);
    return period;
  }
  if (since === undefined && until === undefined) return years === undefined ? lastMonth(now, timezone) : yearsBack(now, years);
  if (typeof since !== 'string')
    throw new UsageError('--since is missing: a time back, such as 30d, or a day, such as 2026-10-01');
  const from = timeArgument('since', since, timezone, now);
  const to = typeof until === 'string' ? timeArgument('until', until, timezone, now) : now;
  if (to <= from) throw new UsageError('--until is not behind --since');
  return { since: from, until: to, month: null };
}
