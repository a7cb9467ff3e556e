/** The language of the page: that of the browser, or the one that the user chose. */

import { byId, setOptions } from './dom.js';
import { remember, remembered } from './storage.js';
import english from './texts_en.js';
import polish from './texts_pl.js';

const LANGUAGES = { en: english, pl: polish };
const NAMES = [
  ['en', 'English'],
  ['pl', 'Polski'],
];

const listeners = [];
let language = initialLanguage();

/** Returns a text in the chosen language, with values for its `{name}`s. */
export function text(key, values = {}) {
  const found = LANGUAGES[language][key] ?? LANGUAGES.en[key] ?? key;
  return found.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** Calls a function now, and each time that the language has changed. */
export function onLanguage(listener) {
  listeners.push(listener);
  listener();
}

/** Writes the texts of the page, and its switch. */
export function startLanguage() {
  const select = byId('language');
  setOptions(select, NAMES);
  select.value = language;
  select.addEventListener('change', () => {
    language = select.value;
    remember('language', language);
    for (const listener of listeners) {
      listener();
    }
  });
  onLanguage(() => {
    document.documentElement.lang = language;
    translate(document);
  });
}

/** Writes the texts of all elements that name one. */
export function translate(root) {
  for (const named of root.querySelectorAll('[data-text]')) {
    named.textContent = text(named.dataset.text);
  }
  for (const labelled of root.querySelectorAll('[data-label]')) {
    labelled.setAttribute('aria-label', text(labelled.dataset.label));
  }
}

function initialLanguage() {
  const wanted = [remembered('language'), ...navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase())];
  return wanted.find((tag) => tag !== null && tag in LANGUAGES) ?? 'en';
}
