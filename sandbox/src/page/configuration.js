/** The behavior of the server, with an explanation of each setting. A change applies at once. */

import { post, show } from './api.js';
import { byId, element, setOptions } from './dom.js';
import { write } from './json.js';
import { onLanguage, text } from './language.js';
import { attempt } from './messages.js';

/** What can be set: `{ default, values }` by name. */
let kinds = {};
let config = {};

export function startConfiguration() {
  byId('configuration-defaults').addEventListener('click', restoreDefaults);
  onLanguage(render);
  return { open: load };
}

function load() {
  return attempt(async () => {
    [{ config: kinds }, config] = await Promise.all([show('kinds'), show('config')]);
    render();
  });
}

function restoreDefaults() {
  const members = Object.entries(kinds).map(([name, kind]) => `${JSON.stringify(name)}:${write(kind.default)}`);
  return attempt(() => post('config', `{${members.join(',')}}`), 'saved').then(load);
}

function render() {
  byId('configuration-list').replaceChildren(...Object.keys(kinds).map(row));
}

function row(name) {
  const kind = kinds[name];
  const input = inputOf(kind, config[name]);
  input.id = `setting-${name}`;
  input.setAttribute('aria-describedby', `hint-${name}`);
  const shown = element(
    'div',
    { class: 'setting' },
    element('label', { for: input.id }, name),
    element('span', {}, input),
    element(
      'p',
      { id: `hint-${name}` },
      text(`config.${name}`),
      ' ',
      text('configuration.default', { value: plain(kind.default) || '–' }),
    ),
  );
  const mark = () => shown.classList.toggle('changed', write(config[name]) !== write(kind.default));
  input.addEventListener('change', async () => {
    const json = jsonOf(kind, input);
    await attempt(() => post('config', `{${JSON.stringify(name)}:${json}}`), 'saved');
    config = await show('config');
    setValue(input, config[name]);
    mark();
  });
  mark();
  return shown;
}

function inputOf(kind, value) {
  let input;
  if (kind.values !== undefined) {
    input = element('select');
    setOptions(
      input,
      kind.values.map((known) => [known, known]),
    );
  } else if (typeof kind.default === 'boolean') {
    input = element('input', { type: 'checkbox' });
  } else {
    input = element('input', { class: 'code-text', autocomplete: 'off', placeholder: plain(kind.default) });
  }
  setValue(input, value);
  return input;
}

function setValue(input, value) {
  if (input.type === 'checkbox') {
    input.checked = value;
  } else {
    input.value = value === null ? '' : plain(value);
  }
}

/** Returns a value as a user writes it: lists with commas, text without quotes. */
function plain(value) {
  if (Array.isArray(value)) {
    return value.join(', ');
  }
  return typeof value === 'string' ? value : write(value);
}

/** Returns the JSON of what the user wrote. The server checks it. */
function jsonOf(kind, input) {
  const content = input.value.trim();
  if (input.type === 'checkbox') {
    return String(input.checked);
  }
  if (Array.isArray(kind.default)) {
    return JSON.stringify(
      content
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    );
  }
  if (kind.default === null && content === '') {
    return 'null';
  }
  const isText = kind.values !== undefined || (typeof kind.default === 'string' && !/^\d+$/.test(content));
  return isText || !isNumber(content) ? JSON.stringify(content) : content;
}

function isNumber(content) {
  return /^-?\d+(\.\d+)?$/.test(content);
}
