// Where people are asked about their session elsewhere.

export const takeOverPath = '/.wardgate/take-over';
