// The part of the page script that stands beside a page's own requests: one that the gateway refused because the session is
// locked or over covers the page and is sent again, once, when the person is back; one that must be confirmed first asks for that. The gateway refused it, so the EHR has
// seen nothing of it. What cannot be sent again, and what a covered page asks by itself, gets its answer as it came.

export const requestsPart = `
function refusal(status, header) {
  return (status === 423 || status === 401) && /^(?:locked|ended|confirm|confirm-passkey)$/.test(header || '') ? header : null;
}

function standBesideFetch(view, hub) {
  const before = view.fetch;
  view.fetch = function fetch(input, init) {
    const again = repeatable(view, input, init);
    const first = Reflect.apply(before, view, [input, init]);
    if (again === null || (hub.covered() && again.reads)) return first;
    return first.then(function (reply) {
      const kind = reply.type === 'basic' ? refusal(reply.status, reply.headers.get('wardgate-session')) : null;
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

  function judge(request, note) {
    if (note.held || note.repeated || !note.isAsync || request.readyState < 2) return;
    const kind = refusal(request.status, request.status === 0 ? null : request.getResponseHeader('wardgate-session'));
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
      const fresh = { held: false, repeated: false, dropped: false, over: false, whenOver: null, headers: [], opened: arguments };
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
