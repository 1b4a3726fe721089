// Anthropic's Messages: https://docs.claude.com/en/api/messages
import { json, newId, stream } from './stream.mjs';

export const serves = path => path.endsWith('/messages');

export const tools = body => (body.tools ?? []).filter(({ input_schema: schema }) => schema).map(({ name, input_schema: schema }) => ({ name, schema }));

const blocks = content => typeof content === 'string' ? [{ type: 'text', text: content }] : content ?? [];
const results = body => body.messages.flatMap(({ content }) => blocks(content)).filter(({ type }) => type === 'tool_result');

export const answers = body => results(body).map(({ content }) => ({
  text: blocks(content).map(({ text }) => text ?? '').join('\n'),
  image: blocks(content).some(({ type }) => type === 'image'),
}));

// Names: https://docs.claude.com/en/docs/agents-and-tools/tool-use/implement-tool-use. The other rules are known from the API's errors:
// https://github.com/anthropics/claude-code/issues/27337 (top level), and from https://platform.claude.com/docs/en/managed-agents/self-hosted-sandboxes
// (property names).
export function refusal(body) {
  for (const [index, { name, schema }] of tools(body).entries()) {
    if (!/^[a-zA-Z0-9_-]{1,64}$/.test(name))
      return `tools.${index}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,64}$'`;
    if (schema.type !== 'object')
      return `tools.${index}.custom.input_schema.type: Input should be 'object'`;
    if (['oneOf', 'allOf', 'anyOf'].some(keyword => keyword in schema))
      return `tools.${index}.custom.input_schema: input_schema does not support oneOf, allOf, or anyOf at the top level`;
    if (Object.keys(schema.properties ?? {}).some(property => !/^[a-zA-Z0-9_.-]{1,64}$/.test(property)))
      return `tools.${index}.custom.input_schema.properties: Property keys should match pattern '^[a-zA-Z0-9_.-]{1,64}$'`;
  }
  return messageRefusal(body);
}

// https://docs.claude.com/en/docs/agents-and-tools/tool-use/implement-tool-use#handling-tool-use-and-tool-result-content-blocks
function messageRefusal(body) {
  for (const { content } of results(body)) {
    const other = blocks(content).find(({ type }) => !['text', 'image', 'document', 'search_result', 'tool_reference'].includes(type));
    if (other)
      return `messages.content.tool_result.content: Input tag '${other.type}' found using 'type' does not match any of the expected tags`;
    const media = blocks(content).find(({ source }) => source?.type === 'base64' && !/^image\/(jpeg|png|gif|webp)$|^application\/pdf$/.test(source.media_type));
    if (media)
      return "messages.content.tool_result.content.image.source.base64.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'";
  }
  const open = body.messages.flatMap(({ content }) => blocks(content)).find(
    block => block.type === 'tool_use' && !results(body).some(({ tool_use_id: id }) => id === block.id));
  if (open)
    return `messages: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open.id}.`;
}

export const error = message => ({ type: 'error', error: { type: 'invalid_request_error', message } });

export const call = (response, body, path, { id, name, arguments: input }) =>
  answer(response, body, 'tool_use', { type: 'tool_use', id: `toolu_${id}`, name, input });

export const say = (response, body, path, text) => answer(response, body, 'end_turn', { type: 'text', text });

function answer(response, body, reason, block) {
  const message = { id: newId('msg'), type: 'message', role: 'assistant', model: body.model, stop_sequence: null, usage: { input_tokens: 1, output_tokens: 1 } };
  if (!body.stream)
    return json(response, { ...message, content: [block], stop_reason: reason });
  const [empty, delta] = block.type === 'text'
    ? [{ ...block, text: '' }, { type: 'text_delta', text: block.text }]
    : [{ ...block, input: {} }, { type: 'input_json_delta', partial_json: JSON.stringify(block.input) }];
  stream(response, [
    { type: 'message_start', message: { ...message, content: [], stop_reason: null } },
    { type: 'content_block_start', index: 0, content_block: empty },
    { type: 'content_block_delta', index: 0, delta },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: reason, stop_sequence: null }, usage: { output_tokens: 1 } },
    { type: 'message_stop' },
  ], { named: true });
}
