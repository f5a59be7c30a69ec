// How people are signed on to one EHR, as data: what to send, what to read from the answers, how to tell success from
// failure, and how to tell later that the EHR has ended its session. Written in a preset's YAML; interpreted by
// `play-recipe.ts`; never holds a password.

import type { FieldCondition, Method } from '../policy/policy.ts';
import type { PathPattern } from '../policy/path-pattern.ts';

/** Text with places for values: `"/login;s="`, `{ value: 'token' }`. Written `{token}` in YAML; `{{` is a brace. */
export type Template = readonly (string | { readonly value: string })[];

/** One way of telling what a reply means: everything it names must hold. */
export interface ReplyTest {
  /** The request's path must match one of these; null for any. */
  readonly paths: readonly PathPattern[] | null;
  readonly status: readonly number[] | null;
  /** The path of the Location header, resolved against the request; null where it does not matter. */
  readonly location: PathPattern | null;
  /** Literal texts that must all stand in the body, as far as it was read. */
  readonly body: readonly string[];
  /** Literal texts of which none may stand there. */
  readonly bodyWithout: readonly string[];
  /** Values of a JSON body by pointer (RFC 6901); a body that is no JSON matches none. */
  readonly json: readonly { readonly pointer: string; readonly equals: string | number | boolean | null }[];
  /** `openemr.yaml:31`, for the doctor and the record. */
  readonly at: string;
}

/** A value read from a reply, for the steps after it. */
export type Take = { readonly name: string; readonly at: string } & (
  | { readonly from: 'field'; readonly field: string }
  /** The action of the first form whose action holds this text, resolved against the page; with its `;jsessionid=`. */
  | { readonly from: 'form-action'; readonly holds: string }
  | { readonly from: 'cookie'; readonly cookie: string }
  | { readonly from: 'header'; readonly header: string }
  | { readonly from: 'json'; readonly pointer: string }
  | { readonly from: 'between'; readonly before: string; readonly after: string }
);

export type RecipeBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'form'; readonly fields: readonly (readonly [name: string, value: Template])[] }
  /** A JSON object of texts; names in order. */
  | { readonly kind: 'json'; readonly members: readonly (readonly [name: string, value: Template])[] };

/** One request of ours and what its reply must look like. */
export interface RecipeStep {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** A request line: path and, where there is one, query. */
  readonly target: Template;
  readonly headers: readonly (readonly [name: string, value: Template])[];
  /** Sends username and password as Basic (RFC 7617). */
  readonly basic: boolean;
  readonly body: RecipeBody;
  readonly take: readonly Take[];
  /** Left out where one of these values is not configured. */
  readonly onlyWith: readonly string[];
  /** The reply of this step tells whether the person is signed on. Exactly one step decides; those after it only follow up. */
  readonly decides: boolean;
  readonly at: string;
}

/** `methods`: null for GET and POST. `query`: fields that tell it from the page it shares its path with. */
export interface LogoutRoute {
  readonly pattern: PathPattern;
  readonly methods: readonly Method[] | null;
  readonly query?: readonly FieldCondition[];
}

export interface Recipe {
  /** What a person is asked for: always `username` and `password`, and what else the EHR wants, such as `pin`. */
  readonly asks: readonly string[];
  /** Values with their defaults that IT may set in gateway.yaml, such as `site`. Null must be set. */
  readonly values: ReadonlyMap<string, string | null>;
  readonly steps: readonly RecipeStep[];
  /** Judged on every reply up to the deciding one, before `success`. At least one. */
  readonly failure: readonly ReplyTest[];
  /** Judged on the deciding reply. At least one. */
  readonly success: readonly ReplyTest[];
  /** The EHR wants a new password first: how that is told, which page it is, and what may be opened there. */
  readonly passwordChange: {
    readonly tests: readonly ReplyTest[];
    /** Request line of the page; null: the Location of the reply. */
    readonly page: string | null;
    readonly open: readonly PathPattern[];
  } | null;
  /** Where a page goes after the sign-on: where the EHR sends it, a page of its own, or where the person wanted to go. */
  readonly landing: { readonly to: 'location' } | { readonly to: 'path'; readonly path: string } | { readonly to: 'requested' };
  /** Replies that say the EHR's session has ended. Those with `body` or `json` are looked for in the first 16 KB of HTML or JSON. */
  readonly loggedOut: readonly ReplyTest[];
  readonly logout: {
    /** Requests by which a person logs out of the EHR; they end the gateway's session as well. */
    readonly routes: readonly LogoutRoute[];
    /** What the gateway sends when its own session ends; null where the EHR has no such request. */
    readonly request: { readonly method: 'GET' | 'POST' | 'DELETE'; readonly target: string } | null;
  };
}

/** Which cookies of the EHR the gateway keeps to itself. Whatever the EHR sets is kept, but for `passthrough`. */
export interface CookieClasses {
  /** Names that are always the gateway's: a browser's cookie of such a name is dropped, also before the EHR has set one. */
  readonly jar: readonly string[];
  /** Names that pass between browser and EHR. */
  readonly passthrough: readonly string[];
  /** Cookies that the EHR's scripts look for, set in the browser after the sign-on. */
  readonly seed: readonly { readonly name: string; readonly value: Template }[];
}

/** What the EHR's own scripts expect when they must learn that the session has ended. */
export interface ExpiredReply {
  readonly pattern: PathPattern;
  /** The JSON text to answer with, status 200. */
  readonly json: string;
}
