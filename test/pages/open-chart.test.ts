// Whether the page script sees a chart in a window: windows and frames as a browser would show them to it.

import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { openChartPart } from '../../src/pages/page-script/open-chart.ts';

interface Shown {
  /** The gateway's script runs in it; `chart`: and was told that it shows a patient. */
  readonly is?: 'page' | 'chart' | 'not ours' | 'elsewhere';
  readonly at?: string;
  readonly box?: readonly [width: number, height: number];
  readonly unseen?: boolean;
  readonly frames?: readonly Shown[];
  /** An element for a file of another kind, such as a PDF. */
  readonly embeds?: boolean;
}

const program = `${openChartPart}
const mark = 'mark';
function tellNotice() {}
[entered, showsChart];`;

function seesChart(top: Shown): boolean {
  const [entered, showsChart] = runInNewContext(program) as [(view: object, isChart: boolean) => void, (view: object) => boolean];
  const windowOf = (shown: Shown): object => {
    const below = (shown.frames ?? []).map((one) => ({ one, view: windowOf(one) }));
    const elements = below.map(({ one, view }) => elementOf(one, view));
    const document = {
      querySelectorAll: (wanted: string) =>
        wanted === 'object, embed' ? (shown.embeds === true ? [elementOf({}, {})] : []) : elements,
    };
    const view: Record<string, unknown> = { length: below.length, location: { protocol: shown.at ?? 'https:' } };
    below.forEach(({ view: frame }, at) => (view[at] = frame));
    if (shown.is === 'elsewhere') {
      const closed = { get: (): never => refuse() };
      for (const name of ['document', 'mark', 'location', 'frameElement']) Object.defineProperty(view, name, closed);
      return view;
    }
    view['document'] = document;
    if (shown.is !== 'not ours') {
      view['mark'] = {};
      entered(view, shown.is === 'chart');
    }
    below.forEach(({ one, view: frame }, at) => {
      if (one.is !== 'elsewhere') Object.assign(frame, { frameElement: elements[at] });
    });
    return view;
  };
  return showsChart(windowOf(top));
}

function refuse(): never {
  throw new Error('Blocked a frame with origin');
}

function elementOf({ box = [300, 200], unseen = false }: Shown, contentWindow: object) {
  const [width, height] = box;
  return { contentWindow, getBoundingClientRect: () => ({ width, height }), checkVisibility: () => !unseen };
}

const chart: Shown = { is: 'chart' };

test.each<[string, Shown, boolean]>([
  ['a page without frames', {}, false],
  ['a chart', chart, true],
  ['a page with frames that show none', { frames: [{}, { frames: [{}] }] }, false],
  ['a chart in a frame', { frames: [{}, chart] }, true],
  ['a chart in a frame of a frame', { frames: [{ frames: [chart] }] }, true],
  ['a chart in a tab that is not in front', { frames: [{}, { ...chart, box: [0, 0] }] }, false],
  ['a chart in a frame that is made invisible', { frames: [{ ...chart, unseen: true }] }, false],
  ['a frame around a chart in a tab that is not in front', { frames: [{ box: [0, 0], frames: [chart] }] }, false],
  ['a frame that the page writes itself', { frames: [{ is: 'not ours', at: 'about:' }] }, false],
  ['a chart in a frame that the page writes itself', { frames: [{ is: 'not ours', at: 'about:', frames: [chart] }] }, true],
  ['a picture or a PDF in a frame', { frames: [{ is: 'not ours' }] }, true],
  ['a file that a script made', { frames: [{ is: 'not ours', at: 'blob:' }] }, true],
  ['a viewer of another origin', { frames: [{ is: 'elsewhere' }] }, true],
  ['a frame of another origin that nobody sees', { frames: [{ is: 'elsewhere', box: [1, 1] }] }, false],
  ['a PDF put into the page', { embeds: true }, true],
  ['more frames than anybody looks through', { frames: Array.from({ length: 201 }, () => ({})) }, true],
  ['as many as are looked through', { frames: Array.from({ length: 200 }, () => ({})) }, false],
])('%s', (_what, shown, expected) => {
  expect(seesChart(shown)).toBe(expected);
});
