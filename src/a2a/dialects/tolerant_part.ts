import { Bytes } from "../proto_json.ts";
import {
  type Field,
  invalidField,
  member,
  optionalRecord,
  optionalText,
  recordOf,
  requiredMember,
  textOf,
} from "./field.ts";
import { unmarked } from "./legacy_part.ts";

/** Which member makes a part without `kind` and `type` what it is. */
const CONTENT = ["text", "file", "raw", "url", "data"] as const;

export interface PartSpelling {
  /** 0.3's proto puts data one level deeper: `{ data: { data: {…} } }`. */
  readonly nestedData: boolean;
}

/** A part in any of the spellings that 0.3 and hector's documents know → ProtoJSON of a core part. */
export function readPart(part: Field, { nestedData }: PartSpelling): Record<string, unknown> {
  recordOf(part);
  const kind = member(part, "kind", "type");
  const metadata = optionalRecord(part, "metadata");
  const content = kind === undefined ? contentByMember(part, nestedData) : contentByKind(part, kind);
  return unmarked({ ...content, metadata });
}

function contentByKind(part: Field, kind: Field): Record<string, unknown> {
  switch (textOf(kind)) {
    case "text":
      return { text: textOf(requiredMember(part, "text")), ...labels(part) };
    case "file": {
      const file = member(part, "file");
      return file === undefined ? flatFile(part) : fileContent(file);
    }
    case "data":
      return { data: requiredData(part), ...labels(part) };
    default:
      throw invalidField(
        kind.path,
        `unknown kind of part ${JSON.stringify(kind.value)}: expected one of text, file, data`,
      );
  }
}

/** Read straight from the record: null is a value of data's own. */
function requiredData(part: Field): unknown {
  const { data } = recordOf(part);
  return data === undefined ? requiredMember(part, "data").value : data;
}

function contentByMember(part: Field, nestedData: boolean): Record<string, unknown> {
  const { data } = recordOf(part);
  const found = CONTENT.filter((name) => member(part, name) !== undefined);
  // Null is unset beside another member, and a value of data's own when it stands alone.
  if (found.length === 0 && data === null) return { data, ...labels(part) };
  const only = found[0];
  if (only === undefined || found.length > 1) {
    throw invalidField(part.path, `a part holds exactly one of ${CONTENT.join(", ")}`);
  }
  switch (only) {
    case "text":
      return { text: textOf(requiredMember(part, only)), ...labels(part) };
    case "file":
      return fileContent(requiredMember(part, only));
    case "raw":
      return { raw: base64Of(requiredMember(part, only)), ...labels(part) };
    case "url":
      return { url: textOf(requiredMember(part, only)), ...labels(part) };
    case "data":
      return { data: nestedData ? unnested(data) : data, ...labels(part) };
  }
}

function unnested(data: unknown): unknown {
  const isNested = typeof data === "object" && data !== null && "data" in data && Object.keys(data).length === 1;
  return isNested ? data.data : data;
}

/** `{ file: { uri | bytes | fileWithUri | fileWithBytes, name, mimeType } }`. */
function fileContent(file: Field): Record<string, unknown> {
  const uri = member(file, "uri", "fileWithUri");
  const bytes = member(file, "bytes", "fileWithBytes");
  return { ...oneFile({ file, uri, bytes, names: "uri, bytes" }), ...labels(file) };
}

/** `{ type: "file", name, mime_type, url | data }`. */
function flatFile(part: Field): Record<string, unknown> {
  const uri = member(part, "url");
  const bytes = member(part, "data", "raw");
  return { ...oneFile({ file: part, uri, bytes, names: "url, data" }), ...labels(part) };
}

interface FileContent {
  readonly file: Field;
  readonly uri: Field | undefined;
  readonly bytes: Field | undefined;
  readonly names: string;
}

function oneFile({ file, uri, bytes, names }: FileContent): Record<string, unknown> {
  if (uri !== undefined && bytes === undefined) return { url: textOf(uri) };
  if (bytes !== undefined && uri === undefined) return { raw: base64Of(bytes) };
  throw invalidField(file.path, `a file holds exactly one of ${names}`);
}

function base64Of(field: Field): string {
  const bytes = Bytes.safeParse(textOf(field));
  if (!bytes.success) throw invalidField(field.path, "expected base64");
  return bytes.data;
}

function labels(from: Field): Record<string, unknown> {
  return {
    filename: optionalText(from, "filename", "name"),
    mediaType: optionalText(from, "mediaType", "mimeType"),
  };
}
