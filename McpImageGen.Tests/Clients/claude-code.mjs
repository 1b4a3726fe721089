import { authorization, limit, model, prompt, tell, url, versionOf } from './assistants.mjs';
import { run, runAndShow } from './run.mjs';

await run('claude', ['mcp', 'add', '--transport', 'http', 'image-generator', url, '--header', `Authorization: ${authorization}`, '--scope', 'user']);
const list = await run('claude', ['mcp', 'list']);
const { shown } = await runAndShow('claude', ['--print', prompt, '--allowedTools', 'mcp__image-generator', '--model', 'claude-sonnet-4-5'], {
  ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: 'none', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',

  // On a busy machine it would begin before it knows the tools.
  MCP_CONNECTION_NONBLOCKING: 'false', MCP_CONNECT_TIMEOUT_MS: '60000', MCP_TIMEOUT: '60000', ...(limit && { MCP_TOOL_TIMEOUT: `${limit}` }) });
tell({ version: versionOf('@anthropic-ai/claude-code'), list, shown });
