/** The active faults, faults for common bad days, and the requests that are held. */

import { post, remove, show } from './api.js';
import { byId, debounced, element, replaceChildren } from './dom.js';
import { startFaultForm } from './fault_form.js';
import { faultText } from './journal_entry.js';
import { write } from './json.js';
import { onLanguage, text } from './language.js';
import { attempt } from './messages.js';
import { isOpen } from './navigation.js';

/** One click for common bad days. The texts `preset.*` explain them. */
const PRESETS = {
  slow: { delay_ms: 3000, times: 0 },
  down: { response: { status: 503, body: 'Service Unavailable' }, times: 0 },
  lost: { on: { action: 'create' }, cut: 'after', times: 3 },
  expired: { expire_token: true },
  limit: { response: { status: 429, headers: { 'Retry-After': '1' } }, times: 3 },
};

let active = [];
/** Names under which requests are or will be held. */
const held = new Set();

export function startFaults() {
  const reload = debounced(load, 150);
  byId('faults-clear').addEventListener('click', () => attempt(() => remove('faults'), 'removed').then(load));
  startFaultForm((fault) => attempt(() => post('faults', fault), 'fault.added').then(load));
  onLanguage(() => {
    byId('presets').replaceChildren(...Object.keys(PRESETS).map(preset));
    render();
  });
  return {
    open: load,
    onRequests(entries) {
      for (const entry of entries) {
        if (entry.fault?.hold !== undefined) {
          held[entry.duration_ms === null ? 'add' : 'delete'](entry.fault.hold);
        }
      }
      if (isOpen('faults')) {
        reload();
      }
    },
  };
}

function preset(name) {
  return element(
    'button',
    {
      type: 'button',
      class: 'card',
      'data-preset': name,
      click: () => attempt(() => post('faults', PRESETS[name]), 'fault.added').then(load),
    },
    element('strong', {}, text(`preset.${name}`)),
    element('span', {}, text(`preset.${name}.hint`)),
  );
}

function load() {
  return attempt(async () => {
    active = (await show('faults')).faults;
    render();
  });
}

function render() {
  replaceChildren(byId('faults-table').tBodies[0], active.map(row));
  byId('faults-table').hidden = active.length === 0;
  byId('faults-empty').hidden = active.length > 0;
  byId('faults-clear').disabled = active.length === 0;
  replaceChildren(byId('held'), [...held].map(releaseButton));
}

function row({ id, skip, left, fault }) {
  const { response } = fault;
  const effects = { ...fault, status: response && String(response.status ?? 200) };
  const label = text('fault.remove', { id: String(id) });
  return element(
    'tr',
    {},
    element('td', { class: 'number' }, String(id)),
    element('td', { title: write(fault) }, faultText(effects)),
    element('td', {}, matcherText(fault.on ?? {})),
    element('td', {}, leftText(Number(skip), left)),
    element(
      'td',
      { class: 'commands' },
      element(
        'button',
        {
          type: 'button',
          class: 'small',
          'aria-label': label,
          'data-key': `remove ${id}`,
          click: () => attempt(() => remove(`faults/${id}`), 'removed').then(load),
        },
        text('remove'),
      ),
    ),
  );
}

function matcherText(on) {
  const parts = Object.entries(on).map(([name, value]) =>
    name === 'query' ? new URLSearchParams(value).toString() : String(value),
  );
  return parts.length === 0 ? text('applies.all') : parts.join(' · ');
}

function leftText(skip, left) {
  const times = left === null ? text('left.all') : String(left);
  return skip === 0 ? times : text('left.after', { times, skip });
}

function releaseButton(name) {
  const release = () => attempt(() => post('release', { name }), 'released');
  return element(
    'button',
    { type: 'button', 'data-key': `release ${name}`, click: release },
    text('release', { name }),
  );
}
