// What signing people on to an EHR needs, made by hand: standings in memory, an EHR that answers by a list, a vault, and
// a clock that is set. Each keeps what it was asked, so that a test can say that nothing was.

import { oneGateway } from '../../src/adapters/one-gateway.ts';
import type { ApplicationSettings, SignOnSettings } from '../../src/config/settings.ts';
import type { AuditEntry } from '../../src/core/audit/entry.ts';
import type { EhrReply } from '../../src/core/ehr/ehr-reply.ts';
import type { Recipe } from '../../src/core/ehr/recipe.ts';
import type { Method } from '../../src/core/policy/policy.ts';
import { canonicalize } from '../../src/core/target/canonicalize.ts';
import type { CanonicalTarget } from '../../src/core/target/canonical-target.ts';
import type { EhrClient, EhrEntry, EhrRequest, EhrStanding, EhrStandings } from '../../src/ehr-ports.ts';
import { FailureBrake } from '../../src/ehr/failure-brake.ts';
import { RecipeSignOn } from '../../src/ehr/recipe-sign-on.ts';
import type { RecipeSignOnNeeds } from '../../src/ehr/recipe-sign-on.ts';
import type { Session } from '../../src/ports.ts';
import { applicationOf } from './edge-facts.ts';
import { FakeCredentialVault } from './fake-ehr-trial.ts';
import { sessionOf } from './session-of.ts';
import type { MachineRegister } from '../../src/machine-ports.ts';
import { noMachines } from './no-machines.ts';

/** In memory. A session that was ended holds nothing, and takes nothing any more. */
export class FakeStandings implements EhrStandings {
  readonly held = new Map<string, Map<string, EhrStanding>>();
  readonly over = new Set<string>();

  get({ reference }: Session, application: string): EhrStanding | null {
    return this.over.has(reference) ? null : (this.held.get(reference)?.get(application) ?? null);
  }

  current(session: Session, application: string): EhrStanding | null {
    return this.get(session, application);
  }

  put({ reference }: Session, application: string, standing: EhrStanding): void {
    if (this.over.has(reference)) return;
    this.held.set(reference, (this.held.get(reference) ?? new Map<string, EhrStanding>()).set(application, standing));
  }

  take({ reference }: Session): ReadonlyMap<string, EhrStanding> {
    const held = this.held.get(reference) ?? new Map<string, EhrStanding>();
    this.held.delete(reference);
    return held;
  }

  /** The session ends here and now. */
  end({ reference }: Session): void {
    this.over.add(reference);
  }
}

export type Answering = (request: EhrRequest) => Omit<EhrReply, 'target'> | Promise<Omit<EhrReply, 'target'>>;

/** Answers each request by a function, and keeps it. */
export class FakeEhrClient implements EhrClient {
  readonly sent: (EhrRequest & { readonly application: string })[] = [];
  answer: Answering;

  constructor(reply: Answering) {
    this.answer = reply;
  }

  async send(application: string, request: EhrRequest): Promise<EhrReply> {
    this.sent.push({ ...request, application });
    return { ...(await this.answer(request)), target: request.target };
  }

  /** `POST /login`, in order. */
  get lines(): string[] {
    return this.sent.map(({ method, target }) => `${method} ${target}`);
  }
}

export function answer(status: number, headers: readonly string[] = [], body = ''): Omit<EhrReply, 'target'> {
  return { status, headers, body };
}

/** A clock that stands still until it is moved. */
export class SetClock {
  time = 1_000_000;

  now(): number {
    return this.time;
  }

  monotonic(): number {
    return this.time;
  }
}

export function targetOf(path: string): CanonicalTarget {
  const target = canonicalize(path, 'generic', 8192);
  if ('reason' in target) throw new Error(`"${path}" is no canonical target: ${target.reason}`);
  return target;
}

/** A page that a person opens, unless something else is said. */
export function entryOf(path: string, more: Partial<Omit<EhrEntry, 'target'>> = {}): EhrEntry {
  const method: Method = 'GET';
  return { session: sessionOf('a'), address: '10.1.1.1', zones: [], requestId: 'r-1', method, shape: 'page', ...more, target: targetOf(path) }; // prettier-ignore
}

export type RecipeSettings = Extract<SignOnSettings, { readonly by: 'recipe' }>;

export interface SignOnStage {
  readonly application: ApplicationSettings;
  readonly signOn: RecipeSignOn;
  readonly client: FakeEhrClient;
  readonly standings: FakeStandings;
  readonly vault: FakeCredentialVault;
  readonly clock: SetClock;
  readonly brake: FailureBrake;
  readonly records: (Partial<AuditEntry> & { readonly session: string; readonly request: string })[];
  readonly learned: { readonly session: string; readonly values: readonly string[] }[];
  readonly loggedOut: { readonly jar: EhrStanding['jar'] }[];
  /** Called when a record is to be written; throw to make the disk full. */
  onRecord: () => void;
}

export interface SignOnStageOptions {
  readonly recipe: Recipe;
  readonly account?: RecipeSettings['account'];
  readonly values?: ReadonlyMap<string, string>;
  readonly application?: Partial<ApplicationSettings>;
  readonly answer: Answering;
  readonly mostFailures?: number;
  readonly machines?: Pick<MachineRegister, 'account'>;
}

/** Everything around one `RecipeSignOn`. The person's own password is stored where `account` is their own. */
export function signOnStage({
  recipe,
  account = { of: 'own' },
  values = new Map(),
  ...options
}: SignOnStageOptions): SignOnStage {
  const settings: RecipeSettings = { by: 'recipe', recipe, values, account };
  const cookies = { jar: ['SID'], passthrough: [], seed: [] };
  const application = applicationOf({ signOn: settings, cookies, sessionCookie: 'SID', ...options.application });
  const clock = new SetClock();
  const parts = {
    application,
    clock,
    client: new FakeEhrClient(options.answer),
    standings: new FakeStandings(),
    vault: new FakeCredentialVault(),
    brake: new FailureBrake(options.mostFailures ?? 5, clock),
    records: [] as SignOnStage['records'],
    learned: [] as SignOnStage['learned'],
    loggedOut: [] as SignOnStage['loggedOut'],
    onRecord: () => undefined,
  };
  const stage: SignOnStage = {
    ...parts,
    signOn: new RecipeSignOn({
      ...needsOf(settings, parts, () => stage.onRecord()),
      ...(options.machines && { machines: options.machines }),
    }),
  };
  return stage;
}

function needsOf(
  signOn: RecipeSettings,
  { application, clock, client, standings, vault, brake, records, learned, loggedOut }: Omit<SignOnStage, 'signOn'>,
  onRecord: () => void,
): RecipeSignOnNeeds {
  return {
    application,
    signOn,
    clock,
    client,
    standings,
    vault,
    machines: noMachines,
    turns: oneGateway.turns,
    brake,
    encode: (text) => Buffer.from(text).toString('base64'),
    learn: (session, { sessionCookie }, _requestId, jar) => {
      const values = jar.filter(({ name }) => name === sessionCookie).map(({ value }) => value);
      learned.push({ session: session.reference, values });
    },
    logOut: (_application, { standing, jar }) => void (standing === 'ended' || loggedOut.push({ jar })),
    record: (session, { requestId }, fields) => {
      onRecord();
      records.push({ ...fields, session: session.reference, request: requestId });
      return Promise.resolve();
    },
  };
}
