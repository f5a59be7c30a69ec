// Where gateways keep what they share, as the settings say it.

/** Null in the settings: everything stands beside this gateway, which is then the only one. */
export interface StoreSettings {
  readonly durable: DurableSettings;
  /** Null: one gateway alone uses the database. */
  readonly redis: RedisSettings | null;
}

/** A PostgreSQL. What is written there and confirmed is not lost; what a clinic's standby may lose, see docs/several-gateways.md. */
export interface DurableSettings {
  /** Without the password. */
  readonly url: string;
  readonly password: string | null;
  /** PEM of who signed the server's certificate; null: the authorities this machine trusts. */
  readonly trust: string | null;
  /** Without TLS; only for a server on this very machine. */
  readonly plain: boolean;
  readonly schema: string;
}

export interface RedisServer {
  readonly host: string;
  readonly port: number;
}

/** A Redis 7 or Valkey 8. */
export interface RedisSettings {
  readonly kind: 'single' | 'sentinel' | 'cluster';
  /** The one server, the Sentinels, or some nodes of the cluster. */
  readonly servers: readonly RedisServer[];
  /** The name that the Sentinels watch the master under; null unless `kind` is `sentinel`. */
  readonly sentinelName: string | null;
  /** The ACL user; null: the default one. */
  readonly user: string | null;
  readonly password: string | null;
  /** For the Sentinels, where they ask for one of their own. */
  readonly sentinelPassword: string | null;
  readonly tls: boolean;
  /** PEM of who signed the servers' certificate; null: the authorities this machine trusts. */
  readonly trust: string | null;
  /** Replicas that must have what is told before it counts as told (`WAIT`); 0 with one server alone. */
  readonly replicas: number;
  /** What every key begins with, so that several clinics may share one Redis. */
  readonly prefix: string;
}
