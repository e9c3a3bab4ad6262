import { isAbsolute } from "node:path";
import { z } from "zod";
import { late } from "../../lib/late.ts";
import { LEVELS } from "./level.ts";

const MEBIBYTE = 1024 * 1024;
const UNITS: ReadonlyMap<string, number> = new Map([["ms", 1], ["s", 1000], ["m", 60_000], ["h", 3_600_000]]);

const Duration = late(() =>
  z.union([
    z.number().positive().max(3600),
    z.string().regex(/^\d+(?:\.\d+)?(?:ms|s|m|h)$/, { error: "a time such as 30s, 2m or 500ms" }).transform((text) => {
      const [, count = "", unit = ""] = /^([\d.]+)(\w+)$/.exec(text) ?? [];
      return Number(count) * (UNITS.get(unit) ?? 1000) / 1000;
    }).refine((seconds) => seconds > 0 && seconds <= 3600, "must be more than nothing and at most an hour"),
  ])
);

const Entry = late(() =>
  z.string().regex(/^[^\s"'`$;&|<>()*]+(?: [^\s"'`$;&|<>()*]+)*(?: \*)?$/, {
    error: "a program, with its first arguments if only these are meant (git status); one space between words",
  })
);
const Absolute = late(() => z.string().refine(isAbsolute, "must be an absolute path"));
const VariableName = late(() => z.string().regex(/^[A-Za-z_]\w*$/, { error: "a name of letters, digits and _" }));

const SandboxSection = late(() =>
  z.strictObject({
    require: z.enum(LEVELS).default("none").meta({
      description: "The server does not start below this level: kernel (bubblewrap), permissions or none. " +
        "`hector doctor` tells which is reached.",
    }),
    bubblewrap: Absolute().optional().meta({ description: "Where bubblewrap is, if not on PATH." }),
    readable: z.array(Absolute()).default([])
      .meta({
        description: "More folders that commands can read in the kernel sandbox, such as a toolchain outside of /usr.",
      }),
    max_processes: z.int().min(2).max(65_536).default(512).meta({ description: "Most processes of one command." }),
    max_memory: z.int().min(16 * MEBIBYTE).default(2048 * MEBIBYTE)
      .meta({ description: "Most memory, in bytes, of one process and of all of a command." }),
    max_file_size: z.int().min(0).default(1024 * MEBIBYTE)
      .meta({ description: "Largest file that a command may write, in bytes (kernel sandbox only)." }),
  })
);

/** What the configuration may say of the command tool. */
export const CommandOptions = late(() =>
  z.strictObject({
    allowed_commands: z.array(Entry()).default([]).meta({
      description: "If not empty, only these: `git`, `git status` (with these first arguments) or `git *` (even with " +
        "arguments that make git run other programs).",
    }),
    denied_commands: z.array(Entry()).optional().meta({
      description:
        "None of these. Default, where allowed_commands is empty: rm, sudo, chmod, kill and others like them.",
    }),
    deny_by_default: z.boolean().default(false)
      .meta({ description: "Nothing that allowed_commands does not name, even if it is empty." }),
    working_directory: z.string().min(1).default("./").meta({
      description: "Where commands run, and all they may change. A relative one begins at the configuration file.",
    }),
    max_execution_time: Duration().default(30).meta({ description: "Longest run: seconds, or 30s, 2m." }),
    enable_sandboxing: z.boolean().default(true)
      .meta({ description: "false: only the lists hold commands back, which then have to name what is allowed." }),
    env: z.record(VariableName(), z.string()).default({})
      .meta({
        description: "Variables that commands get, and may set. They get nothing of the server's own environment.",
      }),
    max_output_chars: z.int().min(200).default(30_000)
      .meta({ description: "Longest output for the model; of more it reads the beginning and the end." }),
    max_output_size: z.int().min(1024).default(10 * MEBIBYTE)
      .meta({ description: "Bytes of output after which a command is stopped." }),
    sandbox: SandboxSection().prefault({}),
  }).refine((options) => options.enable_sandboxing || options.allowed_commands.length > 0, {
    path: ["allowed_commands"],
    message: "without sandboxing, it has to name what may run",
  }).refine((options) => options.enable_sandboxing || options.sandbox.require === "none", {
    path: ["sandbox", "require"],
    message: "sandboxing is switched off (enable_sandboxing)",
  })
);

export type CommandOptions = z.output<ReturnType<typeof CommandOptions>>;
