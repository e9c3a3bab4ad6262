import { fromRestError } from "../a2a/error_wire.ts";
import { A2AError } from "../a2a/errors.ts";
import type { ClientAuth } from "../a2a/client/keyring.ts";
import { isRecord } from "../lib/json.ts";
import { networkReason } from "../lib/network_reason.ts";
import type { Arguments } from "./arguments.ts";
import { readClientFlags, readServerUrl } from "./client_flags.ts";

/** Where a server is that was started without a word about it. */
export const DEFAULT_SERVER = "http://localhost:8080";

export interface Ask {
  readonly method: "POST";
  readonly type: string;
  readonly body: string;
}

/** Asks the server that the command line names for what is no A2A. Throws A2AError for whatever is not a good answer. */
export async function askServer(args: Arguments, path: string, ask?: Ask): Promise<Response> {
  const server = readServerUrl(args.strings.get("server") ?? DEFAULT_SERVER);
  const [auth] = readClientFlags(args).auth;
  let response: Response;
  try {
    response = await fetch(`${server}${path}`, {
      ...(ask === undefined ? {} : { method: ask.method, body: ask.body }),
      headers: { ...credentialOf(auth), ...(ask === undefined ? {} : { "content-type": ask.type }) },
      // A credential goes where it was sent, and nowhere else.
      redirect: "error",
    });
  } catch (cause) {
    const reason = networkReason(cause) ?? "the connection failed";
    throw new A2AError("UNAVAILABLE", `Cannot reach ${server}: ${reason}`, { cause });
  }
  if (response.ok) return response;
  throw refusalOf(response.status, await response.text());
}

function credentialOf(auth: ClientAuth | undefined): Record<string, string> {
  switch (auth?.kind) {
    case undefined:
      return {};
    case "bearer":
      return { authorization: `Bearer ${auth.token.reveal()}` };
    case "api_key":
      return { [auth.header ?? "X-API-Key"]: auth.key.reveal() };
    case "basic":
      return { authorization: `Basic ${btoa(`${auth.user}:${auth.password.reveal()}`)}` };
    default:
      return {};
  }
}

function refusalOf(status: number, text: string): A2AError {
  const body = parse(text);
  if (!isRecord(body) || typeof body.message !== "string") return fromRestError(status, body);
  const problems = Array.isArray(body.problems) ? body.problems.filter(isRecord) : [];
  const lines = problems.map(({ file, line, column, path, message }) =>
    `${[file, line, column].filter((part) => part !== undefined).join(":")}: ${path}: ${message}`
  );
  return new A2AError(status === 403 ? "PERMISSION_DENIED" : "INVALID_REQUEST", [body.message, ...lines].join("\n"));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
