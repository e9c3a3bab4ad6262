import { run } from "../../conformance/tool_folder.ts";
import { debianFolder } from "../../config/sources/support/debian_folder.ts";

/**
 * The path of bubblewrap: the machine's, or Debian's unpacked. Undefined where the machine lets nobody have a kernel
 * sandbox, or is no Linux at all: what needs one is left out there, by a reason that is printed.
 */
export async function findBubblewrap(): Promise<string | undefined> {
  if (Deno.build.os !== "linux") return undefined;
  const path = await where();
  if (path === undefined) return undefined;
  const { code } = await run(path, ["--ro-bind", "/", "/", "--unshare-all", "true"]);
  return code === 0 ? path : undefined;
}

async function where(): Promise<string | undefined> {
  const { code, out } = await run("sh", ["-c", "command -v bwrap"]);
  if (code === 0) return out.trim();
  try {
    return `${await debianFolder("bubblewrap", ["bubblewrap"])}/usr/bin/bwrap`;
  } catch {
    return undefined;
  }
}
