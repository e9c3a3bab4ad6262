import { PLUGIN_TABLES } from "../app/runtime.ts";
import { configJsonSchema } from "../config/json_schema.ts";
import type { Command } from "./command.ts";
import { EXIT } from "./exit_codes.ts";
import { printJson } from "./output.ts";

export const schema: Command = {
  summary: "Print the configuration's JSON Schema",
  usage: "",
  flags: {},
  examples: ["hector schema > hector.schema.json"],
  run(_args, { terminal }) {
    printJson(terminal, configJsonSchema(PLUGIN_TABLES));
    return Promise.resolve(EXIT.ok);
  },
};
