// The cookies a browser is given with the landing after a sign-on: those that the EHR's scripts look for, and those that
// belong to the browser by configuration. Never one of the jar's.

import type { ApplicationSettings } from '../config/settings.ts';
import { fillTemplate } from '../core/ehr/fill-template.ts';
import type { Jar } from '../core/ehr/jar.ts';

/** What stays in the jar, and what passes to the browser. */
export function splitJar({ cookies }: ApplicationSettings, jar: Jar): { readonly kept: Jar; readonly passed: Jar } {
  const passes = cookies?.passthrough ?? [];
  return {
    kept: jar.filter(({ name }) => !passes.includes(name)),
    passed: jar.filter(({ name }) => passes.includes(name)),
  };
}

/** Set-Cookie values. `values` holds no password: what is seeded is readable to every script of the EHR. */
export function landingCookies(
  application: ApplicationSettings,
  values: ReadonlyMap<string, string>,
  passed: Jar,
): readonly string[] {
  const secure = application.secure ? '; Secure' : '';
  const seeds = (application.cookies?.seed ?? []).flatMap(({ name, value }) => {
    const filled = fillTemplate(value, values);
    return typeof filled === 'string' ? [`${name}=${encodeURIComponent(filled)}; Path=/; SameSite=Lax${secure}`] : [];
  });
  return [...seeds, ...passed.map(({ name, value, path }) => `${name}=${value}; Path=${path}; SameSite=Lax${secure}`)];
}
