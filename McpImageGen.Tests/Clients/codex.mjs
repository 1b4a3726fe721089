import { mkdirSync, writeFileSync } from 'node:fs';
import { limit, model, prompt, tell, url, versionOf } from './assistants.mjs';
import { runAndShow } from './run.mjs';

const home = `${process.env.HOME}/.codex`;
mkdirSync(home);
writeFileSync(`${home}/config.toml`, `
model = "gpt-5"
model_provider = "scripted"
check_for_update_on_startup = false

[analytics]
enabled = false

[model_providers.scripted]
name = "scripted"
base_url = "${model.url}/v1"
env_key = "MODEL_KEY"
wire_api = "responses"

[mcp_servers.image-generator]
url = "${url}"
bearer_token_env_var = "MCP_TOKEN"
startup_timeout_sec = 60
${limit ? `tool_timeout_sec = ${limit / 1000}` : ''}
`);
const { shown } = await runAndShow(
  'codex', ['exec', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', prompt], { MODEL_KEY: 'none' });
tell({ version: versionOf('@openai/codex'), shown });
