// The rules that `wardgate init` begins with: one row for each kind of work, over the areas that presets have. The order
// is that of docs/presets.md: the first rule that fits decides, so what lies within a wider area stands before it.

import type { RoleName } from './answers.ts';

export interface OutlineRow {
  readonly name: string;
  readonly areas: readonly string[];
  readonly allow: 'everyone' | readonly RoleName[];
  readonly export?: readonly RoleName[];
  readonly emergency?: readonly RoleName[];
  /** Only from within the clinic, where a zone says what that is. */
  readonly inside?: true;
  /** How fresh the second factor must be, with its unit. */
  readonly freshFactor?: string;
  readonly webSocket?: true;
  /** Query names whose values the record keeps in clear. */
  readonly record?: string;
}

const rows: readonly OutlineRow[] = [
  { name: 'screens', areas: ['shell', 'poller', 'session', 'metadata', 'account'], allow: 'everyone' },
  { name: 'exports', areas: ['exports'], allow: ['records'], export: ['records'], inside: true, freshFactor: '15m' },
  { name: 'find', areas: ['search'], allow: ['physician', 'nurse', 'front-desk', 'billing', 'records'] },
  { name: 'desk', areas: ['schedule', 'demographics'], allow: ['physician', 'nurse', 'front-desk', 'records'] },
  { name: 'payments', areas: ['payments'], allow: ['front-desk', 'billing'] },
  { name: 'calls', areas: ['dwr'], allow: ['physician', 'nurse'] },
  {
    name: 'charts',
    areas: ['chart', 'documents', 'images', 'wards'],
    allow: ['physician', 'nurse', 'records'],
    emergency: ['front-desk'],
  },
  { name: 'notes', areas: ['notes', 'messages'], allow: ['physician', 'nurse'] },
  { name: 'images', areas: ['view'], allow: ['physician', 'nurse', 'records'] },
  { name: 'copies', areas: ['copies', 'letters', 'download'], allow: ['physician', 'records'], export: ['records'] },
  { name: 'claims', areas: ['billing'], allow: ['billing'] },
  { name: 'reports', areas: ['reports'], allow: ['physician', 'records'], export: ['records'], inside: true },
  { name: 'uploads', areas: ['upload'], allow: ['physician', 'it'] },
  { name: 'deletions', areas: ['delete'], allow: ['it'], inside: true, freshFactor: '5m' },
  { name: 'admin', areas: ['admin'], allow: ['it'], inside: true, freshFactor: '5m' },
  { name: 'streams', areas: ['bulk', 'diagnostics'], allow: ['it'] },
  { name: 'rest', areas: ['pages'], allow: ['physician', 'it'] },
  { name: 'interface', areas: ['api'], allow: ['it'], inside: true },
];

type Changes = Readonly<Record<string, Partial<Omit<OutlineRow, 'name'>>>>;

const closed: Partial<OutlineRow> = { areas: [] };
const openemr: Changes = {
  find: { record: 'iDisplayLength' },
  // Its messages are for everybody who works with patients, and its billers begin at the summary page.
  desk: { areas: ['schedule', 'demographics', 'messages'], allow: ['physician', 'nurse', 'front-desk', 'billing', 'records'] },
  notes: { areas: ['notes'] },
  interface: closed,
};
/** The billing system works through the interface there. */
const openmrs: Changes = { interface: { allow: ['billing', 'it'] } };

/** What is otherwise with single products. */
const changes: Readonly<Record<string, Changes>> = {
  openemr,
  'openemr-5': openemr,
  libreehr: openemr,
  'openmrs-2': openmrs,
  'openmrs-legacy': openmrs,
  // Only its old administration calls them.
  'openmrs-3': { calls: { allow: ['it'], inside: true, freshFactor: '5m' } },
  'legacy-demo': {
    screens: { areas: ['shell', 'poller', 'diagnostics'] },
    notes: { areas: ['notes', 'letters'] },
    copies: closed,
    streams: { areas: ['bulk'], allow: ['physician', 'nurse', 'records', 'it'] },
    messages: { areas: ['messages'], allow: 'everyone', webSocket: true },
  },
};

/** The rows that name an area of the preset, with these areas alone. */
export function outlineOf(preset: string, areas: readonly string[]): readonly OutlineRow[] {
  const changed = changes[preset] ?? {};
  const added = Object.entries(changed).filter(([name]) => rows.every((row) => row.name !== name));
  const all = [...rows, ...added.map(([name, row]): OutlineRow => ({ name, areas: [], allow: [], ...row }))];
  return all.flatMap((row) => {
    const whole = { ...row, ...changed[row.name] };
    const there = whole.areas.filter((area) => areas.includes(area));
    return there.length === 0 ? [] : [{ ...whole, areas: there }];
  });
}
