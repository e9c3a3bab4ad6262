import { TOOL_PART, toolOutcomesOf } from "../a2a/parts.ts";
import type { Message, Part } from "../a2a/types.ts";
import { isTextType, mediaTypeOf } from "./content.ts";
import { type ModelDeps, ModelError, type ModelRequest } from "./model.ts";

/** The files that a provider takes. Media types are whole (`image/png`) or of a kind (`image/*`). */
export interface Takes {
  readonly types: readonly string[];
  readonly maxBytes: number;
  /** Which of them it takes by address, too, and fetches by itself. */
  readonly byUrl?: (mediaType: string, url: string) => boolean;
}

interface Showing {
  readonly takes: Takes;
  readonly load: ModelDeps["loadFile"];
  readonly signal: AbortSignal;
  /** What cannot be shown is an error, not a note. */
  readonly strict: boolean;
}

/** Files that were fetched, by the part that names them: a turn asks its model many times about the same message. */
export type LoadedParts = WeakMap<Part, Promise<Part>>;

/**
 * The messages of a request with the files that the provider takes, the way it takes them: what it would not fetch by
 * itself is fetched. A file that it cannot be shown becomes a note, or, in the newest message of its user,
 * throws ModelError "invalid_request".
 */
export function shownMessages(
  { messages, signal }: Pick<ModelRequest, "messages" | "signal">,
  takes: Takes,
  { load, loaded }: { readonly load: ModelDeps["loadFile"]; readonly loaded: LoadedParts },
): Promise<Message[]> {
  const newest = messages.findLast((message) => message.role === "ROLE_USER" && toolOutcomesOf(message).length === 0);
  return Promise.all(messages.map(async (message) => {
    if (!message.parts.some(isFile)) return message;
    const showing = { takes, load, signal, strict: message === newest };
    return { ...message, parts: await Promise.all(message.parts.map((part) => once(part, showing, loaded))) };
  }));
}

function isFile({ raw, url, metadata }: Part): boolean {
  return (raw !== undefined || url !== undefined) && metadata?.[TOOL_PART] === undefined;
}

function once(part: Part, showing: Showing, loaded: LoadedParts): Part | Promise<Part> {
  if (!isFile(part)) return part;
  if (part.url === undefined || showing.takes.byUrl?.(mediaTypeOf(part), part.url)) return show(part, showing);
  const found = loaded.get(part);
  if (found !== undefined) return found;
  const asked = fetched(part, showing);
  loaded.set(part, asked);
  // Only what came is kept: the next call tries again.
  asked.catch(() => loaded.delete(part));
  return asked;
}

async function fetched(part: Part, showing: Showing): Promise<Part> {
  const { load, signal, takes: { maxBytes, types } } = showing;
  const { url = "", ...named } = part;
  const type = mediaTypeOf(part);
  if (type !== "" && !isTaken(type, types) && !isTextType(type)) {
    return unshown(part, unreadable(part, types), showing);
  }
  if (load === undefined) return unshown(part, "this model does not fetch files by their address", showing);
  try {
    const { bytes, mediaType } = await load(url, { maxBytes, signal });
    const file = { ...named, mediaType: type || mediaType || "", raw: bytes.toBase64() };
    return show(file, showing);
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof ModelError) throw thrown;
    return unshown(part, `its address cannot be read: ${thrown instanceof Error ? thrown.message : thrown}`, showing);
  }
}

function show(part: Part, showing: Showing): Part {
  const { types, maxBytes } = showing.takes;
  const type = mediaTypeOf(part);
  if (part.raw !== undefined && isTextType(type)) return part;
  if (!isTaken(type, types)) return unshown(part, unreadable(part, types), showing);
  const bytes = part.raw === undefined ? 0 : byteLength(part.raw);
  return bytes <= maxBytes
    ? part
    : unshown(part, `it has ${bytes} bytes, and at most ${maxBytes} can be shown`, showing);
}

function isTaken(type: string, types: readonly string[]): boolean {
  return types.some((taken) => taken === type || taken.endsWith("/*") && type.startsWith(taken.slice(0, -1)));
}

function byteLength(base64: string): number {
  const padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
  return Math.floor(base64.length * 3 / 4) - padding;
}

function unreadable({ mediaType }: Part, types: readonly string[]): string {
  const type = mediaType === undefined ? "no mediaType" : `mediaType "${mediaType}"`;
  return `it has ${type}; ${["text", "data", "text files", ...types].join(", ")} can be shown`;
}

function unshown(part: Part, why: string, { strict }: Showing): Part {
  const name = part.filename === undefined ? "" : ` "${part.filename}"`;
  const what = `${part.url === undefined ? "raw" : "url"} part${name}`;
  if (strict) throw new ModelError("invalid_request", `Cannot show the ${what} to the model: ${why}`);
  return { text: `[${what} with ${part.mediaType ?? "no mediaType"}, not shown]` };
}
