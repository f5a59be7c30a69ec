// The clinic's wall clock: weekday, minute and date in its time zone, from the runtime's own zone data. Cached by the
// minute, because it is asked for on every request.

export interface ClinicTime {
  /** 0 = Sunday; minutes after midnight. */
  localTime(now: number): { readonly weekday: number; readonly minute: number };
  /** `YYYY-MM-DD` in the clinic. */
  localDay(now: number): string;
  /** A time people can read, such as `14:05`. */
  formatTime(now: number): string;
}

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

export function clinicTime(timezone: string): ClinicTime {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone, hourCycle: 'h23', weekday: 'short', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit',
  }); // prettier-ignore
  const cached = { minute: -1, time: { weekday: 0, minute: 0 }, day: '', text: '' };
  function read(now: number): typeof cached {
    const minute = Math.floor(now / 60_000);
    if (minute === cached.minute) return cached;
    const part = new Map(parts.formatToParts(now).map(({ type, value }) => [type, value]));
    const of = (name: Intl.DateTimeFormatPartTypes): string => part.get(name) ?? '';
    cached.minute = minute;
    cached.time = { weekday: weekdays.indexOf(of('weekday')), minute: Number(of('hour')) * 60 + Number(of('minute')) };
    cached.day = `${of('year')}-${of('month')}-${of('day')}`;
    cached.text = `${of('hour')}:${of('minute')}`;
    return cached;
  }
  return { localTime: (now) => read(now).time, localDay: (now) => read(now).day, formatTime: (now) => read(now).text };
}
