// The part of the page script that asks for a confirmation in the middle of work: a script of the page was refused because a rule
// wants a fresh second factor. The sheet stands over the page, which stays; confirmed, the request is sent again, and whoever
// does not want to gets the refusal as it came. Asks nobody who has not touched the page a moment ago: a poller asks nothing.

export const confirmPart = `
let confirming = null;
const longestSinceTouched = 10000;

function confirms() { return confirming !== null; }

/** Resolves when it may be sent again, or not. */
function confirmFirst(kind) {
  if (covered() || performance.now() - lastTouched > longestSinceTouched) return Promise.resolve(false);
  if (confirming !== null && confirming.waiting.length >= 20) return Promise.resolve(false);
  return new Promise(function (resolve) {
    if (confirming === null) askToConfirm(kind);
    else if (kind === 'confirm-passkey' && confirming.kind === 'confirm') {
      const others = confirming.waiting;
      dropConfirming();
      askToConfirm(kind);
      confirming.waiting = others;
    }
    confirming.waiting.push(resolve);
  });
}

function askToConfirm(kind) {
  standHost();
  const problem = element('p', { class: 'bad', role: 'alert' });
  const input = element('input', { id: 'confirm-code', name: 'code', type: 'text', inputmode: 'text', autocomplete: 'one-time-code',
    spellcheck: 'false', maxlength: '60', required: '' });
  const takesCode = kind === 'confirm' && (told === null || told.ways.includes('code'));
  const takesPasskey = knowsPasskeys() && (told === null || told.ways.includes('passkey'));
  const children = [
    element('p', { class: 'clinic' }, [told === null ? '' : told.clinic.name]),
    element('h1', { id: 'confirm-title' }, [texts.confirm]),
    element('p', { id: 'confirm-lead' }, [kind === 'confirm' ? texts.confirmFor : texts.confirmPasskey]),
  ];
  if (takesPasskey) children.push(confirmForm([element('button', {}, [texts.confirmByPasskey])], function () { confirmByPasskey(problem); }));
  if (takesCode) children.push(confirmForm([element('label', { for: 'confirm-code' }, [texts.code]), input,
    element('button', { class: takesPasskey ? 'plain' : '' }, [texts.confirmButton])], function () {
      const typed = input.value.trim();
      input.value = '';
      if (typed !== '') sendConfirmation('code=' + encodeURIComponent(typed), problem);
    }));
  if (!takesCode && !takesPasskey) problem.textContent = texts.confirmLacking;
  children.push(problem, confirmForm([element('button', { class: 'plain' }, [texts.notNow])], function () { endConfirming(false); }),
    element('p', { class: 'quiet' }, [fill(texts.help)]));
  const dialog = element('dialog', { 'aria-labelledby': 'confirm-title', 'aria-describedby': 'confirm-lead' },
    [element('div', { class: 'sheet' }, children)]);
  dialog.addEventListener('close', function () { if (confirming !== null && confirming.dialog === dialog) endConfirming(false); });
  confirming = { kind: kind, dialog: dialog, waiting: [], focused: deepest(document) };
  root.append(dialog);
  if (confirming.focused) confirming.focused.blur();
  window.focus();
  dialog.showModal();
  if (takesCode) input.focus();
}

function confirmForm(children, act) {
  const form = element('form', {}, children);
  form.addEventListener('submit', function (event) { event.preventDefault(); act(); });
  return form;
}

async function confirmByPasskey(problem) {
  problem.textContent = texts.checking;
  try {
    const reply = await send('/.wardgate/step-up/options', { method: 'POST', credentials: 'same-origin', headers: { accept: 'application/json' } });
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await reply.json());
    const answer = await navigator.credentials.get({ publicKey: publicKey });
    await sendConfirmation('passkey=' + encodeURIComponent(JSON.stringify(answer)), problem);
  } catch (cause) {
    problem.textContent = texts.passkeyFailed;
  }
}

async function sendConfirmation(body, problem) {
  const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
  problem.textContent = texts.checking;
  try {
    const reply = await send('/.wardgate/step-up/confirm', { method: 'POST', credentials: 'same-origin', redirect: 'manual', headers: headers, body: body });
    const answer = await reply.json();
    if (reply.status === 200) endConfirming(true);
    else problem.textContent = answer.problem || answer.title || texts.unreachable;
  } catch (cause) {
    problem.textContent = texts.unreachable;
    ask('GET');
  }
}

function endConfirming(isConfirmed) {
  if (confirming === null) return;
  const { waiting: all, focused: before } = confirming;
  dropConfirming();
  all.forEach(function (one) { one(isConfirmed); });
  giveBack(before, 20);
}

/** Takes the sheet away and answers nobody. */
function dropConfirming() {
  const { dialog } = confirming;
  confirming = null;
  dialog.close();
  dialog.remove();
  if (!covered() && !warns()) host.remove();
}

/** A lock is more: its cover takes the place of the sheet, and what waited is sent once it is unlocked. */
function yieldToCover() {
  if (confirming === null) return;
  const all = confirming.waiting;
  dropConfirming();
  waiting = waiting.concat(all);
}
`;
