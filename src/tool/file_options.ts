import { resolve } from "node:path";
import { z } from "zod";
import { late } from "../lib/late.ts";
import type { Reach } from "../lib/plugin.ts";
import { DENIED_PATHS } from "./denied_paths.ts";
import type { Workspace } from "./paths.ts";
import type { ToolDeps } from "./tool.ts";

export const MEBIBYTE = 1024 * 1024;

const Extension = late(() =>
  z.string().min(1).transform((text) => (text.startsWith(".") ? text : `.${text}`).toLowerCase())
);

/** The options that all file tools share; `maxFileSize` is the default cap in bytes. */
export function fileOptions(maxFileSize: number) {
  return z.strictObject({
    working_directory: z.string().min(1).default("./")
      .meta({ description: "The directory that the tool may touch. A relative one begins at the configuration file." }),
    max_file_size: z.int().positive().default(maxFileSize).meta({ description: "Largest file, in bytes." }),
    allowed_extensions: z.array(Extension()).default([])
      .meta({ description: "If not empty, only files with these extensions (`.md`)." }),
    denied_extensions: z.array(Extension()).default([]).meta({ description: "No files with these extensions." }),
    denied_paths: z.array(z.string().min(1)).default([...DENIED_PATHS])
      .meta({
        description: "Globs of what is off limits; a list here replaces the default one (credentials, `.git`).",
      }),
  });
}

export type FileOptions = z.output<ReturnType<typeof fileOptions>>;

/** The folder that they open, and what in it is off limits by default. */
export function reachOfFiles({ working_directory, denied_paths }: FileOptions): Reach {
  const excepted = denied_paths.filter((glob) => glob.startsWith("!") && !DENIED_PATHS.includes(glob));
  const left = DENIED_PATHS.filter((glob) => !glob.startsWith("!") && !denied_paths.includes(glob));
  return { folders: [working_directory], opened: [...left, ...excepted] };
}

export function toWorkspace(options: FileOptions, { baseDir, protectedPaths }: ToolDeps): Workspace {
  return {
    root: resolve(baseDir, options.working_directory),
    deniedPaths: options.denied_paths,
    protectedPaths,
    allowedExtensions: options.allowed_extensions,
    deniedExtensions: options.denied_extensions,
  };
}
