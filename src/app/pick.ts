/** A row of a table whose names the configuration has checked. */
export function pick<T>(table: ReadonlyMap<string, T>, name: string): T {
  const row = table.get(name);
  if (row === undefined) throw new TypeError(`"${name}" passed the configuration, but there is no such thing`);
  return row;
}
