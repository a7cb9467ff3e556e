/** Reads and writes JSON without changing numbers: `12345678901234567890.10` keeps its digits. */

/** A number as its JSON text. */
export class ExactNumber {
  constructor(text) {
    this.text = text;
  }

  toString() {
    return this.text;
  }
}

/** Parses JSON. Each number is an ExactNumber if the browser shows the reviver the text of the number. */
export function parse(text) {
  return JSON.parse(text, (_, value, context) =>
    typeof value === 'number' && context?.source !== undefined ? new ExactNumber(context.source) : value,
  );
}

/** Returns a parsed value as JSON. */
export function write(value) {
  if (value instanceof ExactNumber) {
    return value.text;
  }
  if (Array.isArray(value)) {
    return `[${value.map(write).join(',')}]`;
  }
  if (value !== null && typeof value === 'object') {
    return writeObject(Object.entries(value).map(([name, member]) => [name, write(member)]));
  }
  return JSON.stringify(value);
}

/** Returns a JSON object; the values are JSON already. */
export function writeObject(members) {
  return `{${members.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`;
}
