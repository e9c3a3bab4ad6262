import { ConfigError, type Problem } from "../config/config_error.ts";
import type { Config } from "../config/config.ts";
import { diffConfigs, needsRestart } from "../config/diff.ts";
import { newReferences } from "../config/references.ts";
import { serverBlockChanged } from "../config/server_block.ts";
import type { JsonObject } from "../lib/json.ts";
import { sha256 } from "../lib/sha256.ts";
import { type ChangedPart, type ConfigDesk, ConfigRefusal, type Served } from "../server/config_desk.ts";
import { writeAtomically } from "../tool/write_atomically.ts";
import type { Candidate, House, Reload } from "./house.ts";
import { newReach } from "./new_reach.ts";
import type { Reloader } from "./reloader.ts";

/** The one file in which a configuration stands. */
export interface ConfigFile {
  /** Absolute. */
  readonly path: string;
  /** What to keep of a text of it. */
  readonly contentOf: (text: string) => JsonObject;
}

export interface ConfigDeskDeps {
  readonly house: House;
  readonly reloader: Reloader;
  /** Throws ConfigError. */
  readonly reread: (content: JsonObject) => Promise<Candidate>;
  /** Absent where the configuration stands in several files, or in none. */
  readonly file: ConfigFile | undefined;
}

/** As many as a reader reads. */
const MAX_PROBLEMS = 20;

/** What an operator does to the configuration of this process. */
export function createConfigDesk(deps: ConfigDeskDeps): ConfigDesk {
  const { house, reloader } = deps;
  // One after the other: between reading the file and replacing it nobody else may.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const turn = last.then(act);
    last = turn.catch(() => {});
    return turn;
  };
  return {
    text: async () => {
      const text = await Deno.readTextFile(fileOf(deps).path);
      return { text, tag: sha256(text, "base64url") };
    },
    save: (text, tag) => inTurn(() => save(deps, text, tag)),
    history: async () =>
      (await house.revisions.list()).map(({ id, at }) => ({ revision: id, at, isCurrent: id === house.revision })),
    differencesTo: async (revision) => changes(deps, (await readable(deps, await contentOf(deps, revision))).config),
    differencesToText: async (text) => {
      const { path, contentOf } = fileOf(deps);
      refuseNewReferences(deps, await Deno.readTextFile(path), text);
      const { config } = await readable(deps, contentOf(text));
      await refuseNewReach(deps, config, await inFile(deps));
      return changes(deps, config);
    },
    rollback: (revision) => inTurn(() => rollback(deps, revision)),
    state: () => ({ ...reloader.health, counts: { ...reloader.counts } }),
  };
}

/**
 * Serves first and writes then: what cannot be built is never in the file, and where the file cannot be written what was
 * served before is served again.
 */
async function save(deps: ConfigDeskDeps, text: string, tag: string | undefined): Promise<Served> {
  const { path, contentOf } = fileOf(deps);
  const before = await Deno.readTextFile(path);
  if (tag !== undefined && tag !== sha256(before, "base64url")) {
    throw new ConfigRefusal(412, "Cannot save: the file has changed since it was read");
  }
  refuseNewReferences(deps, before, text);
  const candidate = await readable(deps, contentOf(text));
  if (serverBlockChanged(before, text)) {
    throw new ConfigRefusal(403, "Cannot change the server section here: edit the file, and restart");
  }
  await refuseNewReach(deps, candidate.config, await inFile(deps));
  const outcome = served(await deps.reloader.save(candidate));
  try {
    await replace(path, text);
  } catch (cause) {
    await deps.reloader.reload(contentOf(before));
    throw cause;
  }
  return outcome;
}

/** A revision may once have come over HTTP, or hold what the file has lost since: it is asked like a text. */
async function rollback(deps: ConfigDeskDeps, revision: string): Promise<Served> {
  const content = await contentOf(deps, revision);
  const candidate = await readable(deps, content);
  await refuseNewReach(deps, candidate.config, [deps.house.config, ...await inFile(deps)]);
  return served(await deps.reloader.goBack(candidate));
}

/** Before the text is read: what it names must not even be told of in an error or a difference. */
function refuseNewReferences(deps: ConfigDeskDeps, before: string, text: string): void {
  const { allowed_references: allowed } = deps.house.config.server.studio;
  const found = newReferences(before, text).filter(({ name }) => !allowed.includes(name));
  if (found.length === 0) return;
  const problems = found.slice(0, MAX_PROBLEMS).map(({ name, path }) => ({
    file: nameOf(deps),
    path,
    message: `names \${${name}}, which the file does not name here: add it to the file itself, or to ` +
      "server.studio.allowed_references",
  }));
  throw new ConfigRefusal(403, "Cannot name more of the machine's variables and files over HTTP", problems);
}

/** Whoever may write a configuration is not by that alone one who may start programs on this machine. */
async function refuseNewReach(deps: ConfigDeskDeps, config: Config, known: readonly Config[]): Promise<void> {
  const { server, base_dir: folder } = deps.house.config;
  if (server.studio.allow_programs) return;
  const found = await newReach(config, { folder, known });
  if (found.length === 0) return;
  const problems = found.slice(0, MAX_PROBLEMS).map(({ path, what }) => ({
    file: nameOf(deps),
    path,
    message: `${what}, and does not stand so in the file: write it into the file itself, or set ` +
      "server.studio.allow_programs: true there and restart",
  }));
  throw new ConfigRefusal(403, "Cannot start programs or leave the configuration's folder over HTTP", problems);
}

/** What the file holds now: nothing, if it cannot be read. */
async function inFile({ file, reread }: ConfigDeskDeps): Promise<Config[]> {
  if (file === undefined) return [];
  try {
    return [(await reread(file.contentOf(await Deno.readTextFile(file.path)))).config];
  } catch (thrown) {
    if (thrown instanceof ConfigError || thrown instanceof Deno.errors.NotFound) return [];
    throw thrown;
  }
}

function nameOf({ file }: ConfigDeskDeps): string {
  return file?.path.split("/").at(-1) ?? "";
}

/** A link stays a link: what it leads to is replaced, with the permissions that it has. */
async function replace(path: string, text: string): Promise<void> {
  const real = await Deno.realPath(path);
  const mode = (await Deno.stat(real)).mode ?? undefined;
  const bytes = (async function* () {
    yield await Promise.resolve(new TextEncoder().encode(text));
  })();
  await writeAtomically({ real, inside: real, exists: true }, bytes, mode === undefined ? {} : { mode });
}

function fileOf({ file }: ConfigDeskDeps): ConfigFile {
  if (file !== undefined) return file;
  throw new ConfigRefusal(409, "The configuration does not stand in one file: change it where it stands");
}

async function contentOf({ house }: ConfigDeskDeps, revision: string): Promise<JsonObject> {
  const known = await house.revisions.list();
  const found = known.filter(({ id }) => id.startsWith(revision));
  const [one, other] = found;
  if (one !== undefined && (other === undefined || revision === one.id)) return one.content;
  const why = one === undefined ? "there is no such revision" : "several revisions begin so";
  throw new ConfigRefusal(404, `Cannot find revision "${revision.slice(0, 80)}": ${why}`);
}

async function readable({ reread }: ConfigDeskDeps, content: JsonObject): Promise<Candidate> {
  try {
    return await reread(content);
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown;
    throw new ConfigRefusal(400, "The configuration is not valid", thrown.problems.map(toTextProblem));
  }
}

function toTextProblem({ file, position, path, message }: Problem) {
  return { file, ...position, path, message };
}

function changes(deps: ConfigDeskDeps, config: Config): ChangedPart[] {
  return diffConfigs(deps.house.config, config).map((part) => ({ ...part, needsRestart: needsRestart(part.path) }));
}

function served(reload: Reload): Served {
  switch (reload.kind) {
    case "applied":
      return { kind: "served", revision: reload.revision, waiting: reload.waiting };
    case "unchanged":
      return reload;
    case "refused":
      throw new ConfigRefusal(422, `The configuration cannot be served: ${reload.reason}`);
    default:
      return reload satisfies never;
  }
}
