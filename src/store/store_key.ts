import { sha256 } from "../lib/sha256.ts";
import type { Owner, Scope, TaskRef } from "./store.ts";

/*
 * Text keys made of what outsiders chose (subjects, context and message ids). They must not run into each other, and they
 * must fit into a database's key (Deno KV: 2,048 bytes for all parts of one).
 */

const SEPARATOR = "\x1f";
const PLAIN = /^[\x20-\x7e]{0,96}$/;

/** Whether the text stands in keys as it is: printable ASCII, at most 96 characters. Task ids must. */
export function isPlainPart(text: string): boolean {
  return PLAIN.test(text);
}

/** A part of a key: the text itself, or its beginning and its SHA-256, which together are longer than any plain part. */
export function keyPart(text: string): string {
  if (isPlainPart(text)) return text;
  // JSON escapes what UTF-8 would flatten (lone surrogates), so two odd texts never share a digest.
  const digest = sha256(JSON.stringify(text), "hex");
  return `${text.slice(0, 32).replace(/[^\x20-\x7e]/g, "?").padEnd(32)}#${digest}`;
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

/** The `refKey` of a task, from the key of its scope and the part that its id makes. */
export function taskKeyIn(scope: string, id: string): string {
  return `${scope.slice(0, scope.lastIndexOf(SEPARATOR))}${SEPARATOR}${id}`;
}

/** `scope` as `scopeKey` writes it. */
export function messageKey(scope: string, messageId: string): string {
  return `${scope}${SEPARATOR}${keyPart(messageId)}`;
}
