import { EgressRefused, type EgressRules } from "../../lib/egress_rules.ts";
import type { Call } from "../../a2a/service.ts";
import type { TaskPushNotificationConfig } from "../../a2a/types.ts";
import type { Webhook } from "../../store/store.ts";
import { invalidField } from "../task_errors.ts";

const MAX_URL = 2048;
const MAX_CREDENTIAL = 4096;
const MAX_ID = 256;
/** RFC 9110 §5.6.2 and §5.5. Anything else could not stand in a header, or would begin another one. */
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;
const HEADER_VALUE = /^[\x20-\x7e]*$/;

export interface WebhookParts {
  readonly config: TaskPushNotificationConfig;
  readonly id: string;
  readonly rules: EgressRules;
  /** Where the config stands in the request, for errors: `configuration.taskPushNotificationConfig.` or nothing. */
  readonly path: string;
}

/** What a webhook is, apart from its task and how far that has been told. */
export type Receiver = Omit<Webhook, "ref" | "toldSeq" | "isDone" | "failure">;

/** Checks a config as far as that goes without the network. Throws INVALID_PARAMS with the field's path. */
export function readWebhook({ config, id, rules, path }: WebhookParts, call: Call): Receiver {
  const { url, token, authentication } = config;
  if (id.length > MAX_ID) throw invalidField(`${path}id`, `is longer than ${MAX_ID} characters`);
  if (url.length > MAX_URL) throw invalidField(`${path}url`, `is longer than ${MAX_URL} characters`);
  try {
    rules.checkUrl(url);
  } catch (thrown) {
    if (thrown instanceof EgressRefused) throw invalidField(`${path}url`, thrown.message, thrown);
    throw thrown;
  }
  checkHeader(`${path}token`, token);
  checkHeader(`${path}authentication.credentials`, authentication?.credentials);
  if (authentication !== undefined && !TOKEN.test(authentication.scheme)) {
    throw invalidField(`${path}authentication.scheme`, "is not the name of an HTTP authentication scheme");
  }
  return {
    id,
    url,
    protocolVersion: call.protocolVersion ?? "1.0",
    ...(token === undefined || token === "" ? {} : { token }),
    ...(authentication === undefined ? {} : { authentication }),
  };
}

function checkHeader(field: string, value: string | undefined): void {
  if (value === undefined) return;
  if (value.length > MAX_CREDENTIAL) throw invalidField(field, `is longer than ${MAX_CREDENTIAL} characters`);
  if (!HEADER_VALUE.test(value)) throw invalidField(field, "cannot stand in an HTTP header");
}

/** As its owner may read it: who has the id of a task must not get at the receiver's credentials by it. */
export function toConfig({ ref, id, url, authentication }: Webhook): TaskPushNotificationConfig {
  const config = { taskId: ref.id, id, url };
  return authentication === undefined ? config : { ...config, authentication: { scheme: authentication.scheme } };
}

export function isSameReceiver(a: Receiver, b: Receiver): boolean {
  return a.id === b.id && a.url === b.url && a.token === b.token && a.protocolVersion === b.protocolVersion &&
    a.authentication?.scheme === b.authentication?.scheme &&
    a.authentication?.credentials === b.authentication?.credentials;
}
