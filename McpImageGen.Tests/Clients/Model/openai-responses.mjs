// OpenAI's Responses: https://platform.openai.com/docs/api-reference/responses
import { refusalOf } from './openai-rules.mjs';
import { json, newId, stream } from './stream.mjs';

export const serves = path => path.endsWith('/responses');

// Codex declares the tools of a server in a namespace of the server's name.
export const tools = body => (body.tools ?? []).flatMap(tool => tool.type === 'namespace'
  ? tool.tools.map(inner => ({ name: inner.name, namespace: tool.name, schema: inner.parameters, strict: inner.strict }))
  : tool.type === 'function' ? [{ name: tool.name, schema: tool.parameters, strict: tool.strict }] : []);

const parts = output => typeof output === 'string' ? [{ type: 'input_text', text: output }] : output ?? [];
const input = body => Array.isArray(body.input) ? body.input : [];

export const answers = body => input(body).filter(({ type }) => type === 'function_call_output').map(({ output }) => ({
  text: parts(output).map(({ text }) => text ?? '').join('\n'),
  image: parts(output).some(({ type }) => type === 'input_image'),
}));

export function refusal(body) {
  const wrong = refusalOf(tools(body), index => `tools[${index}]`);
  if (wrong)
    return wrong;
  for (const [index, item] of input(body).entries()) {
    // https://platform.openai.com/docs/api-reference/responses/create (input, function tool call output)
    const other = item.type === 'function_call_output' && parts(item.output).find(({ type }) => !['input_text', 'input_image', 'input_file'].includes(type));
    if (other)
      return `Invalid value: '${other.type}'. Supported values are: 'input_text', 'input_image', and 'input_file'. (input[${index}].output)`;
    if (item.type === 'function_call' && !input(body).some(({ type, call_id: id }) => type === 'function_call_output' && id === item.call_id))
      return `No tool output found for function call ${item.call_id}.`;
  }
}

export const error = message => ({ error: { message, type: 'invalid_request_error', param: null, code: null } });

export const call = (response, body, path, { id, name, namespace, arguments: given }) => answer(response, body, {
  id: `fc_${id}`, type: 'function_call', status: 'completed', call_id: id, name, ...(namespace && { namespace }), arguments: JSON.stringify(given) });

export const say = (response, body, path, text) => answer(response, body, {
  id: newId('msg'), type: 'message', status: 'completed', role: 'assistant', content: [{ type: 'output_text', text, annotations: [] }] });

function answer(response, body, item) {
  const whole = {
    id: newId('resp'), object: 'response', created_at: 1, status: 'completed', model: body.model, output: [item], parallel_tool_calls: false, tools: [],
    tool_choice: 'auto', metadata: {}, error: null, incomplete_details: null, instructions: null, temperature: 1, top_p: 1,
    usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2, input_tokens_details: { cached_tokens: 0 }, output_tokens_details: { reasoning_tokens: 0 } },
  };
  if (!body.stream)
    return json(response, whole);
  const begun = { ...whole, status: 'in_progress', output: [] };
  const middle = item.type === 'message'
    ? [
        { type: 'response.content_part.added', item_id: item.id, output_index: 0, content_index: 0, part: { type: 'output_text', text: '', annotations: [] } },
        { type: 'response.output_text.delta', item_id: item.id, output_index: 0, content_index: 0, delta: item.content[0].text },
        { type: 'response.output_text.done', item_id: item.id, output_index: 0, content_index: 0, text: item.content[0].text },
        { type: 'response.content_part.done', item_id: item.id, output_index: 0, content_index: 0, part: item.content[0] },
      ]
    : [
        { type: 'response.function_call_arguments.delta', item_id: item.id, output_index: 0, delta: item.arguments },
        { type: 'response.function_call_arguments.done', item_id: item.id, output_index: 0, arguments: item.arguments },
      ];
  const empty = item.type === 'message' ? { content: [] } : { arguments: '' };
  stream(response, [
    { type: 'response.created', response: begun },
    { type: 'response.in_progress', response: begun },
    { type: 'response.output_item.added', output_index: 0, item: { ...item, status: 'in_progress', ...empty } },
    ...middle,
    { type: 'response.output_item.done', output_index: 0, item },
    { type: 'response.completed', response: whole },
  ].map((event, number) => ({ ...event, sequence_number: number })), { named: true });
}
