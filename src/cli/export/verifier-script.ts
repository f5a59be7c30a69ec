// What runs in the page that checks an export: plain script, no library and no network, short enough to be read by whoever must
// not trust us. The page knows nothing of the log but what is dropped into it.

export const verifierScript = `
'use strict';
const utf8 = new TextEncoder();
const sealBytes = 75;
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
const join = (...parts) => { const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0)); let at = 0; for (const part of parts) { all.set(part, at); at += part.length; } return all; };
const leaf = (line) => sha256(join(Uint8Array.of(0), utf8.encode(line)));
const node = (left, right) => sha256(join(Uint8Array.of(1), left, right));
const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);
class Wrong extends Error {}
const must = (holds, what) => { if (!holds) throw new Wrong(what); };

// RFC 9162, 2.1.3.2
async function included(hash, index, size, path, root) {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return false;
  let [fn, sn, r] = [index, size - 1, hash];
  for (const p of path) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      r = await node(p, r);
      while (fn % 2 === 0 && fn !== 0) { fn = fn / 2; sn = Math.floor(sn / 2); }
    } else r = await node(r, p);
    fn = Math.floor(fn / 2); sn = Math.floor(sn / 2);
  }
  return sn === 0 && same(r, root);
}

// RFC 9162, 2.1.4.2
async function consistent(before, beforeRoot, size, root, given) {
  if (before < 1 || before > size) return false;
  if (before === size) return given.length === 0 && same(beforeRoot, root);
  let path = given;
  if (2 ** Math.floor(Math.log2(before)) === before) path = [beforeRoot, ...given];
  if (path.length === 0) return false;
  let [fn, sn] = [before - 1, size - 1];
  while (fn % 2 === 1) { fn = (fn - 1) / 2; sn = Math.floor(sn / 2); }
  let [fr, sr] = [path[0], path[0]];
  for (const c of path.slice(1)) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      fr = await node(c, fr); sr = await node(c, sr);
      while (fn % 2 === 0 && fn !== 0) { fn = fn / 2; sn = Math.floor(sn / 2); }
    } else sr = await node(sr, c);
    fn = Math.floor(fn / 2); sn = Math.floor(sn / 2);
  }
  return sn === 0 && same(fr, beforeRoot) && same(sr, root);
}

const bodyOf = (origin, size, root) => origin + '\\n' + size + '\\n' + root + '\\n';
async function signed(key, text, signature) {
  const imported = await crypto.subtle.importKey('raw', bytesOf(key), { name: 'Ed25519' }, false, ['verify']);
  return crypto.subtle.verify({ name: 'Ed25519' }, imported, signature, utf8.encode(text));
}
function readNote(text) {
  const found = /^([^\\s+]+)\\n(0|[1-9][0-9]{0,15})\\n([A-Za-z0-9+/]{43}=)\\n\\n\\u2014 ([^\\s+]+) ([A-Za-z0-9+/]+={0,2})\\n?$/.exec(text.replaceAll('\\r', '').trim() + '\\n');
  if (found === null) return null;
  return { origin: found[1], size: Number(found[2]), rootText: found[3], root: bytesOf(found[3]), name: found[4], signature: bytesOf(found[5]).slice(4) };
}

const epochForm = /^The key changes after this record: epoch ([0-9]+) of [0-9-]{10} with key ([A-Za-z0-9+/]{43}=) ends, epoch ([0-9]+) of ([0-9-]{10}) with key ([A-Za-z0-9+/]{43}=) begins, because /;

async function lines(bundle, checkpoint) {
  let last = 0;
  for (const { line, path } of bundle.records) {
    const record = JSON.parse(line);
    const number = record.seq;
    must(Number.isSafeInteger(number) && line.startsWith('{"seq":' + number + ','), 'A line does not begin with its number');
    must(number > last, 'Record ' + number + ' does not stand in its order');
    last = number;
    const bytes = utf8.encode(line);
    must(line.endsWith(',"hash":"' + record.hash + '"}') && hex(await sha256(bytes.slice(0, -sealBytes))) === record.hash, 'Record ' + number + ' was changed: its bytes do not give its hash');
    must(await included(await leaf(line), number - 1, checkpoint.size, path.map(bytesOf), checkpoint.root), 'Record ' + number + ' is not in the tree of the checkpoint');
  }
}

async function keyChain(bundle, checkpoint) {
  let [number, key, from] = [1, bundle.foundingKey, 0];
  let signing = key;
  for (const { line, path, closing, consistency } of bundle.epochs) {
    const record = JSON.parse(line);
    const found = record.event === 'epoch' ? epochForm.exec(record.detail) : null;
    must(found !== null, 'A record that should name the next key does not');
    must(Number(found[1]) === number && found[2] === key && Number(found[3]) === number + 1, 'The key of epoch ' + found[3] + ' does not follow that of epoch ' + number);
    must(record.seq === closing.size && closing.number === number && closing.size > from, 'Epoch ' + number + ' was closed at another record than its last');
    const root = bytesOf(closing.root);
    must(await signed(key, bodyOf(bundle.origin, closing.size, closing.root), bytesOf(closing.signature)), 'The end of epoch ' + number + ' is not signed by the key of that epoch');
    must(await included(await leaf(line), closing.size - 1, closing.size, path.map(bytesOf), root), 'The record that names the key of epoch ' + found[3] + ' is not what epoch ' + number + ' ended with');
    must(await consistent(closing.size, root, checkpoint.size, checkpoint.root, consistency.map(bytesOf)), 'What epoch ' + number + ' ended with is not the beginning of the log: it was written anew');
    [number, key, from] = [number + 1, found[5], closing.size];
    if (checkpoint.size > from) signing = key;
  }
  return { number, key: signing };
}

async function origin(bundle) {
  const der = join(Uint8Array.from([0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0]), bytesOf(bundle.foundingKey));
  const name = 'wardgate-audit/' + hex(await sha256(der)).slice(0, 16);
  must(bundle.origin === name, 'The log is named by another key than the first one here');
  return name;
}

async function held(bundle, checkpoint, text) {
  const kept = readNote(text);
  must(kept !== null, 'This is not a checkpoint');
  must(kept.origin === bundle.origin, 'Your checkpoint is of another log, or of one that was begun anew: ' + kept.origin);
  must(kept.size > 0 && kept.size <= checkpoint.size, 'Your checkpoint covers ' + kept.size + ' records and this export only ' + checkpoint.size + ': records are missing, or the export is older; ask for a new one');
  const proof = kept.size === checkpoint.size ? { path: [] } : bundle.consistency.find(({ size }) => size === kept.size);
  must(proof !== undefined, 'The export does not lead from your checkpoint of ' + kept.size + ' records; ask for one made with --kept and that checkpoint');
  must(await consistent(kept.size, kept.root, checkpoint.size, checkpoint.root, proof.path.map(bytesOf)), 'Your checkpoint of ' + kept.size + ' records does not fit: records under it were changed, removed or replaced');
  return kept.size;
}

let bundle = null;
const say = (id, text, state) => { const place = document.getElementById(id); place.textContent = text; place.dataset.state = state; };
const steps = ['origin', 'lines', 'keys', 'signature', 'anchor'];

async function judge() {
  for (const id of steps) say(id, '\\u2013', 'open');
  document.getElementById('records').replaceChildren();
  if (bundle === null) return say('verdict', 'No export was opened yet', 'open');
  try {
    must(bundle.format === 'wardgate-audit-export/1', 'This is not an export of an audit log');
    const checkpoint = readNote(bundle.checkpoint);
    must(checkpoint !== null && checkpoint.origin === bundle.origin && checkpoint.name === bundle.origin, 'The checkpoint in the export is none of this log');
    const step = async (id, work) => { try { const text = await work(); say(id, text, 'good'); } catch (cause) { say(id, cause instanceof Wrong ? cause.message : 'It cannot be read', 'bad'); throw cause; } };
    await step('origin', async () => 'The log is ' + await origin(bundle) + ': compare this with a copy of its first key');
    await step('lines', async () => { await lines(bundle, checkpoint); return bundle.records.length + ' records, each as it was written and in the tree of ' + checkpoint.size; });
    let signing;
    await step('keys', async () => { signing = await keyChain(bundle, checkpoint); return signing.number === 1 ? 'One key so far' : signing.number + ' keys, each named and closed under the one before'; });
    await step('signature', async () => { must(await signed(signing.key, bodyOf(checkpoint.origin, checkpoint.size, checkpoint.rootText), checkpoint.signature), 'The checkpoint is not signed by the key of its day'); return 'The checkpoint is signed by the key of its day'; });
    const texts = document.getElementById('kept').value.split(/(?=^wardgate-audit\\/)/m).filter((text) => text.trim() !== '');
    show();
    if (texts.length === 0) {
      say('anchor', 'None was given', 'open');
      return say('verdict', 'Consistent in itself, and held against nothing of yours: paste a checkpoint that was kept elsewhere', 'open');
    }
    let most = 0;
    await step('anchor', async () => { for (const text of texts) most = Math.max(most, await held(bundle, checkpoint, text)); return 'Your checkpoint of ' + most + ' records fits'; });
    const beyond = bundle.records.filter(({ line }) => JSON.parse(line).seq > most).length;
    if (beyond > 0) return say('verdict', 'Proved up to record ' + most + '; ' + beyond + ' records here are newer than your checkpoint and rest on the keys alone', 'open');
    return say('verdict', 'Proved: these records are in the log as it was when your checkpoint was kept', 'good');
  } catch (cause) {
    return say('verdict', 'Not proved: ' + (cause instanceof Wrong ? cause.message : 'the export cannot be read'), 'bad');
  }
}

function show() {
  const numbers = bundle.records.map(({ line }) => JSON.parse(line).seq);
  const gapless = numbers.every((number, at) => at === 0 || number === numbers[at - 1] + 1);
  say('scope', numbers.length === 0 ? 'No record' : 'Records ' + numbers[0] + ' to ' + numbers.at(-1) + (gapless ? ', without a gap' : ', a selection: what was left out between them is not shown'), 'open');
  for (const { line } of bundle.records.slice(0, 1000)) {
    const { seq, time, event, subject, patient, method, target, decision } = JSON.parse(line);
    const row = document.createElement('tr');
    for (const value of [seq, time, event, subject?.name ?? subject?.machine, patient, method, target, decision]) {
      const cell = document.createElement('td');
      cell.textContent = value ?? '';
      row.append(cell);
    }
    document.getElementById('records').append(row);
  }
}

async function open(files) {
  for (const file of files) {
    const text = await file.text();
    if (text.trimStart().startsWith('{')) {
      try { bundle = JSON.parse(text); } catch { bundle = { format: '' }; }
    } else document.getElementById('kept').value += '\\n' + text.trim() + '\\n';
  }
  await judge();
  document.body.dataset.judged = String(Number(document.body.dataset.judged ?? 0) + 1);
}
document.getElementById('files').addEventListener('change', (event) => open(event.target.files));
document.getElementById('kept').addEventListener('input', () => open([]));
document.addEventListener('dragover', (event) => event.preventDefault());
document.addEventListener('drop', (event) => { event.preventDefault(); open(event.dataTransfer.files); });
judge();
`;
