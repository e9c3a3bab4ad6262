import { z } from "zod";
import { fromRestError } from "../a2a/error_wire.ts";
import { A2AError } from "../a2a/errors.ts";
import type { ClientAuth } from "../a2a/client/keyring.ts";
import { ConfigError, type Problem, toLine } from "../config/config_error.ts";
import { isRecord } from "../lib/json.ts";
import { clientNetwork } from "../app/open_client.ts";
import { networkReason } from "../lib/network_reason.ts";
import type { Arguments } from "./arguments.ts";
import { readClientFlags, readServerUrl } from "./client_flags.ts";

/** Where a server is that was started without a word about it. */
export const DEFAULT_SERVER = "http://localhost:8080";

export interface Ask {
  readonly method: "POST";
  readonly type: string;
  readonly body: string;
  /** What the body was read from: what is wrong with it is wrong there. */
  readonly file?: string;
}

interface Answer {
  readonly isGood: boolean;
  readonly status: number;
  readonly text: string;
}

/** Asks the server that the command line names for what is no A2A. Throws A2AError, ConfigError, UsageError. */
export async function askServer(args: Arguments, path: string, ask?: Ask): Promise<string> {
  const { isGood, status, text } = await send(args, path, ask);
  if (isGood) return text;
  throw refusalOf(status, text, ask?.file);
}

async function send(args: Arguments, path: string, ask: Ask | undefined): Promise<Answer> {
  const server = readServerUrl(args.strings.get("server") ?? DEFAULT_SERVER);
  const { auth: [auth], tls } = readClientFlags(args);
  const network = tls === undefined ? undefined : clientNetwork(tls);
  try {
    const response = await (network?.fetch ?? fetch)(`${server}${path}`, {
      ...(ask === undefined ? {} : { method: ask.method, body: ask.body }),
      headers: { ...credentialOf(auth), ...(ask === undefined ? {} : { "content-type": ask.type }) },
      // A credential goes where it was sent, and nowhere else.
      redirect: "error",
    });
    return { isGood: response.ok, status: response.status, text: await response.text() };
  } catch (cause) {
    const reason = networkReason(cause) ?? "the connection failed";
    throw new A2AError("UNAVAILABLE", `Cannot reach ${server}: ${reason}`, { cause });
  } finally {
    network?.close();
  }
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

const Problems = z.array(z.object({
  file: z.string(),
  line: z.number().optional(),
  column: z.number().optional(),
  path: z.string(),
  message: z.string(),
}));

function refusalOf(status: number, text: string, ownFile: string | undefined): A2AError | ConfigError {
  const body = parse(text);
  if (!isRecord(body) || typeof body.message !== "string") return fromRestError(status, body);
  const told = Problems.safeParse(body.problems);
  const problems = (told.success ? told.data : []).map(({ file, line, column, path, message }): Problem => ({
    file: ownFile ?? file,
    ...(line === undefined || column === undefined ? {} : { position: { line, column } }),
    path,
    message,
  }));
  if (status === 403) return new A2AError("PERMISSION_DENIED", [body.message, ...problems.map(toLine)].join("\n"));
  return problems.length > 0 ? new ConfigError(problems) : new A2AError("INVALID_REQUEST", body.message);
}

/** What a server of ours answered; undefined for what is no JSON. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
