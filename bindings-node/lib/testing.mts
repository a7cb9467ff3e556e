/** The entry of `egito/testing` for `import`. */

export * from './testing.js';
