// Checks one six-digit code against a secret (RFC 6238: SHA-1, 30 seconds, one step of drift either way). The rules about
// using it once and about wrong ones stand elsewhere.

import { verify } from 'otplib/functional';

const stepSeconds = 30;

/** The time step a code was accepted for, or null. `lastStep` is the latest accepted one; only later steps count. */
export async function verifyTotp(
  secret: string,
  code: string,
  nowMilliseconds: number,
  lastStep: number,
): Promise<number | null> {
  if (!/^\d{6}$/.test(code)) return null;
  try {
    const result = await verify({
      secret,
      token: code,
      epoch: Math.floor(nowMilliseconds / 1000),
      epochTolerance: stepSeconds,
      ...(lastStep >= 0 ? { afterTimeStep: lastStep } : {}),
    });
    return result.valid && 'timeStep' in result && result.timeStep !== undefined && result.timeStep > lastStep
      ? result.timeStep
      : null;
  } catch {
    // The library throws where the accepted step lies in the future, as it does after the clock was set back: no code
    // can be right until the clock has passed it.
    return null;
  }
}

/** The step of a moment. */
export function timeStep(nowMilliseconds: number): number {
  return Math.floor(nowMilliseconds / 1000 / stepSeconds);
}
