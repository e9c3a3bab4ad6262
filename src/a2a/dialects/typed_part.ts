import { present } from "../present.ts";
import type { Part } from "../types.ts";

/** A part as hector's own documents have it: its `type` is text, file or data, and names are in snake_case. */
export function toTypedPart(part: Part): Record<string, unknown> {
  const { text, raw, url, data = null, filename: name, mediaType: mime_type, metadata } = part;
  if (text !== undefined) return present({ type: "text", text, name, mime_type, metadata });
  if (raw !== undefined) return present({ type: "file", name, mime_type, data: raw, metadata });
  if (url !== undefined) return present({ type: "file", name, mime_type, url, metadata });
  return present({ type: "data", name, mime_type: mime_type ?? "application/json", data, metadata });
}
