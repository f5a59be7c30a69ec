// What one look at the world found: a line for whoever runs `check --live`, and the same for a script.

/** `unknown`: it could not be told, and nothing says that anything is wrong. */
export type Verdict = 'ok' | 'warning' | 'failed' | 'unknown';

export interface Finding {
  /** What was looked at, one word. */
  readonly probe: string;
  /** Which application, directory or address; null where there is one only. */
  readonly of: string | null;
  readonly verdict: Verdict;
  readonly says: string;
  /** What to do; null where nothing is to be done. */
  readonly fix: string | null;
}

export interface Probe {
  readonly name: string;
  /** The longest it may take; what is not told by then is told as late. */
  readonly seconds: number;
  /** Whatever it throws is told as failed. `signal` is given up when its time is over. */
  readonly run: (signal: AbortSignal) => Promise<readonly Finding[]>;
}

type Say = (says: string, fix?: string) => Finding;

/** The words of one probe, about one thing. */
export function findings(probe: string, of: string | null = null): Readonly<Record<Verdict, Say>> {
  const say =
    (verdict: Verdict): Say =>
    (says, fix) => ({ probe, of, verdict, says, fix: fix ?? null });
  return { ok: say('ok'), warning: say('warning'), failed: say('failed'), unknown: say('unknown') };
}

/** Text of somebody else's, no longer than that; `report.ts` makes it harmless for a terminal. */
export function cut(text: unknown, mostCharacters: number): string {
  const whole = typeof text === 'string' ? text : (JSON.stringify(text) ?? String(text));
  return whole.length > mostCharacters ? `${whole.slice(0, mostCharacters - 1)}…` : whole;
}
