// Which alerts of one day a receiver is told by themselves: the first of each person and patient, up to the budget, of one person no
// more than half of it, and none that is frequent here. The others wait for the summary.

export interface BudgetedAlert {
  /** Key of the person, token of the patient. */
  readonly person: string | null;
  readonly patient: string | null;
  readonly reason: string;
  /** Told apart from others of the same reason, where it is about neither; null: it is not. */
  readonly apart: string | null;
  readonly frequent: boolean;
}

export class DayBudget {
  readonly #budget: number;
  #told = 0;
  readonly #known = new Set<string>();
  /** How many were told one by one of each person, or by each detector where there is none. */
  readonly #toldOf = new Map<string, number>();

  constructor(budget: number) {
    this.#budget = budget;
  }

  get isUsedUp(): boolean {
    return this.#told === this.#budget;
  }

  /** False where it waits for the summary. */
  takes({ person, patient, reason, apart, frequent }: BudgetedAlert): boolean {
    const about = JSON.stringify(person === null && patient === null ? [reason, apart] : [person, patient]);
    const whose = person ?? reason;
    const toldOf = this.#toldOf.get(whose) ?? 0;
    if (frequent || this.isUsedUp || this.#known.has(about) || toldOf >= shareOf(this.#budget)) return false;
    this.#known.add(about);
    this.#told += 1;
    this.#toldOf.set(whose, toldOf + 1);
    return true;
  }
}

/** Whoever raises many alerts must not use the day up, so that nobody hears of another person. */
function shareOf(budget: number): number {
  return Math.ceil(budget / 2);
}
