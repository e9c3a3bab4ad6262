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

function renameMembers(value: unknown): unknown {
  if (!isRecord(value)) return value;
  let clean = true;
  for (const name in value) {
    if (value[name] === null || name.includes("_")) {
      clean = false;
      break;
    }
  }
  if (clean) return value;
  const renamed = new Map<string, unknown>();
  for (const [name, member] of Object.entries(value)) {
    const camel = camelCase(name);
    if (member === null && !NULLABLE.has(camel)) continue;
    // The camelCase spelling wins when a peer sends both.
    if (camel === name || !renamed.has(camel)) renamed.set(camel, member);
  }
  return Object.fromEntries(renamed);
}

/** A protobuf message in ProtoJSON: an object schema that also reads snake_case names and null members. */
export function message<S extends z.ZodRawShape>(shape: S) {
  return z.preprocess(renameMembers, z.object(shape));
}

/** A protobuf enum: reads a name or a number, gives the name. */
export function protoEnum<const Names extends readonly [string, ...string[]]>(names: Names) {
  return z.preprocess((value) => typeof value === "number" ? names[value] ?? value : value, z.enum(names));
}

/** `google.protobuf.Struct`. Its members belong to the peer: they are neither renamed nor dropped. */
export const Struct = z.custom<JsonObject>(isRecord, "expected an object");

/** `google.protobuf.Value`: any JSON, null included. */
export const Value = z.custom<Json>((value) => value !== undefined, "expected a JSON value");

const TIMESTAMP = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/;

/** `google.protobuf.Timestamp`: RFC 3339 in, UTC with `Z` and milliseconds out (A2A v1 §5.6.1). */
export const Timestamp = z.string().transform((text, context) => {
  const time = TIMESTAMP.test(text) ? Date.parse(text) : NaN;
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
