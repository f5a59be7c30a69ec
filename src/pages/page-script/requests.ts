// The part of the page script that stands beside a page's own requests: one that the gateway refused because the session is
// locked or over covers the page and is sent again, once, when the person is back; one that must be confirmed first asks for
// that. The gateway refused it, so the EHR has seen nothing of it. What cannot be sent again, and what a covered page asks by
// itself, gets its answer as it came; so does what a timer of the page is told in place of the EHR's answer, which covers the
// page as well.

export const requestsPart = `
function refusal(status, header) {
  return (status === 423 || status === 401) && /^(?:locked|ended|confirm|confirm-passkey)$/.test(header || '') ? header : null;
}

/** An answer that leaves the page as it is, and yet says to us how its session stands. */
function standing(status, header) {
  return (status === 200 || status === 204) && (header === 'locked' || header === 'ended') ? header : null;
}

/** The window above may have been loaded before an update of the gateway, and its hub knows nothing of patients. */
function tellPatient(view, hub, header) {
  if (hub.patient) hub.patient(view, header);
}

function standBesideFetch(view, hub) {
  const before = view.fetch;
  view.fetch = function fetch(input, init) {
    const again = repeatable(view, input, init);
    const wasCovered = hub.covered() && again !== null && again.reads;
    const first = Reflect.apply(before, view, [input, init]);
    return first.then(function (reply) {
      const header = reply.type === 'basic' ? reply.headers.get('wardgate-session') : null;
      hub.told(standing(reply.status, header));
      tellPatient(view, hub, reply.type === 'basic' ? reply.headers.get('wardgate-patient') : null);
      const kind = again === null || wasCovered ? null : refusal(reply.status, header);
      if (kind === null) return reply;
      return hub.refused(kind).then(function (back) {
        return back ? Reflect.apply(before, view, [again.input, init]) : reply;
      });
    });
  };
}

/** The request once more, or null where its body can be read only once. */
function repeatable(view, input, init) {
  const isRequest = input instanceof view.Request;
  const method = String((init && init.method) || (isRequest ? input.method : 'GET')).toUpperCase();
  const reads = method === 'GET' || method === 'HEAD';
  if (init && init.body instanceof view.ReadableStream) return null;
  if (!isRequest || reads || (init && init.body)) return { input: input, reads: reads };
  try {
    return { input: input.clone(), reads: reads };
  } catch (cause) {
    return null;
  }
}

function standBesideXhr(view, hub) {
  const Before = view.XMLHttpRequest;
  const notes = new WeakMap();

  /** Browsers complain where a header of another origin is asked for. */
  function headerOf(request, name) {
    return request.responseURL.startsWith(view.location.origin + '/') ? request.getResponseHeader(name) : null;
  }

  function judge(request, note) {
    if (request.readyState >= 2) tellPatient(view, hub, headerOf(request, 'wardgate-patient'));
    if (note.held || note.repeated || !note.isAsync || request.readyState < 2) return;
    const header = headerOf(request, 'wardgate-session');
    if (!note.isTold) hub.told(standing(request.status, header));
    note.isTold = true;
    const kind = refusal(request.status, header);
    if (kind === null || (note.wasCovered && note.reads)) return;
    note.held = true;
    hub.refused(kind).then(function (back) {
      if (note.dropped) return;
      if (back) note.whenOver = function () { repeat(request, note); };
      else note.whenOver = function () { note.held = false; note.repeated = true; request.dispatchEvent(new view.Event('readystatechange'));
        request.dispatchEvent(new view.ProgressEvent('load')); request.dispatchEvent(new view.ProgressEvent('loadend')); };
      if (note.over) note.whenOver();
    });
  }

  function repeat(request, note) {
    note.held = false;
    note.repeated = true;
    Before.prototype.open.apply(request, note.opened);
    note.headers.forEach(function (pair) { Before.prototype.setRequestHeader.apply(request, pair); });
    Before.prototype.send.call(request, note.body);
  }

  class XMLHttpRequest extends Before {
    constructor() {
      super();
      const note = {};
      const request = this;
      notes.set(this, note);
      ['readystatechange', 'progress', 'load', 'loadend'].forEach(function (kind) {
        request.addEventListener(kind, function (event) {
          if (kind === 'readystatechange') judge(request, note);
          if (!note.held) return;
          event.stopImmediatePropagation();
          if (kind !== 'loadend') return;
          note.over = true;
          if (note.whenOver) note.whenOver();
        });
      });
    }
    open(method, url, isAsync) {
      const fresh = { held: false, isTold: false, repeated: false, dropped: false, over: false, whenOver: null, headers: [], opened: arguments };
      fresh.isAsync = arguments.length < 3 || Boolean(isAsync);
      fresh.reads = /^(?:get|head)$/i.test(method);
      Object.assign(notes.get(this), fresh);
      return super.open.apply(this, arguments);
    }
    setRequestHeader(name, value) {
      super.setRequestHeader(name, value);
      notes.get(this).headers.push([name, value]);
    }
    send(body) {
      const note = notes.get(this);
      note.body = body;
      note.wasCovered = hub.covered();
      return super.send(body);
    }
    abort() {
      const note = notes.get(this);
      note.dropped = true;
      note.held = false;
      return super.abort();
    }
  }
  view.XMLHttpRequest = XMLHttpRequest;
}
`;
