import { resolve } from "node:path";
import { z } from "zod";
import { late } from "../../lib/late.ts";
import { definePlugin } from "../../lib/plugin.ts";
import { relativeInside } from "../../tool/paths.ts";
import type { DocumentStore, DocumentStoreDeps } from "../document_store.ts";
import { DEFAULT_EXCLUDES } from "./default_excludes.ts";
import type { DirectorySettings } from "./directory_files.ts";
import { DirectoryStore } from "./directory_store.ts";

const MEBIBYTE = 1024 * 1024;
const Globs = late(() => z.array(z.string().min(1)));

const Options = late(() =>
  z.strictObject({
    path: z.string().min(1).default("./")
      .meta({ description: "The directory. A relative one begins at the configuration file." }),
    include_patterns: Globs().default([]).meta({ description: "Globs of the files to read. Default: all text files." }),
    exclude_patterns: Globs().default([...DEFAULT_EXCLUDES]).meta({
      description: "Globs of what to leave out; a list here replaces the default one (dependencies, build output, " +
        "media, archives, lock files and more). Credentials are always left out.",
    }),
    additional_exclude_patterns: Globs().default([]).meta({ description: "Globs of what to leave out besides." }),
    max_file_size: z.int().positive().default(10 * MEBIBYTE).meta({
      description: "Largest file that is read, in bytes.",
    }),
    max_files: z.int().positive().default(50_000).meta({ description: "Most files; those beyond are left out." }),
    max_total_size: z.int().positive().default(256 * MEBIBYTE)
      .meta({ description: "Most bytes of all files together; the index lives in memory." }),
  })
);

/** The text files below a directory. */
export const directorySource = definePlugin({
  options: Options,
  reach: ({ path }) => ({ folders: [path] }),
  create: (options, deps: DocumentStoreDeps): DocumentStore =>
    new DirectoryStore(deps.name, async () => {
      const base = await Deno.realPath(deps.baseDir);
      const root = await Deno.realPath(resolve(deps.baseDir, options.path));
      const inBase = relativeInside(base, root);
      const settings: DirectorySettings = {
        root,
        include: options.include_patterns,
        exclude: [...options.exclude_patterns, ...options.additional_exclude_patterns],
        own: await ownFiles(root, deps.protectedPaths),
        maxFileBytes: options.max_file_size,
        maxFiles: options.max_files,
        maxTotalBytes: options.max_total_size,
      };
      return { settings, shownBelow: inBase === undefined || inBase === "" ? "" : `${inBase}/` };
    }),
});

async function ownFiles(root: string, paths: readonly string[]): Promise<string[]> {
  const real = await Promise.all(paths.map((path) => Deno.realPath(path).catch(() => path)));
  return [...real, ...paths].map((path) => relativeInside(root, path)).filter((path) => path !== undefined);
}
