import { basename, dirname, join as joinPath, resolve } from "node:path";
import type { Config } from "../config/config.ts";
import { identityOf } from "../config/revision.ts";
import { join, quote } from "../config/tree.ts";
import type { Reach } from "../lib/plugin.ts";
import { errorCode } from "../tool/file_refusal.ts";
import { relativeInside } from "../tool/paths.ts";
import { PLUGIN_TABLES } from "./runtime.ts";

/** A part of a configuration that starts programs, leaves its folder, or opens what is off limits. */
export interface FarPart {
  /** `tools.shell` */
  readonly path: string;
  /** What it does, for people. */
  readonly what: string;
}

export interface ReachBounds {
  /** Absolute: the folder that parts may read and write as they like. */
  readonly folder: string;
  /** Configurations in which such parts may stand: what is the same in one of them is no news. */
  readonly known: readonly Config[];
}

/** The parts of a configuration that start programs or leave the folder, as far as they are not known. */
export async function newReach(config: Config, { folder, known }: ReachBounds): Promise<readonly FarPart[]> {
  const seen = new Set(known.flatMap((one) => [...partsOf(one)].map(({ identity }) => identity)));
  const news = [...partsOf(config)].filter(({ identity }) => !seen.has(identity));
  const told = news.map(async ({ path, reach }) => ({ path, what: await whatIsFar(reach, config.base_dir, folder) }));
  return (await Promise.all(told)).flatMap(({ path, what }) => what === undefined ? [] : [{ path, what }]);
}

interface Part {
  readonly path: string;
  readonly reach: Reach;
  /** Of the whole part: who is asked for approval, and after which words, belongs to it. */
  readonly identity: string;
}

function* partsOf({ tools, document_stores, base_dir }: Config): Generator<Part, void, undefined> {
  // Their relative paths begin at the folder, so the same words are something else below another one.
  const identity = (path: string, part: unknown) => identityOf([base_dir, path, part]);
  for (const [name, tool] of tools) {
    const path = join("tools", name);
    const reach = PLUGIN_TABLES.tools.get(tool.type)?.reach?.(tool.options);
    if (reach !== undefined) yield { path, reach, identity: identity(path, tool) };
  }
  for (const [name, store] of document_stores) {
    const path = join("document_stores", name);
    const reach = PLUGIN_TABLES.documentSources.get(store.source)?.reach?.(store.options);
    if (reach !== undefined) yield { path, reach, identity: identity(path, store) };
  }
}

async function whatIsFar(
  { programs, folders = [], opened = [] }: Reach,
  base: string,
  folder: string,
): Promise<string | undefined> {
  if (programs) return "starts programs";
  const bound = await whereIs(folder);
  for (const named of folders) {
    const isInside = relativeInside(bound, await whereIs(resolve(base, named))) !== undefined;
    if (!isInside) return `reaches ${quote(named)}, which is outside of the configuration's folder`;
  }
  const [first] = opened;
  return first === undefined ? undefined : `opens ${quote(first)}, which is off limits by default`;
}

/** Links count as what they lead to, even where there is nothing yet. */
async function whereIs(path: string): Promise<string> {
  try {
    return await Deno.realPath(path);
  } catch (thrown) {
    const parent = dirname(path);
    if (parent === path) throw thrown;
    const above = await whereIs(parent);
    const target = errorCode(thrown) === "ENOENT" ? await Deno.readLink(path).catch(() => undefined) : undefined;
    return target === undefined ? joinPath(above, basename(path)) : await whereIs(resolve(above, target));
  }
}
