import { globList } from "../../lib/glob.ts";
import type { Replay } from "../tool.ts";
import type { McpOptions } from "./mcp_options.ts";

/** What a server says of a tool of its own. It may be mistaken, or lie. */
export interface Annotations {
  readonly readOnlyHint?: boolean | undefined;
  readonly destructiveHint?: boolean | undefined;
  readonly idempotentHint?: boolean | undefined;
}

/** What holds for calls of one tool. */
export interface RemotePolicy {
  readonly asksFirst: boolean;
  readonly replay: Replay;
  readonly timeoutMs: number;
}

/** Whether a tool is used at all. */
export function toolFilter({ filter, exclude }: Pick<McpOptions, "filter" | "exclude">): (name: string) => boolean {
  const isListed = filter === undefined ? () => true : globList(filter);
  const isExcluded = globList(exclude);
  return (name) => isListed(name) && !isExcluded(name);
}

/** The configuration decides; a server's word counts against its tool always, and in favour of it where it is trusted. */
export function remotePolicy(options: McpOptions): (name: string, annotations: Annotations) => RemotePolicy {
  const overrides = Object.entries(options.tools).map(([pattern, override]) => ({
    fits: globList([pattern]),
    override,
  }));
  return (name, annotations) => {
    const own = overrides.filter(({ fits }) => fits(name)).map(({ override }) => override);
    const approval = own.find((each) => each.approval !== undefined)?.approval ?? options.approval;
    const replay = own.find((each) => each.replay !== undefined)?.replay;
    const timeoutSeconds = own.find((each) => each.timeout_seconds !== undefined)?.timeout_seconds ??
      options.timeout_seconds;
    const trusted = options.trust_annotations ? annotations : {};
    const isRepeatable = trusted.readOnlyHint === true || trusted.idempotentHint === true;
    return {
      asksFirst: asksFirst(approval, { told: annotations, trusted }),
      replay: replay ?? (isRepeatable ? "safe" : "once"),
      timeoutMs: timeoutSeconds * 1000,
    };
  };
}

function asksFirst(
  approval: McpOptions["approval"],
  { told, trusted }: { readonly told: Annotations; readonly trusted: Annotations },
): boolean {
  switch (approval) {
    case "never":
      return false;
    case "always":
      return true;
    case "writes":
      return trusted.readOnlyHint !== true || told.destructiveHint === true;
    case "destructive":
      return told.destructiveHint === true;
  }
}
