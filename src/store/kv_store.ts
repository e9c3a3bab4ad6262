import { Wakeups } from "../lib/wakeups.ts";
import { readDeadlines } from "./kv_deadlines.ts";
import { KvJournal } from "./kv_journal.ts";
import { KvList } from "./kv_list.ts";
import { KvLog } from "./kv_log.ts";
import { TaskPlaces } from "./kv_places.ts";
import { KvRecorder } from "./kv_recorder.ts";
import { KvTasks, type KvTasksDeps } from "./kv_tasks.ts";
import { kvSideTables } from "./kv_side_tables.ts";
import { KvWriter } from "./kv_writer.ts";
import type {
  Contexts,
  Journal,
  MessageName,
  Revisions,
  Scope,
  Store,
  StoreDeps,
  TaskIndex,
  TaskQuery,
  TaskRef,
  Webhooks,
} from "./store.ts";
import { Turns } from "./turns.ts";

export interface KvStoreDeps extends Pick<StoreDeps, "holder" | "now">, Pick<KvTasksDeps, "hotBytes"> {
  readonly kv: Deno.Kv;
  readonly place: string;
  /** Of the writer row that this process has set. */
  readonly versionstamp: string;
  /** The tasks that had a runner when the database was last closed, however that happened. */
  readonly places: TaskPlaces;
  /** What else ends with the store. */
  readonly release: () => void;
}

/** The store over an open Deno KV database that this process alone writes. */
export class KvStore implements Store {
  readonly place: string;
  readonly journal: Journal;
  readonly tasks: TaskIndex;
  readonly contexts: Contexts;
  readonly webhooks: Webhooks;
  readonly revisions: Revisions;

  readonly #kv: Deno.Kv;
  readonly #release: () => void;
  readonly #writer: KvWriter;
  readonly #turns = new Turns();
  readonly #wakeups = new Wakeups();
  #closing: Promise<void> | undefined;

  constructor({ kv, place, versionstamp, places, release, holder, now, hotBytes }: KvStoreDeps) {
    this.place = place;
    this.#kv = kv;
    this.#release = release;
    this.#writer = new KvWriter(kv, versionstamp);
    const [turns, wakeups, writer, log] = [this.#turns, this.#wakeups, this.#writer, new KvLog(kv)];
    const tasks = new KvTasks({ log, places, holder, isBusy: (key) => turns.isBusy(key), hotBytes });
    const recorder = new KvRecorder({ kv, writer, tasks, turns, wakeups, now });
    const list = new KvList({ kv, tasks, places });
    const isClosed = () => this.#closing !== undefined;
    const requireOpen = () => this.#requireOpen();

    this.journal = new KvJournal({
      readDeadlines: (agent) => readDeadlines(kv, agent),
      log,
      places,
      tasks,
      recorder,
      wakeups,
      holder,
      isClosed,
      requireOpen,
    });
    this.tasks = {
      get: async (ref: TaskRef) => {
        requireOpen();
        const hot = await tasks.load(ref);
        return hot && tasks.visible(hot);
      },
      list: async (scope: Scope, query: TaskQuery) => {
        requireOpen();
        return await list.list(scope, query);
      },
      byMessage: async (scope: Scope, message: MessageName) => {
        requireOpen();
        return await recorder.byMessage(scope, message);
      },
    };
    const beside = kvSideTables({ kv, writer, log, places, list, tasks, recorder, turns, wakeups, requireOpen });
    this.webhooks = beside.webhooks;
    this.revisions = beside.revisions;
    this.contexts = beside.contexts;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#wakeups.wakeAll();
    await this.#turns.idle();
    await this.#writer.drain();
    this.#kv.close();
    this.#release();
  }

  #requireOpen(): void {
    if (this.#closing !== undefined) throw new Error(`Cannot use the store "${this.place}": it is closed`);
  }
}
