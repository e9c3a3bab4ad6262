import { VERSION } from "../lib/version.ts";
import type { Command } from "./command.ts";
import { EXIT } from "./exit_codes.ts";
import { OUTPUT, outputOf, printJson } from "./output.ts";

export const version: Command = {
  summary: "Print the version",
  usage: "[-o json]",
  flags: { output: OUTPUT },
  examples: ["hector version", "hector version -o json"],
  run(args, { terminal }) {
    const runtime = { deno: Deno.version.deno, os: Deno.build.os, arch: Deno.build.arch };
    if (outputOf(args) === "json") printJson(terminal, { version: VERSION, ...runtime });
    else terminal.out(`hector ${VERSION} (deno ${runtime.deno}, ${runtime.os} ${runtime.arch})\n`);
    return Promise.resolve(EXIT.ok);
  },
};
