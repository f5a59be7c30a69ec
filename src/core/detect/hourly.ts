// One figure of a person, hour by hour: that of this hour, those of the hours before in which there was any, and whether this
// hour was told of already.

const hourMilliseconds = 3_600_000;
/** Hours that are kept, the newest: about three months of work. */
const mostHours = 500;

export class Hourly {
  readonly earlier: number[] = [];
  figure = 0;
  told = false;
  #hour: number | null = null;

  /** True where another hour has begun, with a figure of its own. */
  turn(time: number): boolean {
    const hour = Math.floor(time / hourMilliseconds);
    if (hour === this.#hour) return false;
    if (this.#hour !== null) this.earlier.push(this.figure);
    if (this.earlier.length > mostHours) this.earlier.shift();
    this.#hour = hour;
    this.figure = 0;
    this.told = false;
    return true;
  }
}
