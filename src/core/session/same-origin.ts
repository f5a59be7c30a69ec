// Whether a request that changes something came from our own pages. The second line of defence behind SameSite=Lax:
// another site's form carries no cookie of ours, and if it did, it would stop here.

export type OriginVerdict = { readonly same: true } | { readonly same: false; readonly why: string };

/**
 * `origin` and `site` are the values of Origin and Sec-Fetch-Site, in order of appearance; `own` is our public origin.
 * A repeated header is refused, and so are two that contradict each other. With neither header it is no browser, and no
 * browser carries somebody else's cookie.
 */
export function judgeOrigin(origin: readonly string[], site: readonly string[], own: string): OriginVerdict {
  if (origin.length > 1 || site.length > 1) return { same: false, why: 'the header is given twice' };
  const [stated] = origin;
  // `null` is what a sandboxed frame or a data: page says; it is nobody's origin.
  if (stated !== undefined && stated !== own) return { same: false, why: `the origin is "${stated.slice(0, 200)}"` };
  const [fetched] = site;
  // `none` is a form loaded again by the person, and then the browser still names the origin.
  const isOurs = fetched === undefined || fetched === 'same-origin' || (fetched === 'none' && stated === own);
  return isOurs ? { same: true } : { same: false, why: `Sec-Fetch-Site is "${fetched.slice(0, 40)}"` };
}

/**
 * The same question for a request to the EHR that may change something there. Its pages are not ours, so the browser's own
 * word counts first: sandboxed frames of the EHR say `null` and yet `same-origin`. `none` is the person's own doing, such as
 * loading a sent form again. A browser that says so and yet names another site is none. Undefined where the header is absent.
 */
export function judgeForeignForm(origin: string | undefined, site: string | undefined, own: string): OriginVerdict {
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    return { same: false, why: `Sec-Fetch-Site is "${site.slice(0, 40)}"` };
  if (origin === undefined || origin === own || (origin === 'null' && site !== undefined)) return { same: true };
  return { same: false, why: `the origin is "${origin.slice(0, 200)}"` };
}

/**
 * Whether a form of ours was sent by a page, as far as the browser says so: a script of the EHR stands on the same origin and
 * may send what it likes, unseen, but not as the navigation of a document. The values of Sec-Fetch-Site, -Mode and -Dest;
 * where all are missing the browser is older than they are, and a mode alone comes from no browser but from a program, as
 * Node's fetch does: no page can keep a browser from sending the site. `inFrames`: the page may also stand in a frame of
 * the EHR.
 */
export function judgeNavigation(
  site: readonly string[],
  mode: readonly string[],
  destination: readonly string[],
  inFrames: boolean,
): OriginVerdict {
  if (site.length + destination.length === 0) return { same: true };
  const modes = mode.join(', ');
  if (modes !== 'navigate') return { same: false, why: `Sec-Fetch-Mode is "${modes.slice(0, 40)}"` };
  const goal = destination.join(', ');
  if (goal === 'document' || (inFrames && (goal === 'iframe' || goal === 'frame'))) return { same: true };
  return { same: false, why: `Sec-Fetch-Dest is "${goal.slice(0, 40)}"` };
}
