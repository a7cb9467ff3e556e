/** The live journal: a table of the last requests, which server-sent events fill. */

import { remove } from './api.js';
import { byId, element, setOptions } from './dom.js';
import { describe, details, duration, requestLine, searchText, time } from './journal_entry.js';
import { onLanguage, text } from './language.js';
import { attempt } from './messages.js';

/** Number of requests that the page keeps. The journal itself has more. */
const MAX_ROWS = 300;

const ACTIONS = ['login', 'create', 'get', 'update', 'delete', 'list', 'dictionary', 'call'];
const RESULTS = ['ok', 'failed', 'fault'];

/** Rows by the number of their request: `{ entry, row, panel }`. */
const rows = new Map();

/** What arrived since the last update of the table. */
let pending = [];
let isPaused = false;
let source;

/** Starts the journal. `listener` receives the entries of each event. */
export function startJournal(listener) {
  for (const id of ['filter-text', 'filter-action', 'filter-result']) {
    byId(id).addEventListener('input', showMatching);
  }
  byId('journal-filter').addEventListener('submit', (event) => event.preventDefault());
  byId('journal-pause').addEventListener('click', () => togglePause(listener));
  byId('journal-clear').addEventListener('click', () => attempt(() => remove('journal'), 'journal.cleared'));
  byId('journal-table').addEventListener('keydown', moveFocus);
  onLanguage(translateTable);
  connect(listener);
  // A browser allows few connections to a server: pages that no one sees do not use one.
  document.addEventListener('visibilitychange', () => (document.hidden ? source.close() : connect(listener)));
}

function connect(listener) {
  source?.close();
  source = new EventSource('journal/live');
  source.addEventListener('open', () => setState('live'));
  source.addEventListener('error', () => setState('disconnected'));
  const receive = (isComplete) => (event) => {
    const entries = JSON.parse(event.data);
    listener(entries);
    if (!isPaused) {
      pending = isComplete ? [{ isComplete, entries }] : [...pending, { isComplete, entries }];
      requestAnimationFrame(update);
    }
  };
  source.addEventListener('start', (event) => {
    byId('journal-note').hidden = true;
    receive(true)(event);
  });
  source.addEventListener('entries', receive(false));
  source.addEventListener('reload', (event) => {
    receive(true)(event);
    showNote();
  });
}

function showNote() {
  byId('journal-note').textContent = text('journal.reloaded');
  byId('journal-note').hidden = false;
}

/** Shows what arrived. A table that was loaded again keeps the rows that are still in it. */
function update() {
  for (const { isComplete, entries } of pending.splice(0)) {
    if (isComplete) {
      const numbers = new Set(entries.map((entry) => entry.n));
      [...rows.keys()]
        .filter((n) => !numbers.has(n) || rows.get(n).entry.time !== timeOf(entries, n))
        .forEach(removeRow);
    }
    entries.forEach(updateRow);
  }
  [...rows.keys()].slice(0, Math.max(0, rows.size - MAX_ROWS)).forEach(removeRow);
  showMatching();
}

function timeOf(entries, n) {
  return entries.find((entry) => entry.n === n).time;
}

function updateRow(entry) {
  const known = rows.get(entry.n);
  if (known === undefined) {
    const row = { entry, row: element('tr', { class: 'new' }), panel: null };
    rows.set(entry.n, row);
    byId('journal-table').tBodies[0].prepend(row.row);
    fillRow(row);
  } else if (JSON.stringify(known.entry) !== JSON.stringify(entry)) {
    known.entry = entry;
    fillRow(known);
  }
}

function fillRow(shown) {
  const { entry, row } = shown;
  const hadFocus = row.contains(document.activeElement);
  const button = element(
    'button',
    { type: 'button', class: 'request', 'aria-expanded': String(shown.panel !== null), click: () => toggle(shown) },
    requestLine(entry),
  );
  const { label, tone } = describe(entry);
  row.replaceChildren(
    element('td', { class: 'number' }, String(entry.n)),
    element('td', { title: requestLine(entry) }, button),
    element('td', { class: tone }, label.status),
    element('td', { class: 'wide number' }, duration(entry)),
    element('td', { class: label.fault === '' ? null : 'warn' }, label.fault),
    element('td', { class: 'wide number' }, time(entry)),
  );
  if (hadFocus) {
    button.focus();
  }
  if (shown.panel !== null) {
    shown.panel.firstChild.replaceChildren(details(entry));
  }
}

/** Opens or closes the details of a request. */
function toggle(shown) {
  if (shown.panel === null) {
    shown.panel = element('tr', {}, element('td', { colspan: '6', class: 'details' }, details(shown.entry)));
    shown.row.after(shown.panel);
  } else {
    shown.panel.remove();
    shown.panel = null;
  }
  shown.row.querySelector('button').setAttribute('aria-expanded', String(shown.panel !== null));
}

function removeRow(n) {
  const { row, panel } = rows.get(n);
  row.remove();
  panel?.remove();
  rows.delete(n);
}

/** Hides the rows that the filter does not match. */
function showMatching() {
  const wanted = byId('filter-text').value.trim().toLowerCase();
  const action = byId('filter-action').value;
  const result = byId('filter-result').value;
  let count = 0;
  for (const { entry, row, panel } of rows.values()) {
    const matches =
      (action === '' || entry.action === action) &&
      (result === '' || hasResult(entry, result)) &&
      (wanted === '' || searchText(entry).includes(wanted));
    row.hidden = !matches;
    if (panel !== null) {
      panel.hidden = !matches;
    }
    count += matches ? 1 : 0;
  }
  byId('journal-empty').hidden = count > 0;
  byId('journal-empty').textContent = text(rows.size === 0 ? 'journal.empty' : 'journal.no_match');
}

function hasResult(entry, result) {
  if (result === 'fault') {
    return entry.fault !== null;
  }
  const isOk = entry.status !== null && entry.status < 400;
  return entry.duration_ms !== null && isOk === (result === 'ok');
}

/** Stops or continues the table. It continues with the last requests, which a new connection sends. */
function togglePause(listener) {
  isPaused = !isPaused;
  byId('journal-pause').setAttribute('aria-pressed', String(isPaused));
  if (!isPaused) {
    connect(listener);
  }
}

/** Moves the focus between requests with the arrow keys. */
function moveFocus(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined || !event.target.matches('.request')) {
    return;
  }
  const buttons = [...byId('journal-table').querySelectorAll('tr:not([hidden]) .request')];
  const next = buttons[buttons.indexOf(event.target) + step];
  if (next !== undefined) {
    event.preventDefault();
    next.focus();
  }
}

function setState(key) {
  byId('journal-state').dataset.text = `journal.${key}`;
  byId('journal-state').textContent = text(`journal.${key}`);
  byId('journal-state').className = `state ${key === 'live' ? 'good' : 'bad'}`;
}

function translateTable() {
  setOptions(byId('filter-action'), [['', text('all')], ...ACTIONS.map((name) => [name, name])]);
  setOptions(byId('filter-result'), [['', text('all')], ...RESULTS.map((name) => [name, text(`result.${name}`)])]);
  rows.forEach(fillRow);
  showMatching();
  if (!byId('journal-note').hidden) {
    showNote();
  }
}
