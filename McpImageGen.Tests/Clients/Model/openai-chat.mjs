// OpenAI's Chat Completions: https://platform.openai.com/docs/api-reference/chat
import { refusalOf } from './openai-rules.mjs';
import { json, newId, stream } from './stream.mjs';

export const serves = path => path.endsWith('/chat/completions');

export const tools = body => (body.tools ?? []).map(({ function: { name, description, parameters, strict } }) => ({ name, description, schema: parameters, strict }));

const parts = content => typeof content === 'string' ? [{ type: 'text', text: content }] : content ?? [];

export const answers = body => body.messages.filter(({ role }) => role === 'tool').map(({ content }) => ({
  text: parts(content).map(({ text }) => text).join('\n'),
  // The API takes images from the user only, so clients put those of a tool there.
  image: body.messages.slice(body.messages.findLastIndex(({ role }) => role === 'assistant')).some(
    message => message.role === 'user' && parts(message.content).some(({ type }) => type === 'image_url')),
}));

export function refusal(body) {
  const declared = tools(body);
  // https://github.com/getsentry/sentry-mcp/issues/106
  const long = declared.findIndex(({ description }) => description?.length > 1024);
  if (long >= 0)
    return `Invalid 'tools[${long}].function.description': string too long. Expected a string with maximum length 1024, but got a string with length ${declared[long].description.length} instead.`;
  return refusalOf(declared, index => `tools[${index}].function`) ?? messageRefusal(body.messages);
}

// A tool's message is text: https://platform.openai.com/docs/api-reference/chat/create (messages, tool message, content), and as an error
// https://github.com/OpenHands/OpenHands/issues/7700.
function messageRefusal(messages) {
  for (const [index, { role, content, tool_calls: calls = [] }] of messages.entries()) {
    const other = role === 'tool' && parts(content).find(({ type }) => type !== 'text');
    if (other?.type === 'image_url')
      return `Invalid 'messages[${index}]'. Image URLs are only allowed for messages with role 'user', but this message with role 'tool' contains an image URL.`;
    if (other)
      return `Invalid value: '${other.type}'. Supported values are: 'text'. (messages[${index}].content)`;
    const open = calls.find(({ id }) => !messages.slice(index).some(message => message.tool_call_id === id));
    if (open)
      return `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${open.id}`;
  }
}

export const error = message => ({ error: { message, type: 'invalid_request_error', param: null, code: null } });

export const call = (response, body, path, { id, name, arguments: given }) => answer(response, body, 'tool_calls', {
  role: 'assistant', content: null, tool_calls: [{ index: 0, id, type: 'function', function: { name, arguments: JSON.stringify(given) } }] });

export const say = (response, body, path, text) => answer(response, body, 'stop', { role: 'assistant', content: text });

function answer(response, body, reason, message) {
  const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
  const head = { id: newId('chatcmpl'), created: 1, model: body.model };
  if (!body.stream)
    return json(response, { ...head, object: 'chat.completion', choices: [{ index: 0, message, finish_reason: reason }], usage });
  const chunk = choices => ({ ...head, object: 'chat.completion.chunk', choices });
  stream(response, [
    chunk([{ index: 0, delta: message, finish_reason: null }]),
    chunk([{ index: 0, delta: {}, finish_reason: reason }]),
    { ...chunk([]), usage },
  ], { last: 'data: [DONE]\n\n' });
}
