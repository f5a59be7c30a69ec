// Target 9: what a request costs stays the same however long the record is and however many people are signed in. Draws it.

import { atMost } from '../goals.ts';
import { interleaved } from '../interleaved.ts';
import type { Target } from '../measure.ts';
import { startTarget } from '../measure.ts';
import { order, startSized } from '../orders.ts';
import type { Found, PartRow, Setting } from '../part.ts';
import { plotted } from '../plot.ts';
import type { Row } from '../summary.ts';
import { quiet } from '../quiet.ts';

const records = [1000, 10_000, 100_000, 1_000_000];
const sessions = [100, 1000, 10_000, 100_000];

export async function growth(setting: Setting): Promise<Found> {
  const upstream = await startTarget('upstream', './targets/upstream.ts', []);
  try {
    const { port } = upstream.ready;
    const byRecords = await measured(setting, records, 'records', async (name, size) =>
      startSized(name, { upstream: port, records: size }),
    );
    const bySessions = await measured(setting, sessions, 'sessions', async (name, size) => {
      const gateway = await startSized(name, { upstream: port });
      await order(gateway, { order: 'sessions', count: size - 1 });
      return gateway;
    });
    return {
      rows: [...drawn(byRecords, 'By records in the log'), ...drawn(bySessions, 'By sessions')],
      goals: [
        atMost('9a', 'cost of a request with 1,000,000 records, times that with 1,000', ratio(byRecords), 1.1),
        atMost('9b', 'cost of a request with 100,000 sessions, times that with 100', ratio(bySessions), 1.1),
      ],
    };
  } finally {
    upstream.stop();
  }
}

/** All sizes at once, each in a gateway of its own, so that they are measured in turn. */
async function measured(
  setting: Setting,
  sizes: readonly number[],
  of: string,
  start: (name: string, size: number) => Promise<Target & { readonly child: { readonly pid?: number | undefined } }>,
): Promise<readonly Row[]> {
  const targets: Target[] = [];
  try {
    for (const size of sizes) {
      const target = await start(`${size.toLocaleString('en')} ${of}`, size);
      targets.push(target);
      // What follows the record has caught up by then; a request has nothing to do with it.
      await quiet(target.child.pid ?? 0);
    }
    return await interleaved(targets, setting);
  } finally {
    for (const target of targets) await target.stop();
  }
}

function drawn(rows: readonly Row[], under: string): readonly PartRow[] {
  const bars = plotted(rows.map(({ microsecondsPerRequest }) => microsecondsPerRequest));
  return [...rows.map((row) => ({ ...row, under })), ...rows.map(({ name }, at) => ({ name, drawing: bars[at] ?? '', under }))];
}

function ratio(rows: readonly Row[]): number {
  return (rows.at(-1)?.microsecondsPerRequest ?? Number.NaN) / (rows[0]?.microsecondsPerRequest ?? Number.NaN);
}
