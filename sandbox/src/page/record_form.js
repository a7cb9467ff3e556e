/** The form of one record. Only fields that were changed are sent, as a user's form in the CRM does. */

import { post } from './api.js';
import { openDialog } from './dialog.js';
import { element, setOptions } from './dom.js';
import { ExactNumber, write, writeObject } from './json.js';
import { text } from './language.js';
import { attempt } from './messages.js';

/** Fields that the server sets. */
const OWN_FIELDS = ['id', 'version', 'dateCreated', 'lastUpdated'];

const TYPES = ['text', 'number', 'boolean', 'null', 'json'];

/** Opens the form of a record, or of a new one if the record is null. */
export function openRecord(entity, record, onSaved) {
  const fields = Object.entries(record ?? { name: '' })
    .filter(([name]) => !OWN_FIELDS.includes(name))
    .map(([name, value]) => field(name, value));
  const list = element(
    'div',
    {},
    fields.map(({ row }) => row),
  );
  const entityName = record === null ? element('input', { value: entity, required: true, class: 'code-text' }) : null;
  const submit = () =>
    attempt(async () => {
      const changed = fields.filter((one) => record === null || one.isChanged()).map((one) => [one.name, one.json()]);
      const id = record === null ? '' : `/${encodeURIComponent(record.id)}`;
      await post(`records/${encodeURIComponent(entityName?.value.trim() ?? entity)}${id}`, writeObject(changed));
      await onSaved();
    }, 'saved');
  openDialog({
    title: text(record === null ? 'add.record' : 'edit.record', {
      entity,
      id: record === null ? '' : String(record.id),
    }),
    content: element(
      'div',
      {},
      entityName && element('p', { class: 'fields' }, element('label', {}, text('entity'), entityName)),
      list,
      newField((name) => {
        const added = field(name, '', true);
        fields.push(added);
        list.append(added.row);
        added.row.querySelector('select').focus();
      }),
    ),
    confirm: text('save'),
    submit,
  });
}

/** Returns the row of a field: its name, its JSON type and its value. */
function field(name, value, isNew = false) {
  const type = element('select', { 'aria-label': text('field.type', { name }) });
  setOptions(
    type,
    TYPES.map((known) => [known, text(`type.${known}`)]),
  );
  type.value = typeOf(value);
  const place = element('span', {});
  const before = write(value);
  let input;
  const show = (content) => {
    input = inputOf(type.value, name, content);
    place.replaceChildren(input);
  };
  type.addEventListener('change', () => show(input.value));
  show(type.value === 'text' ? value : type.value === 'null' ? '' : before);
  const json = () => jsonOf(type.value, input.value, name);
  const row = element('div', { class: 'field' }, element('label', {}, name), type, place);
  return { name, row, json, isChanged: () => isNew || json() !== before };
}

function typeOf(value) {
  if (value === null) {
    return 'null';
  }
  if (value instanceof ExactNumber || typeof value === 'number') {
    return 'number';
  }
  return { string: 'text', boolean: 'boolean' }[typeof value] ?? 'json';
}

function inputOf(type, name, content) {
  const label = { 'aria-label': text('field.value', { name }) };
  if (type === 'boolean') {
    const input = element('select', label);
    setOptions(
      input,
      ['true', 'false'].map((value) => [value, value]),
    );
    input.value = content === 'false' ? 'false' : 'true';
    return input;
  }
  if (type === 'json') {
    const area = element('textarea', { ...label, rows: '2', class: 'code-text' });
    area.value = content;
    return area;
  }
  const input = element('input', {
    ...label,
    disabled: type === 'null',
    inputmode: type === 'number' ? 'decimal' : null,
  });
  input.value = type === 'null' ? '' : content;
  return input;
}

/** Returns the value as JSON. Numbers keep their digits. */
function jsonOf(type, content, name) {
  if (type === 'text') {
    return JSON.stringify(content);
  }
  if (type === 'null') {
    return 'null';
  }
  const json = content.trim();
  try {
    const parsed = JSON.parse(json);
    if (type !== 'number' || typeof parsed === 'number') {
      return json;
    }
  } catch {
    // The error below names the field.
  }
  throw new Error(text(type === 'number' ? 'field.no_number' : 'field.no_json', { name }));
}

function newField(add) {
  const name = element('input', { class: 'code-text' });
  const addNamed = () => {
    if (name.value.trim() !== '') {
      add(name.value.trim());
      name.value = '';
    }
  };
  name.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      addNamed();
    }
  });
  return element(
    'p',
    { class: 'toolbar' },
    element('label', {}, text('field.new'), ' ', name),
    element('button', { type: 'button', click: addNamed }, text('field.add')),
  );
}
