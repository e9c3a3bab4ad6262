import { basename, dirname, join, resolve } from "node:path";
import { PLUGIN_TABLES } from "../app/runtime.ts";
import { chooseProvider } from "../config/choose_provider.ts";
import { configJsonSchema } from "../config/json_schema.ts";
import { didYouMean } from "../lib/suggest.ts";
import { type Arguments, UsageError } from "./arguments.ts";
import type { Command, Surroundings } from "./command.ts";
import { EXIT } from "./exit_codes.ts";
import { SetupError } from "./report.ts";
import { readEnv } from "./read_env.ts";
import { type Starter, starterText } from "./starter_text.ts";

const FILE = "agents.yaml";
const SCHEMA = "./hector.schema.json";
const STANDARD_OUTPUT = "-";

export const init: Command = {
  summary: "Write a configuration to begin with",
  usage: "[FILE] [--provider NAME] [--force]",
  flags: {
    provider: { type: "string", value: "NAME", help: "The model's provider. Default: the one whose key is set" },
    model: { type: "string", value: "NAME", help: "The model. Default: the provider's usual one" },
    schema: {
      type: "string",
      value: "WHERE",
      help: `Where editors find the schema: a URL or a path. Default: ${SCHEMA}`,
    },
    force: { type: "boolean", help: "Replace what is there" },
  },
  examples: [
    "hector init",
    "hector init my.yaml --provider anthropic",
    "hector init - --schema https://example.com/s.json",
  ],
  async run(args, surroundings) {
    const [file = FILE, ...rest] = args.positionals;
    if (rest.length > 0) throw new UsageError("hector init writes one file");
    const schema = args.strings.get("schema") ?? SCHEMA;
    const text = starterText({ file: basename(file), schema, ...await provider(args, surroundings) });
    const { terminal, cwd } = surroundings;
    if (file === STANDARD_OUTPUT) {
      terminal.out(text);
      return EXIT.ok;
    }
    const isForced = args.booleans.get("force") === true;
    const path = resolve(cwd, file);
    await write(path, text, { shown: file, isForced });
    terminal.out(
      `${file} is written. Try it:\n  hector validate ${file}\n  hector chat --config ${file}\n  hector serve ${file}\n`,
    );
    if (!/^https?:/.test(schema)) {
      await writeSchema(resolve(dirname(path), schema), { shown: join(dirname(file), schema), isForced }, surroundings);
    }
    return EXIT.ok;
  },
};

async function provider(
  { strings }: Arguments,
  surroundings: Surroundings,
): Promise<Pick<Starter, "providers" | "tools" | "llm">> {
  const { models } = PLUGIN_TABLES;
  const named = strings.get("provider");
  if (named !== undefined && !models.has(named)) {
    const choices = [...models.keys()].join(", ");
    throw new UsageError(`No provider "${named}"${didYouMean(named, models.keys())} (there are ${choices})`);
  }
  const { env } = await readEnv([surroundings.cwd], surroundings);
  const name = named ?? chooseProvider(models, env).provider;
  const plugin = models.get(name);
  const isChosen = named !== undefined || (plugin?.credentials ?? []).length > 0;
  const others = { providers: [...models.keys()], tools: [...PLUGIN_TABLES.tools.keys()] };
  const model = strings.get("model");
  if (model !== undefined && !isChosen) throw new UsageError("Whose model is it? Write --provider NAME beside --model");
  if (!isChosen || plugin === undefined) return others;
  return { ...others, llm: { provider: name, model: model ?? plugin.defaultModel, credentials: plugin.credentials } };
}

interface Target {
  readonly shown: string;
  readonly isForced: boolean;
}

async function write(path: string, text: string, { shown, isForced }: Target): Promise<void> {
  try {
    await Deno.writeTextFile(path, text, isForced ? {} : { createNew: true });
  } catch (cause) {
    const reason = cause instanceof Deno.errors.AlreadyExists
      ? "it is there already; --force replaces it"
      : cause instanceof Deno.errors.NotFound
      ? "there is no such folder"
      : cause instanceof Deno.errors.PermissionDenied
      ? "permission denied"
      : undefined;
    if (reason === undefined) throw cause;
    throw new SetupError(`Cannot write ${shown}: ${reason}`, { cause });
  }
}

/** A schema that hector wrote is brought up to date; any other file stays. */
async function writeSchema(path: string, { shown, isForced }: Target, { terminal }: Surroundings): Promise<void> {
  const title = "hector";
  const text = `${JSON.stringify({ title, ...configJsonSchema(PLUGIN_TABLES) }, null, 2)}\n`;
  const there = await Deno.readTextFile(path).catch(() => undefined);
  const isOurs = there === undefined || there.startsWith(`{\n  "title": "${title}"`);
  await write(path, text, { shown, isForced: isForced || isOurs });
  terminal.out(`${shown} is written, for editors that check YAML by a schema.\n`);
}
