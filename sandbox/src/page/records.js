/** The stored records of an entity as a table: search, add, edit, delete. */

import { remove, show, showRecords } from './api.js';
import { askFirst } from './dialog.js';
import { byId, debounced, element, replaceChildren, setOptions } from './dom.js';
import { write } from './json.js';
import { onLanguage, text } from './language.js';
import { attempt } from './messages.js';
import { isOpen } from './navigation.js';
import { openRecord } from './record_form.js';

const PAGE = 50;
const USUAL_ENTITIES = ['Account', 'Contact', 'Opportunity', 'Lead'];
const LAST_COLUMNS = ['version', 'dateCreated', 'lastUpdated'];
const WRITES = ['create', 'update', 'delete'];

let offset = 0;
let loads = 0;
let shown = { total: 0, records: [] };

export function startRecords() {
  const reload = debounced(load);
  byId('entity').addEventListener('change', () => open(0));
  byId('records-search').addEventListener('input', () => {
    offset = 0;
    reload();
  });
  byId('records-filter').addEventListener('submit', (event) => event.preventDefault());
  byId('records-back').addEventListener('click', () => open(Math.max(0, offset - PAGE)));
  byId('records-next').addEventListener('click', () => open(offset + PAGE));
  byId('record-add').addEventListener('click', () => openRecord(byId('entity').value, null, load));
  onLanguage(render);
  return {
    open: load,
    onRequests(entries) {
      if (isOpen('records') && entries.some((entry) => entry.applied && WRITES.includes(entry.action))) {
        reload();
      }
    },
  };
}

function open(newOffset) {
  offset = newOffset;
  return load();
}

/** Loads entities and records. If a later load was started meanwhile, its result is the one to show. */
function load() {
  loads += 1;
  const number = loads;
  return attempt(async () => {
    const counts = Object.entries(await show('records')).map(([name, count]) => [name, String(count)]);
    const usual = USUAL_ENTITIES.filter((name) => !counts.some(([known]) => known === name)).map((name) => [name, '0']);
    if (number !== loads) {
      return;
    }
    setOptions(
      byId('entity'),
      [...counts, ...usual].map(([name, count]) => [name, `${name} (${count})`]),
    );
    const search = byId('records-search').value.trim();
    const loaded = await showRecords(byId('entity').value, { search, offset, limit: PAGE });
    if (number === loads) {
      shown = loaded;
      render();
    }
  });
}

function render() {
  const { total, records } = shown;
  const columns = columnsOf(records);
  const head = [...columns.map((name) => element('th', { scope: 'col' }, name)), commandsHead()];
  byId('records-table').tHead.replaceChildren(element('tr', {}, records.length === 0 ? [] : head));
  replaceChildren(
    byId('records-table').tBodies[0],
    records.map((record) => row(record, columns)),
  );
  byId('records-empty').hidden = records.length > 0;
  byId('records-table').hidden = records.length === 0;
  byId('records-total').textContent =
    total === 0 ? '' : text('records.total', { from: offset + 1, to: offset + records.length, total });
  byId('records-back').disabled = offset === 0;
  byId('records-next').disabled = offset + records.length >= total;
}

function commandsHead() {
  return element('th', { scope: 'col' }, element('span', { class: 'hidden' }, text('commands')));
}

/** Returns the fields of the records: those that the server sets come last. */
function columnsOf(records) {
  const names = new Set(records.flatMap(Object.keys));
  const last = LAST_COLUMNS.filter((name) => names.delete(name));
  names.delete('id');
  return ['id', ...names, ...last];
}

function row(record, columns) {
  const entity = byId('entity').value;
  const id = String(record.id);
  const command = (name, kind, click) => {
    const label = text(`${name}.record`, { entity, id });
    return element(
      'button',
      { type: 'button', class: `small ${kind}`, 'aria-label': label, 'data-key': `${name} ${id}`, click },
      text(name),
    );
  };
  return element(
    'tr',
    {},
    columns.map((name) => {
      const shownValue = cellText(record[name]);
      return element(
        name === 'id' ? 'th' : 'td',
        { title: shownValue, scope: name === 'id' ? 'row' : null },
        shownValue,
      );
    }),
    element(
      'td',
      { class: 'commands' },
      command('edit', '', () => openRecord(entity, record, load)),
      command('delete', 'danger', () => askToDelete(entity, id)),
    ),
  );
}

function cellText(value) {
  if (value === undefined || value === null) {
    return '';
  }
  return typeof value === 'string' ? value : write(value);
}

function askToDelete(entity, id) {
  askFirst(text('delete.record', { entity, id }), text('delete.explanation'), text('delete'), async () => {
    const path = `records/${encodeURIComponent(entity)}/${encodeURIComponent(id)}`;
    const isDone = await attempt(() => remove(path), 'deleted');
    await load();
    return isDone;
  });
}
