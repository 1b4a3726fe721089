// Sends the model what each API is known to refuse, and prints what it said to each.
import { startModel } from './model.mjs';

const tool = (schema, name = 'draw') => ({ name, schema: { type: 'object', properties: { value: schema } } });
const chat = ({ name, schema }, strict) => ['/v1/chat/completions', { messages: [], tools: [{ type: 'function', function: { name, parameters: schema, strict } }] }];
const responses = ({ name, schema }, strict) => ['/v1/responses', { input: [], tools: [{ type: 'function', name, parameters: schema, strict }] }];
const claude = ({ name, schema }) => ['/v1/messages', { messages: [], tools: [{ name, input_schema: schema }] }];
const gemini = ({ name, schema }) => ['/v1beta/models/m:generateContent', { contents: [], tools: [{ functionDeclarations: [{ name, parameters: schema }] }] }];
const turnsOpenai = content => ['/v1/chat/completions', { messages: [
  { role: 'assistant', tool_calls: [{ id: 'a' }] }, ...(content ? [{ role: 'tool', tool_call_id: 'a', content }] : [])] }];

const samples = {
  'OpenAI: a list without items': chat(tool({ type: 'array' })),
  'OpenAI: a name with a dot': chat(tool({ type: 'string' }, 'image.draw')),
  'OpenAI: a name of 65 characters': responses(tool({ type: 'string' }, 'x'.repeat(65))),
  'OpenAI: alternatives at the top': responses({ name: 'draw', schema: { type: 'object', properties: {}, anyOf: [] } }),
  'OpenAI, strict: an argument that may be left out': responses(tool({ type: 'string' }), true),
  'OpenAI: an image in the message of a tool': turnsOpenai([{ type: 'image_url' }]),
  'OpenAI: a call without its result': turnsOpenai(),
  'Anthropic: a name with a dot': claude(tool({ type: 'string' }, 'image.draw')),
  'Anthropic: alternatives at the top': claude({ name: 'draw', schema: { type: 'object', anyOf: [] } }),
  'Anthropic: an argument with a space in its name': claude({ name: 'draw', schema: { type: 'object', properties: { 'a b': {} } } }),
  'Anthropic: a link in the result of a tool': ['/v1/messages', { messages: [
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: [{ type: 'resource_link' }] }] }] }],
  'Gemini: several types': gemini(tool({ type: ['integer', 'null'] })),
  'Gemini: alternatives beside another keyword': gemini(tool({ anyOf: [{ type: 'string' }], description: 'A value' })),
  'Gemini: a keyword that it does not know': gemini(tool({ type: 'number', exclusiveMinimum: 0 })),
  'Gemini: a format that it does not know': gemini(tool({ type: 'string', format: 'uuid' })),
  'Gemini: numbers to choose from': gemini(tool({ type: 'integer', enum: ['1'] })),
  'Gemini: no type': gemini(tool({ description: 'A value' })),
};

const model = await startModel();
const answers = {};
for (const [what, [path, body]] of Object.entries(samples)) {
  const response = await fetch(model.url + path, { method: 'POST', body: JSON.stringify(body) });
  answers[what] = `${response.status} ${(await response.json()).error?.message}`;
}
model.close();
console.log(JSON.stringify(answers, null, 2));
