import { ModelError } from "./model.ts";
import type { Part } from "../a2a/types.ts";

/** What a provider is shown of a part: text, or a picture by address or by base64. */
export type Content =
  | { readonly text: string }
  | { readonly imageUrl: string }
  | { readonly imageBase64: string; readonly mediaType: ImageType };

export type ImageType = "image/jpeg" | "image/png" | "image/gif" | "image/webp";

/** What OpenAI, Anthropic and Google take alike. */
const IMAGE_TYPES: ReadonlyMap<string, ImageType> = new Map(
  (["image/jpeg", "image/png", "image/gif", "image/webp"] as const).map((type) => [type, type]),
);

const TEXT_TYPE = /^(text\/|application\/(json|yaml|xml|toml|javascript)$)/;

/** A part as content. A part that no provider can be shown becomes a note, or, if `strict`, throws ModelError "invalid_request". */
export function contentOf(part: Part, strict: boolean): Content | undefined {
  if (part.text !== undefined) return part.text === "" ? undefined : { text: part.text };
  if (part.data !== undefined) return { text: JSON.stringify(part.data) };
  return fileContent(part) ?? unreadable(part, strict);
}

function fileContent({ raw, url, mediaType, filename }: Part): Content | undefined {
  const type = mediaType?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  const image = IMAGE_TYPES.get(type);
  if (image !== undefined && url !== undefined) return { imageUrl: url };
  if (image !== undefined && raw !== undefined) return { imageBase64: raw, mediaType: image };
  if (TEXT_TYPE.test(type) && raw !== undefined) return { text: `${filename ?? "Attached file"}:\n${decodeText(raw)}` };
  return undefined;
}

function decodeText(base64: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)));
}

function unreadable(part: Part, strict: boolean): Content {
  const what = `${part.url === undefined ? "raw" : "url"} part${
    part.filename === undefined ? "" : ` "${part.filename}"`
  }`;
  const type = part.mediaType === undefined ? "no mediaType" : `mediaType "${part.mediaType}"`;
  if (!strict) return { text: `[${what} with ${type}, not shown]` };
  throw new ModelError(
    "invalid_request",
    `Cannot show the ${what} to the model: it has ${type}; text, data, text files and ${
      [...IMAGE_TYPES.keys()].join(", ")
    } can be shown`,
  );
}
