// What somebody writes who comes from Windows, where this machine has something else.

const drive = /^[A-Za-z]:[\\/]|^\\\\/;

/** What to say of `C:\\certs\\ehr.pem` or `\\\\nas\\audit` where there are no drives and shares; '' of any other path. */
export function windowsPath(named: string, example: string): string {
  const isOne = process.platform !== 'win32' && drive.test(named);
  return isOne ? `it is a path of Windows, and this machine has other ones, such as ${example}` : '';
}

/** Time zones as Windows calls them, those of clinics in the United States and a few of their neighbours. */
const timezones: Readonly<Record<string, string>> = {
  'eastern standard time': 'America/New_York',
  'us eastern standard time': 'America/Indiana/Indianapolis',
  'central standard time': 'America/Chicago',
  'mountain standard time': 'America/Denver',
  'us mountain standard time': 'America/Phoenix',
  'pacific standard time': 'America/Los_Angeles',
  'alaskan standard time': 'America/Anchorage',
  'hawaiian standard time': 'Pacific/Honolulu',
  'atlantic standard time': 'America/Halifax',
  'sa western standard time': 'America/Puerto_Rico',
  'west pacific standard time': 'Pacific/Guam',
  'gmt standard time': 'Europe/London',
  'w. europe standard time': 'Europe/Berlin',
  'romance standard time': 'Europe/Paris',
};

/** `America/Chicago` for `Central Standard Time`, also with its summer name; undefined for what Windows does not call so. */
export function timezoneOfWindows(name: string): string | undefined {
  const asked = name.trim().toLowerCase().replace('daylight', 'standard');
  return Object.hasOwn(timezones, asked) ? timezones[asked] : undefined;
}
