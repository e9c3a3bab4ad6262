import { z } from "zod";
import type { Path } from "./tree.ts";

/** The keys that a schema allows in the object at `path`. */
export function keysAt(schema: z.core.$ZodType, path: Path): readonly string[] {
  const { inner, branches } = unwrap(schema);
  if (branches.length > 0) return [...new Set(branches.flatMap((branch) => keysAt(branch, path)))];
  const [step, ...rest] = path;
  if (step === undefined) return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
  const next = childOf(inner, step);
  return next === undefined ? [] : keysAt(next, rest);
}

/** Takes off what does not change which keys there are. */
function unwrap(schema: z.core.$ZodType): { inner: z.core.$ZodType; branches: readonly z.core.$ZodType[] } {
  if (schema instanceof z.ZodUnion) return { inner: schema, branches: schema.def.options };
  if (schema instanceof z.ZodIntersection) return { inner: schema, branches: [schema.def.left, schema.def.right] };
  if (schema instanceof z.ZodPipe) return unwrap(schema.def.in);
  if (schema instanceof z.ZodLazy) return unwrap(schema.def.getter());
  if (
    schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault || schema instanceof z.ZodReadonly || schema instanceof z.ZodCatch
  ) return unwrap(schema.def.innerType);
  return { inner: schema, branches: [] };
}

function childOf(schema: z.core.$ZodType, step: string | number): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodObject) return Object.hasOwn(schema.shape, step) ? schema.shape[step] : undefined;
  if (schema instanceof z.ZodRecord) return schema.def.valueType;
  if (schema instanceof z.ZodArray) return schema.def.element;
  return undefined;
}
