// How a part of our own pages says which addresses it serves. Data, so that the request path can ask without running
// anything.

/** Whom a route serves: anybody, an active session, one that is active or locked, or whoever the console's rule permits. */
export type Reach = 'public' | 'session' | 'lock' | 'console';

export interface OwnRoute {
  readonly path: string;
  readonly reach: Reach;
  readonly methods: readonly ('GET' | 'POST')[];
  /** True where everything below the path belongs to it too. */
  readonly below?: true;
}

/** True when the route serves the path; compared exactly, without folding case or a trailing slash. */
export function servesPath(route: OwnRoute, path: string): boolean {
  return path === route.path || (route.below === true && path.startsWith(`${route.path}/`));
}
