// Starts the demo's OpenID provider on loopback: everybody is one of the personas, and nobody needs a password. It stands
// for the clinic's directory in the demo and in tests and must never be reachable by anybody else.

import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import type { DemoPersona } from '../personas.ts';
import { answerInteraction } from './interaction.ts';
import { answerAuthenticator } from './authenticator.ts';
import { providerConfiguration } from './provider-configuration.ts';
import type { DemoClient } from './provider-configuration.ts';
import { ProviderStore } from './store.ts';

export interface DemoProviderOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  readonly clients: readonly DemoClient[];
  readonly personas: readonly DemoPersona[];
}

export interface DemoProvider {
  /** `http://127.0.0.1:PORT`, without a slash at its end. */
  readonly issuer: string;
  readonly port: number;
  close(): Promise<void>;
  /** Stops listening, as a provider that is down, and forgets nothing. */
  pause(): Promise<void>;
  /** Listens again, at the same port. */
  resume(): Promise<void>;
  /** Ends the person's sessions here; their refresh tokens answer `invalid_grant` from now on. */
  revoke(name: string): void;
  /** What the `groups` claim says at the next sign-in or refresh. Throws for a name that is no persona. */
  setGroups(name: string, groups: readonly string[]): void;
}

const HOST = '127.0.0.1';

/** Resolves once it listens; rejects where the port is taken or a client is not sound. */
export async function startDemoProvider(options: DemoProviderOptions): Promise<DemoProvider> {
  const personas = new Map(options.personas.map((persona) => [persona.name, persona]));
  const store = new ProviderStore();
  const server = createServer();
  const port = await listen(server, options.port ?? 0);
  const issuer = `http://${HOST}:${port}`;
  try {
    const configuration = providerConfiguration(options.clients, (name) => personas.get(name), store);
    const provider = new Provider(issuer, configuration);
    const answerProtocol = provider.callback();
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const path = request.url?.split('?', 1)[0] ?? '';
      if (path === '/authenticator') void answerAuthenticator(response, [...personas.values()]);
      else if (path.startsWith('/interaction/'))
        void answerInteraction(provider, store, [...personas.values()], request, response);
      else void answerProtocol(request, response);
    });
  } catch (cause) {
    server.close();
    throw cause;
  }
  return {
    issuer,
    port,
    close: () => stop(server),
    pause: () => stop(server),
    resume: async () => void (await listen(server, port)),
    revoke: (name) => store.forgetAccount(name),
    setGroups: (name, groups) => {
      const persona = personas.get(name);
      if (persona === undefined) throw new Error(`Cannot set groups: "${name}" is no persona of this demo`);
      personas.set(name, { ...persona, groups });
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
