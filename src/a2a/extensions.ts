import type { AgentCapabilities } from "./card/card_types.ts";
import { A2AError } from "./errors.ts";

/* Extensions of the protocol (A2A v1 §4.6): what an agent declares, a peer asks for, and an answer says was active. */

/** The extension by which a stream is taken up again after the number of the last event that was seen. */
export const RESUME_EXTENSION = "https://hector.dev/a2a/extensions/resume/v1";

/** Headers of a request or an answer, metadata of gRPC. */
export interface ExtensionHeaders {
  get(name: string): string | null | undefined;
}

/** The name since 1.0 (A2A v1 §3.2.6), then that of 0.3. */
const NAMES = ["a2a-extensions", "x-a2a-extensions"] as const;

function requested(headers: ExtensionHeaders): { readonly name: string; readonly uris: readonly string[] } {
  const name = NAMES.find((name) => (headers.get(name) ?? "") !== "") ?? NAMES[0];
  const uris = (headers.get(name) ?? "").split(",").map((uri) => uri.trim()).filter((uri) => uri !== "");
  return { name, uris: [...new Set(uris)] };
}

/**
 * The extensions that are active in a call: those that the peer asks for and the agent declares. All others are ignored,
 * and another version of an extension is another extension (A2A v1 §4.6.3).
 */
export function activeExtensions(headers: ExtensionHeaders, { extensions }: AgentCapabilities): readonly string[] {
  const { uris } = requested(headers);
  if (uris.length === 0) return uris;
  const declared = new Set((extensions ?? []).map(({ uri }) => uri));
  return uris.filter((uri) => declared.has(uri));
}

/** The header by which an answer says which extensions were active, under the name by which the peer asked for them. */
export function extensionsHeader(
  request: ExtensionHeaders,
  active: readonly string[],
): [name: string, value: string][] {
  return active.length === 0 ? [] : [[requested(request).name, active.join(", ")]];
}

/** Throws EXTENSION_SUPPORT_REQUIRED where an extension is not active without which the agent takes no call. */
export function requireExtensions(active: readonly string[], { extensions }: AgentCapabilities): void {
  for (const { uri = "", required } of extensions ?? []) {
    if (required !== true || active.includes(uri)) continue;
    throw new A2AError(
      "EXTENSION_SUPPORT_REQUIRED",
      `Cannot call this agent without the extension "${uri}": name it in A2A-Extensions`,
      { metadata: { extension: uri } },
    );
  }
}
