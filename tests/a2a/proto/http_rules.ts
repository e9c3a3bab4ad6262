import { type DescMethod, fromBinary, toJson } from "@bufbuild/protobuf";
import { loadCodec } from "../../../src/a2a/proto/codec.ts";
import type { GrpcService } from "../../../src/a2a/grpc_services.ts";

/** The number of google.api.http among the options of a method. */
const HTTP_OPTION = 72_295_728;
const VERBS = ["get", "put", "post", "delete", "patch"] as const;

/** One way to call a method over HTTP, as its definition says. */
export interface HttpRule {
  readonly rpc: string;
  readonly input: DescMethod["input"];
  readonly method: string;
  readonly template: string;
  readonly body: string;
}

const { registry } = await loadCodec();
const ruleType = registry.getMessage("google.api.HttpRule");
if (ruleType === undefined) throw new Error("proto/ does not define google.api.HttpRule");

interface Written {
  readonly body?: string;
  readonly additionalBindings?: readonly Written[];
  readonly [verb: string]: unknown;
}

function read(bytes: Uint8Array): Written {
  // An option is written with its length first.
  let at = 0;
  while ((bytes[at++] ?? 0) >= 0x80);
  return JSON.parse(JSON.stringify(toJson(ruleType!, fromBinary(ruleType!, bytes.subarray(at)))));
}

/** All rules of a service, those in second place too. */
export function httpRules({ name }: GrpcService): HttpRule[] {
  const service = registry.getService(name);
  if (service === undefined) throw new Error(`proto/ does not define ${name}`);
  return service.methods.flatMap((method) => {
    const option = method.proto.options?.$unknown?.find(({ no }) => no === HTTP_OPTION);
    if (option === undefined) return [];
    const first = read(option.data);
    return [first, ...first.additionalBindings ?? []].map((rule) => {
      const verb = VERBS.find((verb) => verb in rule) ?? "get";
      return {
        rpc: method.name,
        input: method.input,
        method: verb.toUpperCase(),
        template: String(rule[verb]),
        body: rule.body ?? "",
      };
    });
  });
}

/** The members of a request that a template names. */
export function variablesOf(template: string): string[] {
  return [...template.matchAll(/\{(\w+)(?:=[^}]*)?\}/g)].map(([, name = ""]) => name);
}

/** A path that a template means: `value` in the place of each variable and of each star. */
export function pathOf(template: string, value: (name: string) => string): string {
  return template.replace(
    /\{(\w+)(?:=([^}]*))?\}/g,
    (_, name: string, pattern = "*") => pattern.replaceAll("*", () => encodeURIComponent(value(name))),
  );
}
