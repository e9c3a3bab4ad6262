import type { z } from "zod";
import { didYouMean } from "../lib/suggest.ts";
import { check } from "./check.ts";
import { describeValue, oneOf } from "./describe_issue.ts";
import { pluggedIn } from "./plugin_section.ts";
import { missingPart } from "./missing_part.ts";
import { namedParts, type Resolution, type Text } from "./resolution.ts";
import { ToolName } from "./names.ts";
import { ToolSection } from "./tool_section.ts";
import { NOWHERE, type Place, quote, treeOf } from "./tree.ts";

/** Answers which tool an agent gets by a name. */
export interface ToolNames {
  /** Undefined for a disabled tool, and after adding a finding. */
  named(text: Text): string | undefined;
}

/** Reads the declared tools. Built-in ones that need no options are there as soon as an agent names them. */
export function resolveTools(section: Place, resolution: Resolution): ToolNames {
  const { tables, tools, findings } = resolution;
  const declared: string[] = [];
  for (const [name, place] of namedParts(section, ToolName, findings)) {
    declared.push(name);
    const own = check(ToolSection, place, findings);
    const plugged = pluggedIn(
      { table: tables.tools, key: "type", common: ToolSection, fallback: name },
      place,
      findings,
    );
    if (own?.enabled && plugged) {
      tools.set(name, { ...wordsOf(own), type: plugged.plugin, options: plugged.options });
    }
  }
  return {
    named: (text) => {
      if (declared.includes(text.text)) return tools.has(text.text) ? text.text : undefined;
      return tables.tools.has(text.text) ? builtIn(text, resolution) : unknownTool(text, declared, resolution);
    },
  };
}

/** What the file says of a tool in the tool's place, and nothing of what it leaves out. */
function wordsOf({ description, require_approval, approval_prompt, replay }: z.output<typeof ToolSection>) {
  return {
    ...(description === undefined ? {} : { description }),
    ...(require_approval === undefined ? {} : { require_approval }),
    ...(approval_prompt === undefined ? {} : { approval_prompt }),
    ...(replay === undefined ? {} : { replay }),
  };
}

function builtIn({ text, tree, offset, path }: Text, { tables, tools, findings }: Resolution): string {
  if (tools.has(text)) return text;
  const place: Place = { tree: treeOf({}), path: "", offset: NOWHERE };
  const plugged = pluggedIn({ table: tables.tools, key: "type", common: ToolSection, fallback: text }, place, []);
  if (plugged !== undefined) tools.set(text, { type: text, options: plugged.options });
  else {
    const message = `found ${describeValue(tree, [])}, which needs options: expected an entry of that name under tools`;
    findings.push({ offset, path, message });
  }
  return text;
}

function unknownTool(
  { text, tree, offset, path }: Text,
  declared: readonly string[],
  resolution: Resolution,
): undefined {
  const known = [...new Set([...declared, ...resolution.tables.tools.keys()])];
  const guess = tree.kind === "scalar" && tree.variables === undefined ? didYouMean(text, known) : "";
  const missing = tree.kind === "scalar" && tree.variables ? undefined : missingPart(["tools", "*", "type"], text);
  const message = missing ?? `found ${describeValue(tree, [])}, expected ${oneOf(known.map(quote))}${guess}`;
  resolution.findings.push({ offset, path, message });
}
