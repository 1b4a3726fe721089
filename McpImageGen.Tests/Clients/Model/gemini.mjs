// Google's Gemini API: https://ai.google.dev/api/generate-content
import { json, stream } from './stream.mjs';

export const serves = path => /:(stream)?[gG]enerateContent$/.test(path);

const declarations = body => [body.tools ?? []].flat().flatMap(tool => tool.functionDeclarations ?? tool.function_declarations ?? []);
const schemaOf = declaration => declaration.parameters ?? declaration.parametersJsonSchema ?? declaration.parameters_json_schema;

export const tools = body => declarations(body).map(declaration => ({ name: declaration.name, schema: schemaOf(declaration) }));

const parts = body => body.contents.flatMap(content => content.parts ?? []);
const isImage = part => part.inlineData?.mimeType?.startsWith('image/');

export function answers(body) {
  const found = [];
  for (const part of parts(body)) {
    if (part.functionResponse)
      found.push({ text: JSON.stringify(part.functionResponse.response), image: (part.functionResponse.parts ?? []).some(isImage) });
    else if (isImage(part) && found.length)
      found.at(-1).image = true; // Before Gemini 3, the images of a tool are parts beside its response.
  }
  return found;
}

// The fields of Schema, of which `parameters` is one: https://ai.google.dev/api/caching#Schema. It is a protocol buffer: what is not a
// field of it is refused, and type is one value (https://github.com/taylorwilsdon/google_workspace_mcp/issues/1099).
const FIELDS = new Set([
  'type', 'format', 'title', 'description', 'nullable', 'enum', 'maxItems', 'minItems', 'properties', 'required', 'minProperties', 'maxProperties',
  'minLength', 'maxLength', 'pattern', 'example', 'anyOf', 'propertyOrdering', 'default', 'items', 'minimum', 'maximum']);
const TYPES = ['STRING', 'NUMBER', 'INTEGER', 'BOOLEAN', 'ARRAY', 'OBJECT', 'NULL'];
const FORMATS = { STRING: ['enum', 'date-time'], NUMBER: ['float', 'double'], INTEGER: ['int32', 'int64'] };

export function refusal(body) {
  for (const [index, declaration] of declarations(body).entries()) {
    const path = `tools[0].function_declarations[${index}]`;
    // https://ai.google.dev/api/caching#FunctionDeclaration
    if (!/^[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}$/.test(declaration.name))
      return `GenerateContentRequest.${path}.name: Invalid function name. Must start with a letter or an underscore. Must be alphanumeric (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 128.`;
    if (declaration.parameters && (declaration.parametersJsonSchema ?? declaration.parameters_json_schema))
      return `${path}: only one of parameters and parameters_json_schema may be set.`;
    const wrong = declaration.parameters && schemaRefusal(declaration.parameters, `${path}.parameters`);
    if (wrong)
      return wrong;
  }
  // https://ai.google.dev/api/caching#FunctionResponse: response is a Struct.
  const other = parts(body).find(({ functionResponse: answer }) => answer && (typeof answer.response !== 'object' || Array.isArray(answer.response)));
  return other && `Invalid value at 'contents[0].parts[0].function_response.response' (type.googleapis.com/google.protobuf.Struct)`;
}

function schemaRefusal(schema, path) {
  for (const [keyword, value] of Object.entries(schema)) {
    if (!FIELDS.has(keyword.replace(/_(\w)/g, (_, letter) => letter.toUpperCase())))
      return `Invalid JSON payload received. Unknown name "${keyword}" at '${path}': Cannot find field.`;
    if (keyword === 'type' && Array.isArray(value))
      return `Invalid JSON payload received. Unknown name "type" at '${path}': Proto field is not repeating, cannot start list.`;
  }
  const type = schema.type?.toUpperCase();
  if (schema.type !== undefined && !TYPES.includes(type))
    return `Invalid value at '${path}.type' (type.googleapis.com/google.ai.generativelanguage.v1beta.Type), "${schema.type}"`;

  // https://github.com/lambda-alpha-labs/Graphenium/issues/37
  if (schema.anyOf && Object.keys(schema).some(keyword => keyword !== 'anyOf'))
    return `Unable to submit request because \`${path}\` schema specified other fields alongside any_of. When using any_of, it must be the only field set.`;

  // https://github.com/directus/mcp/issues/8
  if (!schema.anyOf && !type)
    return `Unable to submit request because \`${path}\` schema didn't specify the schema type field.`;

  // https://github.com/google-gemini/gemini-cli/issues/3178
  if (schema.format && FORMATS[type] && !FORMATS[type].includes(schema.format))
    return `GenerateContentRequest.${path}.format: only '${FORMATS[type].join("' and '")}' are supported for ${type} type`;

  // https://github.com/nanbingxyz/5ire/issues/218
  if (schema.enum && type !== 'STRING')
    return `GenerateContentRequest.${path}.enum: only allowed for STRING type`;
  if (schema.enum?.some(value => typeof value !== 'string'))
    return `Invalid value at '${path}.enum[0]' (TYPE_STRING)`;
  if (type === 'ARRAY' && !schema.items)
    return `GenerateContentRequest.${path}.items: missing field.`;
  const undefinedName = schema.required?.find(name => !(name in (schema.properties ?? {})));
  if (undefinedName)
    return `GenerateContentRequest.${path}.required[${schema.required.indexOf(undefinedName)}]: property is not defined`;
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const wrong = schemaRefusal(property, `${path}.properties[${name}]`);
    if (wrong)
      return wrong;
  }
  for (const [index, branch] of (schema.anyOf ?? []).entries()) {
    const wrong = schemaRefusal(branch, `${path}.any_of[${index}]`);
    if (wrong)
      return wrong;
  }
  return schema.items && schemaRefusal(schema.items, `${path}.items`);
}

export const error = message => ({ error: { code: 400, message, status: 'INVALID_ARGUMENT' } });

export const call = (response, body, path, { id, name, arguments: args }) => answer(response, path, { functionCall: { id, name, args } });

export const say = (response, body, path, text) => answer(response, path, { text });

function answer(response, path, part) {
  const whole = {
    candidates: [{ content: { role: 'model', parts: [part] }, finishReason: 'STOP', index: 0 }],
    usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
    modelVersion: 'scripted',
  };
  if (path.endsWith(':streamGenerateContent'))
    stream(response, [whole]);
  else
    json(response, whole);
}
