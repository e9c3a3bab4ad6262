import type { Plugin } from "../../lib/plugin.ts";
import type { Timers } from "../../lib/timers.ts";
import type { SourceError } from "./source_error.ts";

/** One file, or one key, of a configuration. */
export interface ConfigPiece {
  readonly text: string;
  /** What to call it in errors: the path as it was given, `-`, or the backend and its key. */
  readonly file: string;
  /** Absolute; absent for what is no file. */
  readonly path?: string;
}

/** A configuration as it lies somewhere: at least one piece, in the order in which they are merged. */
export interface ConfigText {
  readonly pieces: readonly ConfigPiece[];
  /** Equal for equal pieces, whatever happened between. Holds their text, credentials too: only to be compared. */
  readonly version: string;
}

/**
 * What a watch tells. A trouble lasts until `recovered`, or until another trouble takes its place; what was changed last
 * stays good meanwhile.
 */
export type SourceChange =
  | { readonly kind: "changed"; readonly text: ConfigText }
  | { readonly kind: "trouble"; readonly error: SourceError }
  | { readonly kind: "recovered" };

/** Where a configuration comes from. */
export interface ConfigSource {
  /** For people; without secrets. */
  readonly origin: string;
  /** Absolute folder at which relative paths of the configuration begin. */
  readonly baseDir: string;
  /** Throws SourceError, and ConfigError for a file that cannot be read. */
  read(signal: AbortSignal): Promise<ConfigText>;
  /**
   * Everything that differs from the version `known` on, of a burst at least the last. Never ends and never throws before
   * `signal` aborts: it recovers from whatever happens. A reader that is slow gets the newest text only.
   */
  watch(known: string | undefined, signal: AbortSignal): AsyncIterable<SourceChange>;
}

export interface SourceDeps {
  /** Absolute folder at which relative paths begin. */
  readonly directory: string;
  readonly standardInput: ReadableStream<Uint8Array>;
  readonly timers: Timers;
  /** From 0 up to 1. */
  readonly random: () => number;
}

/** What the command line says about where the configuration is. */
export interface SourceFlags {
  readonly paths: readonly string[];
  /** `host`, `host:port` or a URL each; empty for the backend's default. */
  readonly endpoints: readonly string[];
  readonly env: (name: string) => string | undefined;
}

/** A kind of source. */
export interface SourcePlugin extends Plugin<SourceDeps, ConfigSource> {
  /** Whether `--config` may name several places with commas between. */
  readonly mergesPlaces?: true;
  /** The options that flags and environment come to. Throws SourceError for what cannot be meant. */
  fromFlags(flags: SourceFlags): unknown;
}
