// A span of time as it stands in the words of an alert: the largest unit that leaves nothing over.

const units = [
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
] as const;

/** `15 minutes`, `1 day`; whole seconds of at least 1. */
export function spokenTime(seconds: number): string {
  const [size, name] = units.find(([unit]) => seconds % unit === 0) ?? [1, 'second'];
  const count = seconds / size;
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
