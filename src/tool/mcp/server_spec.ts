import { EgressRules } from "../../lib/egress_rules.ts";
import { isAbsolute, resolve } from "node:path";
import type { Secret } from "../../lib/secret.ts";
import type { McpOptions } from "./mcp_options.ts";

/** How a server that runs beside us is started. */
export interface ProgramSpec {
  readonly kind: "program";
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, Secret>>;
  /** Absolute. */
  readonly cwd: string;
}

/** How a server is reached over HTTP. */
export interface HttpSpec {
  readonly kind: "http";
  readonly url: URL;
  /** "any": streamable HTTP, and SSE where that is refused. */
  readonly transport: "streamable-http" | "sse" | "any";
  readonly headers: Readonly<Record<string, Secret>>;
  readonly oauth: McpOptions["oauth"];
  readonly rules: EgressRules;
  /** Absolute. */
  readonly caCertificate?: string;
}

export type ServerSpec = ProgramSpec | HttpSpec;

/** What the options say of where the server is. */
export function serverSpec(options: McpOptions, baseDir: string): ServerSpec {
  const { url, command, transport, args, env, working_directory, headers, oauth, allow, ca_certificate } = options;
  if (command !== undefined && (transport === undefined || transport === "stdio")) {
    return {
      kind: "program",
      // A name is looked for on the PATH; a path begins where the configuration is, as all paths of it.
      command: command.includes("/") && !isAbsolute(command) ? resolve(baseDir, command) : command,
      args,
      env,
      cwd: resolve(baseDir, working_directory),
    };
  }
  const where = new URL(url ?? "");
  return {
    kind: "http",
    url: where,
    transport: transport === undefined || transport === "stdio" ? "any" : transport,
    headers,
    oauth,
    rules: new EgressRules([...allow, ...(isLoopback(where) ? [where.hostname.replace(/^\[|\]$/g, "")] : [])]),
    ...(ca_certificate === undefined ? {} : { caCertificate: resolve(baseDir, ca_certificate) }),
  };
}

/** Whoever writes such a URL means this machine; nobody else can have made it lead there. */
function isLoopback({ hostname }: URL): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}
