/** The server's clock, its tokens, and its reset. */

import { post, remove, show } from './api.js';
import { askFirst } from './dialog.js';
import { byId, debounced, element, replaceChildren } from './dom.js';
import { onLanguage, text } from './language.js';
import { attempt, copy } from './messages.js';
import { isOpen } from './navigation.js';

/** Maximum number of tokens in the table: the last ones. */
const MAX_TOKENS = 50;

let clock = { now: '', advanced: 0 };
let tokens = [];

export function startServer() {
  const reload = debounced(load);
  for (const button of document.querySelectorAll('[data-advance]')) {
    button.addEventListener('click', () => advance(Number(button.dataset.advance)));
  }
  byId('clock-form').addEventListener('submit', (event) => {
    event.preventDefault();
    advance(Number(byId('clock-seconds').value));
  });
  for (const button of document.querySelectorAll('[data-seed]')) {
    button.addEventListener('click', () => askToReset(button.dataset.seed));
  }
  setInterval(() => isOpen('server') && !document.hidden && load(), 5000);
  onLanguage(render);
  return {
    open: load,
    onRequests() {
      if (isOpen('server')) {
        reload();
      }
    },
  };
}

function advance(seconds) {
  return attempt(() => post('clock', { advance: seconds }), 'clock.advanced').then(load);
}

function askToReset(seed) {
  askFirst(text(`reset.${seed}`), text('reset.explanation'), text(`reset.${seed}`), async () => {
    const isDone = await attempt(() => post('reset', { seed }), 'reset.done');
    await load();
    return isDone;
  });
}

function load() {
  return attempt(async () => {
    [clock, tokens] = await Promise.all([show('clock'), show('tokens')]);
    render();
  });
}

function render() {
  byId('clock-now').textContent = clock.now;
  byId('clock-advanced').textContent =
    Number(clock.advanced) === 0 ? '' : text('clock.by', { seconds: String(clock.advanced) });
  replaceChildren(byId('tokens-table').tBodies[0], tokens.slice(0, MAX_TOKENS).map(row));
  byId('tokens-table').hidden = tokens.length === 0;
  byId('tokens-empty').hidden = tokens.length > 0;
}

function row({ number, value, is_valid: isValid, expires_in: expiresIn, user, client, scope }) {
  const button = (name, click) =>
    element(
      'button',
      {
        type: 'button',
        class: 'small',
        'aria-label': text(`token.${name}.label`, { number }),
        'data-key': `${name} ${number}`,
        disabled: !isValid,
        click,
      },
      text(`token.${name}`),
    );
  return element(
    'tr',
    {},
    element('td', { class: 'number' }, String(number)),
    [user, client, scope].map((name) => element('td', {}, name ?? '–')),
    element(
      'td',
      { class: isValid ? 'good' : 'bad' },
      isValid ? text('token.seconds', { seconds: expiresIn }) : text('token.invalid'),
    ),
    element(
      'td',
      { class: 'commands' },
      button('copy', () => copy(value)),
      button('expire', () => attempt(() => remove(`tokens/${number}`), 'token.expired').then(load)),
    ),
  );
}
