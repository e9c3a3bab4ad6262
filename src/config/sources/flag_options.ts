import type { SourceFlags } from "./source.ts";
import { SourceError } from "./source_error.ts";

/** The first of some environment variables that is set. */
export function firstSet(env: SourceFlags["env"], ...names: readonly string[]): string | undefined {
  return names.map(env).find((value) => value !== undefined && value !== "");
}

/** A backend's own variables for certificates. */
export interface TlsVariables {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** `tls` of the options, if any variable names a file. */
export function tlsFromEnv(env: SourceFlags["env"], names?: TlsVariables): { readonly tls?: Record<string, string> } {
  const files = {
    ca: firstSet(env, "HECTOR_CONFIG_CA", ...(names ? [names.ca] : [])),
    cert: firstSet(env, "HECTOR_CONFIG_CERT", ...(names ? [names.cert] : [])),
    key: firstSet(env, "HECTOR_CONFIG_KEY", ...(names ? [names.key] : [])),
  };
  const tls: Record<string, string> = {};
  for (const [name, file] of Object.entries(files)) if (file !== undefined) tls[name] = file;
  return Object.keys(tls).length === 0 ? {} : { tls };
}

/** The key that `--config` names. Throws SourceError unless it is one. */
export function oneKey({ paths }: SourceFlags, title: string): string {
  const [key, ...more] = paths;
  if (key === undefined || key === "") {
    throw new SourceError("unreadable", `Cannot read from ${title}: no key was named`);
  }
  if (more.length > 0) {
    throw new SourceError(
      "unreadable",
      `Cannot read ${paths.length} keys from ${title}: found ${paths.join(", ")}, expected one`,
    );
  }
  return key;
}
