/** Freezes a value to its last leaf. A Map cannot be frozen, so its methods that change it are taken away. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  if (value instanceof Map) {
    for (const method of ["set", "delete", "clear"]) Object.defineProperty(value, method, { value: refuse });
    value.forEach(deepFreeze);
  }
  Object.freeze(value);
  Object.values(value).forEach(deepFreeze);
  return value;
}

function refuse(): never {
  throw new TypeError("Cannot change the configuration: it is frozen");
}
