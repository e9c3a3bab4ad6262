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

function nameIn(headers: ExtensionHeaders): string {
  return NAMES.find((name) => (headers.get(name) ?? "") !== "") ?? NAMES[0];
}

/** The URIs of the extensions that a peer asks for, each once. */
export function requestedExtensions(headers: ExtensionHeaders): string[] {
  const listed = headers.get(nameIn(headers)) ?? "";
  return [...new Set(listed.split(",").map((uri) => uri.trim()).filter((uri) => uri !== ""))];
}

/** What an agent can do of whose card nothing is known: the bindings see to resuming by themselves. */
const UNKNOWN: AgentCapabilities = { streaming: true };

/**
 * The extensions that are active in a call: those that the peer asks for and the agent declares. All others are ignored,
 * and another version of an extension is another extension (A2A v1 §4.6.3).
 */
export function activeExtensions(
  requested: readonly string[],
  offered: () => AgentCapabilities = () => UNKNOWN,
): readonly string[] {
  // Most peers ask for none: then nobody looks at the card.
  if (requested.length === 0) return requested;
  const { extensions = [], streaming } = offered();
  const declared = new Set([...streaming === true ? [RESUME_EXTENSION] : [], ...extensions.map(({ uri }) => uri)]);
  return requested.filter((uri) => declared.has(uri));
}

/** The header by which an answer says which extensions were active, under the name by which the peer asked for them. */
export function extensionsHeader(
  request: ExtensionHeaders,
  active: readonly string[],
): [name: string, value: string][] {
  return active.length === 0 ? [] : [[nameIn(request), active.join(", ")]];
}

/** Throws EXTENSION_SUPPORT_REQUIRED where an extension was not asked for without which the agent takes no call. */
export function requireExtensions(requested: readonly string[], { extensions }: AgentCapabilities): void {
  for (const { uri = "", required } of extensions ?? []) {
    if (required !== true || requested.includes(uri)) continue;
    throw new A2AError(
      "EXTENSION_SUPPORT_REQUIRED",
      `Cannot call this agent without the extension "${uri}": name it in A2A-Extensions`,
      { metadata: { extension: uri } },
    );
  }
}
