import type { Plugin } from "../lib/plugin.ts";
import type { Model, ModelDeps } from "./model.ts";

/** A row of the table of models. `create` throws ModelError "authentication" when the key it needs is nowhere. */
export interface ModelPlugin extends Plugin<ModelDeps, Model> {
  /** What people call the provider. */
  readonly title: string;
  /** Environment variables that hold its key, the preferred one first; empty if it needs none. */
  readonly credentials: readonly string[];
  readonly defaultModel: string;
  /** Whether a model of this name, given without a provider, is this one's. */
  readonly owns: (model: string) => boolean;
  /** Its place in the line for a start without configuration, lowest first; absent if it cannot start without. */
  readonly preference?: number;
}

type Plugins = ReadonlyMap<string, ModelPlugin>;

/** The provider for a start without configuration: the first in line whose key is there or that needs none. */
export function preferredModel(plugins: Plugins, env: ModelDeps["env"]): string | undefined {
  const line = [...plugins]
    .flatMap(([name, { preference, credentials }]) =>
      preference === undefined ? [] : [{ name, preference, credentials }]
    )
    .sort((one, other) => one.preference - other.preference);
  return line.find(({ credentials }) => credentials.length === 0 || credentials.some((key) => Boolean(env(key))))?.name;
}

/** The provider that a model's name alone tells, as in `llm: <model>`. */
export function ownerOfModel(plugins: Plugins, model: string): string | undefined {
  for (const [name, plugin] of plugins) if (plugin.owns(model)) return name;
  return undefined;
}
