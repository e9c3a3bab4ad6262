import type { CardSigner } from "../a2a/card/card_signer.ts";
import type { Config } from "../config/config.ts";
import { isSameConfig } from "../config/revision.ts";
import type { JsonObject } from "../lib/json.ts";
import type { DocumentStore } from "../rag/document_store.ts";
import { lateService } from "../task/late_service.ts";
import type { TaskService } from "../task/service.ts";
import { type AgentLinks, createAgentLinks } from "./agent_links.ts";
import { type App, buildApp } from "./app.ts";
import { AppPool } from "./app_pool.ts";
import { RevisionLog } from "./revision_log.ts";
import type { Runtime } from "./runtime.ts";
import { changesOfServer, withServerOf } from "./server_changes.ts";
import { SharedParts } from "./shared_parts.ts";
import type { Toolset } from "../tool/tool.ts";

/** A configuration that may be served next. */
export interface Candidate {
  readonly config: Config;
  /** What it is made of, so that it can be read again after a restart; absent for one that stands nowhere. */
  readonly content?: JsonObject | undefined;
  /** The environment with which it was read. Default: that of the process. */
  readonly env?: Runtime["env"];
  /** What the files hold that its tools are made of, by their SHA-256. */
  readonly texts?: Runtime["texts"];
}

/** What came of a candidate. */
export type Reload =
  | {
    readonly kind: "applied";
    readonly revision: string;
    readonly before: string;
    /** Paths of the server section that wait for a restart. */
    readonly waiting: readonly string[];
  }
  | { readonly kind: "unchanged"; readonly revision: string; readonly waiting: readonly string[] }
  /** It cannot be built; what was served before still is. */
  | { readonly kind: "refused"; readonly reason: string };

/** The agents of a process, whatever configuration they have today. */
export interface House {
  /** The configuration of today. */
  readonly config: Config;
  readonly revision: string;
  /** By agent id, private ones too. Agents that were served once stay, for the streams that still follow them. */
  readonly services: ReadonlyMap<string, TaskService>;
  /** Signs the cards of today; absent where they are not signed. */
  readonly signer: CardSigner | undefined;
  /** Whether callers may have webhooks told of their tasks. */
  readonly pushes: boolean;
  /** Where the agents are reached over gRPC, as `host:port`; undefined where they are not, or not yet. */
  readonly grpcAddress: string | undefined;
  /** Where they are reached over HTTP, without a trailing slash; "" as long as nobody has said it. */
  readonly baseUrl: string;
  /** When the configuration of today began to be served, in milliseconds since the epoch. */
  readonly sinceMs: number;
  readonly revisions: RevisionLog;
  /**
   * Builds the candidate beside what is served and, if that works, serves it from then on: tasks that are under way end
   * with the agents with which they began. One after the other. Never rejects for what is wrong with the candidate.
   */
  reload(candidate: Candidate): Promise<Reload>;
  /** Takes up what an earlier process left open. Resolves with the number of tasks when the last of them has ended. */
  recover(): Promise<number>;
  /** Takes nothing new; what is under way may end until `deadline` aborts, then it stays open for recovery. */
  drain(deadline: AbortSignal): Promise<void>;
  /** Tells where the agents are reached over gRPC: their cards name it from then on. */
  announceGrpc(address: string): void;
  /** Tells where they are reached over HTTP, without a trailing slash: so do their extended cards. */
  announceUrl(baseUrl: string): void;
  /** Frees what the agents held. */
  close(): void;
}

export interface HouseDeps extends Runtime {
  /** Reads a configuration again of which `Candidate.content` was kept. Throws ConfigError. */
  readonly reread?: (content: JsonObject) => Promise<Candidate>;
}

/** Builds the first configuration. Rejects with ModelError for a model that cannot be used, such as one without its key. */
export async function openHouse(first: Candidate, deps: HouseDeps): Promise<House> {
  const documents = new SharedParts<DocumentStore>();
  const toolsets = new SharedParts<Toolset>();
  const links = createAgentLinks(first.config, deps.measure);
  const shared = { documents, toolsets, colleagues: links.colleagues };
  const build = ({ config, env = deps.env, texts }: Candidate) => buildApp(config, { ...deps, env, texts }, shared);
  const app = await build(first);
  const house = new OpenHouse(app, { ...deps, build, links });
  await house.keep(first);
  return house;
}

/** Whether an earlier process left webhooks that are to be told: most leave none, and need nothing that tells them. */
async function isAnyOwed({ webhooks }: Runtime["store"]): Promise<boolean> {
  for await (const _ of webhooks.owing()) return true;
  return false;
}

interface OpenHouseDeps extends HouseDeps {
  readonly build: (candidate: Candidate) => Promise<App>;
  readonly links: AgentLinks;
}

class OpenHouse implements House {
  readonly revisions: RevisionLog;
  readonly #deps: OpenHouseDeps;
  readonly #pool: AppPool;
  #sinceMs: number;
  #grpcAddress: string | undefined;
  #baseUrl = "";
  #reloading: Promise<unknown> = Promise.resolve();
  readonly #stopping = new AbortController();

  constructor(app: App, deps: OpenHouseDeps) {
    this.#deps = deps;
    this.revisions = new RevisionLog({ ...deps, revisions: deps.store.revisions });
    this.#pool = new AppPool(app, (revision) => this.#restore(revision));
    this.#open(app);
    this.#sinceMs = deps.now();
  }

  get config(): Config {
    return this.#pool.today.config;
  }

  get revision(): string {
    return this.#pool.today.revision;
  }

  get services(): ReadonlyMap<string, TaskService> {
    return this.#deps.links.services;
  }

  get signer(): CardSigner | undefined {
    return this.#pool.today.signer;
  }

  get pushes(): boolean {
    return this.#deps.push !== undefined;
  }

  get grpcAddress(): string | undefined {
    return this.#grpcAddress;
  }

  get baseUrl(): string {
    return this.#baseUrl;
  }

  get sinceMs(): number {
    return this.#sinceMs;
  }

  /** Before the first task can begin with it. */
  async keep({ content }: Candidate): Promise<void> {
    if (content !== undefined) await this.revisions.note(this.revision, content);
  }

  reload(candidate: Candidate): Promise<Reload> {
    const turn = this.#reloading.then(() => this.#reload(candidate));
    this.#reloading = turn.catch(() => {});
    return turn;
  }

  async recover(): Promise<number> {
    const { push, store, log } = this.#deps;
    const concerned = new Set<string>();
    let open = 0;
    for await (const { agent } of store.journal.orphans()) {
      concerned.add(agent);
      open++;
    }
    // Said now: the last of them may end in days.
    if (open > 0) log.info("taking up tasks of an earlier process", { tasks: open });
    for await (const { agent } of store.journal.deadlines()) concerned.add(agent);
    const counts = [...concerned].map((agent) => this.#service(agent).recover());
    if (push !== undefined && await isAnyOwed(store)) await (await push()).resume();
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  }

  async drain(deadline: AbortSignal): Promise<void> {
    // A server of tools that does not answer must not keep a process from ending that will never ask it.
    this.#stopping.abort(new Error("Cannot serve another configuration: the server is stopping"));
    await Promise.all([...this.services.values()].map((service) => service.drain(deadline)));
    await this.#reloading;
    await this.revisions.settled();
  }

  announceGrpc(address: string): void {
    this.#grpcAddress = address;
  }

  announceUrl(baseUrl: string): void {
    this.#baseUrl = baseUrl;
  }

  close(): void {
    this.#pool.close();
  }

  async #reload(candidate: Candidate): Promise<Reload> {
    const before = this.revision;
    const waiting = changesOfServer(this.config, candidate.config);
    const config = withServerOf(this.config, candidate.config);
    if (isSameConfig(this.config, config)) return { kind: "unchanged", revision: before, waiting };
    let app: App | undefined;
    try {
      app = await this.#deps.build({ ...candidate, config });
      this.#stopping.signal.throwIfAborted();
      await app.check(this.#stopping.signal);
    } catch (thrown) {
      app?.close();
      return { kind: "refused", reason: thrown instanceof Error ? thrown.message : String(thrown) };
    }
    if (candidate.content !== undefined) await this.revisions.note(app.revision, candidate.content);
    this.#open(app);
    this.#pool.swap(app);
    this.#sinceMs = this.#deps.now();
    return { kind: "applied", revision: app.revision, before, waiting };
  }

  /** Whoever is of this configuration has tasks. */
  #open({ config }: App): void {
    for (const id of config.agents.keys()) this.#service(id);
  }

  /** One for an agent's whole life: who follows a task need not know of revisions. */
  #service(agentId: string): TaskService {
    const { links, store, holder, now, newId, log, push } = this.#deps;
    const known = links.services.get(agentId);
    if (known !== undefined) return known;
    const { repeated_messages: repeatedMessages, messages_to_working: messagesToWorking } = this.config.server.a2a;
    const habits = { repeatedMessages, messagesToWorking };
    const agents = this.#pool.source(agentId);
    const service = lateService(async () => {
      const { openService } = await import("./open_service.ts");
      return await openService({ ...links, store, holder, now, newId, log, push, agentId, agents, habits });
    });
    links.services.set(agentId, service);
    return service;
  }

  async #restore(revision: string): Promise<App | undefined> {
    const { log, reread, build } = this.#deps;
    const stored = await this.revisions.get(revision);
    if (stored === undefined || reread === undefined) return undefined;
    try {
      const candidate = await reread(stored.content);
      const app = await build({ ...candidate, config: withServerOf(this.config, candidate.config) });
      // Under the name that its tasks know, though a variable may have another value by now.
      return { ...app, revision };
    } catch (error) {
      log.warn("an earlier configuration cannot be built any more: its tasks go on with the one of today", {
        revision,
        error,
      });
      return undefined;
    }
  }
}
