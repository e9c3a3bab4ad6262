import type { Part } from "../a2a/types.ts";

/** What a provider is shown of a part: text, or a file by its address or by its bytes. Text files are text. */
export type Content = { readonly text: string } | FileContent;

export type FileContent = NamedFile & ({ readonly url: string } | { readonly base64: string });

interface NamedFile {
  /** Lower case, without parameters. */
  readonly mediaType: string;
  readonly filename?: string;
}

/** A part as content; undefined for one that says nothing. What a model cannot be shown is told by shown_messages.ts. */
export function contentOf(part: Part): Content | undefined {
  const { text, data, raw, url, filename } = part;
  if (text !== undefined) return text === "" ? undefined : { text };
  if (data !== undefined) return { text: JSON.stringify(data) };
  const named = { mediaType: mediaTypeOf(part), ...(filename === undefined ? {} : { filename }) };
  if (url !== undefined) return { ...named, url };
  if (raw === undefined) return undefined;
  if (isTextType(named.mediaType)) return { text: `${filename ?? "Attached file"}:\n${decodeText(raw)}` };
  return { ...named, base64: raw };
}

/** "" where the part tells none. */
export function mediaTypeOf({ mediaType }: Part): string {
  return mediaType?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

/** Files that every model can be shown, as text. */
export function isTextType(mediaType: string): boolean {
  return /^(text\/|application\/(json|yaml|xml|toml|javascript)$)/.test(mediaType);
}

function decodeText(base64: string): string {
  return new TextDecoder().decode(Uint8Array.fromBase64(base64));
}

/** A file as a `data:` URL (RFC 2397), or its own address. */
export function fileUrl(file: FileContent): string {
  return "url" in file ? file.url : `data:${file.mediaType};base64,${file.base64}`;
}

/** What a file is called where a provider wants a name. */
export function fileName({ filename, mediaType }: FileContent): string {
  return filename ?? `file.${mediaType.split("/")[1] ?? "bin"}`;
}
