// One attack in a process of its own, until the bench ends it. It gives way to everybody else on the machine, because a real
// attacker takes no processor time from the gateway but what the gateway spends on the attack.

import { setPriority } from 'node:os';
import { attacks } from '../attack-list.ts';
import type { Attacked } from './attacked-gateway.ts';

const [name = '', target = ''] = process.argv.slice(2);
process.on('disconnect', () => process.exit(0));
setPriority(19);
attacks[name]?.(JSON.parse(target) as Attacked);
