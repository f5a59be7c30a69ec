// What rules.yaml may refer to in gateway.yaml. Names count as defined even where their entry holds a mistake, so that
// one mistake is not told as two; null stands for a gateway.yaml that could not be read at all.

import { didYouMean, listed } from './did-you-mean.ts';
import type { Reading } from './reading.ts';
import type { ApplicationSettings } from './settings.ts';
import type { KeyPath } from './yaml-source.ts';

export class RuleWorld {
  readonly applicationNames: readonly string[] | null;
  readonly applications: ReadonlyMap<string, ApplicationSettings>;
  readonly zones: readonly string[] | null;
  /** Applications whose preset could not be found, so that nothing can be said of their areas. */
  readonly unread: readonly string[];
  /** Names under machines. */
  readonly machines: readonly string[] | null;

  constructor(
    applicationNames: readonly string[] | null,
    applications: ReadonlyMap<string, ApplicationSettings>,
    zones: readonly string[] | null,
    unread: readonly string[] = [],
    machines: readonly string[] | null = [],
  ) {
    this.applicationNames = applicationNames;
    this.applications = applications;
    this.zones = zones;
    this.unread = unread;
    this.machines = machines;
  }

  /** True where the application exists, or may. */
  checkApplication(reading: Reading<unknown>, path: KeyPath, name: string): boolean {
    if (this.applicationNames === null || this.applicationNames.includes(name)) return true;
    const there = listed(this.applicationNames, 'and');
    const message = `Application "${name}" is not defined in gateway.yaml, there is ${there}`;
    reading.mistake(path, message, didYouMean(name, this.applicationNames));
    return false;
  }

  checkMachine(reading: Reading<unknown>, path: KeyPath, name: string, where = ''): void {
    if (this.machines === null || this.machines.includes(name)) return;
    const there = this.machines.length === 0 ? '' : `, there is ${listed(this.machines, 'and')}`;
    const message = `${where}Machine "${name}" is not defined in gateway.yaml${there}`;
    reading.mistake(path, message, didYouMean(name, this.machines));
  }

  checkZone(reading: Reading<unknown>, path: KeyPath, name: string): void {
    if (this.zones === null || this.zones.includes(name)) return;
    const there = this.zones.length === 0 ? '' : `, there is ${listed(this.zones, 'and')}`;
    reading.mistake(path, `Zone "${name}" is not defined in gateway.yaml${there}`, didYouMean(name, this.zones));
  }
}
