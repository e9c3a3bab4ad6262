import { resolve } from "node:path";
import type { Config, ServerConfig } from "../config/config.ts";
import type { Tls } from "../server/door/tls.ts";
import { PROCESS_TIMERS } from "../server/timers.ts";
import type { Runtime } from "./runtime.ts";

export interface OpenTls {
  readonly tls: Tls;
  /** Looks at the files no more. */
  close(): void;
}

/** Whether a configuration serves TLS. */
export function servesTls({ tls }: ServerConfig): boolean {
  return tls?.enabled === true;
}

/**
 * TLS as the configuration wants it; undefined if it wants none. Certificates that change are taken up. Throws SettingError
 * for files that cannot be used.
 */
export async function openTls({ server, base_dir }: Config, { log, now }: Runtime): Promise<OpenTls | undefined> {
  const section = server.tls;
  if (section === undefined || !section.enabled) return undefined;
  // What speaks TLS takes 25 ms to load, and most servers speak none.
  const [{ createTls }, { readTlsFiles }, { watchTlsFiles }] = await Promise.all([
    import("../server/door/tls.ts"),
    import("../server/door/tls_files.ts"),
    import("../server/door/watch_tls_files.ts"),
  ]);
  const files = {
    certFile: resolve(base_dir, section.cert_file),
    keyFile: resolve(base_dir, section.key_file),
    clientCaFile: section.client_ca_file === undefined ? undefined : resolve(base_dir, section.client_ca_file),
  };
  const minVersion = section.min_version === "1.3" ? "TLSv1.3" : "TLSv1.2";
  const first = readTlsFiles(files);
  const tls = createTls({ ...first, minVersion });
  const watch = { files, first, use: (material: typeof first) => tls.renew({ ...material, minVersion }) };
  return { tls, close: watchTlsFiles(watch, { timers: PROCESS_TIMERS, now, log }) };
}
