// What alerts.yaml means, once it is read: when each detector speaks up, what follows, and who is told.

import type { ReviewSettings } from '../review/review-settings.ts';
import type { RelationSettings } from '../relations/relation-settings.ts';
import type { DetectorName } from '../detect/detector.ts';
import type { DetectorSettings } from '../detect/detector-settings.ts';
import type { NotifySettings } from '../notify/notify-settings.ts';
import type { ResponseKind } from './response-kind.ts';
import type { RestrictionSettings } from './restriction-settings.ts';

export interface AlertSettings {
  /** Who is told of them, each by itself. */
  readonly notify: readonly NotifySettings[];
  readonly detectors: DetectorSettings;
  /** What follows an alert of each; `note` is always among it. */
  readonly responses: Readonly<Record<DetectorName, readonly ResponseKind[]>>;
  /** Detectors whose `response` names `notify`: each of their alerts is told by itself, also where they are frequent. */
  readonly toldEach: readonly DetectorName[];
  readonly restrictions: RestrictionSettings;
  readonly relations: RelationSettings;
  readonly review: ReviewSettings;
}
