/** The entry for `import`. It exports the same classes as `require`. */

export * from './index.js';
