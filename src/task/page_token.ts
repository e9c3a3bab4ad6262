import { z } from "zod";
import type { Cursor } from "../store/store.ts";
import { digestOf } from "./digest.ts";
import { invalidField } from "./task_errors.ts";

const Token = z.tuple([z.string(), z.string(), z.string()]);

/**
 * A place in a list as an opaque text. It holds good for one question only: `question` is who asks, which agent, and by
 * which filters. It guards against mistakes, not against forgery: every read is scoped to its caller anyway.
 */
export function toPageToken(place: Cursor, question: unknown): string {
  const text = JSON.stringify([place.timestamp, place.id, check(place, question)]);
  return new TextEncoder().encode(text).toBase64({ alphabet: "base64url", omitPadding: true });
}

/** Reads toPageToken's text back. Throws INVALID_PARAMS for anything else (A2A v1 §3.1.4). */
export function parsePageToken(token: string, question: unknown): Cursor {
  const [timestamp, id, sum] = parseToken(token);
  const place = { timestamp, id };
  if (sum !== check(place, question)) throw refusal();
  return place;
}

function parseToken(token: string): z.infer<typeof Token> {
  try {
    return Token.parse(JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(token, { alphabet: "base64url" }))));
  } catch (cause) {
    throw refusal(cause);
  }
}

function refusal(cause?: unknown) {
  return invalidField("pageToken", "is not one that this list gave out for these filters", cause);
}

function check(place: Cursor, question: unknown): string {
  return digestOf([place, question]).slice(0, 16);
}
