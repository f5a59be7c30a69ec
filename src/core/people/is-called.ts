// Whether somebody has this login name, which says the same in upper and lower case.

export function isCalled({ name }: { readonly name: string }, other: string): boolean {
  return name.trim().toLowerCase() === other.trim().toLowerCase();
}
