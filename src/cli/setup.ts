import type { ConfigFile } from "../app/config_desk.ts";
import type { Candidate } from "../app/house.ts";
import type { SourceNews } from "../app/reloader.ts";
import type { JsonObject } from "../lib/json.ts";
import type { Config } from "../config/config.ts";
import { type Arguments, type Flags, UsageError } from "./arguments.ts";
import type { Surroundings } from "./command.ts";
import { contentOf, newsOf, SOURCE_FLAGS, sourceOf } from "./config_source.ts";
import { readEnv } from "./read_env.ts";
import { withFlags } from "./with_flags.ts";
import { ZERO_CONFIG_FLAGS, zeroConfigOf } from "./zero_config_flags.ts";

/** Which configuration: a file, or what stands in for one. */
export const SETUP_FLAGS: Flags = {
  config: {
    type: "string",
    short: "c",
    value: "FILE",
    env: "HECTOR_CONFIG",
    help: "YAML or JSON file, folder, or several with commas between; - for stdin; else the key in --config-type",
  },
  ...SOURCE_FLAGS,
  demo: { type: "boolean", help: "Let the built-in demo model answer, whatever the file says" },
  ...ZERO_CONFIG_FLAGS,
};

/** A configuration, ready to be built. */
export interface Setup {
  readonly config: Config;
  /** Where it is from, for people. */
  readonly origin: string;
  /** Without a file: what was chosen, and why. */
  readonly why?: string;
  readonly env: (name: string) => string | undefined;
  /** Absolute paths of files that no tool may touch. */
  readonly ownFiles: readonly string[];
  /** What the configuration is made of; absent for one that is made of flags. */
  readonly content?: JsonObject;
  /** What the files hold that its tools are made of, by their SHA-256. */
  readonly texts?: Candidate["texts"];
  /** Reads a configuration again from its `content`, with the same flags and with the environment as it is then. */
  readonly reread?: (content: JsonObject) => Promise<Candidate>;
  /** What the source comes to hold from now on, until `signal` aborts. */
  readonly news?: (signal: AbortSignal) => AsyncIterable<SourceNews>;
  /** The one file in which it stands; absent where there are more, or none. */
  readonly file?: ConfigFile;
  /** What the source holds now. Throws SourceError. */
  readonly look?: (signal: AbortSignal) => Promise<JsonObject>;
}

/** Reads the configuration that the command line names, or makes one of nothing. Throws ConfigError, UsageError. */
export async function readSetup(args: Arguments, surroundings: Surroundings, file?: string): Promise<Setup> {
  const path = file ?? args.strings.get("config");
  return path === undefined ? await withoutFile(args, surroundings) : await fromFile(path, args, surroundings);
}

async function fromFile(path: string, args: Arguments, surroundings: Surroundings): Promise<Setup> {
  const stray = Object.keys(ZERO_CONFIG_FLAGS).filter((name) => args.typed.has(name));
  if (stray.length > 0) {
    throw new UsageError(`Flags that stand in for a file cannot go with one: --${stray.join(", --")}`);
  }
  const { cwd } = surroundings;
  const source = await sourceOf(args, { path, cwd, env: surroundings.env });
  const { pieces, version } = await source.read(new AbortController().signal);
  const { rereaderOf } = await import("./reread_config.ts");
  const reread = rereaderOf(args, surroundings);
  const { config, content, texts, env, files } = await reread(contentOf(pieces, source.baseDir));
  const own = pieces.flatMap(({ path }) => path === undefined ? [] : [path]);
  const [piece, ...others] = pieces;
  const file = piece?.path === undefined || others.length > 0 ? undefined : {
    path: piece.path,
    contentOf: (text: string) => contentOf([{ file: piece.file, text }], source.baseDir),
  };
  return {
    ...whyDemo(args),
    config,
    content,
    texts,
    reread,
    ...(file === undefined ? {} : { file }),
    look: async (signal) => contentOf((await source.read(signal)).pieces, source.baseDir),
    news: (signal) => newsOf(source, version, signal),
    origin: source.origin,
    env,
    ownFiles: [...own, ...files],
  };
}

async function withoutFile(args: Arguments, surroundings: Surroundings): Promise<Setup> {
  const stray = Object.keys(SOURCE_FLAGS).find((name) => args.strings.has(name));
  if (stray !== undefined) throw new UsageError(`Flag "--${stray}" needs --config: the key, or the file`);
  const { cwd } = surroundings;
  const { env, files } = await readEnv([cwd], surroundings);
  const { config, why } = await zeroConfigOf(args, { env, cwd });
  const found = { why, ...whyDemo(args) };
  return { ...found, config: withFlags(config, args), origin: "the command line", env, ownFiles: files };
}

function whyDemo({ booleans }: Arguments): Pick<Setup, "why"> {
  return booleans.get("demo") === true ? { why: "The demo model answers, because --demo says so." } : {};
}

/** The folder of state that is not a configuration: `$XDG_DATA_HOME/hector`, else `~/.local/share/hector`. */
export function dataFolder(env: (name: string) => string | undefined, cwd: string): string {
  const base = env("XDG_DATA_HOME");
  if (base !== undefined && base.startsWith("/")) return `${base}/hector`;
  const home = env("HOME");
  return home === undefined || home === "" ? `${cwd}/.hector` : `${home}/.local/share/hector`;
}

/** What SQLite and the lock put beside a database file. */
const STORE_FILES = ["", "-wal", "-shm", "-journal", ".lock"];

/** Files that tools must stay out of: the configuration, `.env` files, the store. */
export function ownPaths(setup: Setup, storePlace: string): readonly string[] {
  const store = storePlace.startsWith("/") ? STORE_FILES.map((suffix) => `${storePlace}${suffix}`) : [];
  return [...setup.ownFiles, ...store];
}
