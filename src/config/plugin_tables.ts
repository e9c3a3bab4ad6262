import type { z } from "zod";
import type { Reach, ReadNamed } from "../lib/plugin.ts";

/** What the configuration needs to know of any plugin: what may be said about it. */
export interface Configurable {
  /** Must accept its own output: what was validated here is parsed once more where the plugin is created. */
  readonly options: () => z.ZodType;
  /** What these options reach on the machine. Absent: nothing. */
  readonly reach?: (options: unknown) => Reach;
  /** Reads the files that belong to what these options say. Absent: none do. */
  readonly files?: (options: unknown, read: ReadNamed) => void;
}

/** What it needs to know of a model provider beside that. */
export interface ConfigurableModel extends Configurable {
  /** Environment variables that hold a key for it, the preferred one first; empty when it needs none. */
  readonly credentials: readonly string[];
  /** Environment variables that say that a server of it is there, which needs no key. */
  readonly announcedBy?: readonly string[];
  readonly defaultModel: string;
  /** Whether a model of this name is this provider's, so that `llm: <model>` needs no entry under `llms`. */
  owns(model: string): boolean;
}

/**
 * The plugins of the program as the configuration sees them, by the names that stand in the file. The order counts: the
 * first engine, memory and store is the default, and the last model provider answers when no other has a key.
 */
export interface PluginTables {
  readonly models: ReadonlyMap<string, ConfigurableModel>;
  readonly tools: ReadonlyMap<string, Configurable>;
  readonly engines: ReadonlyMap<string, Configurable>;
  readonly memories: ReadonlyMap<string, Configurable>;
  readonly documentSources: ReadonlyMap<string, Configurable>;
  readonly stores: ReadonlyMap<string, Configurable>;
}
