import type { Config } from "../config/config.ts";
import { late } from "../lib/late.ts";
import type { Runtime } from "./runtime.ts";

/** The push notifications of the process, if the configuration has any. Their code is loaded by whoever needs them first. */
export function latePush(
  { server }: Pick<Config, "server">,
  deps: Pick<Runtime, "store" | "now" | "log">,
): Runtime["push"] {
  if (!server.push.enabled) return undefined;
  return late(async () => (await import("./open_push.ts")).openPush(server, deps));
}
