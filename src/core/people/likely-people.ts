// Who may have been meant by a name that nobody has: never guessed, only listed.

interface Named {
  readonly name: string | null;
  readonly displayName: string | null;
}

const most = 10;

/** Those whose login name or name holds what was typed, or is held by it; the one that is nearest first. At most ten. */
export function likelyPeople<T extends Named>(people: readonly T[], asked: string, nearest: string | undefined): readonly T[] {
  const typed = asked.trim().toLowerCase();
  if (typed === '') return [];
  const isLike = ({ name, displayName }: T): boolean =>
    [name, displayName].some((text) => {
      const has = (text ?? '').toLowerCase();
      return has !== '' && (has.includes(typed) || typed.includes(has));
    });
  const near = people.filter(({ name }) => name !== null && name === nearest);
  const others = people.filter((one) => !near.includes(one) && isLike(one));
  return [...near, ...others].slice(0, most);
}
