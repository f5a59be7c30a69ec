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
  check: {
    says: 'read both YAML files and name every mistake: check --config F',
    run: async (args) => (await import('./check.ts')).check(args),
  },
  explain: {
    says: "why a request would pass or not: explain --roles nurse --method GET --path '/chart?pid=7'",
    run: async (args) => (await import('./explain.ts')).explainCommand(args),
  },
  audit: {
    says: 'check or search the record: audit verify --dir D | audit show --dir D',
    run: async (args) => (await import('./audit.ts')).auditCommand(args),
  },
  keys: { says: 'make the master key: keys init --file F', run: async (args) => (await import('./keys.ts')).keys(args) },
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
  const lines = Object.entries(commands).map(([each, { says }]) => `  ${each.padEnd(9)}${says}`);
  const text = `${asked ? '' : `Unknown command "${name}"\n\n`}wardgate <command>\n\n${lines.join('\n')}\n`;
  (asked ? process.stdout : process.stderr).write(text);
  return asked && name !== '' ? 0 : 2;
}

process.exitCode = await main(process.argv.slice(2));
