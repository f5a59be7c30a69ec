#!/usr/bin/env node
// The `wardgate` command: one file per subcommand, loaded when it is asked for. Exit codes: 0 yes, 1 no, 2 wrong usage.

const commands: Readonly<Record<string, { readonly says: string; readonly run: (args: string[]) => Promise<number> }>> = {
  start: {
    says: 'run the gateway: start --config config/gateway.yaml',
    run: async (args) => (await import('./start.ts')).start(args),
  },
  demo: {
    says: 'a small EHR, a sign-in provider and the gateway in front, on this machine',
    run: async (args) => (await import('./demo.ts')).demo(args),
  },
  init: {
    says: 'write the first gateway.yaml and rules.yaml, by eight questions',
    run: async (args) => (await import('./init.ts')).init(args),
  },
  check: {
    says: 'read both YAML files and name every mistake: check --config F; --live looks at the world too',
    run: async (args) => (await import('./check.ts')).check(args),
  },
  explain: {
    says: "why a request would pass or not: explain --roles nurse --method GET --path '/chart?pid=7'",
    run: async (args) => (await import('./explain.ts')).explainCommand(args),
  },
  rules: {
    says: 'what the rules would have refused, and which were applied: rules observed | history | diff | claim',
    run: async (args) => (await import('./rules.ts')).rules(args),
  },
  review: {
    says: 'certified reviews: review list | sample --month 2026-11 | certificate ID --out F',
    run: async (args) => (await import('./review.ts')).review(args),
  },
  case: {
    says: 'cases that reviewers look into: case list --state open --person NAME | show ID',
    run: async (args) => (await import('./case.ts')).caseCommand(args),
  },
  recertify: {
    says: 'who has which role, reviewed and signed: recertify start | status | export --out F | done ROW',
    run: async (args) => (await import('./recertify.ts')).recertify(args),
  },
  replay: {
    says: 'who would gain or lose what under other rules: replay --rules F --since 7d',
    run: async (args) => (await import('./replay.ts')).replay(args),
  },
  apply: {
    says: 'take a new version of the rules, with who and why: apply --rules F --reason "…"',
    run: async (args) => (await import('./apply.ts')).apply(args),
  },
  rollback: {
    says: 'go back to the last good version of the rules: rollback --reason "…"',
    run: async (args) => (await import('./rollback.ts')).rollback(args),
  },
  audit: {
    says: 'check or search the record: audit verify --dir D | audit show --dir D',
    run: async (args) => (await import('./audit.ts')).auditCommand(args),
  },
  report: {
    says: 'what an officer reviews and files: report list | report patient --patient 7 --month 2026-10',
    run: async (args) => (await import('./report.ts')).report(args),
  },
  ehr: {
    says: 'sign on to the EHR as the gateway would, step by step: ehr test --as PERSON',
    run: async (args) => (await import('./ehr.ts')).ehrCommand(args),
  },
  vault: {
    says: "people's stored EHR passwords: vault list | import FILE.csv | remove --person NAME | reseal",
    run: async (args) => (await import('./vault.ts')).vaultCommand(args),
  },
  user: {
    says: 'people and their factors, asked of the running gateway: user list | show | enrol-code | reset-factor | offboard',
    run: async (args) => (await import('./user.ts')).userCommand(args),
  },
  session: {
    says: 'who is signed in, and ending that: session list | end PERSON --because "…"',
    run: async (args) => (await import('./session.ts')).sessionCommand(args),
  },
  disclosure: {
    says: 'what left treatment, payment and operations on paper: disclosure add | withdraw | suspend | held-back | lift',
    run: async (args) => (await import('./disclosure.ts')).disclosureCommand(args),
  },
  patients: {
    says: 'the directory of patients behind the ids in the record: patients import FILE.csv | show ID | status',
    run: async (args) => (await import('./patients.ts')).patientsCommand(args),
  },
  relations: {
    says: 'schedule, roster, demographics and confidential patients, by which openings of charts are explained: relations import KIND FILE | status',
    run: async (args) => (await import('./relations.ts')).relationsCommand(args),
  },
  keys: {
    says: "the master key: keys init --file F | rotate | prune; a machine's token: keys token",
    run: async (args) => (await import('./keys.ts')).keys(args),
  },
  store: {
    says: 'bring what one gateway kept into the PostgreSQL that several share: store move',
    run: async (args) => (await import('./store.ts')).storeCommand(args),
  },
  backup: {
    says: 'configuration, stores, keys and record in one locked file: backup --to F | --verify F',
    run: async (args) => (await import('./backup.ts')).backup(args),
  },
  restore: {
    says: 'put a backup into an empty directory: restore F --to D',
    run: async (args) => (await import('./restore.ts')).restore(args),
  },
  simulate: {
    says: 'a made-up clinic with wrongs put in, to try detectors on: simulate --seed 7 --to D',
    run: async (args) => (await import('./simulate.ts')).simulateCommand(args),
  },
  schema: {
    says: 'write the JSON Schemas that editors use: schema',
    run: async (args) => (await import('./schema.ts')).schema(args),
  },
};

async function main(args: readonly string[]): Promise<number> {
  const [name = '', ...rest] = args;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command) return command.run(rest);
  const asked = name === '' || name === 'help' || name === '--help';
  const lines = Object.entries(commands).map(([each, { says }]) => `  ${each.padEnd(11)}${says}`);
  const text = `${asked ? '' : `Unknown command "${name}"\n\n`}wardgate <command>\n\n${lines.join('\n')}\n`;
  (asked ? process.stdout : process.stderr).write(text);
  return asked && name !== '' ? 0 : 2;
}

process.exitCode = await main(process.argv.slice(2));
