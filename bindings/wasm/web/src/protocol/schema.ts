/** Walks the JSON Schema of protocols along the keys above a place in a document. */

export type Schema = {
  $ref?: string;
  description?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  enum?: string[];
  const?: unknown;
  type?: string | string[];
  required?: string[];
  $defs?: Record<string, Schema>;
};

const EXPRESSION = "#/$defs/expression";

/** The forms that a schema can take, with references followed. */
function forms(root: Schema, schema: Schema): Schema[] {
  const name = schema.$ref?.replace("#/$defs/", "");
  const held = name ? root.$defs?.[name] : undefined;
  // The name of a definition is kept: that a text is an expression shows by it alone.
  const self = held ? [{ ...held, ...(schema.$ref ? { $ref: schema.$ref } : {}) }] : [schema];
  return self.flatMap((form) => [
    form,
    ...[...(form.anyOf ?? []), ...(form.oneOf ?? [])].flatMap((one) => forms(root, one)),
  ]);
}

/** What may stand under these keys; `-` is an element of a list. */
export function at(root: Schema, keys: string[]): Schema[] {
  let here = forms(root, root);
  for (const key of keys) {
    here = here.flatMap((schema) => {
      if (key === "-") return schema.items ? forms(root, schema.items) : [];
      const named = schema.properties?.[key];
      if (named) return forms(root, named);
      const other = schema.additionalProperties;
      return other && typeof other === "object" ? forms(root, other) : [];
    });
  }
  return here;
}

/** The keys that may stand here, with what they mean. */
export function keys(schemas: Schema[]): { key: string; about: string; required: boolean }[] {
  return schemas.flatMap((schema) =>
    Object.entries(schema.properties ?? {}).map(([key, held]) => ({
      key,
      about: held.description ?? "",
      required: schema.required?.includes(key) ?? false,
    })),
  );
}

/** The words that may stand here. */
export function values(schemas: Schema[]): string[] {
  return schemas.flatMap((schema) => [
    ...(schema.enum ?? []),
    ...(schema.const === undefined ? [] : [String(schema.const)]),
  ]);
}

/** Whether an expression may stand here. */
export function isExpression(schemas: Schema[]): boolean {
  return schemas.some((schema) => schema.$ref === EXPRESSION);
}
