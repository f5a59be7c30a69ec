// The `wardgate audit` commands, and `wardgate audit show`: reads logs on the machine where their files are. It changes nothing and
// works while the gateway is running.

import type { FoundRecord } from '../adapters/audit-records.ts';
import { numberLogs, readLogsTogether } from '../adapters/logs-together.ts';
import type { NumberedLog } from '../adapters/logs-together.ts';
import { recordName } from '../core/audit/record-number.ts';
import { parse, someLogs, UsageError } from './audit-arguments.ts';
import { convert } from './audit-convert.ts';
import { checkpointPage } from './audit-checkpoint.ts';
import { exportBundle } from './audit-export.ts';
import { hold } from './audit-hold.ts';
import { listKeys, prove, verifyProof } from './audit-proof.ts';
import { reconcile } from './audit-reconcile.ts';
import { retention } from './audit-retention.ts';
import { search } from './audit-search.ts';
import { verify } from './audit-verify.ts';
import { withIds } from '../core/patients/shown-tokens.ts';
import { patientsNamed } from './patients/patient-lookup.ts';
import type { PatientLookup } from './patients/patient-lookup.ts';
import { plainText } from './plain-text.ts';
import { terminal } from './printer.ts';
import type { Printer } from './printer.ts';

const usage = `Usage: wardgate audit verify --dir DIRECTORY [--also DIRECTORY] [--key FILE] [--from FILE] [--anchor DIRECTORY] [--dir …] [--json]
       wardgate audit show --dir DIRECTORY [--also DIRECTORY] [--dir …] [--patient ID] [--person NAME] [--last NUMBER] [--patients FILE] [--json]
       wardgate audit search [--config FILE | --dir DIRECTORY [--also DIRECTORY] [--dir …] --index FILE [--patients FILE]] [--since 30d] [--until 2026-10-31]
                [--patient ID] [--person NAME] [--rule NAME] [--decision allowed|refused|observed] [--category NAME]
                [--action NAME] [--address ADDRESS] [--event NAME] [--request ID] [--text TEXT] [--review]
                [--last NUMBER] [--before NUMBER] [--hours] [--json|--csv]
       wardgate audit reconcile --ehr-log FILE... [--format common|combined|orthanc] [--gateway ADDRESS] [--application NAME]
                [--config FILE | --dir DIRECTORY [--also DIRECTORY] [--dir …] [--patients FILE]] [--since 7d] [--until TIME] [--tolerance 120s] [--json|--csv]
       wardgate audit prove --dir DIRECTORY --record NUMBER [--also DIRECTORY] [--key FILE] [--out FILE]
       wardgate audit checkpoint --dir DIRECTORY [--print | --json] [--out FILE]
       wardgate audit export --dir DIRECTORY [--also DIRECTORY] [--from TIME] [--to TIME] [--person NAME] [--patient ID] [--patients FILE] [--kept FILE] --out DIRECTORY|FILE.json
       wardgate audit convert --dir DIRECTORY [--also DIRECTORY] --format fhir|dicom|csv|jsonl [--since 30d] [--until 2026-10-31] [--resolve-patients --patients FILE] [--out FILE]
       wardgate audit retention [--config FILE] [--json]
       wardgate audit hold add --name NAME --because TEXT [--from 2026-01-31] [--to 2026-12-31] [--config FILE] [--json]
       wardgate audit hold release --name NAME --because TEXT [--config FILE] [--json]
       wardgate audit hold list [--config FILE] [--json]
       wardgate audit keys --dir DIRECTORY [--also DIRECTORY] [--key FILE] [--json]
       wardgate audit verify-proof FILE --key FILE [--json]

--dir     the log of a gateway; of several gateways it may stand more than once, and what stands behind one belongs to that log
--config  the gateway.yaml of this machine; where it names a store, the records of all gateways that share it
--also    the fallback directory, where the log went on there for a time
--key     the public key, kept elsewhere than beside the log
--from    a checkpoint that was kept elsewhere, also typed from paper or lines of a syslog; may stand more than once
--kept    a checkpoint that the auditor holds, so that the export leads from it; may stand more than once
--print   a page of HTML for paper
--anchor  the place that the gateway anchors to; may stand more than once
--index   a file for the search index of a log that was copied here; of several logs a directory
--text    stands anywhere in the recorded address
--review  only what wants a look: emergency accesses, extended budgets, lock-outs, outages
--before  the next page: what stands before that record, such as 123 or 2/123
--hours   counts by hour in place of the list
--ehr-log the EHR's own access log, also packed (.gz); the times of Orthanc's are those of the clinic's clock
--patients the gateway.yaml whose state tells the tokens of patients and the ids behind them; without it tokens are shown
--gateway an address from which the gateway speaks to the EHR; may stand more than once`;

const yes = 0;
const no = 1;
const wrongUsage = 2;
const defaultLast = 50;
const mostLast = 100_000;

/** Exit code: 0 sound (or found), 1 not, 2 wrong usage. */
export async function auditCommand(args: string[], print: Printer = terminal): Promise<number> {
  const [command, ...rest] = args;
  try {
    if (command === 'verify') return await verify(rest, print);
    if (command === 'show') return await show(rest, print);
    if (command === 'search') return await search(rest, print);
    if (command === 'reconcile') return await reconcile(rest, print);
    if (command === 'prove') return await prove(rest, print);
    if (command === 'checkpoint') return checkpointPage(rest, print);
    if (command === 'export') return await exportBundle(rest, print);
    if (command === 'convert') return await convert(rest, print);
    if (command === 'retention') return await retention(rest, print);
    if (command === 'hold') return await hold(rest, print);
    if (command === 'keys') return await listKeys(rest, print);
    if (command === 'verify-proof') return verifyProof(rest, print);
    throw new UsageError(command === undefined ? 'A command is missing' : `There is no command "audit ${command}"`);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    print.err(cause.message);
    if (cause instanceof UsageError) print.err(usage);
    return wrongUsage;
  }
}

async function show(args: string[], print: Printer): Promise<number> {
  const text = { type: 'string' } as const;
  const { values, logs } = parse(args, { patient: text, person: text, last: text, patients: text });
  const last = lastOf(values['last']);
  const read = numberLogs(someLogs({ logs }).map(({ directories }) => directories));
  const patients = await patientsNamed(values['patients'], print);
  const { patient } = values;
  try {
    const whose = typeof patient === 'string' ? (await patients.asked(patient)).values : null;
    const kept = await newest(read, whose, values['person'], last);
    for (const found of kept) print.out(values['json'] === true ? found.text : await describeRecord(found, patients));
    if (kept.length === 0) print.err('No record matches');
    return kept.length === 0 ? no : yes;
  } finally {
    patients.close();
  }
}

async function newest(
  logs: readonly NumberedLog[],
  whose: readonly string[] | null,
  person: unknown,
  last: number,
): Promise<readonly FoundRecord[]> {
  const kept: FoundRecord[] = [];
  for await (const found of readLogsTogether(logs)) {
    if (!matches(found, whose, person)) continue;
    kept.push(found);
    if (kept.length > 2 * last) kept.splice(0, kept.length - last);
  }
  return kept.slice(-last);
}

function matches({ record: { fields } }: FoundRecord, whose: readonly string[] | null, person: unknown): boolean {
  if (whose !== null && !whose.includes(String(fields['patient']))) return false;
  if (person === undefined) return true;
  const { name, sub, machine } = Object(fields['subject']) as Record<string, unknown>;
  return name === person || sub === person || machine === person;
}

async function describeRecord({ record: { sequence, event, fields } }: FoundRecord, patients: PatientLookup): Promise<string> {
  const { name, machine } = Object(fields['subject']) as Record<string, unknown>;
  const who = machine === undefined ? plainText(name ?? fields['address'] ?? '-') : `machine ${plainText(machine)}`;
  const order = ['method', 'target', 'patient', 'rule', 'decision', 'reason', 'status', 'detail'];
  const said = order.flatMap((key) =>
    fields[key] === undefined ? [] : [key === 'patient' ? `patient=${plainText(fields[key])}` : plainText(fields[key])],
  );
  const line = [recordName(sequence), plainText(fields['time']), event.padEnd(10), who, ...said].join('  ');
  const known = await patients.shown([line]);
  return withIds(line, (token) => {
    const patient = known.get(token);
    return patient && plainText(patient.id);
  });
}

function lastOf(value: unknown): number {
  if (typeof value !== 'string') return defaultLast;
  const last = Number(value);
  if (Number.isInteger(last) && last >= 1 && last <= mostLast) return last;
  throw new UsageError(`"${value}" is not a number of records from 1 to ${mostLast}`);
}
