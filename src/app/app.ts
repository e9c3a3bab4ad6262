import type { Agent } from "../agent/agent.ts";
import type { Colleagues } from "../agent/many/colleagues.ts";
import type { CardSigner } from "../a2a/card/card_signer.ts";
import type { Config } from "../config/config.ts";
import { identityOf, revisionOf } from "../config/revision.ts";
import { PLUGINS } from "../plugins.ts";
import type { DocumentStore } from "../rag/document_store.ts";
import { createModels } from "./create_models.ts";
import { createAnyAgent } from "./create_any_agent.ts";
import { pick } from "./pick.ts";
import type { Runtime } from "./runtime.ts";
import type { SharedPart, SharedParts } from "./shared_parts.ts";
import type { Toolset } from "../tool/tool.ts";
import { useToolsets } from "./use_toolset.ts";

/** One revision of the configuration, built. */
export interface App {
  readonly config: Config;
  readonly revision: string;
  /** By id, private ones too. */
  readonly agents: ReadonlyMap<string, Agent>;
  /** Absent where cards are not signed. */
  readonly signer?: CardSigner | undefined;
  /** Rejects with what keeps a part from working that no other revision uses: a server that cannot be reached. */
  check(signal: AbortSignal): Promise<void>;
  /** Frees what the agents held. */
  close(): void;
}

/** What the revisions of a process share. */
export interface Shared {
  readonly documents: SharedParts<DocumentStore>;
  readonly toolsets: SharedParts<Toolset>;
  readonly colleagues: Colleagues;
}

/**
 * Config → App. Throws ModelError for a model that cannot be used, such as one without its key, and TypeError for a key
 * that cannot sign cards.
 */
export async function buildApp(
  config: Config,
  runtime: Runtime,
  { documents, toolsets, colleagues }: Shared,
): Promise<App> {
  const revision = await revisionOf(config);
  const signer = await signerOf(config.server);
  const models = createModels(config, runtime);
  const stores = new Map<string, SharedPart<DocumentStore>>();
  const sets = useToolsets({ config, runtime, toolsets });
  const closers: (() => void)[] = [];
  const onClose = (closer: () => void) => void closers.push(closer);
  const close = () => {
    for (const closer of closers) closer();
    for (const part of [...stores.values(), ...sets.values()]) part.release();
    models.close();
  };
  try {
    for (const name of config.document_stores.keys()) stores.set(name, useStore(name, { config, runtime, documents }));
    const values = new Map([...stores].map(([name, { value }]) => [name, value]));
    const setsByName = new Map([...sets].map(([name, { value }]) => [name, value]));
    const agents = new Map<string, Agent>();
    const parts = { config, models: models.byName, stores: values, toolsets: setsByName, runtime, colleagues, onClose };
    for (const id of config.agents.keys()) agents.set(id, await createAnyAgent(id, parts));
    const check = async (signal: AbortSignal) => {
      const fresh = [...sets.values()].filter(({ isFirst }) => isFirst);
      await Promise.all(fresh.map(({ value }) => value.check?.(signal)));
    };
    return { config, revision, agents, signer, check, close };
  } catch (thrown) {
    close();
    throw thrown;
  }
}

/** Most servers sign nothing. */
async function signerOf(server: Config["server"]): Promise<CardSigner | undefined> {
  if (server.card_signing === undefined) return undefined;
  return (await import("./card_signer_of.ts")).cardSignerOf(server);
}

interface StoreParts {
  readonly config: Config;
  readonly runtime: Runtime;
  readonly documents: SharedParts<DocumentStore>;
}

/** A revision that says the same of its documents as another need not read them again. */
function useStore(name: string, { config, runtime, documents }: StoreParts): SharedPart<DocumentStore> {
  const { base_dir: baseDir } = config;
  const { source, options } = pick(config.document_stores, name);
  return documents.use(
    identityOf({ name, source, options, baseDir }),
    () =>
      pick(PLUGINS.documentSources, source).create(options, { name, baseDir, protectedPaths: runtime.protectedPaths }),
  );
}
