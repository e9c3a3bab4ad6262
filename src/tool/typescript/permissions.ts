import { resolve } from "node:path";
import { z } from "zod";
import { late } from "../../lib/late.ts";

const Listed = (what: string) =>
  z.union([z.literal(true), z.array(z.string().min(1)).min(1)]).optional().meta({ description: what });

/** What a worker may do, in the words of Deno (https://docs.deno.com/runtime/fundamentals/security/). */
export const WorkerPermissions = late(() =>
  z.strictObject({
    net: Listed("Hosts (`api.example.com`, `db.internal:5432`) that it may connect to, or true for all."),
    read: Listed("Files and folders that it may read, or true for all. Relative ones begin at the configuration file."),
    write: Listed("Files and folders that it may write, or true for all."),
    env: Listed("Variables of the environment that it may read, or true for all."),
    run: Listed("Programs that it may start, or true for all. A program is not bound by these permissions."),
    sys: Listed("Facts of the system that it may ask for (`hostname`, `osRelease`), or true for all."),
    import: Listed("Hosts of which it may load further modules, or true for all."),
  })
);
export type WorkerPermissions = z.output<ReturnType<typeof WorkerPermissions>>;

/** The same for Deno: what is not named is denied, which is more than leaving it out. */
export function toPermissions(granted: WorkerPermissions, baseDir: string): Deno.PermissionOptionsObject {
  const places = (listed: true | string[] | undefined) =>
    listed === true ? true : listed?.map((path) => resolve(baseDir, path)) ?? false;
  return {
    net: granted.net ?? false,
    read: places(granted.read),
    write: places(granted.write),
    env: granted.env ?? false,
    run: granted.run ?? false,
    sys: toSys(granted.sys),
    import: granted.import ?? false,
    ffi: false,
  };
}

function toSys(granted: true | string[] | undefined): Deno.PermissionOptionsObject["sys"] {
  if (granted === undefined || granted === true) return granted ?? false;
  return SYS().array().parse(granted);
}

const SYS = late(() =>
  z.enum([
    "hostname",
    "osRelease",
    "osUptime",
    "loadavg",
    "networkInterfaces",
    "systemMemoryInfo",
    "uid",
    "gid",
    "username",
    "cpus",
    "homedir",
    "statfs",
    "getPriority",
    "setPriority",
  ])
);
