import { followToolFiles } from "../app/follow_tool_files.ts";
import type { Running } from "./process.ts";
import type { Setup } from "./setup.ts";

export interface WatchOptions {
  /** Aborted when the server stops. */
  readonly signal: AbortSignal;
  /** Whether the source tells of itself; without that it is looked at when somebody asks. */
  readonly isWatched: boolean;
}

/** Serves what the configuration comes to be: whenever its source changes, and with SIGHUP. Returns at once. */
export function watchConfig(
  { news, look }: Setup,
  { house, reloader, runtime: { log } }: Pick<Running, "house" | "reloader" | "runtime">,
  { signal, isWatched }: WatchOptions,
): void {
  if (reloader === undefined || news === undefined || look === undefined) {
    if (isWatched) log.warn("nothing to watch: this configuration stands in no file", {});
    return;
  }
  const lookAgain = async () => {
    try {
      await reloader.reload(await look(signal));
    } catch (error) {
      if (!signal.aborted) log.error("the configuration could not be read again", { error });
    }
  };
  const onHangup = () => void lookAgain();
  Deno.addSignalListener("SIGHUP", onHangup);
  signal.addEventListener("abort", () => Deno.removeSignalListener("SIGHUP", onHangup), { once: true });
  if (!isWatched) return;
  const onEnd = (error: unknown) => {
    if (!signal.aborted) log.error("the configuration is watched no more", { error });
  };
  followToolFiles({ house, reload: lookAgain }, signal).catch(onEnd);
  reloader.follow(news(signal)).catch(onEnd);
}
