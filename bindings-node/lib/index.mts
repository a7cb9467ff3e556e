/** The entry for `import`: the very same classes that `require` gives. */

export * from './index.js';
