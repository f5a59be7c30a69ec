// The part of the cover that unlocks: a form for each way that the server names, the fastest first, and what is sent. A PIN is
// sent as soon as its last digit is there, because whoever comes back to a desk has three seconds of patience.

export const coverWaysPart = `
/** The forms that unlock, and the field that takes the keys; null where nothing is typed. */
function waysToUnlock(problem) {
  const offered = told === null ? [] : told.ways;
  const forms = [];
  let input = null;
  if (offered.includes('pin')) {
    input = field('pin', { type: 'password', inputmode: 'numeric', maxlength: '6' });
    forms.push(typedForm(texts.pin, input, '', problem));
  }
  const rest = input === null ? '' : 'plain';
  if (offered.includes('passkey') && knowsPasskeys()) {
    const form = element('form', {}, [element('button', { id: 'passkey', class: rest }, [texts.passkey])]);
    form.addEventListener('submit', function (event) { event.preventDefault(); unlockByPasskey(problem); });
    forms.push(form);
  }
  if (offered.includes('code')) {
    const code = field('code', { type: 'text', inputmode: 'text', maxlength: '60' });
    forms.push(typedForm(texts.code, code, rest, problem));
    if (input === null) input = code;
  }
  return { forms: forms, input: input };
}

/** A PIN that is complete is sent; a code waits for the button. */
function typedIntoCover() {
  const input = parts === null ? null : parts.input;
  if (input !== null && input.name === 'pin' && /^[0-9]{6}$/.test(input.value)) unlock(input, parts.problem);
}

function field(name, more) {
  return element('input', Object.assign({ id: name, name: name, autocomplete: 'one-time-code', spellcheck: 'false', required: '' }, more));
}

function typedForm(label, input, kind, problem) {
  const form = element('form', {}, [element('label', { for: input.id }, [label]), input, element('button', { class: kind }, [texts.unlock])]);
  form.addEventListener('submit', function (event) { event.preventDefault(); unlock(input, problem); });
  return form;
}

/** The way over the sign-in service, in a window of its own: this page stays. */
function away(isEnded, takesCode) {
  const button = element('button', { class: takesCode ? 'plain' : '' }, [isEnded ? texts.signIn : texts.provider]);
  const form = element('form', {}, [button]);
  form.addEventListener('submit', function (event) {
    event.preventDefault();
    const path = '/.wardgate/sign-in?' + (isEnded ? '' : 'unlock=1&') + 'return=' + encodeURIComponent('/.wardgate/unlocked');
    window.open(path, 'wardgate-unlock', 'popup,width=560,height=760');
    parts.problem.textContent = texts.waiting;
  });
  return form;
}

function knowsPasskeys() {
  return typeof PublicKeyCredential === 'function' && typeof PublicKeyCredential.parseRequestOptionsFromJSON === 'function';
}

/** What the device signs is sent like a code. A page that forbids passkeys, or a person who cancels, still has the code. */
async function unlockByPasskey(problem) {
  problem.textContent = texts.checking;
  try {
    const reply = await send('/.wardgate/unlock/options', { method: 'POST', credentials: 'same-origin', headers: { accept: 'application/json' } });
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await reply.json());
    const answer = await navigator.credentials.get({ publicKey: publicKey });
    await sendProof('passkey=' + encodeURIComponent(JSON.stringify(answer)), parts.input, problem);
  } catch (cause) {
    problem.textContent = texts.passkeyFailed;
  }
}

async function unlock(input, problem) {
  const typed = input.value.trim();
  if (typed === '') return;
  // Now, and not with the answer: the next code may be on its way in by then.
  input.value = '';
  problem.textContent = texts.checking;
  await sendProof(input.name + '=' + encodeURIComponent(typed), input, problem);
}

async function sendProof(body, input, problem) {
  const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
  try {
    const reply = await send('/.wardgate/unlock', { method: 'POST', credentials: 'same-origin', redirect: 'manual', headers: headers, body: body });
    const answer = await reply.json();
    if (reply.status === 200) hear(answer, true);
    else if (answer.state === 'ended' || reply.status === 401) hear({ state: 'ended' }, true);
    else problem.textContent = answer.problem || answer.title || texts.unreachable;
  } catch (cause) {
    problem.textContent = texts.unreachable;
  }
  if (covered() && input !== null) input.focus();
}
`;
