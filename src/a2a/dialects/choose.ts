import { A2AError } from "../errors.ts";
import { METHODS } from "../methods.ts";
import type { DialectName } from "./dialect.ts";

/** What a request tells about the spelling in which its peer wants the answer. */
export interface DialectSigns {
  /** A2A-Version: the header, else the query parameter. Present and empty is not the same as absent. */
  readonly version?: string | null;
  /** X-Hector-Dialect: the header, else the query parameter `dialect`. */
  readonly dialect?: string | null;
  /** The JSON-RPC method. */
  readonly method?: string;
  /** The path of a REST request. */
  readonly path?: string;
}

const VERSIONS: ReadonlyMap<string, DialectName> = new Map([["1.0", "a2a_v1"], ["0.3", "a2a_v0_3"]]);
const DIALECTS: ReadonlyMap<string, DialectName> = new Map([["a2a_v1", "a2a_v1"], ["a2a_v0_3", "a2a_v0_3"]]);

/** A path that A2A 1.0 alone has: everything else exists in both generations, and unversioned means 0.3. */
const V1_PATH = /\/extendedAgentCard\/?$/;

/**
 * The dialect in which a request is read and answered; the first sign that says something wins.
 * Throws VERSION_NOT_SUPPORTED, INVALID_REQUEST for a dialect that does not exist, and METHOD_NOT_FOUND for a method of
 * 0.3 asked for as 1.0. Such an error is answered in `a2a_v1`: only its peers know of versions.
 */
export function chooseDialect({ version, dialect, method, path }: DialectSigns): DialectName {
  if (version !== undefined && version !== null) return ofVersion(version, method);
  if (dialect !== undefined && dialect !== null) return ofName(dialect);
  if (method !== undefined) return METHODS.get(method)?.generation === "v1" ? "a2a_v1" : "a2a_v0_3";
  // A2A v1 §3.6.2: an absent version means 0.3.
  return path !== undefined && V1_PATH.test(path) ? "a2a_v1" : "a2a_v0_3";
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
  const name = DIALECTS.get(text.trim());
  if (name !== undefined) return name;
  const known = [...DIALECTS.keys()].join(", ");
  throw new A2AError("INVALID_REQUEST", `Cannot answer in dialect ${JSON.stringify(text)}: there are ${known}`);
}
