import { AgentGone, type AgentLoan, type AgentSource } from "../task/agent_source.ts";
import type { App } from "./app.ts";

/** An app with the number of its agents that are at work. */
interface Entry {
  readonly app: App;
  loans: number;
  /** Nothing begins with it any more: it closes when nobody needs it. */
  isRetired: boolean;
  isClosed: boolean;
}

/**
 * The apps of a process: the one of today, and those of the past whose agents are still at work. An app of the past is
 * closed with its last loan, and built again when a task that began with it goes on.
 */
export class AppPool {
  readonly #restore: (revision: string) => Promise<App | undefined>;
  readonly #past = new Map<string, Entry>();
  readonly #restoring = new Map<string, Promise<Entry | undefined>>();
  #today: Entry;

  /** `restore` builds the app of a revision of the past; it resolves to undefined if that cannot be had. */
  constructor(today: App, restore: (revision: string) => Promise<App | undefined>) {
    this.#today = { app: today, loans: 0, isRetired: false, isClosed: false };
    this.#restore = restore;
  }

  get today(): App {
    return this.#today.app;
  }

  /** From now on this is the app of today. */
  swap(app: App): void {
    const before = this.#today;
    this.#today = { app, loans: 0, isRetired: false, isClosed: false };
    this.#retire(before);
  }

  /** Where the task service of an agent borrows it. */
  source(agentId: string): AgentSource {
    return {
      now: () => this.#lend(this.#today, agentId) ?? gone(agentId),
      at: async (revision) => {
        let past = revision === undefined ? undefined : await this.#entryOf(revision);
        // Its last loan was given back, or another took its place, before we could borrow from it.
        while (revision !== undefined && past?.isClosed === true) past = await this.#entryOf(revision);
        return (past && this.#lend(past, agentId)) ?? this.#lend(this.#today, agentId) ?? gone(agentId);
      },
    };
  }

  /** How many apps are open. */
  get size(): number {
    return 1 + this.#past.size;
  }

  close(): void {
    for (const { app } of [...this.#past.values(), this.#today]) app.close();
    this.#past.clear();
  }

  async #entryOf(revision: string): Promise<Entry | undefined> {
    if (this.#today.app.revision === revision) return this.#today;
    const past = this.#past.get(revision);
    if (past !== undefined) return past;
    const restoring = this.#restoring.get(revision) ?? this.#restored(revision);
    this.#restoring.set(revision, restoring);
    return await restoring;
  }

  async #restored(revision: string): Promise<Entry | undefined> {
    try {
      const app = await this.#restore(revision);
      if (app === undefined) return undefined;
      const entry = { app, loans: 0, isRetired: true, isClosed: false };
      this.#past.set(revision, entry);
      // Those who waited for it borrow from it in the turn of the loop that follows; if none does, nobody needs it.
      setImmediate(() => this.#closeIfIdle(entry));
      return entry;
    } finally {
      this.#restoring.delete(revision);
    }
  }

  #lend(entry: Entry, agentId: string): AgentLoan | undefined {
    const agent = entry.app.agents.get(agentId);
    if (agent === undefined) return undefined;
    entry.loans++;
    let isOut = true;
    const giveBack = () => {
      if (!isOut) return;
      isOut = false;
      entry.loans--;
      this.#closeIfIdle(entry);
    };
    return { agent, revision: entry.app.revision, giveBack };
  }

  #retire(entry: Entry): void {
    entry.isRetired = true;
    // Two apps may share a revision and differ in a credential: the older one only ends what it does.
    this.#past.set(entry.app.revision, entry);
    this.#closeIfIdle(entry);
  }

  #closeIfIdle(entry: Entry): void {
    if (!entry.isRetired || entry.isClosed || entry.loans > 0) return;
    if (this.#past.get(entry.app.revision) === entry) this.#past.delete(entry.app.revision);
    entry.isClosed = true;
    entry.app.close();
  }
}

function gone(agentId: string): never {
  throw new AgentGone(`Agent "${agentId}" not found`);
}
