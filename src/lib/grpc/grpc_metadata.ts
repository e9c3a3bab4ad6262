import type { HeaderField } from "../http2/static_table.ts";

/** Fields by name, those that come more than once joined by commas. */
export type Metadata = ReadonlyMap<string, string>;

export function metadataOf(fields: readonly HeaderField[]): Metadata {
  const metadata = new Map<string, string>();
  for (const [name, value] of fields) {
    const before = metadata.get(name);
    metadata.set(name, before === undefined ? value : `${before},${value}`);
  }
  return metadata;
}

const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ["H", 3_600_000],
  ["M", 60_000],
  ["S", 1000],
  ["m", 1],
  ["u", 0.001],
  ["n", 0.000_001],
]);
/** Timers take no more. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** `grpc-timeout` in milliseconds; undefined if there is none that can be read. */
export function timeoutMs(text: string | undefined): number | undefined {
  const [, value, unit = ""] = /^(\d{1,8})([HMSmun])$/.exec(text ?? "") ?? [];
  const unitMs = UNIT_MS.get(unit);
  return value === undefined || unitMs === undefined ? undefined : Math.min(Number(value) * unitMs, MAX_TIMEOUT_MS);
}

/** At most eight digits are allowed, so long waits lose their milliseconds. */
const MAX_TIMEOUT = 99_999_999;

/** Milliseconds as `grpc-timeout`. */
export function timeoutText(ms: number): string {
  const whole = Math.max(0, Math.ceil(ms));
  return whole <= MAX_TIMEOUT ? `${whole}m` : `${Math.min(Math.ceil(whole / 1000), MAX_TIMEOUT)}S`;
}

/** The value of a field whose name ends in `-bin`: base64 without padding. */
export function binaryValue(bytes: Uint8Array): string {
  let characters = "";
  for (const byte of bytes) characters += String.fromCharCode(byte);
  return btoa(characters).replace(/=+$/, "");
}

/** The bytes of such a field; undefined if it is no base64. Padding and both alphabets are read. */
export function binaryBytes(value: string): Uint8Array | undefined {
  try {
    const standard = value.replaceAll("-", "+").replaceAll("_", "/");
    return Uint8Array.from(atob(standard), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
