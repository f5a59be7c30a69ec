// An object without one of its members, for a provider that leaves something out.

export function without(name: string): (all: Readonly<Record<string, unknown>>) => Record<string, unknown> {
  return (all) => Object.fromEntries(Object.entries(all).filter(([key]) => key !== name));
}
