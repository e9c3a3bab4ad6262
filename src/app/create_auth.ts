import type { ServerConfig } from "../config/config.ts";
import { OPEN } from "../guard/open.ts";
import type { Auth, AuthDeps } from "./guarded_by.ts";

/** Who may call. What judges credentials is loaded only where some are asked for. */
export async function createAuth(config: ServerConfig["auth"], deps: AuthDeps): Promise<Auth> {
  if (config === undefined || !config.enabled) return { guard: OPEN };
  return (await import("./guarded_by.ts")).guardedBy(config, deps);
}
