/** One request of the journal: its row, its details and its curl command. */

import { element } from './dom.js';
import { text } from './language.js';
import { copy } from './messages.js';

const CALLS = '/services/restapi/json/';

/** Number of bytes of a body that the sandbox sends to this page. */
const MAX_BODY = 8 * 1024;

/** Headers that curl sets itself. */
const OWN_HEADERS = ['host', 'content-length', 'connection', 'accept-encoding', 'transfer-encoding'];

/** Returns method and address as they are easy to read: without the part that all calls have in common, and decoded. */
export function requestLine(entry) {
  const query = pairs(entry).map((pair) => pair.join('='));
  return `${entry.method} ${withQuery(entry.path.replace(CALLS, ''), query.join('&'))}`;
}

/** Returns the address as it was sent. */
function address(entry) {
  // `***` is easier to read than its encoded form, and is not a real value.
  return withQuery(entry.path, new URLSearchParams(pairs(entry)).toString().replaceAll('%2A', '*'));
}

function pairs(entry) {
  return Object.entries(entry.query).flatMap(([name, values]) => [values].flat().map((value) => [name, value]));
}

function withQuery(path, query) {
  return query === '' ? path : `${path}?${query}`;
}

/** Returns the texts of status and fault, and whether the result is good or bad. */
export function describe(entry) {
  const label = { status: status(entry), fault: entry.fault === null ? '' : faultText(entry.fault) };
  if (entry.status === null) {
    return { label, tone: entry.duration_ms === null ? 'state' : 'bad' };
  }
  return { label, tone: entry.status < 400 ? 'good' : entry.status < 500 ? 'warn' : 'bad' };
}

function status(entry) {
  if (entry.client_gone) {
    return text('status.client_gone');
  }
  if (entry.status !== null) {
    return String(entry.status);
  }
  return text(entry.duration_ms === null ? 'status.waiting' : 'status.closed');
}

/** Returns the effects of a fault as one line. */
export function faultText(effects) {
  const parts = [
    effects.expire_token && text('effect.expire_token'),
    effects.hold && text('effect.hold', { name: effects.hold }),
    effects.delay_ms && text('effect.delay_ms', { ms: effects.delay_ms }),
    effects.status && text('effect.response', { status: effects.status }),
    effects.drip_ms && text('effect.drip_ms', { ms: effects.drip_ms }),
    effects.cut && text(`effect.cut.${effects.cut}`),
  ];
  return parts.filter(Boolean).join(', ');
}

/** Returns the duration of a request. */
export function duration(entry) {
  const milliseconds = entry.duration_ms;
  return milliseconds === null ? '' : `${milliseconds.toFixed(milliseconds < 10 ? 2 : 0)} ms`;
}

/** Returns the time at which a request arrived, in the time zone of the browser. */
export function time(entry) {
  const date = new Date(entry.time);
  return `${date.toLocaleTimeString('pl', { hour12: false })}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** Returns the text that the filter searches, in lower case. */
export function searchText(entry) {
  const { label } = describe(entry);
  const parts = [requestLine(entry), address(entry), entry.body, entry.response?.body, ...Object.values(label)];
  return parts.join('\n').toLowerCase();
}

/** Returns the details of a request: both sides, and how to send it again. */
export function details(entry) {
  const request = [`${entry.method} ${address(entry)}`, ...headerLines(entry.headers)].join('\n');
  const facts = ['connection', 'token', 'in_flight'].map((name) => `${text(`fact.${name}`)}: ${entry[name] ?? '–'}`);
  return element(
    'div',
    { class: 'sides' },
    side('request', request, entry.body, entry.body_size, [
      element(
        'p',
        { class: 'state' },
        [...facts, text(entry.applied ? 'fact.applied' : 'fact.not_applied')].join(' · '),
      ),
      element('button', { type: 'button', class: 'small', click: () => copy(curl(entry)) }, text('copy_curl')),
    ]),
    side('response', responseHead(entry), entry.response?.body ?? '', entry.response?.body_size ?? 0, []),
  );
}

function responseHead(entry) {
  const { label } = describe(entry);
  const lines = [
    label.status,
    label.fault && `${text('fault')}: ${label.fault}`,
    ...headerLines(entry.response?.headers ?? {}),
  ];
  if (entry.response === undefined && entry.status !== null) {
    lines.push(text('response.not_kept'));
  }
  return lines.filter(Boolean).join('\n');
}

function side(name, head, body, size, more) {
  return element(
    'div',
    {},
    element('h3', {}, text(name)),
    block(text(`${name}.head`), head),
    body === '' ? null : block(text(`${name}.body`), body),
    size > MAX_BODY ? element('p', { class: 'state' }, text('body.cut', { size })) : null,
    ...more,
  );
}

function block(label, content) {
  return element('pre', { role: 'region', tabindex: '0', 'aria-label': label }, content);
}

function headerLines(headers) {
  return Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
}

/** Returns the request as a command for a shell. Secrets are `***`, as in the journal. */
export function curl(entry) {
  const quoted = (value) => `'${value.replaceAll("'", "'\\''")}'`;
  const headers = Object.entries(entry.headers).filter(([name]) => !OWN_HEADERS.includes(name));
  const parts = [
    `curl -i -X ${entry.method} ${quoted(location.origin + address(entry))}`,
    ...headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(entry.body === '' ? [] : [`--data-raw ${quoted(entry.body)}`]),
  ];
  const note = entry.body_size > MAX_BODY ? `# ${text('body.cut', { size: entry.body_size })}\n` : '';
  return note + parts.join(' \\\n  ');
}
