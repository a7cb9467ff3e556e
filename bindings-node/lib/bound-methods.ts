/** Methods that can be called without their object: `const { get } = client.accounts`. */

/**
 * Gives an object its own copies of the methods of `prototype`, bound to it. They look their method up when they are called, so that
 * subclasses and mocks of the prototype are obeyed.
 */
export function bindMethods(object: object, prototype: object): void {
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (typeof value === 'function' && name !== 'constructor') {
      const bound = (...args: unknown[]) => Reflect.get(Object.getPrototypeOf(object), name).apply(object, args);
      Object.defineProperty(object, name, { value: bound, configurable: true, writable: true });
    }
  }
}
