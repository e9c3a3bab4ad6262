import type { Command } from "./command.ts";
import { connect, CONNECT_FLAGS } from "./connect.ts";
import { EXIT } from "./exit_codes.ts";
import { OUTPUT, outputOf, printJson } from "./output.ts";
import { printable } from "./terminal.ts";

export const list: Command = {
  summary: "List the agents",
  usage: "[--server URL | --config FILE]",
  flags: { output: OUTPUT, ...CONNECT_FLAGS },
  examples: ["hector list --server http://localhost:8080", "hector list --config agents.yaml -o json"],
  async run(args, surroundings) {
    const { terminal } = surroundings;
    const output = outputOf(args);
    const connection = await connect(args, surroundings, { keep: false });
    try {
      const agents = await connection.agents();
      if (output === "json") printJson(terminal, agents.map(({ id, card }) => ({ id, ...card })));
      else {
        const rows = [
          ["AGENT", "NAME", "DESCRIPTION"],
          ...agents.map(({ id, card }) => [id, card.name, card.description]),
        ];
        terminal.out(table(rows.map((row) => row.map((cell) => printable(cell).replaceAll(/\s+/g, " ")))));
      }
      return EXIT.ok;
    } finally {
      await connection.close();
    }
  },
};

/** Rows in columns, two blanks between them. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) => `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd()}\n`)
    .join("");
}
