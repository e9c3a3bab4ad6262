import { isRecord } from "../../lib/json.ts";
import { A2AError } from "../errors.ts";

/** A value as a peer wrote it, with the peer's own path to it: what complaints are made of. */
export interface Field {
  readonly path: string;
  readonly value: unknown;
}

/** The complaint about one field. */
export function invalidField(path: string, description: string): A2AError {
  const message = path === "" ? description : `${path}: ${description}`;
  return new A2AError("INVALID_PARAMS", `Invalid parameters: ${message}`, {
    violations: [{ field: path, description }],
  });
}

function join(path: string, name: string | number): string {
  return path === "" ? `${name}` : `${path}.${name}`;
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function expected(field: Field, type: string): A2AError {
  const { value } = field;
  const found = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  return invalidField(field.path, `expected ${type}, received ${found}`);
}

/** The first member of an object that is there under one of `names`, in camelCase or snake_case; null is absent. */
export function member(field: Field, ...names: readonly string[]): Field | undefined {
  const record = recordOf(field);
  for (const name of names.flatMap((name) => [name, snakeCase(name)])) {
    const value = Object.hasOwn(record, name) ? record[name] : undefined;
    if (value !== undefined && value !== null) return { path: join(field.path, name), value };
  }
  return undefined;
}

/** Like `member`, but the member must be there. */
export function requiredMember(field: Field, ...names: readonly [string, ...string[]]): Field {
  const found = member(field, ...names);
  if (found === undefined) throw invalidField(join(field.path, names[0]), "is required");
  return found;
}

export function recordOf(field: Field): Record<string, unknown> {
  if (!isRecord(field.value)) throw expected(field, "object");
  return field.value;
}

export function textOf(field: Field): string {
  if (typeof field.value !== "string") throw expected(field, "string");
  return field.value;
}

export function booleanOf(field: Field): boolean {
  if (typeof field.value !== "boolean") throw expected(field, "boolean");
  return field.value;
}

export function itemsOf(field: Field): Field[] {
  if (!Array.isArray(field.value)) throw expected(field, "array");
  return field.value.map((value, index) => ({ path: join(field.path, index), value }));
}

function textsOf(field: Field): string[] {
  return itemsOf(field).map(textOf);
}

/** A text member under one of `names`; "" is absent, as in proto3. */
export function optionalText(field: Field, ...names: readonly string[]): string | undefined {
  const found = member(field, ...names);
  const text = found === undefined ? "" : textOf(found);
  return text === "" ? undefined : text;
}

/** An object member under one of `names`, as it stands: its own members belong to the peer. */
export function optionalRecord(field: Field, ...names: readonly string[]): Record<string, unknown> | undefined {
  const found = member(field, ...names);
  return found === undefined ? undefined : recordOf(found);
}

/** A list of texts under one of `names`. */
export function optionalTexts(field: Field, ...names: readonly string[]): string[] | undefined {
  const found = member(field, ...names);
  return found === undefined ? undefined : textsOf(found);
}
