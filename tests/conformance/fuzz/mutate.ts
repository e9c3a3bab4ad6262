import { isRecord } from "../scenarios/peer.ts";
import type { Random } from "./random.ts";

type Value = unknown;

/** What readers trip over. */
const VALUES: readonly [Value, ...Value[]] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  -5e-324,
  2 ** 31,
  2 ** 53,
  99,
  "",
  " ",
  "0",
  "-1",
  "true",
  "\0",
  "\r\nx: y",
  "\ud800",
  "\ufffe",
  "漢".repeat(50),
  "x".repeat(2000),
  "__proto__",
  "constructor",
  "../..",
  "%2e%2e%00",
  "AA==",
  "A",
  "2026-02-30T00:00:00Z",
  "9999-12-31T23:59:59-12:00",
  "TASK_STATE_WORKING",
  "input-required",
  "ROLE_USER",
  "user",
  [],
  {},
  [[]],
  [null],
  [{}],
  { text: "a" },
  { kind: "text", text: "a" },
  { kind: "file", file: { bytes: "AA==" } },
  { data: { data: {} } },
  JSON.parse('{"__proto__":{"polluted":true}}'),
  { "https://hector.dev/a2a/extensions/resume/v1": { afterSeq: 1 } },
  JSON.parse(`${"[".repeat(60)}${"]".repeat(60)}`),
];

/** Names that mean something somewhere. */
const NAMES: readonly [string, ...string[]] = [
  "__proto__",
  "constructor",
  "toString",
  "message",
  "request",
  "content",
  "parts",
  "text",
  "raw",
  "url",
  "data",
  "file",
  "kind",
  "type",
  "role",
  "metadata",
  "configuration",
  "taskId",
  "task_id",
  "contextId",
  "sessionId",
  "id",
  "name",
  "agent",
  "tenant",
  "historyLength",
  "history_length",
  "pageSize",
  "pageToken",
  "status",
  "statusTimestampAfter",
  "includeArtifacts",
  "blocking",
  "returnImmediately",
  "taskPushNotificationConfig",
  "pushNotificationConfig",
  "jsonrpc",
  "method",
  "params",
];

/** The value with one place in it changed. */
export function mutateValue(value: Value, random: Random): Value {
  if (Array.isArray(value) && value.length > 0 && !random.once(4)) return mutateList(value, random);
  if (isRecord(value) && Object.keys(value).length > 0 && !random.once(6)) return mutateMembers(value, random);
  if (typeof value === "string" && random.once(3)) return mutateText(value, random);
  return random.once(8) ? { [random.pick(NAMES)]: value } : random.once(8) ? [value] : random.pick(VALUES);
}

function mutateList(list: readonly Value[], random: Random): Value {
  const at = random.int(list.length);
  switch (random.int(4)) {
    case 0:
      return list.filter((_, index) => index !== at);
    case 1:
      return [...list, list[at]];
    default:
      return list.with(at, mutateValue(list[at], random));
  }
}

function mutateMembers(record: Readonly<Record<string, Value>>, random: Random): Value {
  const names = Object.keys(record);
  const name = names[random.int(names.length)] ?? "";
  const { [name]: value, ...rest } = record;
  switch (random.int(8)) {
    case 0:
      return rest;
    case 1:
      return withOwn(rest, random.pick(NAMES), value);
    case 2:
      return withOwn(record, random.pick(NAMES), random.pick(VALUES));
    case 3:
      return withOwn(rest, name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value);
    default:
      return withOwn(rest, name, mutateValue(value, random));
  }
}

/** As JSON.parse would make it: `__proto__` is a member like any other. */
function withOwn(record: Readonly<Record<string, Value>>, name: string, value: Value): Value {
  return Object.fromEntries([...Object.entries(record), [name, value]]);
}

const LETTERS: readonly [string, ...string[]] = [
  '"',
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "\\",
  "\\u",
  "0",
  "e9",
  "\0",
  "é",
  "-",
];

/** The text with a few places in it changed. */
export function mutateText(text: string, random: Random): string {
  const at = random.int(text.length + 1);
  const until = Math.min(text.length, at + random.int(8));
  switch (random.int(5)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + text.slice(until);
    case 2:
      return text.slice(0, until) + text.slice(at);
    case 3:
      return text.slice(0, at) + random.pick(LETTERS) + text.slice(until);
    default:
      return text.slice(0, at) + String.fromCharCode(random.int(0x250)) + text.slice(at + 1);
  }
}

/** JSON that was changed as a value, as a text, or both. */
export function mutateJson(value: Value, random: Random): string {
  let changed = value;
  for (let times = random.int(3); times >= 0; times--) changed = mutateValue(changed, random);
  const text = JSON.stringify(changed) ?? "";
  return random.once(8) ? mutateText(text, random) : text;
}

/** Bytes with a few places in them changed. */
export function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array<ArrayBuffer> {
  let changed = [...bytes];
  for (let times = random.int(3); times >= 0; times--) {
    const at = random.int(changed.length + 1);
    const some = random.int(8);
    switch (random.int(7)) {
      case 0:
        changed = changed.slice(0, at);
        break;
      case 1:
        changed.splice(at, some);
        break;
      case 2:
        changed.splice(at, 0, ...changed.slice(at, at + some));
        break;
      case 3:
        changed.splice(at, 0, ...Array.from({ length: some }, () => random.int(256)));
        break;
      case 4:
        changed.splice(at, 1, random.pick([0, 1, 0x7f, 0x80, 0xff, 0x0b, 0x0c]));
        break;
      case 5:
        changed = [...changed, ...changed];
        break;
      default:
        changed.splice(at, 1, (changed[at] ?? 0) ^ 1 << random.int(8));
    }
  }
  return Uint8Array.from(changed);
}
