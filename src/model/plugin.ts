import type { Plugin } from "../lib/plugin.ts";
import type { Model, ModelDeps } from "./model.ts";

/** A row of the table of models. `create` throws ModelError "authentication" when the key it needs is nowhere. */
export interface ModelPlugin extends Plugin<ModelDeps, Model> {
  /** What people call the provider. */
  readonly title: string;
  /** Environment variables that hold its key, the preferred one first; empty if it needs none. */
  readonly credentials: readonly string[];
  /** Further variables that say that such a server is there, which needs no key. */
  readonly announcedBy?: readonly string[];
  readonly defaultModel: string;
  /** Whether a model of this name, given without a provider, is this one's. */
  readonly owns: (model: string) => boolean;
}
