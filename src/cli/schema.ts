import { PLUGIN_TABLES } from "../app/runtime.ts";
import { configJsonSchema } from "../config/json_schema.ts";
import type { Command } from "./command.ts";
import { EXIT } from "./exit_codes.ts";
import { printJson } from "./output.ts";

export const schema: Command = {
  summary: "Print the configuration's JSON Schema",
  usage: "[--compact]",
  flags: { compact: { type: "boolean", help: "On one line" } },
  examples: ["hector schema > hector.schema.json"],
  run({ booleans }, { terminal }) {
    const schema = configJsonSchema(PLUGIN_TABLES);
    if (booleans.get("compact") === true) terminal.out(`${JSON.stringify(schema)}\n`);
    else printJson(terminal, schema);
    return Promise.resolve(EXIT.ok);
  },
};
