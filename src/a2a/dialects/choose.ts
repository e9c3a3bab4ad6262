import { isRecord } from "../../lib/json.ts";
import { A2AError } from "../errors.ts";
import { METHODS } from "../methods.ts";
import type { DialectName } from "./dialect.ts";

/** What a request tells about the spelling in which its peer wants the answer. */
export interface DialectSigns {
  /** A2A-Version: the header, else the query parameter. Present and empty is not the same as absent. */
  readonly version?: string | null;
  /** X-Hector-Dialect: the header, else the query parameter `dialect`. */
  readonly dialect?: string | null;
  /** The JSON-RPC method; absent over REST. */
  readonly method?: string;
  readonly url?: string;
  /** `params` of JSON-RPC, the body of REST; not validated. */
  readonly payload?: unknown;
  /** Where nothing says anything. A2A v1 §3.6.2: an absent version means 0.3. */
  readonly otherwise?: DialectName;
}

const VERSIONS: ReadonlyMap<string, DialectName> = new Map([["1.0", "a2a_v1"], ["0.3", "a2a_v0_3"]]);
const DIALECTS: ReadonlySet<DialectName> = new Set<DialectName>([
  "a2a_v1",
  "a2a_v0_3",
  "hector_v1",
  "hector_v1_rest",
  "hector_v2",
]);

/** The one path over JSON-RPC that A2A does not have. */
const RPC_PATH = /^\/rpc\/?$/;

/**
 * Paths over REST that one dialect alone has. The clients of 0.3 put `/v1` behind an agent's URL (`/agents/a/v1/tasks/t`)
 * and those of 1.0 tell their version, so without one a task below `/agents/a` or `/v1/agents/a` is asked for by hector's
 * own older clients.
 */
const PATHS: readonly (readonly [RegExp, DialectName])[] = [
  [/\/extendedAgentCard\/?$/, "a2a_v1"],
  [/\/message[:/]sendStream\/?$/, "hector_v1_rest"],
  [/\/message\/(?:send|stream)\/?$/, "hector_v1"],
  [/\/tasks\/[^/]+\/(?:cancel|subscribe|resubscribe)\/?$/, "hector_v1"],
  [/^\/agents\/[^/]+(?:\/tasks\/[^/:]+)?\/?$/, "hector_v1"],
  [/^\/v1\/agents\/[^/]+(?:\/tasks\/[^/:]+(?::cancel)?|\/\.well-known\/.+)?\/?$/, "hector_v1_rest"],
  [/^\/(?:v1\/)?agents\/[^/]+\/sessions(?:\/|$)/, "hector_v1_rest"],
  [/^\/sessions(?:\/|$)/, "hector_v1"],
];

/** Where the second document has messages with `content`; the clients of 0.3 send the like to other paths. */
const CONTENT_PATH = /^\/v1\/agents\/[^/]+\/message:(?:send|stream)\/?$/;

/**
 * The dialect in which a request is read and answered; the first sign that says something wins: the version, the dialect's
 * name, a method or path that one dialect alone has, the shape of the message.
 * Throws VERSION_NOT_SUPPORTED, INVALID_REQUEST for a dialect that does not exist, and METHOD_NOT_FOUND for a method of
 * 0.3 asked for as 1.0. Such an error is answered in `a2a_v1`: only its peers know of versions.
 */
export function chooseDialect(signs: DialectSigns): DialectName {
  const { version, dialect, method, url = "", otherwise = "a2a_v0_3" } = signs;
  if (version !== undefined && version !== null) return ofVersion(version, method);
  if (dialect !== undefined && dialect !== null) return ofName(dialect);
  const path = pathOf(url);
  return method === undefined
    ? ofPath(path) ?? ofContent(path, signs.payload) ?? otherwise
    : ofMethod(method, path) ?? ofParts(signs.payload) ?? otherwise;
}

/** A2A v1 §3.6: `Major.Minor`; a patch number decides nothing, an empty value means 0.3. */
function ofVersion(text: string, method: string | undefined): DialectName {
  const version = text.trim() === "" ? "0.3" : /^(\d+\.\d+)(\.\d+)?$/.exec(text.trim())?.[1];
  const name = VERSIONS.get(version ?? "");
  if (name === undefined) {
    const supportedVersions = [...VERSIONS.keys()].join(", ");
    throw new A2AError(
      "VERSION_NOT_SUPPORTED",
      `Cannot speak A2A version ${JSON.stringify(text)}: supported are ${supportedVersions}`,
      { metadata: { requestedVersion: text, supportedVersions } },
    );
  }
  if (name === "a2a_v1" && method !== undefined && METHODS.get(method)?.generation === "v0.3") {
    throw new A2AError("METHOD_NOT_FOUND", `Cannot call ${JSON.stringify(method)}: A2A 1.0 has no such method`);
  }
  return name;
}

function ofName(text: string): DialectName {
  for (const name of DIALECTS) if (name === text.trim()) return name;
  const known = [...DIALECTS].join(", ");
  throw new A2AError("INVALID_REQUEST", `Cannot answer in dialect ${JSON.stringify(text)}: there are ${known}`);
}

function pathOf(url: string): string {
  const start = url.startsWith("/") ? 0 : url.indexOf("/", url.indexOf("//") + 2);
  const end = url.indexOf("?");
  return start < 0 ? "/" : url.slice(start, end < 0 ? undefined : end);
}

function ofMethod(method: string, path: string): DialectName | undefined {
  const known = METHODS.get(method);
  if (known?.generation === "v1") return "a2a_v1";
  return known?.dialect ?? (RPC_PATH.test(path) ? "hector_v1_rest" : undefined);
}

function ofPath(path: string): DialectName | undefined {
  return PATHS.find(([pattern]) => pattern.test(path))?.[1];
}

function messageIn(payload: unknown): Record<string, unknown> | undefined {
  if (!isRecord(payload)) return undefined;
  const message = payload.message ?? payload.request;
  return isRecord(message) ? message : undefined;
}

/** `content` and a role in the spelling of 0.3's proto. */
function ofContent(path: string, payload: unknown): DialectName | undefined {
  if (!CONTENT_PATH.test(path)) return undefined;
  const { content, role } = messageIn(payload) ?? {};
  return content !== undefined && typeof role === "string" && role.startsWith("ROLE_") ? "hector_v1_rest" : undefined;
}

/** Parts that tell what they are by `type`, where A2A 0.3 says `kind`. */
function ofParts(payload: unknown): DialectName | undefined {
  const { parts } = messageIn(payload) ?? {};
  const isTyped = Array.isArray(parts) && parts.some((part) => isRecord(part) && "type" in part && !("kind" in part));
  return isTyped ? "hector_v2" : undefined;
}
