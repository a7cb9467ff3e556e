/** The form of a new fault: fields for each kind, and the requests that it applies to. */

import { show } from './api.js';
import { byId, element, setOptions } from './dom.js';
import { onLanguage, text } from './language.js';
import { attempt } from './messages.js';

/** The fields of each kind of fault, and the part of the fault that they are. */
const KINDS = {
  response: {
    fields: [number('status', '503'), area('headers'), area('body'), flag('apply')],
    fault: ({ status, headers, body, apply }) => ({
      response: { status, headers: headersOf(headers), ...bodyOf(body) },
      apply,
    }),
  },
  delay_ms: { fields: [number('delay_ms', '2000')] },
  drip_ms: { fields: [number('drip_ms', '200')] },
  cut: { fields: [choice('cut', (kinds) => kinds.cuts)] },
  hold: { fields: [line('hold', 'gate')] },
  expire_token: { fields: [], fault: () => ({ expire_token: true }) },
};

/** The requests that the fault applies to. */
const ON = [
  choice('action', (kinds) => ['', ...kinds.actions]),
  line('entity'),
  choice('method', () => ['', 'GET', 'POST', 'DELETE']),
  line('path'),
  line('query'),
];
const COUNTS = [number('times', '1'), number('skip', '0')];

/** Fills the form. `add` receives a fault. */
export function startFaultForm(add) {
  let kinds = null;
  let kind = 'response';
  const form = byId('fault-form');
  const render = () => {
    if (kinds !== null) {
      form.replaceChildren(
        ...content(kinds, kind, (chosen) => {
          kind = chosen;
          render();
          form.querySelector(`input[value="${kind}"]`).focus();
        }),
      );
    }
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    attempt(async () => add(faultOf(form, kind)));
  });
  attempt(async () => {
    kinds = await show('kinds');
    render();
  });
  onLanguage(render);
}

function content(kinds, chosen, choose) {
  const radio = (kind) =>
    element(
      'label',
      {},
      element('input', {
        type: 'radio',
        name: 'kind',
        value: kind,
        checked: kind === chosen,
        change: () => choose(kind),
      }),
      text(`kind.${kind}`),
    );
  const group = (fields) =>
    element(
      'div',
      { class: 'fields' },
      fields.map((field) => field.create(kinds)),
    );
  return [
    element('fieldset', { class: 'chips' }, element('legend', {}, text('kind')), kinds.faults.map(radio)),
    element('p', { class: 'hint' }, text(`kind.${chosen}.hint`)),
    group(KINDS[chosen]?.fields ?? []),
    element('h4', {}, text('on')),
    group(ON),
    group(COUNTS),
    element('button', { type: 'submit', class: 'main' }, text('fault.add')),
  ];
}

/** Returns the fault that the form describes. */
function faultOf(form, kind) {
  const read = (fields) => {
    const values = fields.map((field) => [field.name, field.read(form.elements[field.name])]);
    return Object.fromEntries(values.filter(([, value]) => value !== undefined));
  };
  const { query, ...on } = read(ON);
  const effect = read(KINDS[kind].fields);
  return {
    on: query === undefined ? on : { ...on, query: Object.fromEntries(new URLSearchParams(query)) },
    ...read(COUNTS),
    ...(KINDS[kind].fault?.(effect) ?? effect),
  };
}

function headersOf(lines = '') {
  const pairs = lines.split('\n').filter((header) => header.trim() !== '');
  return Object.fromEntries(
    pairs.map((header) => {
      const [name, ...value] = header.split(':');
      return [name.trim(), value.join(':').trim()];
    }),
  );
}

/** Returns a body as JSON if it is JSON, and as text otherwise. */
function bodyOf(content) {
  if (content === undefined) {
    return {};
  }
  try {
    return { json: JSON.parse(content) };
  } catch {
    return { body: content };
  }
}

function labelled(name, input) {
  return element('label', {}, element('span', {}, text(`field.${name}`)), input);
}

function line(name, value = '') {
  return {
    name,
    create: () => labelled(name, element('input', { name, value, class: 'code-text', autocomplete: 'off' })),
    read: (input) => input.value.trim() || undefined,
  };
}

function area(name) {
  return { ...line(name), create: () => labelled(name, element('textarea', { name, rows: '2' })) };
}

function number(name, value) {
  return {
    name,
    create: () => labelled(name, element('input', { name, value, type: 'number', min: '0', required: true })),
    read: (input) => Number(input.value),
  };
}

function flag(name) {
  return {
    name,
    create: () => element('label', {}, element('input', { name, type: 'checkbox' }), text(`field.${name}`)),
    read: (input) => input.checked,
  };
}

function choice(name, values) {
  return {
    name,
    create(kinds) {
      const select = element('select', { name });
      setOptions(
        select,
        values(kinds).map((value) => [value, value === '' ? text('all') : text(`${name}.${value}`)]),
      );
      return labelled(name, select);
    },
    read: (input) => input.value || undefined,
  };
}
