import { z } from "zod";
import { isRecord, type Json, type JsonObject } from "../lib/json.ts";

/*
 * Readers for ProtoJSON (https://protobuf.dev/programming-guides/json) as A2A v1 §5.5 uses it: camelCase and snake_case
 * names are both read, null means unset, unknown members are dropped, enums come as name or number.
 */

const SNAKE = /_([a-z0-9])/g;

function camelCase(name: string): string {
  return name.replace(SNAKE, (_, letter: string) => letter.toUpperCase());
}

/** Members for which null is a value of its own, not "unset" (`google.protobuf.Value`). */
const NULLABLE: ReadonlySet<string> = new Set(["data"]);

/** Schemas of members for which "" means unset: proto3 strings without presence. */
const WITHOUT_PRESENCE = new WeakSet<z.ZodType>();

/** A proto3 string that need not be set. Writers that print defaults send "" for "not set", so "" reads as absent. */
export function unsetText<S extends z.ZodType>(schema: S): z.ZodOptional<S> {
  const optional = schema.optional();
  WITHOUT_PRESENCE.add(optional);
  return optional;
}

function memberReader(shape: z.ZodRawShape): (value: unknown) => unknown {
  const withoutPresence = new Set(
    Object.entries(shape).flatMap(([name, schema]) =>
      schema instanceof z.ZodType && WITHOUT_PRESENCE.has(schema) ? [name] : []
    ),
  );
  const isUnset = (name: string, member: unknown) =>
    member === null ? !NULLABLE.has(name) : member === "" && withoutPresence.has(name);
  return (value) => {
    if (!isRecord(value) || isClean(value)) return value;
    const renamed = new Map<string, unknown>();
    for (const [name, member] of Object.entries(value)) {
      const camel = camelCase(name);
      if (isUnset(camel, member)) continue;
      // The camelCase spelling wins when a peer sends both.
      if (camel === name || !renamed.has(camel)) renamed.set(camel, member);
    }
    return Object.fromEntries(renamed);
  };
}

/** Whether nothing in `value` needs a second look, as in all that hector itself wrote. */
function isClean(value: Record<string, unknown>): boolean {
  for (const name in value) {
    if (value[name] === null || value[name] === "" || name.includes("_")) return false;
  }
  return true;
}

/** A protobuf message in ProtoJSON: an object schema that also reads snake_case names, null and unset members. */
export function message<S extends z.ZodRawShape>(shape: S) {
  return z.preprocess(memberReader(shape), z.object(shape));
}

/** One member of a oneof at a time: `{ task: Task } | { message: Message }`. */
export type OneOf<S extends z.ZodRawShape> = { [Name in keyof S]: { [Key in Name]: z.output<S[Name]> } }[keyof S];

/** A protobuf message that is nothing but one oneof: exactly one of `shape`'s members is set. */
export function oneof<S extends z.ZodRawShape>(shape: S) {
  const names = Object.keys(shape);
  const partial: z.ZodType = message(Object.fromEntries(names.map((name) => [name, optional(shape[name])])));
  const isOne = (value: unknown) => isRecord(value) && names.filter((name) => value[name] !== undefined).length === 1;
  return partial.pipe(z.custom<OneOf<S>>(isOne, `holds exactly one of ${names.join(", ")}`));
}

function optional(schema: z.core.SomeType | undefined): z.ZodType {
  return schema instanceof z.ZodType ? schema.optional() : z.never();
}

/** A protobuf enum: reads a name or a number, gives the name. */
export function protoEnum<const Names extends readonly [string, ...string[]]>(names: Names) {
  const allowed = names.filter((name) => !name.endsWith("_UNSPECIFIED")).join(", ");
  const error = ({ input }: { input?: unknown }) => input === undefined ? "is required" : `expected one of ${allowed}`;
  return z.preprocess((value) => typeof value === "number" ? names[value] ?? value : value, z.enum(names, { error }));
}

/** `google.protobuf.Struct`. Its members belong to the peer: they are neither renamed nor dropped. */
export const Struct = z.custom<JsonObject>(isRecord, "expected an object");

/** `google.protobuf.Value`: any JSON, null included. */
export const Value = z.custom<Json>((value) => value !== undefined, "expected a JSON value");

const TIMESTAMP = /^(\d{4}-\d\d-\d\d)[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/;
/** The years 1 to 9999: what `google.protobuf.Timestamp` holds, and what sorts as text. */
const FIRST_MS = Date.parse("0001-01-01T00:00:00Z");
const LAST_MS = Date.parse("9999-12-31T23:59:59.999Z");

function timeOf(text: string): number {
  const [, date = ""] = TIMESTAMP.exec(text) ?? [];
  const time = date === "" ? NaN : Date.parse(text);
  // Date.parse takes 30 February for 2 March.
  const isDay = time >= FIRST_MS && time <= LAST_MS && new Date(`${date}T00:00:00Z`).toISOString().startsWith(date);
  return isDay ? time : NaN;
}

/** `google.protobuf.Timestamp`: RFC 3339 in, UTC with `Z` and milliseconds out (A2A v1 §5.6.1). */
export const Timestamp = z.string().transform((text, context) => {
  const time = timeOf(text);
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  context.issues.push({ code: "custom", message: "expected an RFC 3339 timestamp", input: text });
  return z.NEVER;
});

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** `bytes`: standard or URL-safe base64 with or without padding in, standard with padding out. */
export const Bytes = z.string().transform((text, context) => {
  const standard = text.replaceAll("-", "+").replaceAll("_", "/");
  const unpadded = standard.replace(/=+$/, "");
  if (BASE64.test(standard) && unpadded.length % 4 !== 1) {
    return unpadded.padEnd(Math.ceil(unpadded.length / 4) * 4, "=");
  }
  context.issues.push({ code: "custom", message: "expected base64", input: text });
  return z.NEVER;
});

/** `int32`. ProtoJSON also writes numbers as strings. */
export const Int32 = z.preprocess(
  (value) => typeof value === "string" && /^-?\d{1,10}$/.test(value) ? Number(value) : value,
  z.int32(),
);
