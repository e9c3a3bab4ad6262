import { A2AError } from "../../a2a/errors.ts";
import type { Call } from "../../a2a/service.ts";
import { isTerminal } from "../../a2a/task_state.ts";
import type { SendMessageRequest, TaskPushNotificationConfig } from "../../a2a/types.ts";
import type { StoredTask, TaskRef, Webhook } from "../../store/store.ts";
import type { Desk } from "../desk.ts";
import { invalidField } from "../task_errors.ts";
import type { Push } from "./push.ts";
import { isSameReceiver, readWebhook, type Receiver } from "./read_webhook.ts";

/** A caller must not make one event into any number of requests. */
const MAX_PER_TASK = 16;

/** Throws PUSH_NOTIFICATION_NOT_SUPPORTED where the server sends none (A2A v1 §3.3.4). */
export function requirePush({ push }: Desk): Push {
  if (push !== undefined) return push;
  throw new A2AError("PUSH_NOTIFICATION_NOT_SUPPORTED", "This agent sends no push notifications");
}

/** Keeps the webhook of a request for one, on a task in any state (A2A v1 §3.1.7). */
export async function registerWebhook(
  desk: Desk,
  { config, stored }: { readonly config: TaskPushNotificationConfig; readonly stored: StoredTask },
  call: Call,
): Promise<Webhook> {
  const push = requirePush(desk);
  const id = idOf(config, stored.ref.id, { desk, call });
  return await keep(desk, stored, readWebhook({ config, id, rules: push.rules, path: "" }, call));
}

/** The webhook that came with the message of a new task. It is kept with the task itself and hears it from its first event. */
export function webhookOfSend(desk: Desk, request: SendMessageRequest, at: { ref: TaskRef; call: Call }) {
  const receiver = receiverOfSend(desk, request, { taskId: at.ref.id, call: at.call });
  return receiver && { ...receiver, ref: at.ref, toldSeq: 0, isDone: false };
}

/** The webhook that came with another message on a task. */
export async function registerWithSend(
  desk: Desk,
  request: SendMessageRequest,
  at: { stored: StoredTask; call: Call },
) {
  const receiver = receiverOfSend(desk, request, { taskId: at.stored.ref.id, call: at.call });
  if (receiver !== undefined) await keep(desk, at.stored, receiver);
}

/** Refuses a webhook that could not be kept, before anything is recorded. */
export function checkSend(desk: Desk, request: SendMessageRequest, call: Call): void {
  receiverOfSend(desk, request, { taskId: "", call });
}

function receiverOfSend(desk: Desk, { configuration }: SendMessageRequest, at: { taskId: string; call: Call }) {
  const config = configuration?.taskPushNotificationConfig;
  if (config === undefined) return undefined;
  const id = idOf(config, at.taskId, { desk, call: at.call });
  const path = "configuration.taskPushNotificationConfig.";
  return readWebhook({ config, id, rules: requirePush(desk).rules, path }, at.call);
}

/** A2A 0.3 knows one webhook a task that needs no id, and asks for it without one (A2A 0.3 §7.6). */
function idOf({ id = "" }: TaskPushNotificationConfig, taskId: string, { desk, call }: { desk: Desk; call: Call }) {
  if (id !== "") return id;
  return call.protocolVersion === "0.3" ? taskId : desk.newId();
}

function keep(desk: Desk, { ref, task, seq }: StoredTask, receiver: Receiver): Promise<Webhook> {
  const push = requirePush(desk);
  return push.alone(ref, async () => {
    const all = await desk.store.webhooks.list(ref);
    const known = all.find(({ id }) => id === receiver.id);
    if (known === undefined && all.length >= MAX_PER_TASK) {
      throw invalidField("taskId", `has ${MAX_PER_TASK} push notification configurations already`);
    }
    const owes = known !== undefined && !known.isDone;
    // A client sends its config with each message; that must not cut off what is being delivered.
    if (owes && known.failure === undefined && isSameReceiver(known, receiver)) return known;
    if (owes) await push.halt(ref, receiver.id);
    const place = owes ? await desk.store.webhooks.get(ref, receiver.id) : undefined;
    // Who replaces a webhook that is behind, or was given up, hears what the old one did not.
    const toldSeq = place === undefined || place.isDone ? seq : place.toldSeq;
    const isDone = isTerminal(task.status.state) && toldSeq >= seq;
    const webhook: Webhook = { ...receiver, ref, toldSeq, isDone };
    await push.put(webhook);
    return webhook;
  });
}
