// What was changed of rules and settings: who, who approved, why, from which version to which, and which lines; and what IT ordered
// about people.

import { lineDiff } from '../core/text/line-diff.ts';
import { settingsChanges } from '../core/report/rule-changes.ts';
import type { SettingsChange } from '../core/report/rule-changes.ts';
import type { ReportContent, Row, Section } from '../core/report/report.ts';
import { readOrderNote } from '../core/audit/order-note.ts';
import type { ReportAsks, ReportSources } from '../report-ports.ts';
import { column } from './column.ts';
import { listedEvents } from './listed-events.ts';
import { listedRequests } from './listed-requests.ts';
import type { ReportKind } from './report-kind.ts';

export const changesReport: ReportKind = {
  name: 'changes',
  title: 'Changes of rules and settings',
  says: 'each change of the rules with its author, approver, reason and lines; other settings; orders of IT',
  citations: ['45 CFR 164.312(b)', '45 CFR 164.316(b)(1)', '45 CFR 164.308(a)(4)(ii)(C)'],
  wants: null,
  build,
};

const events = ['configuration', 'configuration-rejected', 'restored'];
/** Commands that read and change nothing. */
const reading = new Set(['user list', 'user show', 'session list', 'audit search', 'audit reconcile', 'report']);

async function build({ period: { since, until } }: ReportAsks, sources: ReportSources): Promise<ReportContent> {
  const told = await listedEvents(sources, { since, until }, events);
  const found = settingsChanges(told.requests);
  const shown = found.map((change) => ({ change, lines: linesOf(change, sources) }));
  const changes = shown.map(({ change, lines }) => ({ ...change, ...countsOf(lines) }));
  const lines = shown.flatMap(({ change: { record }, lines: all }) =>
    (all ?? []).map((text, at) => lineRow(record, at + 1, text)),
  );
  const effects = found.flatMap((change) => effectOf(change, sources).map((text) => ({ record: change.record, text })));
  const orders = await orderSection(since, until, sources);
  const count = (what: string): number => changes.filter((one) => one.what === what).length;
  return {
    about: [],
    figures: [
      { key: 'changes', title: 'Changes', type: 'number', value: changes.length, note: null },
      { key: 'byHand', title: 'By hand, without an author', type: 'number', value: count('by hand'), note: null },
      { key: 'rejected', title: 'Rules that were not taken', type: 'number', value: count('rules not taken'), note: null },
      { key: 'orders', title: 'Orders of IT that change something', type: 'number', value: orders.rows.length, note: null },
    ], // prettier-ignore
    sections: [
      changeSection(changes, told.total === null ? null : changes.length),
      effectSection(effects),
      lineSection(lines),
      orders,
    ],
    limits: [
      'An author is who the command was told; a file that is changed by hand has none until somebody claims it, and nothing proves either.',
      'gateway.yaml is kept by what it says, without comments; it is in force from a start on.',
      'Lines are shown where both versions are still kept.',
    ],
    blanks: [],
  };
}

/** Null where a version is not kept, or nothing is to be compared. */
function linesOf({ of, before, after }: SettingsChange, { setup: { history } }: ReportSources): readonly string[] | null {
  if (of === null || before === null || after === null) return null;
  const [old, next] = [history.text(of, before), history.text(of, after)];
  return old === null || next === null ? null : lineDiff(old, next);
}

/** Who gained or lost what by it, as it was found when it was put in force. */
function effectOf({ of, before, after }: SettingsChange, { setup: { history } }: ReportSources): readonly string[] {
  if (of === null || before === null || after === null) return [];
  const fits = history
    .changes(of)
    .changes.find((one) => one.version.startsWith(after) && (one.previous ?? '').startsWith(before));
  return fits?.effect ?? [];
}

/** The mark apart from the text: a line of YAML may begin with one of its own. */
function lineRow(record: number, line: number, text: string): Row {
  const what = { '+': 'added', '-': 'removed' }[text.slice(0, 1)] ?? (text === '…' ? 'left out' : 'as before');
  return { record, line, what, text: text === '…' ? text : text.slice(2) };
}

function countsOf(lines: readonly string[] | null) {
  const count = (mark: string): number | null => lines?.filter((line) => line.startsWith(mark)).length ?? null;
  return { added: count('+ '), removed: count('- ') };
}

function changeSection(rows: Section['rows'], total: number | null): Section {
  return {
    key: 'changes',
    title: 'Changes',
    notes: [],
    columns: [
      column('record', 'Record', 'record'),
      column('time', 'In force since', 'time'),
      column('of', 'Of'),
      column('what', 'What'),
      column('author', 'Author'),
      column('approver', 'Approved by'),
      column('because', 'Reason'),
      column('ordered', 'Ordered', 'time'),
      column('before', 'Version before', 'code'),
      column('after', 'Version after', 'code'),
      column('added', 'Lines added', 'number'),
      column('removed', 'Lines removed', 'number'),
    ],
    rows,
    total,
  };
}

function effectSection(rows: readonly Row[]): Section {
  return {
    key: 'effects',
    title: 'Who gained or lost what',
    notes: ['Asked of the functions that decide, when the change was put in force.'],
    columns: [column('record', 'Change', 'record'), column('text', 'Effect')],
    rows,
    total: rows.length,
  };
}

function lineSection(rows: readonly Row[]): Section {
  return {
    key: 'lines',
    title: 'Which lines were changed',
    notes: ['Lines around a change stand for where it is.'],
    columns: [
      column('record', 'Change', 'record'),
      column('line', 'Line', 'number'),
      column('what', 'What'),
      column('text', 'Text', 'code'),
    ],
    rows,
    total: rows.length,
  };
}

async function orderSection(since: number, until: number, sources: ReportSources): Promise<Section> {
  const { requests, total } = await listedRequests(sources, { since, until, event: 'order' });
  const rows = requests.flatMap(({ sequence, time, person, detail }) => {
    const note = readOrderNote(detail ?? '');
    if (note !== null && reading.has(note.name)) return [];
    const { name = detail, by = null, because = null, notDone = null } = note ?? {};
    return [{ record: sequence, time, order: name, person, by, because, done: notDone === null, notDone }];
  });
  return {
    key: 'orders',
    title: 'Orders of IT',
    notes: ['Of the person who gave an order the record has what the command said of its account.'],
    columns: [
      column('record', 'Record', 'record'),
      column('time', 'Time', 'time'),
      column('order', 'Order'),
      column('person', 'About', 'person'),
      column('by', 'By'),
      column('because', 'Reason'),
      column('done', 'Carried out', 'yes-no'),
      column('notDone', 'Why not'),
    ],
    rows,
    total: total === null ? null : rows.length,
  };
}
