import { runCli } from "./src/cli/main.ts";
import { createSurroundings } from "./src/cli/surroundings.ts";

Deno.exit(await runCli(Deno.args, createSurroundings()));
