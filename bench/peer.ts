// What the bench needs to know of a peer: another program that people put in front of an EHR. One file in `bench/peers/` for
// each, and a line in the list of `bench/parts/peers.ts`. To add one, write such a file:
//   needs   the programs (looked for on PATH and in the sbin folders) and files without which it cannot run; where one is not
//           there, its row says so and nothing else happens.
//   start   writes its configuration into `ground.directory` and says how to run it in the foreground on
//           `127.0.0.1:ground.port`, with one core's worth of workers, an access log on disk, and in front of
//           `http://127.0.0.1:ground.upstream`. It may start helpers (a Redis) through the ground; the ground ends them.
// One that authenticates refuses strangers and lets in, by one role rule, whoever has the group of `ground.provider` at that
// provider. The bench signs `physician` in there as a browser would, and the load goes on with the cookies of then.

export interface Peer {
  /** In lower case and hyphens: the id of its goals. */
  readonly key: string;
  readonly name: string;
  readonly authenticates: boolean;
  readonly needs: readonly string[];
  readonly start: (ground: Ground) => Promise<Run> | Run;
}

/** What a peer stands on. Everything in it is of this run, and gone after it. */
export interface Ground {
  /** Empty, and readable for a program that gives up root. */
  readonly directory: string;
  readonly port: number;
  readonly upstream: number;
  /** Starts an OpenID provider that knows this peer and sends people back to this path of it. It demands PKCE with S256. */
  readonly provider: (callbackPath: string) => Promise<Provider>;
  /** Runs another program beside the peer until the run ends, and waits until it listens at the port. */
  readonly beside: (run: Run, port: number) => Promise<void>;
  readonly freePort: () => Promise<number>;
  /** Writes a file of the directory and returns its whole path. */
  readonly write: (name: string, text: string) => string;
}

export interface Provider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The value of the `groups` claim that the role rule asks for; others have others. */
  readonly group: string;
}

export interface Run {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}
