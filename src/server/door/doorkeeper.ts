import type { Log } from "../../lib/log.ts";
import type { Timers } from "../../lib/timers.ts";
import { type ConnectionCaps, ConnectionSlots } from "./connection_slots.ts";
import { Visit, type VisitLimits } from "./visit.ts";

export type DoorLimits = ConnectionCaps & VisitLimits;

/** How often visits are looked at. */
const TICK_MS = 1000;
/** A flood of connections is no reason for a flood of lines. */
const TELL_EVERY_MS = 10_000;

export interface DoorkeeperDeps {
  readonly timers: Timers;
  readonly log: Log;
}

/** Whom the door let in. */
export interface Admission {
  readonly visit: Visit;
  /** The deadlines of HTTP hold no longer: whoever speaks HTTP/2 in this process has its own. */
  handOver(): void;
  /** The connection is closed. */
  leave(): void;
}

/** Keeps count of all connections of the process, and cuts those that only hold a place. */
export class Doorkeeper {
  readonly #limits: DoorLimits;
  readonly #deps: DoorkeeperDeps;
  readonly #slots: ConnectionSlots;
  readonly #watched = new Map<Visit, () => void>();
  #stopTicking: (() => void) | undefined;
  #refused = 0;
  #toldMs = -Infinity;

  constructor(limits: DoorLimits, deps: DoorkeeperDeps) {
    this.#limits = limits;
    this.#deps = deps;
    this.#slots = new ConnectionSlots(limits);
  }

  /** Connections that are open. */
  get open(): number {
    return this.#slots.open;
  }

  /** A connection from `address` that `cut` closes; undefined if it must not stay. */
  admit(address: string, cut: () => void): Admission | undefined {
    const giveBack = this.#slots.take(address);
    if (giveBack === undefined) {
      this.#tell(address);
      return undefined;
    }
    const visit = new Visit(address, this.#limits, this.#deps.timers.now);
    this.#watched.set(visit, cut);
    this.#stopTicking ??= this.#deps.timers.every(TICK_MS, () => this.#look());
    return {
      visit,
      handOver: () => this.#forget(visit),
      leave: () => {
        this.#forget(visit);
        giveBack();
      },
    };
  }

  #forget(visit: Visit): void {
    this.#watched.delete(visit);
    if (this.#watched.size > 0) return;
    this.#stopTicking?.();
    this.#stopTicking = undefined;
  }

  #look(): void {
    for (const [visit, cut] of this.#watched) {
      if (visit.overdue() === undefined) continue;
      this.#forget(visit);
      cut();
    }
  }

  #tell(address: string): void {
    this.#refused++;
    const nowMs = this.#deps.timers.now();
    if (nowMs - this.#toldMs < TELL_EVERY_MS) return;
    this.#deps.log.warn("connections are turned away: too many are open", {
      open: this.#slots.open,
      turned_away: this.#refused,
      latest: address,
    });
    this.#toldMs = nowMs;
    this.#refused = 0;
  }
}
