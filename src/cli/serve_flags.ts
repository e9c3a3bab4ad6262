import type { Config } from "../config/config.ts";
import type { JsonObject } from "../lib/json.ts";
import { type Arguments, type Flags, UsageError, wholeNumber } from "./arguments.ts";
import type { Setup } from "./setup.ts";

/** What the command line can say of the server section. */
export const SERVER_FLAGS: Flags = {
  port: { type: "string", short: "p", value: "PORT", help: "Port to listen on; 0 for any free one" },
  "grpc-port": {
    type: "string",
    value: "PORT",
    help: "Port of gRPC; the same as --port for one port; 0 for any free one",
  },
  host: { type: "string", value: "ADDRESS", help: "Address to listen on; 0.0.0.0 for every network" },
  studio: { type: "boolean", help: "Let operators read and write the configuration over HTTP (/api/config)" },
  "studio-roles": { type: "string", value: "LIST", help: "Roles that make an operator, comma between (operator)" },
};

/** What the command line says goes before what the file says, also when the file is read again. */
export function withServeFlags(setup: Setup, args: Arguments, agent: string | undefined): Setup {
  const { reread, origin } = setup;
  const adapt = (config: Config) => ({ ...config, server: serverOf(config, args, { agent, origin }) });
  if (reread === undefined) return { ...setup, config: adapt(setup.config) };
  const again = async (content: JsonObject) => {
    const candidate = await reread(content);
    return { ...candidate, config: adapt(candidate.config) };
  };
  return { ...setup, config: adapt(setup.config), reread: again };
}

function serverOf(
  { server, agents }: Config,
  { strings, booleans }: Arguments,
  { agent, origin }: { readonly agent: string | undefined; readonly origin: string },
): Config["server"] {
  if (agent !== undefined && !agents.has(agent)) {
    throw new UsageError(`No agent "${agent}" in ${origin}: it has ${[...agents.keys()].join(", ")}`);
  }
  const port = strings.get("port");
  const grpcPort = strings.get("grpc-port");
  const host = strings.get("host");
  return {
    ...server,
    ...(port === undefined ? {} : { port: wholeNumber("port", port, [0, 65_535]) }),
    ...(grpcPort === undefined ? {} : { grpc_port: wholeNumber("grpc-port", grpcPort, [0, 65_535]) }),
    ...(host === undefined ? {} : { host }),
    studio: studioOf(server.studio, strings, booleans),
    ...(agent === undefined ? {} : { default_agent: agent }),
  };
}

function studioOf(
  studio: Config["server"]["studio"],
  strings: Arguments["strings"],
  booleans: Arguments["booleans"],
): Config["server"]["studio"] {
  const roles = strings.get("studio-roles")?.split(",").map((role) => role.trim()).filter(Boolean);
  return {
    ...studio,
    enabled: booleans.get("studio") ?? studio.enabled,
    allowed_roles: roles === undefined || roles.length === 0 ? studio.allowed_roles : roles,
  };
}
