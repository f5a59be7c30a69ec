// The part of the page script that knows whether a chart is to be seen in this window: by what the gateway said of each document
// and of each answer to a script. What cannot be read, and a PDF beside it, counts as one.

export const openChartPart = `
const charts = new WeakSet();

/** Of every window here: whether its document shows a patient. */
function entered(view, isChart) {
  if (isChart) charts.add(view.document);
  tellNotice();
}

/** A script of the page was given something of a patient, and its document may show it from now on. */
function heardOfPatient(view, header) {
  if (header === null || charts.has(view.document)) return;
  charts.add(view.document);
  tellNotice();
}

function showsChart(view) {
  if (charts.has(view.document)) return true;
  for (let at = 0; at < view.length; at += 1) {
    if (at >= 200 || (isSeen(view, view[at]) && mayBeChart(view[at]))) return true;
  }
  return Array.from(view.document.querySelectorAll('object, embed')).some(hasBox);
}

/** What cannot be read is no page of which anybody said that it is none: another origin, a picture, a PDF. */
function mayBeChart(view) {
  try {
    if (view[mark] === undefined && view.location.protocol !== 'about:') return true;
    return showsChart(view);
  } catch (cause) {
    return true;
  }
}

/** Tabs of an EHR are frames of which one is seen. */
function isSeen(view, below) {
  let frame = null;
  try { frame = below.frameElement; } catch (cause) { /* Of another origin; its element is ours all the same. */ }
  if (frame === null) frame = Array.from(view.document.querySelectorAll('iframe, frame, object, embed')).find(function (one) { return one.contentWindow === below; });
  return frame === undefined || hasBox(frame);
}

function hasBox(frame) {
  const { width, height } = frame.getBoundingClientRect();
  return width > 1 && height > 1 && (!frame.checkVisibility || frame.checkVisibility({ checkVisibilityCSS: true }));
}
`;
