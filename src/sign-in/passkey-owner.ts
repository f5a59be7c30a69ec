// What a challenge is bound to: one purpose of one browser's session, so that an answer given to one page fits no other.

export function ownerOf(purpose: 'sign-in' | 'enrol' | 'step-up' | 'unlock' | 'add', session: string): string {
  return `${purpose} ${session}`;
}
