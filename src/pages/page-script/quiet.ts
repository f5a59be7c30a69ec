// The part of the page script that remembers in the browser for how long somebody put a notice aside, for each person at this
// desk. It is no answer and counts for nothing but the notice; the page of the questions has a "Later" that counts.

export const quietPart = `
const longestQuiet = 26 * 3600000;
const quietPrefix = 'wardgate-notice ';

function isQuiet(stored, of, now) {
  return stored !== null && stored.of >= of && now < stored.until && stored.until - now <= longestQuiet;
}

function storedQuiet() {
  try {
    const found = JSON.parse(kept(localStorageHere, told.person));
    return typeof found === 'object' && found !== null && typeof found.of === 'number' && typeof found.until === 'number' ? found : null;
  } catch (cause) {
    return null;
  }
}

/** People come and go at a desk; what is over is not kept. */
function dropStale(now) {
  try {
    Object.keys(localStorage).filter(function (name) { return name.startsWith(quietPrefix); }).forEach(function (name) {
      if (!(JSON.parse(localStorage.getItem(name)).until > now)) localStorage.removeItem(name);
    });
  } catch (cause) { /* A store that cannot be read keeps nothing. */ }
}

function localStorageHere() { return window.localStorage; }
function sessionStorageHere() { return window.sessionStorage; }

/** A page may have no store. */
function kept(store, person) {
  try { return store().getItem(quietPrefix + person); } catch (cause) { return null; }
}

function keep(store, person, text) {
  try { store().setItem(quietPrefix + person, text); } catch (cause) { /* Then it comes again with the next page. */ }
}
`;
