/** The color scheme: that of the system, or the one that the user chose. */

import { byId, setOptions } from './dom.js';
import { onLanguage, text } from './language.js';
import { remember, remembered } from './storage.js';

export function startTheme() {
  const select = byId('theme');
  onLanguage(() =>
    setOptions(
      select,
      ['system', 'light', 'dark'].map((name) => [name, text(`theme.${name}`)]),
    ),
  );
  select.value = remembered('theme') ?? 'system';
  const apply = () => {
    document.documentElement.dataset.theme = select.value;
  };
  select.addEventListener('change', () => {
    remember('theme', select.value);
    apply();
  });
  apply();
}
