import { isRecord, type Json, type JsonObject } from "../lib/json.ts";

/** Where a JSON Schema holds further schemas by name, and where it holds one or a list of them. */
const BY_NAME: ReadonlySet<string> = new Set(["properties", "$defs", "definitions"]);
const NESTED: ReadonlySet<string> = new Set(["items", "anyOf", "oneOf", "allOf", "prefixItems", "not"]);

/**
 * The schema with `additionalProperties: false` at each object that says nothing of them: providers that hold an answer to a
 * schema want it, and what it allows, the schema allowed before. Objects that are maps stay as they are.
 */
export function closedSchema(schema: JsonObject): JsonObject {
  const entries = Object.entries(schema).map(([name, value]) => [name, closedWithin(name, value)] as const);
  const closed = Object.fromEntries(entries);
  const isOpen = closed.properties !== undefined && closed.additionalProperties === undefined;
  return isOpen ? { ...closed, additionalProperties: false } : closed;
}

function closedWithin(name: string, value: Json): Json {
  if (NESTED.has(name)) return Array.isArray(value) ? value.map(closed) : closed(value);
  if (!BY_NAME.has(name) || !isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, closed(inner)]));
}

function closed(value: Json): Json {
  return isObject(value) ? closedSchema(value) : value;
}

/** Whether each object names all its members as required and allows no other: only then a provider can be strict. */
export function isStrictSchema(schema: JsonObject): boolean {
  const { properties, required, additionalProperties } = schema;
  if (schema.type === "object" || properties !== undefined) {
    if (additionalProperties !== false || !isObject(properties) || !Array.isArray(required)) return false;
    if (!Object.keys(properties).every((name) => required.includes(name))) return false;
  }
  return Object.entries(schema).every(([name, value]) => {
    const inner = BY_NAME.has(name) && isObject(value) ? Object.values(value) : NESTED.has(name) ? [value].flat() : [];
    return inner.every((each) => !isObject(each) || isStrictSchema(each));
  });
}

function isObject(value: unknown): value is JsonObject {
  return isRecord(value);
}
