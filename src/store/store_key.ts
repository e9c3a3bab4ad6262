import { createHash } from "node:crypto";
import type { Owner, Scope, TaskRef } from "./store.ts";

/*
 * Text keys made of what outsiders chose (subjects, context and message ids). They must not run into each other, must fit
 * into a database's key (Deno KV: 2,048 bytes for all parts), and must tell apart what UTF-8 cannot (lone surrogates).
 */

const SEPARATOR = "\0";
const MAX_PART_LENGTH = 96;
const KEPT_LENGTH = 40;

/** A part of a key: the text itself, or, if it is long or odd, its beginning and its SHA-256 (which is longer than any plain part). */
export function keyPart(text: string): string {
  if (text.length <= MAX_PART_LENGTH && text.isWellFormed() && !text.includes(SEPARATOR)) return text;
  // JSON escapes what UTF-8 would flatten, so two odd texts never have one digest.
  const digest = createHash("sha256").update(JSON.stringify(text)).digest("hex");
  const beginning = text.slice(0, KEPT_LENGTH).toWellFormed().replaceAll(SEPARATOR, " ");
  return `${beginning.padEnd(KEPT_LENGTH)}#${digest}`;
}

/** Whether the text can be read back from its key part. */
export function isPlainPart(text: string): boolean {
  return keyPart(text) === text;
}

export function ownerKey({ tenant, owner }: Owner): string {
  return `${keyPart(tenant)}${SEPARATOR}${keyPart(owner)}`;
}

export function refKey(ref: TaskRef): string {
  return `${ownerKey(ref)}${SEPARATOR}${keyPart(ref.id)}`;
}

export function scopeKey(scope: Scope): string {
  return `${ownerKey(scope)}${SEPARATOR}${keyPart(scope.agent)}`;
}

export function messageKey(scope: Scope, messageId: string): string {
  return `${scopeKey(scope)}${SEPARATOR}${keyPart(messageId)}`;
}
