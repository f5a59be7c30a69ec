// What a step is called. It says which gateway takes it: that one alone knows what became of a step that is kept and not on record.

/** `id` holds no dot. */
export function stepId(id: string, gateway: number): string {
  return gateway === 1 ? id : `${id}.${gateway}`;
}

/** The gateway that takes the step of this name. */
export function stepGateway(id: string): number {
  return Number(id.split('.')[1] ?? 1);
}
