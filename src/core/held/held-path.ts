// Where a person finds what is held for them.

export const heldPath = '/.wardgate/held';
