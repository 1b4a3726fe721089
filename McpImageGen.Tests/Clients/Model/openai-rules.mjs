// What the OpenAI API refuses of function declarations, in its words.
// Names: https://platform.openai.com/docs/api-reference/chat/create (a-z, A-Z, 0-9, _ and -, at most 64; at most 128 functions).
// Schemas: https://platform.openai.com/docs/guides/function-calling and, as error messages seen in public,
// https://github.com/sigoden/aichat/pull/1049 (items), https://github.com/kevinwatt/mysql-mcp/issues/5 (strict).
// Strict: https://platform.openai.com/docs/guides/structured-outputs (supported schemas).
const STRICT = new Set([
  'type', 'title', 'description', 'enum', 'const', 'properties', 'required', 'additionalProperties', 'items', 'anyOf', '$ref', '$defs', '$schema',
  'pattern', 'format', 'multipleOf', 'maximum', 'exclusiveMaximum', 'minimum', 'exclusiveMinimum', 'minItems', 'maxItems']);

export function refusalOf(tools, param) {
  if (tools.length > 128)
    return `Invalid 'tools': array too long. Expected an array with maximum length 128, but got an array with length ${tools.length} instead.`;
  for (const [index, { name, schema, strict }] of tools.entries()) {
    if (!/^[a-zA-Z0-9_-]+$/.test(name))
      return `Invalid '${param(index)}.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.`;
    if (name.length > 64)
      return `Invalid '${param(index)}.name': string too long. Expected a string with maximum length 64, but got a string with length ${name.length} instead.`;
    const wrong = schema && (topLevel(schema) ?? inside(schema, [], strict));
    if (wrong)
      return `Invalid schema for function '${name}': ${wrong}`;
  }
}

function topLevel(schema) {
  if (schema.type !== 'object')
    return `schema must be a JSON Schema of 'type: "object"', got 'type: "${schema.type ?? 'None'}"'.`;
  if (['oneOf', 'anyOf', 'allOf', 'enum', 'not'].some(keyword => keyword in schema))
    return "schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level.";
}

function inside(schema, path, strict) {
  const context = `In context=(${path.map(part => `'${part}'`).join(', ')}), `;
  const types = [schema.type ?? []].flat();
  if (types.includes('array') && !schema.items)
    return `${context}array schema missing items.`;
  if (types.includes('object') && !schema.properties && !('additionalProperties' in schema))
    return `${context}object schema missing properties.`;
  if (strict) {
    const unknown = Object.keys(schema).find(keyword => !STRICT.has(keyword));
    if (unknown)
      return `${context}'${unknown}' is not permitted.`;
    if (types.includes('object')) {
      if (schema.additionalProperties !== false)
        return `${context}'additionalProperties' is required to be supplied and to be false.`;
      const missing = Object.keys(schema.properties ?? {}).find(name => !schema.required?.includes(name));
      if (missing)
        return `${context}'required' is required to be supplied and to be an array including every key in properties. Missing '${missing}'.`;
    }
  }
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const wrong = inside(property, [...path, 'properties', name], strict);
    if (wrong)
      return wrong;
  }
  if (schema.items)
    return inside(schema.items, [...path, 'items'], strict);
}
