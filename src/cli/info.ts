import type { ListedAgent } from "../a2a/client/list_agents.ts";
import { A2AError } from "../a2a/errors.ts";
import { didYouMean } from "../lib/suggest.ts";
import { UsageError } from "./arguments.ts";
import type { Command } from "./command.ts";
import { connect, CONNECT_FLAGS } from "./connect.ts";
import { EXIT } from "./exit_codes.ts";
import { OUTPUT, outputOf, printJson } from "./output.ts";
import { printable } from "./terminal.ts";

export const info: Command = {
  summary: "Show an agent's card",
  usage: "AGENT [--server URL | --config FILE]",
  flags: { output: OUTPUT, ...CONNECT_FLAGS },
  examples: ["hector info analyst --server http://localhost:8080", "hector info analyst --config agents.yaml -o json"],
  async run(args, surroundings) {
    const { terminal } = surroundings;
    const output = outputOf(args);
    if (args.positionals.length > 1) throw new UsageError("hector info shows one agent at a time");
    const connection = await connect(args, surroundings, { keep: false });
    try {
      const agent = choose(await connection.agents(), args.positionals[0]);
      if (output === "json") printJson(terminal, agent.card);
      else terminal.out(describe(agent));
      return EXIT.ok;
    } finally {
      await connection.close();
    }
  },
};

function choose(agents: readonly ListedAgent[], name: string | undefined): ListedAgent {
  const ids = agents.map(({ id }) => id);
  const found = name === undefined && agents.length === 1 ? agents[0] : agents.find(({ id }) => id === name);
  if (found !== undefined) return found;
  if (name === undefined) throw new UsageError(`Which agent? There are ${ids.join(", ")}`);
  throw new A2AError("AGENT_NOT_FOUND", `Agent "${name}" not found${didYouMean(name, ids)} (${ids.join(", ")})`);
}

function describe({ id, card }: ListedAgent): string {
  const rows: [string, string][] = [
    ["agent", id],
    ["name", card.name],
    ["description", card.description],
    ["version", card.version],
    ["takes", card.defaultInputModes.join(", ")],
    ["gives", card.defaultOutputModes.join(", ")],
    ["streaming", card.capabilities.streaming === true ? "yes" : "no"],
    ...card.skills.map(({ name, description }): [string, string] => ["skill", `${name}: ${description}`]),
    ...card.supportedInterfaces.map(({ protocolBinding, protocolVersion, url }): [string, string] => [
      "interface",
      `${protocolBinding} ${protocolVersion} ${url}`,
    ]),
  ];
  return rows.filter(([, value]) => value !== "").map(([name, value]) => `${name.padEnd(12)} ${printable(value)}\n`)
    .join("");
}
