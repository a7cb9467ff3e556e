/** Methods that work without their object: `const { get } = client.accounts`. */

/**
 * Adds bound copies of the methods of `prototype` to an object. Each copy looks its method up on every call, so that subclasses
 * and mocks of the prototype take effect.
 */
export function bindMethods(object: object, prototype: object): void {
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (typeof value === 'function' && name !== 'constructor') {
      const bound = (...args: unknown[]) => Reflect.get(Object.getPrototypeOf(object), name).apply(object, args);
      Object.defineProperty(object, name, { value: bound, configurable: true, writable: true });
    }
  }
}
