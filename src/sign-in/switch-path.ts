// Where the next person at a desk begins.

export const switchPath = '/.wardgate/switch';
