import { isRecord, type Json, type JsonObject } from "../../lib/json.ts";
import type { Part } from "../types.ts";
import { present } from "../present.ts";

/*
 * What a 1.0 part may hold and a 0.3 part may not travels in the part's metadata, so that it survives the way there and
 * back: a name and a media type of text and data, and data that is no object.
 */

/** The marker that A2A's own SDKs use for `{ value: x }` in place of data that is no object. */
const WRAPPED_DATA = "data_part_compat";
/** Ours: the `filename` and `mediaType` of a text or data part. */
const PART_MEMBERS = "https://hector.dev/a2a/part/v1";

/** A part in 0.3's terms, before either of its two spellings. */
export type LegacyPart =
  & { readonly metadata: JsonObject | undefined }
  & (
    | { readonly kind: "text"; readonly text: string }
    | { readonly kind: "data"; readonly data: JsonObject }
    | {
      readonly kind: "bytes" | "uri";
      readonly content: string;
      readonly name: string | undefined;
      readonly mimeType: string | undefined;
    }
  );

export function toLegacyPart(part: Part): LegacyPart {
  const { raw, url, metadata, filename: name, mediaType: mimeType } = part;
  if (raw !== undefined) return { kind: "bytes", content: raw, name, mimeType, metadata };
  if (url !== undefined) return { kind: "uri", content: url, name, mimeType, metadata };
  if (part.text !== undefined) return { kind: "text", text: part.text, metadata: marked(part, false) };
  const data = part.data ?? null;
  return isObject(data)
    ? { kind: "data", data, metadata: marked(part, false) }
    : { kind: "data", data: { value: data }, metadata: marked(part, true) };
}

function marked({ metadata, filename, mediaType }: Part, wrapped: boolean): JsonObject | undefined {
  const members: JsonObject = {
    ...(filename === undefined ? {} : { filename }),
    ...(mediaType === undefined ? {} : { mediaType }),
  };
  const marks: JsonObject = {
    ...(Object.keys(members).length === 0 ? {} : { [PART_MEMBERS]: members }),
    ...(wrapped ? { [WRAPPED_DATA]: true } : {}),
  };
  return Object.keys(marks).length === 0 ? metadata : { ...metadata, ...marks };
}

/** A part as read from a peer, with what its metadata carried put back in its place. */
export function unmarked(part: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { metadata } = part;
  if (!isRecord(metadata) || !(PART_MEMBERS in metadata || WRAPPED_DATA in metadata)) return present(part);
  const { [PART_MEMBERS]: members, [WRAPPED_DATA]: wrapped, ...rest } = metadata;
  const isWrapped = wrapped === true && isRecord(part.data) && "value" in part.data;
  return present({
    ...part,
    ...(isRecord(members) ? { filename: members.filename, mediaType: members.mediaType } : {}),
    ...(isWrapped && isRecord(part.data) ? { data: part.data.value } : {}),
    metadata: Object.keys(rest).length === 0 ? undefined : rest,
  });
}

function isObject(value: Json): value is JsonObject {
  return isRecord(value);
}
