import type { EgressRules } from "../../lib/egress_rules.ts";
import { Slots } from "../../lib/slots.ts";
import type { TaskRef, Webhook } from "../../store/store.ts";
import { refKey } from "../../store/store_key.ts";
import { Turnstile } from "../turnstile.ts";
import { Courier, type CourierDeps } from "./courier.ts";

export interface PushOptions extends Omit<CourierDeps, "hosts" | "everybody"> {
  /** Deliveries under way at one time, to one host and in all. */
  readonly concurrency: { readonly perHost: number; readonly inAll: number };
}

type Couriers = Map<string, Courier>;

const CUT = AbortSignal.abort();

/**
 * The push notifications of this process (A2A v1 §4.3): one courier for each webhook that is owed something. Nothing of it
 * stands in the way of a task without webhooks: couriers follow the journal like any other reader.
 */
export class Push {
  readonly rules: EgressRules;
  readonly #deps: CourierDeps;
  /** By task and id. */
  readonly #couriers = new Map<string, Couriers>();
  /** Webhooks that were given up, by task and id. */
  readonly #failed = new Map<string, Map<string, Webhook>>();
  readonly #turnstile = new Turnstile();
  #isStopped = false;

  constructor({ concurrency: { perHost, inAll }, ...deps }: PushOptions) {
    this.rules = deps.rules;
    this.#deps = { ...deps, hosts: new Slots(perHost), everybody: new Slots(inAll) };
  }

  /** Begins to tell a webhook that the store has. */
  start(webhook: Webhook): void {
    if (this.#isStopped || webhook.isDone) return;
    const key = refKey(webhook.ref);
    const couriers: Couriers = this.#couriers.get(key) ?? new Map();
    if (couriers.has(webhook.id)) return;
    const courier = new Courier(webhook, this.#deps);
    this.#couriers.set(key, couriers.set(webhook.id, courier));
    courier.ended.then(() => {
      couriers.delete(webhook.id);
      if (couriers.size === 0 && this.#couriers.get(key) === couriers) this.#couriers.delete(key);
      if (courier.webhook.failure !== undefined) this.#noteFailure(courier.webhook);
    });
  }

  /** Calls about the webhooks of one task take turns. */
  alone<T>(ref: TaskRef, act: () => Promise<T>): Promise<T> {
    return this.#turnstile.pass(refKey(ref), act);
  }

  /** Keeps a webhook in place of what had its id, and begins to tell it. Only within `alone`. */
  async put(webhook: Webhook): Promise<void> {
    await this.halt(webhook.ref, webhook.id);
    await this.#deps.webhooks.put(webhook);
    this.#forgetFailure(webhook.ref, webhook.id);
    this.start(webhook);
  }

  /** After this nothing more is sent to it. Only within `alone`. */
  async delete(ref: TaskRef, id: string): Promise<void> {
    await this.halt(ref, id);
    await this.#deps.webhooks.delete(ref, id);
    this.#forgetFailure(ref, id);
  }

  /** Cuts off what is under way to the webhook. */
  async halt(ref: TaskRef, id: string): Promise<void> {
    await this.#couriers.get(refKey(ref))?.get(id)?.stop(CUT);
  }

  /** The webhooks of the task that were given up. */
  failed(ref: TaskRef): readonly Webhook[] {
    return this.#failed.size === 0 ? [] : [...this.#failed.get(refKey(ref))?.values() ?? []];
  }

  /** Goes on where an earlier process ended. */
  async resume(): Promise<void> {
    for await (const { ref, id } of this.#deps.webhooks.owing()) {
      await this.alone(ref, async () => {
        // Its owner may have deleted or replaced it meanwhile.
        const webhook = await this.#deps.webhooks.get(ref, id);
        if (webhook?.failure !== undefined) this.#noteFailure(webhook);
        else if (webhook !== undefined) this.start(webhook);
      });
    }
  }

  /** Begins nothing more. Deliveries that are under way may end until `deadline` aborts. */
  async stop(deadline: AbortSignal): Promise<void> {
    this.#isStopped = true;
    const couriers = [...this.#couriers.values()].flatMap((ofTask) => [...ofTask.values()]);
    await Promise.all(couriers.map((courier) => courier.stop(deadline)));
  }

  #noteFailure(webhook: Webhook): void {
    const key = refKey(webhook.ref);
    const failed = this.#failed.get(key) ?? new Map<string, Webhook>();
    this.#failed.set(key, failed.set(webhook.id, webhook));
  }

  #forgetFailure(ref: TaskRef, id: string): void {
    const key = refKey(ref);
    const failed = this.#failed.get(key);
    if (failed?.delete(id) === true && failed.size === 0) this.#failed.delete(key);
  }
}
