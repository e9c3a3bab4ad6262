/** `record` without the members that are undefined: what is not there is not written. */
export function present(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  for (const name in record) {
    if (record[name] !== undefined) members[name] = record[name];
  }
  return members;
}
