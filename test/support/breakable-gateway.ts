// A gateway whose three lists a test may spoil: real stores, a real audit log, a real way to an EHR made by hand, and the
// real runner between them. Only what the lists need and no test looks at is answered plainly here.

import { hash, randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { clinicTime } from '../../src/adapters/clinic-time.ts';
import { disclosureRecorder } from '../../src/adapters/disclosure-recorder.ts';
import { MemoryDisclosureQuestions } from '../../src/adapters/disclosure-questions-memory.ts';
import { systemRandomness } from '../../src/adapters/randomness-system.ts';
import { UndiciUpstream } from '../../src/adapters/upstream-undici.ts';
import { WebSocketUpstream } from '../../src/adapters/upstream-websocket.ts';
import { compose } from '../../src/compose.ts';
import { indexRules } from '../../src/core/policy/rule-index.ts';
import { signOnNone } from '../../src/ehr/sign-on-none.ts';
import { clientAddresses } from '../../src/http/client-address.ts';
import { edgeServer } from '../../src/http/edge-server.ts';
import { closeWithin, listen } from '../../src/http/listen.ts';
import { sendReply } from '../../src/http/send-reply.ts';
import { serve } from '../../src/http/serve.ts';
import type { ServeNeeds } from '../../src/http/serve.ts';
import type { Needs } from '../../src/needs.ts';
import { RequestPath } from '../../src/pipeline.ts';
import { meterFor } from '../../src/reply/meter-and-pace.ts';
import type { NamedReplyStep } from '../../src/reply/reply-step.ts';
import { replyList, settleList } from '../../src/request-path.ts';
import type { NamedSettleStep } from '../../src/settle/settle-step.ts';
import { stepUpMemory } from './step-up-memory.ts';
import { records } from './demo-story.ts';
import { FakeLog } from './fake-ports.ts';
import { sessionConfiguration, signedIn } from './session-gateway.ts';
import type { SessionGatewayOptions } from './session-gateway.ts';
import { stageList } from './stage-list.ts';
import type { NamedStage } from './stage-list.ts';
import { startWireEhr } from './wire-ehr.ts';
import type { WireEhr } from './wire-ehr.ts';
import { noMachines } from './no-machines.ts';

export interface Lists {
  stages: readonly NamedStage[];
  replySteps: readonly NamedReplyStep[];
  settleSteps: readonly NamedSettleStep[];
}

export interface BreakableGateway {
  readonly port: number;
  readonly ehr: WireEhr;
  readonly log: FakeLog;
  readonly needs: Needs;
  /** The sound lists. */
  readonly sound: Readonly<Lists>;
  /** The lists that requests run through now. */
  readonly lists: Lists;
  cookieFor(role: string): Promise<string>;
  records(): Record<string, unknown>[];
  close(): Promise<void>;
}

export async function startBreakableGateway(options: SessionGatewayOptions): Promise<BreakableGateway> {
  const ehr = await startWireEhr();
  const { configuration, directory } = await sessionConfiguration(options, ehr.origin);
  const log = new FakeLog();
  const composed = await compose(configuration, log);
  const upstreams = new Map([['ehr', { origin: ehr.origin, ca: null }]]);
  const pool = new UndiciUpstream(upstreams, configuration.settings.limits);
  const needs = needsOf(composed, configuration, pool, new WebSocketUpstream(upstreams, configuration.settings.limits));
  const sound: Lists = { stages: stageList(needs), replySteps: replyList(needs), settleSteps: settleList(needs) };
  const lists = { ...sound };
  const meter = meterFor(needs);
  const server = edgeServer({
    limits: needs.limits,
    tls: null,
    serve: (exchange) =>
      serve(
        {
          path: new RequestPath(lists.stages),
          replySteps: lists.replySteps,
          settleSteps: lists.settleSteps,
          log,
          recordedToken: needs.recordedToken,
          clinic: configuration.settings.clinic,
          send: (facts, to, reply) => sendReply({ meterFor: meter, limits: needs.limits }, facts, to, reply),
        } satisfies ServeNeeds,
        exchange,
      ),
    refusedEarly: () => undefined,
    onCrash: (cause) => log.error({ cause }, 'A request could not be served'),
  });
  return {
    port: await listen(server, 0, '127.0.0.1'),
    ehr,
    log,
    needs,
    sound,
    lists,
    cookieFor: async (role) => {
      const { id, session } = signedIn(role);
      await composed.state.sessions.create(session);
      return `wardgate=${id}`;
    },
    records: () => records({ auditDirectory: composed.audit.directory }),
    close: async () => {
      await closeWithin(server, 0);
      await pool.close();
      await composed.close();
      await ehr.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function needsOf(
  { state, audit, metrics, clock, sessionLimits, live, turns }: Awaited<ReturnType<typeof compose>>,
  { settings, policy }: Awaited<ReturnType<typeof sessionConfiguration>>['configuration'],
  pool: UndiciUpstream,
  webSockets: WebSocketUpstream,
): Needs {
  const rules = { policy, index: indexRules(policy) };
  return {
    ...clinicTime(settings.clinic.timezone),
    clock,
    audit,
    metrics,
    sessionLimits,
    limits: settings.limits,
    pageScript: () => '/.wardgate/assets/page.js',
    sessions: state.sessions,
    disclosures: state.disclosures,
    disclosureRecorder: disclosureRecorder({ audit, clock, book: state.disclosures, patients: state.patientTokens }),
    disclosureQuestions: new MemoryDisclosureQuestions(clock, systemRandomness),
    turns,
    openStream: (facts, key) => live.enter(facts, key),
    grants: state.grants,
    held: state.held,
    restrictions: state.restrictions,
    slowLane: { wait: () => Promise.resolve(true) },
    ...stepUpMemory(clock),
    randomness: systemRandomness,
    budgets: state.budgets,
    rules: () => rules,
    addresses: clientAddresses([], settings.zones),
    applications: new Map([...settings.applications.values()].map((one) => [one.host, one])),
    pages: { has: () => false, serve: () => Promise.reject(new Error('There are no pages of ours here')) },
    machines: noMachines,
    machineAttempts: { failed: () => 0 },
    tokenHash: (token: string) => hash('sha256', token),
    nextRequestId: () => randomUUID(),
    sessionKey: (id: string) => hash('sha256', id, 'base64url'),
    rolesAreStale: () => false,
    needsSilentSignIn: () => false,
    refreshRoles: () => Promise.resolve('fresh'),
    selectedPatient: () => null,
    beginSelection: () => undefined,
    settleSelection: () => undefined,
    learnEhrSessions: () => undefined,
    givenEhrSession: () => null,
    patients: state.patientTokens,
    recordedToken: (id: string) => state.patientTokens.recordedToken(id),
    hashTarget: (target: string) => hash('sha256', target),
    identityToken: () => null,
    upstream: { request: (request) => pool.request(request), upgrade: (request) => webSockets.open(request) },
    standings: state.standings,
    signOn: new Map([['ehr', signOnNone({ application: 'ehr', standings: state.standings, hasJar: false })]]),
    ehrRefusedCredential: () => Promise.resolve(),
    logOutOfEhr: () => undefined,
    signOutByEhr: () => Promise.reject(new Error('Nobody logs out of the EHR here')),
    opensChart: () => true,
    chartOrder: () => null,
    mayRecordAnonymous: () => true,
    mayRecordRefusal: () => true,
    onLost: () => undefined,
  };
}
